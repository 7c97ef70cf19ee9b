"""A measure with categories, for one unit: its own answer among the country's, or its shares beside them."""

from collections.abc import Sequence

from dashboards import charts, metrics
from dashboards.records import Figure, Measure, Unit
from dashboards.report.book import Book
from dashboards.report.measures import about_of, facts_of, number_format, warning_of
from dashboards.report.slides import Bars, Figures, Headline, Series
from dashboards.said import amount, say_commonest
from surveys.units import COUNTRY


def choice_slide_of(book: Book, measure: Measure, kind: str, level: str, unit: Unit) -> Figures | None:
    """The unit's slide of a measure with categories; None where it has no value."""
    words = book.words
    figures = metrics.of_sex(book.figures(measure, book.survey.year, kind), "T")
    peers = metrics.at_level(figures, level)
    own = [each for each in peers if each.unit_id == unit.unit_id and each.value is not None]
    country = metrics.ranked(each for each in figures if each.level == "country" and each.value is not None)
    if measure.form != "choice" or not own or not country:
        return None
    chosen = [each.category_label for each in metrics.ranked(own) if each.value]
    is_answer = all(each.numerator in (0, 1) and each.denominator in (None, 1) for each in own)
    said = _say(book, measure, unit, own, chosen, is_answer)
    told = words("report_bars_told", measure=measure.label, year=book.survey.year, units=unit.name, said=said)
    pattern = number_format(measure, words.language)
    most = metrics.ranked(own)[0]
    if is_answer:
        headline = Headline(", ".join(chosen) or words("no"), unit.name)
    else:
        headline = Headline(amount(most.value or 0, measure, words), f"{unit.name}: {most.category_label}")
    return Figures(
        f"{unit.name} · {about_of(book, measure)}",
        f"{said} {words('report_country', said=_lowered(say_commonest(measure, country, words)))}",
        warning_of(book, measure, kind, peers, {}),
        (_answer_among if is_answer else _beside)(book, measure, unit, own, country, pattern, told),
        headline,
        None,
        tuple(facts_of(book, measure, kind, peers, [unit.unit_id, COUNTRY])),
    )


def _say(
    book: Book, measure: Measure, unit: Unit, own: Sequence[Figure], chosen: Sequence[str], is_answer: bool
) -> str:
    if not chosen:
        return book.words("report_unit_answer", name=unit.name, answer=book.words("no").lower())
    if is_answer:
        return book.words("report_unit_answer", name=unit.name, answer=", ".join(chosen))
    most = metrics.ranked(own)[0]
    value = amount(most.value or 0, measure, book.words)
    return book.words("report_unit_most", name=unit.name, category=most.category_label, value=value)


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _answer_among(
    book: Book,
    measure: Measure,
    unit: Unit,
    own: Sequence[Figure],
    country: Sequence[Figure],
    pattern: str,
    told: str,
) -> Bars:
    """The country's categories, those marked that the unit is in."""
    chosen = {each.category for each in own if each.value}
    marked = tuple(each.value if each.category in chosen else None for each in country)
    others = tuple(None if each.category in chosen else each.value for each in country)
    series = [Series(unit.name, charts.WARM, marked), Series(book.words("country"), charts.TONES["plain"], others)]
    with_values = tuple(each for each in series if set(each.values) != {None})
    return Bars(tuple(each.category_label for each in country), with_values, pattern, told)


def _beside(
    book: Book,
    measure: Measure,
    unit: Unit,
    own: Sequence[Figure],
    country: Sequence[Figure],
    pattern: str,
    told: str,
) -> Bars:
    """The unit's own categories; the country's beside where both are shares."""
    values = {each.category: each.value for each in own}
    order = country if measure.is_percent else metrics.ranked(own)
    series = [Series(unit.name, charts.WARM, tuple(values.get(each.category) for each in order))]
    if measure.is_percent:
        series.append(Series(book.words("country"), charts.TONES["plain"], tuple(each.value for each in country)))
    labels = tuple(each.category_label for each in order)
    return Bars(labels, tuple(series), pattern, told, has_legend=len(series) > 1, beside=len(series) > 1)
