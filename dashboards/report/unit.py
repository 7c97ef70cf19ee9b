"""The report of one unit: its figures beside the country's, its peers' and its own of the year before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from dashboards import charts, format, metrics
from dashboards.profiles import Line, can_be_compared, line_of, names_its_unit, say_before, say_profile
from dashboards.ranking import Rank
from dashboards.ranking_shown import place_text, units_of
from dashboards.reading import LEVELS
from dashboards.records import Figure, Measure, Unit
from dashboards.report.book import Book
from dashboards.report.closing import method
from dashboards.report.cover import cover, footer
from dashboards.report.measures import (
    Row,
    about_of,
    bars_of_rows,
    facts_of,
    number_format,
    role_names,
    rows_of_numbers,
    trend_of,
    warning_of,
    yes_or_no_format,
)
from dashboards.report.slides import Bars, Deck, Figures, Headline, Slide, Table
from dashboards.report.unit_choices import choice_slide_of
from dashboards.said import reason_of, remarks_about, say_country, say_marked, written
from dashboards.texts import Words
from surveys.units import COUNTRY

ROWS = 8  # of a table on a slide, in letters that can be read


@dataclass(frozen=True, slots=True)
class Own:
    """One indicator of a unit: at its level among units of a kind, with its place."""

    line: Line
    kind: str
    level: str
    rank: Rank | None

    @property
    def measure(self) -> Measure:
        return self.line.measure


def level_of(unit: Unit, kind: str) -> str | None:
    """At which level a unit has figures of what units of a kind are asked; None where it has none."""
    if unit.kind == kind:
        return "unit"
    return "region" if unit.kind == "region" and LEVELS[kind] == "region" else None


def unit_deck(book: Book, unit: Unit, is_fictitious: bool) -> Deck:
    """The slides of one unit: cover, table of all its indicators, a slide for each that it has, and the method."""
    every = list(_own_figures(book, unit))
    slides: list[Slide] = [cover(book, unit.name, is_fictitious), *_tables(book, unit, every)]
    numbers = {own.measure.id: own for own in every}
    for measure in book.measures:
        if measure.id in numbers:
            slide = _slide(book, unit, numbers[measure.id])
        else:
            slide = next(
                (
                    made
                    for kind in measure.kinds
                    if (level := level_of(unit, kind)) is not None
                    and (made := choice_slide_of(book, measure, kind, level, unit)) is not None
                ),
                None,
            )
        if slide is not None:
            slides.append(slide)
    title = f"{book.survey.title} {book.survey.year}: {unit.name}"
    return Deck(title, book.words.language, footer(book), (*slides, method(book)))


def _own_figures(book: Book, unit: Unit) -> Iterator[Own]:
    for measure in book.measures:
        if measure.form != "number":
            continue
        for kind in measure.kinds:
            level = level_of(unit, kind)
            if level is None:
                continue
            line = line_of(
                measure,
                book.survey.year,
                unit.unit_id,
                level,
                book.years(measure),
                partial(_figures_in, book, measure, kind),
            )
            if line.own is not None:
                yield Own(line, kind, level, book.places(measure, kind, level).get(unit.unit_id))


def _figures_in(book: Book, measure: Measure, kind: str, year: int) -> list[Figure]:
    return book.figures(measure, year, kind)


def _tables(book: Book, unit: Unit, every: Sequence[Own]) -> Iterator[Table]:
    words = book.words
    heads, *rows = _filled([_heads(book, unit), *(_row(book, unit, own) for own in every)])
    said = _say_all(unit, every, words)
    warning = " ".join(remarks_about(book.survey, words))
    about = f"{book.survey.title} {book.survey.year}"
    pages = [tuple(rows[at : at + ROWS]) for at in range(0, len(rows), ROWS)]
    for page, shown in enumerate(pages, 1):
        numbered = words("report_page", statement=said, page=page, pages=len(pages)) if len(pages) > 1 else said
        yield Table(about, numbered, warning, heads, shown)


def _say_all(unit: Unit, every: Sequence[Own], words: Words) -> str:
    if all(own.line.own is None or own.line.own.missing == "unit_nonresponse" for own in every):
        return words("report_unit_silent", name=unit.name)
    ranked = [own.line for own in every if not yes(own)]
    return say_profile(unit.name, ranked, words) if ranked else words("report_unit_says", name=unit.name)


def _heads(book: Book, unit: Unit) -> tuple[str, ...]:
    names = ("country", "place", "before", "coverage")
    region = next((each.name for each in book.regions if each.unit_id == unit.region_code), "")
    own = "" if unit.kind == "region" else format.short_name(region)
    return (book.words("measure"), unit.name, own, *map(book.words, names))


def _row(book: Book, unit: Unit, own: Own) -> tuple[str, ...]:
    words, line, measure = book.words, own.line, own.measure
    assert line.own is not None
    region = None if unit.kind == "region" else _region(book, unit, own)
    return (
        measure.label if names_its_unit(measure) else f"{measure.label} ({measure.unit})",
        reason_of(line.own, words) if line.own.value is None else written(line.own, measure, words, yes(own)),
        written(region, measure, words) if region else "",
        written(line.country, measure, words) if line.country else "",
        place_text(own.rank, words),
        _before(line, words),
        words("n_of", answered=line.own.answered, expected=line.own.expected),
    )


def _before(line: Line, words: Words) -> str:
    """The figure of last time, or why there was none."""
    if line.before is not None and line.before.value is None:
        return f"{line.before_year}: {reason_of(line.before, words)}"
    return say_before(line, words)


def _filled(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The table, heads first, without the columns that say nothing."""
    columns = zip(*rows, strict=True)
    return list(zip(*(column for column in columns if any(column[1:])), strict=True))


