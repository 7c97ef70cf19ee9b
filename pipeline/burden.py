"""The burden ledger: how long a survey takes, what each question is for, and how often its answer is as last time."""

from contextlib import closing
from typing import TYPE_CHECKING, Any, Literal

from infra.settings import Settings
from pipeline.history import has_table
from pipeline.opened import opened
from pipeline.suite_errors import PublishedWithout
from surveys.burden import Use, is_always_unchanged
from surveys.errors import UnknownSurvey, UnknownYear
from surveys.model import Frozen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_YEARS = """
SELECT s.survey, s.year, s.status = 'published' AND r.survey IS NOT NULL AS is_done, r.survey IS NOT NULL AS is_answered
FROM survey s LEFT JOIN (SELECT DISTINCT survey, year FROM response) r USING (survey, year) ORDER BY s.survey, s.year
"""
_QUESTIONS = """
SELECT
    survey, year, item_id, section, section_sv, section_en, label_sv, label_en, use, indicators, checks, routes,
    CASE WHEN comparable THEN lineage_from END AS compared_with, answering, compared, unchanged, section_minutes,
    section_units, minutes_estimated
FROM item_burden WHERE survey = $survey AND year = $year ORDER BY position
"""
_TIME = """
SELECT t.unit_kind, t.how, t.section, g.title_sv AS section_sv, g.title_en AS section_en, t.minutes, t.units, r.answered
FROM time_spent t
JOIN response_rate r ON r.survey = t.survey AND r.year = t.year AND r.unit_kind = t.unit_kind AND r.region_code = '00'
LEFT JOIN section g ON g.survey = t.survey AND g.year = t.year AND g.section = t.section
WHERE t.survey = $survey AND t.year = $year ORDER BY t.unit_kind, t.how, g.position NULLS FIRST
"""


class TimeSpent(Frozen):
    """How long answering took: the median in `minutes` over `units`, of `answered` units of the kind that responded.

    `how`: measured by the form, or stated with the response. `section` is '' for the whole.
    """

    unit_kind: str
    how: Literal["measured", "stated"]
    section: str
    section_sv: str | None
    section_en: str | None
    minutes: float
    units: int
    answered: int


class QuestionBurden(Frozen):
    """A question, or a column of a roster (`roster.column`).

    `indicators` are made of it, `checks` look at it and at others, `routes` are the questions asked depending on it.
    `compared_with` is the year before, None when its answers do not compare. Of the `answering` units that were asked
    it and responded, `compared` gave an answer both times and `unchanged` of those the same. `minutes_estimated` is the
    section's median (`section_minutes`, over `section_units`) divided alike among its questions; None when unknown.
    """

    survey: str
    year: int
    item_id: str
    section: str
    section_sv: str
    section_en: str
    label_sv: str
    label_en: str
    use: Use
    indicators: tuple[str, ...]
    checks: tuple[str, ...]
    routes: tuple[str, ...]
    compared_with: int | None
    answering: int
    compared: int
    unchanged: int
    section_minutes: float | None
    section_units: int | None
    minutes_estimated: float | None
    always_unchanged: bool


class Burden(Frozen):
    """What is known of a survey and year; `time` is empty where fewer than five units' is known."""

    survey: str
    year: int
    time: tuple[TimeSpent, ...]
    questions: tuple[QuestionBurden, ...]


def burden(settings: Settings, survey: str, year: int | None = None, as_of: str | None = None) -> Burden:
    """The ledger, its questions in the order asked; of the newest finished year that was answered if none is named.

    Reads what is published now, or as of a moment. Raises UnknownSurvey, UnknownYear, NothingPublished,
    PublishedWithout, NoSuchMoment.
    """
    with closing(opened(settings, as_of)) as publication:
        if not has_table(publication, "item_use"):
            ((publish_id,),) = publication.execute("SELECT publish_id FROM publication").fetchall()
            raise PublishedWithout(publish_id, "item_use")
        asked: dict[str, Any] = {"survey": survey, "year": _year(publication, survey, year)}
        rows = publication.sql(_QUESTIONS, params=asked).to_arrow_table().to_pylist()
        spent = publication.sql(_TIME, params=asked).to_arrow_table().to_pylist()
    always = [is_always_unchanged(row["unchanged"], row["compared"]) for row in rows]
    questions = [QuestionBurden(**row, always_unchanged=each) for row, each in zip(rows, always, strict=True)]
    time = [TimeSpent(**row) for row in spent]
    return Burden(**asked, time=tuple(time), questions=tuple(questions))


def _year(publication: "DuckDBPyConnection", survey: str, year: int | None) -> int:
    rows = publication.execute(_YEARS).fetchall()
    years: dict[int, tuple[bool, bool]] = {
        found: (is_done, is_answered) for name, found, is_done, is_answered in rows if name == survey
    }
    if not years:
        raise UnknownSurvey(survey, sorted({name for name, *_ in rows}))
    if year is None:
        return max(years, key=lambda each: (*years[each], each))
    if year not in years:
        raise UnknownYear(survey, year, sorted(years))
    return year
