"""Hand-written expectations as questions on the tables of a publication: what is looked at, and its bounds.

Rows are named by unit, region, indicator, option or programme, never by value. What cannot be looked at yet (too few
have answered, no year before, a round that is still open) gives a question without rows, which holds.
"""

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipeline.expectation_kinds import (
    AnyExpected,
    Bounded,
    CategoriesAddUp,
    Coverage,
    Distribution,
    KeptAnswering,
    KnownProgrammes,
    NationalLevel,
    NearPublished,
    NoStepBack,
    PartsAddUp,
    PerInhabitant,
    Ratio,
    RoundNumbers,
    ShareOfCountry,
)
from pipeline.handwritten import expected_of
from pipeline.suites import BETWEEN, Question
from pipeline.whole_table import has_log, named, series
from surveys.questionnaire import Questionnaire

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

OfItems = Ratio | PerInhabitant | ShareOfCountry | RoundNumbers | Distribution | NoStepBack | KnownProgrammes
Queried = OfItems | NearPublished | CategoriesAddUp | PartsAddUp | Coverage | KeptAnswering
# Sums of fractions differ in their last digits by the order of adding.
ROUNDING = 1e-6
NEEDS_THE_LOG = (KnownProgrammes, PartsAddUp, CategoriesAddUp)

_LEVELS = """
SELECT
    f.indicator_id, f.category, f.answered, f.expected, f.kind AS name,
    CASE WHEN f.base_kind IS NULL THEN f.numerator ELSE d.scale * f.numerator / nullif(f.base, 0) END AS value
FROM figure f JOIN declared_indicator d USING (survey, year, indicator_id)
WHERE f.survey = $survey AND f.year = $year AND f.level = 'country' AND f.sex = 'T' AND f.answered > 0
"""

_NEAR_PUBLISHED = f"""
WITH country AS (
    FROM ({_LEVELS})
    WHERE indicator_id = $indicator AND category = $category AND answered >= $least_answered * expected
), nearest AS (
    SELECT value, unit_kind FROM known_figure
    WHERE mapping = $survey AND indicator_id = $indicator AND coalesce(category, '') = $category AND sex = 'T'
        AND as_of IS NULL AND value > 0 AND abs(year - $year) <= $years_apart
    QUALIFY row_number() OVER (PARTITION BY unit_kind ORDER BY abs(year - $year), treated, year DESC) = 1
)
SELECT c.name, c.value / n.value - 1 FROM country c JOIN nearest n ON n.unit_kind = c.name ORDER BY ALL
"""

_CATEGORIES = """
SELECT f.kind, sum(CASE WHEN f.base_kind IS NULL THEN f.numerator ELSE d.scale * f.numerator / nullif(f.base, 0) END)
FROM figure f JOIN declared_indicator d USING (survey, year, indicator_id)
WHERE f.survey = $survey AND f.year = $year AND f.indicator_id = $indicator AND f.level = 'country' AND f.sex = 'T'
    AND f.answered > 0
GROUP BY f.kind ORDER BY f.kind
"""

_PARTS = """
WITH parts AS (
    SELECT
        kind, category, sum(numerator) FILTER (level <> 'country') AS added,
        sum(numerator) FILTER (level = 'country') AS country
    FROM figure
    WHERE survey = $survey AND year = $year AND indicator_id = $indicator AND sex = 'T' AND answered > 0
        AND level IN ('country', CASE kind WHEN 'region' THEN 'unit' ELSE 'region' END)
        AND (level <> 'unit' OR base_kind IS NULL OR base IS NOT NULL)
    GROUP BY kind, category
)
SELECT concat_ws(' ', kind, nullif(category, '')), (added - country) / greatest(abs(country), 1) FROM parts ORDER BY ALL
"""

_NUMBERS = """
WITH number AS (
    SELECT unit_id, item_id, value_number AS value FROM fact
    WHERE survey = $survey AND year = $year AND item_id = top_id AND (sex IS NULL OR sex = 'T')
        AND value_number IS NOT NULL
)
"""

_RATIO = f"""
{_NUMBERS}
SELECT o.unit_id, o.value / nullif(t.value, 0)
FROM number o JOIN number t ON t.unit_id = o.unit_id AND o.item_id = $of AND t.item_id = $to ORDER BY o.unit_id
"""