def _slide(book: Book, unit: Unit, own: Own) -> Figures | None:
    """The slide of an indicator; None where the unit has no value and none is hidden: the table says why."""
    words, line, measure = book.words, own.line, own.measure
    if line.own is None or line.own.missing not in (None, "suppressed"):
        return None
    figures = metrics.of_sex(book.figures(measure, book.survey.year, own.kind), "T")
    said = _say(book, unit, own, figures)
    peers = metrics.ranked(line.peers, measure.direction, measure.decimals)
    units = [(unit.unit_id, own.level, unit.name, charts.WARM)]
    if can_be_compared(line):
        units.append((COUNTRY, "country", words("country"), charts.INK))
    counted = unit.name if measure.is_percent or yes(own) or line.own.value is None else measure.unit
    headline = reason_of(line.own, words) if line.own.value is None else written(line.own, measure, words, yes(own))
    places = book.places(measure, own.kind, own.level)
    return Figures(
        f"{unit.name} · {about_of(book, measure)}",
        said,
        warning_of(book, measure, own.kind, peers, places),
        _bars(book, unit, own, peers, figures, said),
        Headline(format.capital(headline), counted),
        None if yes(own) else trend_of(book, measure, own.kind, units),
        tuple(facts_of(book, measure, own.kind, peers, [unit.unit_id, COUNTRY])),
    )


def _say(book: Book, unit: Unit, own: Own, figures: list[Figure]) -> str:
    """The unit's value and place, that of last time, and the country's."""
    words, line, measure = book.words, own.line, own.measure
    assert line.own is not None
    if yes(own) and line.own.value is not None:
        said = words("report_unit_answer", name=unit.name, answer=written(line.own, measure, words, True).lower())
    else:
        said = say_marked(measure, line.peers, unit.unit_id, own.rank, words)
    before = _before(line, words)
    present = [each for each in line.peers if each.value is not None]
    last = words("report_before", before=before) if before else ""
    return " ".join(filter(None, [said, last, say_country(measure, figures, present, words)]))


def _bars(book: Book, unit: Unit, own: Own, peers: Sequence[Figure], figures: list[Figure], said: str) -> Bars | None:
    """Regions among all regions; other units beside their region and the country, where those can be compared."""
    words, measure = book.words, own.measure
    present = [each for each in peers if each.value is not None]
    if not present:
        return None
    reference = metrics.reference(measure, figures, present)
    whose = words("country" if reference is not None and reference.is_country else "median")
    told = words(
        "report_bars_told",
        measure=measure.label,
        year=book.survey.year,
        units=units_of(peers, own.kind, words),
        said=said,
    )
    pattern = number_format(measure, words.language)
    if unit.kind == "region":
        rows = rows_of_numbers(measure, present, figures, unit.unit_id, book, own.kind)
        pattern = yes_or_no_format(words) if yes(own) else pattern
    else:
        rows = _beside(book, unit, own)
    names = role_names(peers, own.kind, unit.name, whose, words)
    return bars_of_rows(rows, names, pattern, told) if rows else None


def _beside(book: Book, unit: Unit, own: Own) -> list[Row]:
    line, region = own.line, _region(book, unit, own)
    if line.country is None or line.country.value is None or line.country.denominator is None:
        return []
    rows = []
    if line.own is not None and line.own.value is not None and not yes(own):
        rows.append(Row(unit.name, line.own.value, "marked"))
    if region is not None and region.value is not None:
        rows.append(Row(region.name, region.value, "plain"))
    return [*rows, Row(book.words("country"), line.country.value, "reference")]


def _region(book: Book, unit: Unit, own: Own) -> Figure | None:
    """The figure of the unit's region."""
    figures = metrics.of_sex(book.figures(own.measure, book.survey.year, own.kind), "T")
    return next((each for each in metrics.at_level(figures, "region") if each.unit_id == unit.region_code), None)


def yes(own: Own) -> bool:
    """Whether the indicator is all or nothing for units of that level."""
    return own.line.is_yes_or_no
