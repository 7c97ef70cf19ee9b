"""What must hold of a part as a whole: questions that no single response answers."""

from typing import TYPE_CHECKING, Any

from pipeline import texts
from pipeline.frames import PART, Tables
from pipeline.suites import BETWEEN, Question, Severity
from surveys.model import Text
from surveys.questionnaire import Questionnaire

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

# Below half, a figure says more about who answered than about the country.
LEAST_SHARE_ANSWERED = 0.5
# A robust z-score of 6 is one in a billion of a normal distribution: it is a slip of a digit, or worth a look.
FURTHEST = 6.0
# Figures of the whole country seldom move by half in a year.
LARGEST_CHANGE = 0.5

_IN_LOG = f"""
SELECT u.kind, count(DISTINCT e.unit_id) FILTER (c.unit_id IS NULL)
FROM landing.event e
LEFT JOIN known_unit u USING (unit_id)
LEFT JOIN counted c ON c.survey = e.survey AND c.year = e.year AND c.unit_id = e.unit_id
WHERE e.{PART.replace("AND ", "AND e.")} AND e.submitted_at <= getvariable('until')
GROUP BY u.kind ORDER BY u.kind
"""

_UNTOLD = f"""
SELECT c.unit_id, len(json_keys(e.answers)) - count(DISTINCT f.top_id)
FROM counted c
JOIN landing.event e USING (topic_partition, log_offset)
LEFT JOIN fact f ON f.survey = c.survey AND f.year = c.year AND f.unit_id = c.unit_id
    AND (f.missing IS NULL OR f.missing IN ('dont_know', 'not_applicable'))
WHERE c.{PART.replace("AND ", "AND c.")}
GROUP BY c.unit_id, e.answers ORDER BY c.unit_id
"""

_BEYOND_EXPECTED = f"""
SELECT kind, count(*) FILTER (answered) - count(*) FROM expected WHERE {PART} GROUP BY kind ORDER BY kind
"""

# Comments are for those who have something to add.
_SHARE_ANSWERED = f"""
SELECT item_id, count(*) FILTER (missing IS NULL OR missing <> 'item_nonresponse') / count(*)
FROM (
    SELECT DISTINCT f.unit_id, f.item_id, f.missing
    FROM fact f JOIN declared_item i USING (survey, year, item_id)
    WHERE f.{PART.replace("AND ", "AND f.")} AND f.item_id = f.top_id AND i.type <> 'text'
        AND f.missing IS DISTINCT FROM 'off_path'
)
GROUP BY item_id HAVING count(*) >= 5 ORDER BY item_id
"""

# Far from the others both as it is and per inhabitant: the largest region is forty times the smallest, and that is no
# slip. Logarithms, and a spread of at least a factor 1.4: six times that is more than a digit.
_DEVIATION = f"""
WITH number AS (
    SELECT f.unit_id, f.kind, f.item_id, ln(1 + f.value_number) AS size, size - ln(p.persons) AS rate
    FROM fact f
    JOIN declared_item i USING (survey, year, item_id)
    JOIN declared_part d USING (survey, year)
    LEFT JOIN known_population p ON p.unit_id = f.unit_id AND p.year = d.reference_year AND p.sex = 'T'
        AND p.age_group = 'all'
    WHERE f.{PART.replace("AND ", "AND f.")} AND f.item_id = f.top_id AND i.type IN ('integer', 'decimal')
        AND f.value_number > 0 AND (f.sex IS NULL OR f.sex = 'T')
),
spread AS (
    SELECT
        kind, item_id, median(size) AS size, greatest(mad(size) * 1.4826, ln(1.4)) AS size_spread,
        median(rate) AS rate, greatest(mad(rate) * 1.4826, ln(1.4)) AS rate_spread
    FROM number GROUP BY kind, item_id HAVING count(*) >= 10
)
SELECT
    n.unit_id || ' ' || n.item_id,
    least(abs(n.size - s.size) / s.size_spread, coalesce(abs(n.rate - s.rate) / s.rate_spread, 'infinity'))
FROM number n JOIN spread s USING (kind, item_id)
ORDER BY 1
"""

