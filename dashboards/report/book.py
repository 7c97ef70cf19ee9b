"""One year of a mapping, as a report reads it: each question is asked once, however many units there are."""

from collections.abc import Mapping, Sequence
from functools import cache

from dashboards import metrics
from dashboards.ranking import UNFINISHED, Rank
from dashboards.ranking_shown import Responded, ranks_of
from dashboards.reading import LEVELS, Reading
from dashboards.records import Asked, Figure, Measure, Publication, Survey, YearOfMeasure
from dashboards.texts import Words


class Book:
    """A year of a mapping in one publication and one language. It lives as long as the publication is open."""

    def __init__(self, reading: Reading, publication: Publication, surveys: Sequence[Survey], words: Words) -> None:
        """`surveys` are every year of the mapping up to the one that is reported, which comes last."""
        self.reading, self.publication, self.words = reading, publication, words
        self.survey = surveys[-1]
        self.open_years = frozenset(each.year for each in surveys if each.state in UNFINISHED)
        self.answered_years = frozenset(each.year for each in surveys if each.answered)
        self.measures = [
            each
            for each in reading.measures(self.survey.survey, self.survey.year, words.language)
            if each.is_indicator and each.form != "text"
        ]
        self.regions = reading.regions()
        self.figures = cache(self._figures)
        self.years = cache(self._years)
        self.responded = cache(self._responded)
        self.places = cache(self._places)
        self.asked = cache(self._asked)

    @property
    def is_preliminary(self) -> bool:
        return self.survey.state in UNFINISHED

    def silent(self, kind: str) -> list[Asked]:
        """The units of a kind that were asked and have not answered."""
        return [each for each in self.asked(kind) if not each.has_answered]

    def shown(self, measure: Measure, kind: str) -> list[Figure]:
        """The figures that are compared, ranked: of the regions, or of the units that are themselves regions."""
        figures = metrics.at_level(metrics.of_sex(self.figures(measure, self.survey.year, kind), "T"), LEVELS[kind])
        return metrics.ranked(figures, measure.direction, measure.decimals)

    def _figures(self, measure: Measure, year: int, kind: str) -> list[Figure]:
        """What the measure has in a year; nothing of a year in which nobody has answered."""
        if year not in self.answered_years:
            return []
        return self.reading.figures(self.survey.survey, year, measure.id, measure.form, kind, self.words.language)

    def _years(self, measure: Measure) -> list[YearOfMeasure]:
        """The years of the measure up to the one that is reported."""
        known = self.reading.years_of_measure(self.survey.survey, measure.id, self.words.language)
        return [each for each in known if each.year <= self.survey.year]

    def _responded(self, kind: str) -> Responded:
        return self.reading.responded(self.survey.survey, self.survey.year, kind)

    def _places(self, measure: Measure, kind: str, level: str) -> Mapping[str, Rank]:
        """The places of the figures of a level."""
        figures = metrics.of_sex(self.figures(measure, self.survey.year, kind), "T")
        return ranks_of(self.survey, measure, metrics.at_level(figures, level), self.responded(kind))

    def _asked(self, kind: str) -> list[Asked]:
        return self.reading.asked(self.survey.survey, self.survey.year, kind)
