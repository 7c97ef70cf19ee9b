"""The report of a mapping: its content, slide by slide."""

from dashboards import charts, format, metrics
from dashboards.ranking_shown import units_of
from dashboards.reading import LEVELS
from dashboards.records import Measure
from dashboards.report.book import Book
from dashboards.report.choices import choice_slide
from dashboards.report.closing import closing
from dashboards.report.cover import cover, footer
from dashboards.report.measures import (
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
from dashboards.report.slides import Deck, Figures, Headline, Slide
from dashboards.said import amount, say_order, say_split
from surveys.units import COUNTRY


def mapping_deck(book: Book, is_fictitious: bool) -> Deck:
    """The slides of the mapping as a whole: cover, a slide for each indicator that has figures, and the closing."""
    slides: list[Slide] = [cover(book, "", is_fictitious)]
    for measure in book.measures:
        for kind in measure.kinds:
            slide = measure_slide(book, measure, kind)
            if slide is not None:
                slides.append(slide)
    title = f"{book.survey.title} {book.survey.year}"
    return Deck(title, book.words.language, footer(book), (*slides, *closing(book)))


def measure_slide(book: Book, measure: Measure, kind: str) -> Figures | None:
    """The slide of an indicator; None where nobody has a value."""
    return (number_slide if measure.form == "number" else choice_slide)(book, measure, kind)


def number_slide(book: Book, measure: Measure, kind: str) -> Figures | None:
    """The slide of an indicator that is a number: the regions in order, the country, and the years."""
    words = book.words
    figures = metrics.of_sex(book.figures(measure, book.survey.year, kind), "T")
    shown = book.shown(measure, kind)
    present = [each for each in shown if each.value is not None]
    if not present:
        return None
    places = book.places(measure, kind, LEVELS[kind])
    yes_or_no = metrics.is_yes_or_no(shown)
    if yes_or_no:
        said = say_split(measure, present, figures, words)
    else:
        said = say_order(measure, present, figures, kind, places, words)
    reference = metrics.reference(measure, figures, present)
    whose = words("country" if reference is not None and reference.is_country else "median")
    told = words(
        "report_bars_told", measure=measure.label, year=book.survey.year, units=units_of(shown, kind, words), said=said
    )
    bars = bars_of_rows(
        rows_of_numbers(measure, present, figures, "", book, kind),
        role_names(shown, kind, "", whose, words),
        yes_or_no_format(words) if yes_or_no else number_format(measure, words.language),
        told,
    )
    headline = None
    if yes_or_no:
        yes = sum(map(metrics.is_yes, present))
        headline = Headline(words("n_of", answered=yes, expected=len(present)), format.capital(words("yes")))
    elif reference is not None:
        unit = "" if measure.is_percent else f", {measure.unit}"
        headline = Headline(amount(reference.value, measure, words), f"{whose}{unit}")
    return Figures(
        about_of(book, measure),
        said,
        warning_of(book, measure, kind, shown, places),
        bars,
        headline,
        trend_of(book, measure, kind, [(COUNTRY, "country", words("country"), charts.INK)]),
        tuple(facts_of(book, measure, kind, shown, [COUNTRY])),
    )
