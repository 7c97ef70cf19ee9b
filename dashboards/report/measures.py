"""What charts and facts of a measure hold, the same in a report of a mapping and in one of a unit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dashboards import charts, format, metrics
from dashboards.ranking import Rank
from dashboards.ranking_shown import place_cell, ranking_warning, units_of
from dashboards.reading import LEVELS
from dashboards.records import Figure, Language, Measure
from dashboards.report.book import Book
from dashboards.report.slides import Bars, Fact, Line, Series, Trend
from dashboards.said import amount, facts_about, reason_of, remarks_about, say_coverage, sex_name
from dashboards.texts import Words
from surveys.units import COUNTRY

# More names than these are counted instead, and any among more units than there are regions.
NAMED, MANY = 8, 30
# Excel's codes of the languages: programs that heed them write the decimal comma whatever machine they run on.
LOCALE = {"sv": "[$-41D]", "en": "[$-809]"}
# The order of the series, and so of the legend.
ROLES = ("marked", "plain", "better", "worse", "reference")


@dataclass(frozen=True, slots=True)
class Row:
    """One bar, and whether it is plain, better, worse, marked or the reference."""

    name: str
    value: float
    role: str


def number_format(measure: Measure, language: Language) -> str:
    """How a chart writes values of the measure."""
    digits = "#,##0" + ("." + "0" * measure.decimals if measure.decimals else "")
    sign = {"sv": f'"{format.HARD_SPACE}%"', "en": '"%"'}[language] if measure.is_percent else ""
    return f"{LOCALE[language]}{digits}{sign}"


def yes_or_no_format(words: Words) -> str:
    """How a chart writes values that are all or nothing."""
    return f'[=0]"{words("no")}";"{words("yes")}"'


def about_of(book: Book, measure: Measure) -> str:
    """What stands over the statement: the measure and the year, and that they are not final."""
    subject = f"{measure.label}, {book.survey.year}"
    return f"{book.words('report_preliminary')} · {subject}" if book.is_preliminary else subject


def warning_of(book: Book, measure: Measure, kind: str, shown: Sequence[Figure], places: Mapping[str, Rank]) -> str:
    """What to know before reading the figures, in one paragraph; '' for nothing."""
    beware = ranking_warning(book.survey, kind, shown, places, book.responded(kind), book.words)
    return " ".join([*remarks_about(book.survey, book.words), *([beware] if beware else [])])


def rows_of_numbers(
    measure: Measure, present: Sequence[Figure], figures: Sequence[Figure], own: str, book: Book, kind: str
) -> list[Row]:
    """A bar for each of those `present`, in their order, with the reference at its own place among them."""
    places = book.places(measure, kind, LEVELS[kind])
    reference = metrics.reference(measure, figures, present)
    rows = [
        Row(
            _named(each, places.get(each.unit_id)),
            each.value or 0,
            "marked" if each.unit_id == own else metrics.tone(each, reference, measure.direction),
        )
        for each in present
    ]
    if reference is None or metrics.is_yes_or_no(present):
        return rows
    key = metrics.ranking_key(reference.value, measure.direction, measure.decimals)
    at = sum(metrics.ranking_key(row.value, measure.direction, measure.decimals) <= key for row in rows)
    name = book.words("country" if reference.is_country else "median")
    return [*rows[:at], Row(name, reference.value, "reference"), *rows[at:]]


def bars_of_rows(rows: Sequence[Row], names: Mapping[str, str], pattern: str, told: str) -> Bars:
    """The rows as a chart, a series for each role that `names` names; those decide what a colour means."""
    present = [role for role in ROLES if any(row.role == role for row in rows)]
    colours = {**charts.TONES, "reference": charts.INK}
    series = [
        Series(names[role], colours[role], tuple(row.value if row.role == role else None for row in rows))
        for role in present
    ]
    has_tones = "better" in present or "worse" in present
    return Bars(tuple(row.name for row in rows), tuple(series), pattern, told, has_legend=has_tones)


def role_names(shown: Sequence[Figure], kind: str, own: str, reference: str, words: Words) -> dict[str, str]:
    """What the series are called."""
    return {
        "marked": own,
        "plain": format.capital(units_of(shown, kind, words)),
        "better": words("tone_better"),
        "worse": words("tone_worse"),
        "reference": reference,
    }


def trend_of(book: Book, measure: Measure, kind: str, units: Sequence[tuple[str, str, str, str]]) -> Trend | None:
    """The years of some units, each (id, level, name, colour); None where none has two years with a value."""
    years = book.years(measure)
    by_year = {each.year: metrics.of_sex(book.figures(measure, each.year, kind), "T") for each in years}
    stretches = metrics.segments(years, book.open_years)
    found = {name: metrics.series(by_year, unit, level) for unit, level, name, _ in units}
    if all(len(points) < 2 for points in found.values()):
        return None
    lines = [Line(name, colour, _parted(found[name], stretches)) for _, _, name, colour in units if found[name]]
    breaks = tuple((each.year, book.words("break_at", year=each.year)) for each in metrics.breaks(years))
    points = " ".join(
        f"{line.name}: {', '.join(f'{year} {amount(value, measure, book.words)}' for year, value in found[line.name])}."
        for line in lines
    )
    said = [points, *(f"{text}." for _, text in breaks)]
    told = book.words(
        "report_trend_told",
        measure=measure.label,
        names=", ".join(line.name for line in lines),
        points=" ".join(said),
    )
    return Trend(tuple(lines), breaks, number_format(measure, book.words.language), told)


def facts_of(book: Book, measure: Measure, kind: str, shown: Sequence[Figure], units: Sequence[str]) -> list[Fact]:
    """Coverage, what is missing, by sex for some units, base, definition, source, period, breaks and notes."""
    words = book.words
    figures = book.figures(measure, book.survey.year, kind)
    facts = dict(facts_about(book.survey, measure, kind, book.publication.as_of, words))
    order = [words(name) for name in ("base", "definition", "counted_in", "reference_period", "source")]
    if measure.is_percent:
        order.remove(words("counted_in"))
    return [
        (name, text)
        for name, text in [
            (words("coverage"), coverage_of(shown, figures, kind, words)),
            (words("report_missing"), missing_of(shown, kind, words)),
            (words("report_sexes"), sexes_of(measure, figures, units, words)),
            *((name, facts[name]) for name in order),
            (words("break_title"), breaks_of(book, measure)),
            (words("report_note"), note_of(figures, units)),
        ]
        if text
    ]


def coverage_of(shown: Sequence[Figure], figures: Sequence[Figure], kind: str, words: Words) -> str:
    """How many of those shown have a value, and how many of all are behind the country's figure."""
    said = say_coverage(shown, kind, words)
    country = next((each for each in figures if each.unit_id == COUNTRY and each.sex == "T"), None)
    if country is None or all(each.level == "unit" for each in shown):
        return said
    behind = words("n_of", answered=country.answered, expected=country.expected)
    return f"{said} {words('country')}: {behind} {words(f'units_{kind}')}."


