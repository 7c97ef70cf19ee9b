"""A measure with categories as a chart: shares of each region, or the country's categories."""

from collections.abc import Sequence

from dashboards import charts, format, metrics
from dashboards.ranking_shown import units_of
from dashboards.reading import LEVELS
from dashboards.records import Figure, Measure
from dashboards.report.book import Book
from dashboards.report.measures import about_of, facts_of, number_format, warning_of
from dashboards.report.slides import Bars, Figures, Headline, Series
from dashboards.said import amount, say_commonest
from surveys.units import COUNTRY


def choice_slide(book: Book, measure: Measure, kind: str) -> Figures | None:
    """The slide of a measure with categories; None where nobody has a value."""
    figures = metrics.of_sex(book.figures(measure, book.survey.year, kind), "T")
    shown = metrics.at_level(figures, LEVELS[kind])
    present = [each for each in shown if each.value is not None]
    country = metrics.ranked(each for each in figures if each.level == "country" and each.value is not None)
    if not present or not country:
        return None
    said = say_commonest(measure, country, book.words)
    told = book.words(
        "report_bars_told",
        measure=measure.label,
        year=book.survey.year,
        units=units_of(shown, kind, book.words),
        said=said,
    )
    pattern = number_format(measure, book.words.language)
    draw = _shares if metrics.adds_up(present) else _of_country
    most = country[0]
    return Figures(
        about_of(book, measure),
        said,
        warning_of(book, measure, kind, shown, {}),
        draw(book, present, country, pattern, told),
        Headline(amount(most.value or 0, measure, book.words), f"{book.words('country')}: {most.category_label}"),
        None,
        tuple(facts_of(book, measure, kind, shown, [COUNTRY])),
    )


def _shares(book: Book, present: Sequence[Figure], country: Sequence[Figure], pattern: str, told: str) -> Bars:
    """Stacked bars of 100 per cent: the country, then the regions by name."""
    labels = {each.category: each.category_label for each in [*country, *present]}
    names = {COUNTRY: book.words("country"), **{each.unit_id: format.short_name(each.name) for each in present}}
    values = {(each.unit_id, each.category): each.value for each in [*present, *country]}
    series = [
        Series(label, colour, tuple(values.get((unit, category)) for unit in names))
        for (category, label), (colour, _) in zip(
            labels.items(), charts.category_key(list(labels.values())), strict=True
        )
    ]
    return Bars(tuple(names.values()), tuple(series), pattern, told, has_legend=True, stacked=True)


def _of_country(book: Book, present: Sequence[Figure], country: Sequence[Figure], pattern: str, told: str) -> Bars:
    """The country's categories, the commonest first."""
    values = tuple(each.value for each in country)
    series = Series(book.words("country"), charts.TONES["plain"], values)
    return Bars(tuple(each.category_label for each in country), (series,), pattern, told)
