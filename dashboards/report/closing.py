"""The last slides: how the report is made, and who has not answered."""

from collections.abc import Iterator, Sequence

from dashboards import format
from dashboards.records import Unit
from dashboards.report.book import Book
from dashboards.report.slides import Fact, Prose
from surveys.units import COUNTRY

# As many lines of so many characters as stand on one slide in letters that can be read.
LINES, CHARACTERS = 14, 120


def closing(book: Book) -> list[Prose]:
    """Those who have not answered, by kind, and the method."""
    return [*(slide for kind in book.survey.respondents for slide in silent_slides(book, kind)), method(book)]


def method(book: Book) -> Prose:
    """What counts, what is missing, how to read the order, and how to make the same report again."""
    words, publication = book.words, book.publication
    whole = [
        words("report_all_answered", expected=book.responded(kind)[COUNTRY][1], units=words(f"units_{kind}"))
        for kind in book.survey.respondents
        if not book.silent(kind)
    ]
    moment = format.moment(publication.as_of, words.language)
    paragraphs: list[Fact] = [
        (words("report_counts_name"), words("report_counts")),
        (words("base"), words("reading_4")),
        (words("report_missing_name"), " ".join([*whole, words("reading_5")])),
        (words("report_hidden_name"), words("report_hidden")),
        (words("report_order_name"), f"{words('reading_1')} {words('reading_2')}"),
        (words("report_colours_name"), words("reading_6")),
        (
            words("report_again_name"),
            words("report_again", publish_id=publication.publish_id, moment=moment),
        ),
    ]
    return Prose(words("report_method"), words("report_method_say"), tuple(paragraphs))


def silent_slides(book: Book, kind: str) -> Iterator[Prose]:
    """The units of a kind that have not answered, by name; those below regions under their region."""
    words = book.words
    silent = book.silent(kind)
    _, expected = book.responded(kind).get(COUNTRY, (0, 0))
    units = words(f"units_{kind}")
    if not silent:
        return
    said = words("report_silent_say", n=len(silent), expected=expected, units=units)
    pages = list(_pages(_named(book, kind, silent)))
    for page, paragraphs in enumerate(pages, 1):
        numbered = words("report_page", statement=said, page=page, pages=len(pages)) if len(pages) > 1 else said
        yield Prose(words("report_silent"), numbered, paragraphs)


def _named(book: Book, kind: str, silent: Sequence[Unit]) -> list[Fact]:
    if kind == "region":
        return [("", ", ".join(unit.name for unit in silent))]
    of_region: dict[str, list[str]] = {}
    for unit in silent:
        of_region.setdefault(unit.region_code, []).append(unit.name)
    responded = book.responded(kind)
    return [
        (
            book.words(
                "report_silent_in",
                region=format.short_name(region.name),
                n=len(of_region[region.unit_id]),
                expected=responded.get(region.unit_id, (0, 0))[1],
            ),
            ", ".join(of_region[region.unit_id]),
        )
        for region in book.regions
        if region.unit_id in of_region
    ]


def _pages(paragraphs: Sequence[Fact]) -> Iterator[tuple[Fact, ...]]:
    page: list[Fact] = []
    for each in paragraphs:
        if page and sum(map(_lines, [*page, each])) > LINES:
            yield tuple(page)
            page = []
        page.append(each)
    yield tuple(page)


def _lines(paragraph: Fact) -> int:
    name, text = paragraph
    return 1 + (len(name) + len(text)) // CHARACTERS