_PER_INHABITANT = f"""
{_NUMBERS}
SELECT n.unit_id, $per * n.value / p.persons
FROM number n
JOIN declared_part d ON d.survey = $survey AND d.year = $year
JOIN known_population p ON p.unit_id = n.unit_id AND p.year = d.reference_year AND p.sex = 'T' AND p.age_group = 'all'
WHERE n.item_id = $item ORDER BY n.unit_id
"""

_SHARE_OF_COUNTRY = f"""
{_NUMBERS}
SELECT unit_id, value / nullif(whole, 0)
FROM (SELECT unit_id, value, sum(value) OVER () AS whole, count(*) OVER () AS n FROM number WHERE item_id = $item)
WHERE unit_id = $unit AND n >= $least_units
"""

_ROUND_NUMBERS = f"""
{_NUMBERS}
SELECT item_id, count(*) FILTER (value % $multiple_of = 0) / count(*) FROM number
WHERE item_id = $item AND value > 0 GROUP BY item_id HAVING count(*) >= $least_units
"""

# What each unit chose then and now, where the two can be compared; each option a row.
_CHOSEN = """
WITH chosen AS (
    SELECT f.unit_id, f.year, f.value_code
    FROM fact f
    JOIN declared_part d ON d.survey = $survey AND d.year = $year
    JOIN declared_item i ON i.survey = $survey AND i.year = $year AND i.item_id = $item AND i.comparable
    WHERE f.survey = $survey AND f.value_code IS NOT NULL
        AND ((f.year = $year AND f.item_id = $item) OR (f.year = d.lineage_from AND f.item_id = i.lineage_items[1]))
), both_years AS (
    SELECT unit_id FROM chosen GROUP BY unit_id HAVING count(DISTINCT year) = 2
)
"""

_DISTRIBUTION = f"""
{_CHOSEN}
SELECT
    value_code,
    100.0 * (count(DISTINCT unit_id) FILTER (year = $year) - count(DISTINCT unit_id) FILTER (year < $year))
        / (SELECT count(*) FROM both_years)
FROM chosen SEMI JOIN both_years USING (unit_id)
WHERE (SELECT count(*) FROM both_years) >= $least_units
GROUP BY value_code ORDER BY value_code
"""

_STEP_BACK = f"""
{_CHOSEN}
SELECT
    unit_id,
    count(*) FILTER (year < $year AND list_contains($before, value_code))
        * count(*) FILTER (year = $year AND list_contains($now, value_code))
FROM chosen SEMI JOIN both_years USING (unit_id) GROUP BY unit_id ORDER BY unit_id
"""

# Programmes are registered in the log.
_PROGRAMMES = """
SELECT f.value_code, count(DISTINCT f.unit_id) FILTER (r.programme IS NULL)
FROM fact f
LEFT JOIN (
    SELECT DISTINCT data ->> 'programme' AS programme FROM landing.administration
    WHERE type LIKE '%.programme-registered.%'
) r ON r.programme = f.value_code
WHERE f.survey = $survey AND f.year = $year AND f.item_id = $item AND f.value_code IS NOT NULL
GROUP BY f.value_code ORDER BY f.value_code
"""

_CLOSED = """
EXISTS (FROM declared_part WHERE survey = $survey AND year = $year AND status = 'published')
    AND NOT EXISTS (FROM known_round WHERE survey = $survey AND year = $year AND state <> 'closed')
"""

_COVERAGE = f"""
SELECT CASE WHEN kind = 'region' THEN '00' ELSE region_code END AS name, count(*) FILTER (answered) / count(*)
FROM expected WHERE survey = $survey AND year = $year AND kind = $units AND {_CLOSED}
GROUP BY name HAVING count(*) >= $least_units ORDER BY name
"""

_KEPT = f"""
SELECT $units, count(*) FILTER (now.unit_id IS NOT NULL) / count(*)
FROM counted c
JOIN declared_part d ON d.survey = $survey AND d.year = $year AND c.survey = $survey AND c.year = d.lineage_from
LEFT JOIN counted now ON now.survey = $survey AND now.year = $year AND now.unit_id = c.unit_id
WHERE c.kind = $units AND {_CLOSED}
HAVING count(*) > 0
"""


