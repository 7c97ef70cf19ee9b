"""What a report is asked to be about, looked up in a publication."""

from collections import defaultdict

from dashboards.errors import NothingToReport
from dashboards.reading import Reading
from dashboards.report.book import Book
from dashboards.texts import Words
from surveys.errors import UnknownSurvey, UnknownYear


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