def missing_of(shown: Sequence[Figure], kind: str, words: Words) -> str:
    """Who has no value and why, by reason; how many, where they are many."""
    by_reason: dict[str, dict[str, str]] = {}
    known = {each.unit_id for each in shown if each.value is not None}
    for each in shown:
        if each.value is None and each.unit_id not in known:
            by_reason.setdefault(reason_of(each, words), {})[each.unit_id] = format.short_name(each.name)
    units = units_of(shown, kind, words)
    return "; ".join(
        words("report_missing_names", names=", ".join(names.values()), reason=reason)
        if len(names) <= NAMED and len(shown) <= MANY
        else words("report_missing_count", n=len(names), units=units, reason=reason)
        for reason, names in by_reason.items()
    )


def sexes_of(measure: Measure, figures: Sequence[Figure], units: Sequence[str], words: Words) -> str:
    """Women's and men's figures of some units, the country's id among them; why there are none."""
    if not measure.by_sex:
        return ""
    said = []
    for unit in units:
        own = sorted((each for each in figures if each.unit_id == unit and each.sex != "T"), key=lambda each: each.sex)
        if not own:
            continue
        name = words("country") if unit == COUNTRY else own[0].name
        reasons = {reason_of(each, words) for each in own if each.value is None}
        if len(reasons) == 1 and all(each.value is None for each in own):
            values = reasons.pop()
        else:
            values = ", ".join(_of_one_sex(each, measure, words) for each in own)
        said.append(words("report_sexes_say", name=name, values=values))
    return "; ".join(said)


def _of_one_sex(figure: Figure, measure: Measure, words: Words) -> str:
    sex = sex_name(measure.name, figure.sex, words).lower()
    return f"{sex} {reason_of(figure, words) if figure.value is None else amount(figure.value, measure, words)}"


def breaks_of(book: Book, measure: Measure) -> str:
    """In which years the question changed, and how."""
    return " ".join(
        f"{book.words('break_at', year=each.year)}. {' '.join(each.notes) or book.words('break_without_note')}"
        for each in metrics.breaks(book.years(measure))
    )


def note_of(figures: Sequence[Figure], units: Collection[str]) -> str:
    """The notes that the figures of some units have, both sexes together."""
    notes = (each.note for each in figures if each.note and each.sex == "T" and each.unit_id in units)
    return " ".join(dict.fromkeys(notes))


def _parted(
    points: Sequence[tuple[int, float]], stretches: Mapping[int, int]
) -> tuple[tuple[tuple[int, float], ...], ...]:
    parts: dict[int, list[tuple[int, float]]] = {}
    for year, value in points:
        parts.setdefault(stretches.get(year, 0), []).append((year, value))
    return tuple(tuple(part) for _, part in sorted(parts.items()))


def _named(figure: Figure, rank: Rank | None) -> str:
    """The name, with the places it may get while they are not settled."""
    name = format.short_name(figure.name)
    return name if rank is None or rank.is_settled else f"{name} ({place_cell(rank)})"