# Sums are compared per answering unit: a round that is still open has not become smaller.
_CHANGE = """
WITH national AS (
    SELECT
        f.year, f.indicator_id, f.kind,
        CASE
            WHEN f.base_kind IS NULL OR f.base_kind = 'all_units' THEN f.numerator / f.answered
            ELSE f.numerator / nullif(f.base, 0)
        END AS value
    FROM figure f
    JOIN declared_indicator d USING (survey, year, indicator_id)
    WHERE f.survey = $survey AND f.level = 'country' AND f.sex = 'T' AND f.answered > 0 AND d.breakdown IS NULL
        AND (f.year < $year OR d.comparable)
)
SELECT n.indicator_id, n.value / nullif(p.value, 0) - 1
FROM national n
JOIN declared_part d ON d.survey = $survey AND d.year = $year
JOIN national p ON p.year = d.lineage_from AND p.indicator_id = n.indicator_id AND p.kind = n.kind
WHERE n.year = $year ORDER BY n.indicator_id
"""


def table_questions(work: "DuckDBPyConnection", q: Questionnaire, found: list[Tables]) -> list[Question]:
    """The questions about the part as a whole. Reads landing and the tables of the publication being made."""
    part = {"survey": q.survey, "year": q.year}

    def asked(sql: str, column: str, severity: Severity, meaning: Text, **bounds: float) -> Question:
        return Question(BETWEEN, bounds, severity, meaning, column, series(work, sql, part), origin="table")

    in_log = {_IN_LOG: ("responses", texts.AS_MANY_AS_IN_LOG), _UNTOLD: ("answers", texts.EVERY_ANSWER_STANDS)}
    return [
        *(question for tables in found for question in _units(work, tables)),
        *(
            asked(sql, column, "critical", meaning, min_value=0, max_value=0)
            for sql, (column, meaning) in (in_log.items() if has_log(work) else ())
        ),
        asked(_BEYOND_EXPECTED, "expected", "critical", texts.NO_MORE_THAN_ASKED, max_value=0),
        asked(_SHARE_ANSWERED, "answered", "warning", texts.SHARE_ANSWERED, min_value=LEAST_SHARE_ANSWERED),
        asked(_DEVIATION, "numbers", "warning", texts.OUTLIERS, max_value=FURTHEST),
        asked(
            _CHANGE, "national", "warning", texts.NATIONAL_CHANGE, min_value=-LARGEST_CHANGE, max_value=LARGEST_CHANGE
        ),
    ]


def has_log(work: "DuckDBPyConnection") -> bool:
    """A published file alone has no landing tables to compare with."""
    found = work.execute("SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'landing'").fetchone()
    return found is not None and found[0] > 0


def _units(work: "DuckDBPyConnection", tables: Tables) -> list[Question]:
    known = work.execute(
        "SELECT unit_id FROM known_unit WHERE kind = $kind ORDER BY ALL", {"kind": tables.kind}
    ).fetchall()
    units = tables.responses["unit_id"]
    units = units.set_axis(units.astype(str))
    rules: list[tuple[str, dict[str, Any], Text]] = [
        ("expect_column_values_to_be_unique", {}, texts.ONE_RESPONSE_EACH),
        ("expect_column_values_to_be_in_set", {"value_set": [unit for (unit,) in known]}, texts.KNOWN_UNITS),
    ]
    return [
        Question(rule, kwargs, "critical", meaning, "unit_id", units, origin="table") for rule, kwargs, meaning in rules
    ]


def series(work: "DuckDBPyConnection", sql: str, part: dict[str, Any]) -> "pd.Series[Any]":
    """The second column of what the query gives, named by the first; of `part` it is told what it asks for."""
    return named(work.execute(sql, {name: value for name, value in part.items() if f"${name}" in sql}).fetchall())


def named(rows: list[tuple[Any, ...]]) -> "pd.Series[Any]":
    """The second of each row, named by the first."""
    import pandas as pd

    return pd.Series([row[1] for row in rows], index=[str(row[0]) for row in rows], dtype="float64")