def handwritten_questions(work: "DuckDBPyConnection", q: Questionnaire) -> list[Question]:
    """The questions of what is written by hand about that year. Reads the tables of the publication being made.

    Raises what `expected_of` raises. What needs the log, or numbers that are hidden in what is published, is left out
    where there is no log.
    """
    is_whole = has_log(work)
    asked = _Asked(work, {"survey": q.survey, "year": q.year})
    return [asked.question(one) for one in expected_of(q) if is_whole or not isinstance(one, NEEDS_THE_LOG)]


class _Asked:
    """What is asked of one part. Most questions are about levels in the country: those are read once."""

    def __init__(self, work: "DuckDBPyConnection", part: dict[str, Any]) -> None:
        self._work = work
        self._part = part

    def question(self, one: AnyExpected) -> Question:
        """The question that this expectation is."""
        if isinstance(one, NationalLevel):
            values, column, bounds = self._level(one), one.indicator, _bounds(one)
        else:
            sql, facts, column, bounds = _asked(one)
            values = series(self._work, sql, {**self._part, **facts})
        return Question(BETWEEN, bounds, one.severity, one.meaning, column, values, one.id, "handwritten", one.reason)

    def _level(self, one: NationalLevel) -> "pd.Series[Any]":
        rows = self._levels[one.indicator, one.category]
        return named(
            [(kind, value) for answered, expected, kind, value in rows if answered >= one.least_answered * expected]
        )

    @cached_property
    def _levels(self) -> defaultdict[tuple[str, str], list[tuple[int, int, str, float | None]]]:
        """By indicator and category: answered, expected, kind of unit and value."""
        found: defaultdict[tuple[str, str], list[tuple[int, int, str, float | None]]] = defaultdict(list)
        for indicator, category, *level in self._work.execute(_LEVELS, self._part).fetchall():
            found[indicator, category].append(tuple(level))
        return found


def _asked(one: Queried) -> tuple[str, dict[str, Any], str, dict[str, float]]:
    """The query, what it is told, what it is about, and the bounds of what it gives."""
    match one:
        case NearPublished():
            told = {"indicator": one.indicator, "category": "", "least_answered": one.least_answered}
            told |= {"years_apart": one.years_apart}
            return _NEAR_PUBLISHED, told, one.indicator, _within(one.within)
        case CategoriesAddUp():
            return _CATEGORIES, {"indicator": one.indicator}, one.indicator, _bounds(one)
        case PartsAddUp():
            return _PARTS, {"indicator": one.indicator}, one.indicator, _within(ROUNDING)
        case Coverage():
            return _COVERAGE, {"units": one.units, "least_units": one.least_units}, one.units, _bounds(one)
        case KeptAnswering():
            return _KEPT, {"units": one.units}, one.units, _bounds(one)
        case _:
            return _asked_of_items(one)


def _asked_of_items(one: OfItems) -> tuple[str, dict[str, Any], str, dict[str, float]]:
    match one:
        case Ratio():
            return _RATIO, {"of": one.of, "to": one.to}, f"{one.of}/{one.to}", _bounds(one)
        case PerInhabitant():
            return _PER_INHABITANT, {"item": one.item, "per": one.per}, one.item, _bounds(one)
        case ShareOfCountry():
            told = {"item": one.item, "unit": one.unit, "least_units": one.least_units}
            return _SHARE_OF_COUNTRY, told, one.item, _bounds(one)
        case RoundNumbers():
            told = {"item": one.item, "multiple_of": one.multiple_of, "least_units": one.least_units}
            return _ROUND_NUMBERS, told, one.item, _bounds(one)
        case Distribution():
            told = {"item": one.item, "least_units": one.least_units}
            return _DISTRIBUTION, told, one.item, _within(one.max_points)
        case NoStepBack():
            told = {"item": one.item, "before": list(one.before), "now": list(one.now)}
            return _STEP_BACK, told, one.item, {"max_value": 0}
        case KnownProgrammes():
            return _PROGRAMMES, {"item": one.item}, one.item, {"max_value": one.named_by - 1}


def _bounds(one: Bounded) -> dict[str, float]:
    named = {"min_value": one.min, "max_value": one.max}
    return {name: value for name, value in named.items() if value is not None}


def _within(most: float) -> dict[str, float]:
    return {"min_value": -most, "max_value": most}
