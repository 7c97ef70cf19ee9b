"""The first slide, and the line that stands under each."""

from dashboards import format
from dashboards.report.book import Book
from dashboards.report.slides import Cover
from dashboards.said import remarks_about


def cover(book: Book, unit: str, is_fictitious: bool) -> Cover:
    """The cover of a mapping's report, or of one unit's, by its name."""
    words, survey = book.words, book.survey
    title = f"{survey.title} {survey.year}"
    if book.is_preliminary:
        title = f"{title} · {words('report_preliminary').lower()}"
    lines = [
        *(answered(book, kind) for kind in survey.respondents),
        words("report_as_of", moment=format.moment(book.publication.as_of, words.language)),
        words("report_publication", publish_id=book.publication.publish_id),
    ]
    warnings = [*([words("report_fictitious")] if is_fictitious else []), *remarks_about(survey, words)]
    subject = words("report_of_unit", name=unit) if unit else words("brand_line")
    return Cover(title, subject, tuple(lines), tuple(warnings))


def answered(book: Book, kind: str) -> str:
    """How many units of a kind have answered, of how many."""
    words = book.words
    given, expected = book.responded(kind).get("00", (0, 0))
    rate = format.quantity(100 * given / expected if expected else 0, 0, True, words.language)
    return words("report_answered", answered=given, expected=expected, units=words(f"units_{kind}"), rate=rate)


def footer(book: Book) -> str:
    """Source and as-of, for a slide that is copied out of its report."""
    words, survey = book.words, book.survey
    moment = format.moment(book.publication.as_of, words.language)
    return words("report_footer", source=f"{survey.title} {survey.year}", moment=moment)
