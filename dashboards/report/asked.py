"""What a report is asked to be about, looked up in a publication."""

from collections import defaultdict

from dashboards.errors import NothingToReport, UnitNotAsked
from dashboards.reading import Reading
from dashboards.records import Unit
from dashboards.report.book import Book
from dashboards.report.unit import level_of
from dashboards.texts import Words
from surveys.errors import UnknownSurvey, UnknownYear
from surveys.units import UnknownUnit


def book_of(reading: Reading, survey: str, year: int, words: Words) -> Book:
    """That year of the mapping. Raises UnknownSurvey, UnknownYear, NothingToReport."""
    every = reading.surveys(words.language)
    years = defaultdict(list)
    for each in every:
        years[each.survey].append(each.year)
    if survey not in years:
        raise UnknownSurvey(survey, years)
    if year not in years[survey]:
        raise UnknownYear(survey, year, years[survey])
    book = Book(
        reading, reading.publication(), [each for each in every if each.survey == survey and each.year <= year], words
    )
    if not book.survey.answered:
        raise NothingToReport(survey, year)
    return book


def unit_of(book: Book, unit_id: str) -> Unit:
    """The unit with that code, which the mapping has figures of. Raises UnknownUnit, UnitNotAsked."""
    unit = next((each for each in book.reading.units() if each.unit_id == unit_id), None)
    if unit is None:
        raise UnknownUnit(unit_id)
    if unit.unit_id not in {each.unit_id for each in units_of_report(book)}:
        raise UnitNotAsked(book.survey.survey, book.survey.year, unit_id, book.survey.respondents)
    return unit


def units_of_report(book: Book) -> list[Unit]:
    """Every unit that has figures: those that were asked, and the regions they are in; by code."""
    kinds = book.survey.respondents
    found: dict[str, Unit] = {each.unit_id: each for kind in kinds for each in book.asked(kind)}
    for region in book.regions:
        if any(level_of(region, kind) for kind in kinds):
            found.setdefault(region.unit_id, region)
    return [unit for _, unit in sorted(found.items())]
