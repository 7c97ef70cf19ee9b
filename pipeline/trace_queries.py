"""The questions that a trace asks the published file."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]


def rows(publication: "DuckDBPyConnection", sql: str, **parameters: Any) -> list[Row]:
    """The rows by name; moments come with their zone."""
    asked = set(re.findall(r"\$(\w+)", sql))
    used = {name: value for name, value in parameters.items() if name in asked}
    return list(publication.sql(sql, params=used).to_arrow_table().to_pylist())


PUBLICATION = "SELECT publish_id, published_at, as_of, watermarks::VARCHAR AS watermarks FROM publication"

PARTS = "SELECT survey, year, fingerprint, held FROM survey"

INDICATORS = "SELECT indicator_id FROM indicator_definition WHERE survey = $survey AND year = $year"

UNITS = "SELECT unit_id, kind, name FROM unit"

ITEMS = "SELECT item_id, label_sv, label_en FROM item WHERE survey = $survey AND year = $year"

# What a figure is called by: a name with several rows is ambiguous.
FIGURES = """
SELECT
    i.*, len(d.unit_kinds) > 1 AS many_kinds, d.breakdown IS NOT NULL AS by_category, d.by_sex,
    d.label_sv, d.label_en, d.definition_sv, d.definition_en, d.base_sv, d.base_en, d.source_sv, d.source_en,
    d.unit_of_measure_sv, d.unit_of_measure_en, d.scale, coalesce(u.name, '') AS unit_name
FROM indicator i
JOIN indicator_definition d USING (survey, year, indicator_id)
LEFT JOIN unit u USING (unit_id)
WHERE i.survey = $survey AND i.year = $year AND i.indicator_id = $indicator
"""

FIGURE_UNITS = """
SELECT f.*, coalesce(u.name, f.source_unit) AS name
FROM figure_unit f LEFT JOIN unit u ON u.unit_id = f.source_unit
WHERE f.survey = $survey AND f.year = $year AND f.indicator_id = $indicator AND f.unit_kind = $unit_kind
    AND f.level = $level AND f.unit_id = $unit AND f.sex = $sex AND f.category = $category
ORDER BY f.source_unit
"""

FIGURE_ANSWERS = """
SELECT a.* FROM figure_answer a
JOIN item i USING (survey, year, item_id)
WHERE a.survey = $survey AND a.year = $year AND a.indicator_id = $indicator AND a.unit_kind = $unit_kind
    AND a.sex = $sex AND a.category = $category AND list_contains($units, a.unit_id)
ORDER BY a.unit_id, a.side DESC, i.position, a.row_no, a.answer_sex, a.value_code
"""

COUNTED_ROWS = """
SELECT unit_id, list(DISTINCT row_no ORDER BY row_no) AS row_nos FROM counted_row
WHERE survey = $survey AND year = $year AND indicator_id = $indicator AND category = $category AND row_no > 0
    AND side = 'numerator' AND list_contains($units, unit_id)
GROUP BY unit_id
"""

INDICATOR_ITEMS = """
SELECT item_id, side, role FROM indicator_item WHERE survey = $survey AND year = $year AND indicator_id = $indicator
"""

RESPONSES = """
SELECT * FROM response WHERE survey = $survey AND year = $year AND list_contains($units, unit_id)
ORDER BY unit_id, revision
"""

RESPONSE_OF_EVENT = """
SELECT * FROM response WHERE event_id = $name OR submission_id = $name ORDER BY submitted_at
"""

RESPONSE_AT = 'SELECT * FROM response WHERE "partition" = $partition AND log_offset = $log_offset'

ANSWERS = """
SELECT a.* FROM answer a JOIN item i USING (survey, year, item_id)
WHERE a.survey = $survey AND a.year = $year AND a.unit_id = $unit
    AND ($item IS NULL OR a.item_id = $item OR starts_with(a.item_id, $item || '.'))
    AND ($row IS NULL OR a.row_no = $row) AND ($sex IS NULL OR a.sex = $sex)
ORDER BY i.position, a.row_no, a.sex, a.value_code
"""

CHANGES = """
SELECT * FROM revision
WHERE survey = $survey AND year = $year AND unit_id = $unit
    AND (item_id = $item OR starts_with(item_id, $item || '.'))
    AND ($row IS NULL OR row_no = $row) AND ($sex IS NULL OR sex = $sex)
ORDER BY revision DESC, item_id, row_no, sex
"""

CHECKS = """
SELECT * FROM check_failure
WHERE survey = $survey AND year = $year AND list_contains($units, unit_id)
    AND (item_id IS NULL OR list_contains($items, item_id))
ORDER BY unit_id, check_id, item_id, row_no
"""

# Of a declared check the items it compares are known; an implied one is named after its item.
AUDIT = """
SELECT DISTINCT r.expectation_sv, r.expectation_en, r.check_id, r.severity, r.success, r.observed
FROM audit_result r
LEFT JOIN check_item c USING (survey, year, check_id)
WHERE r.survey = $survey AND r.year = $year
    AND (list_contains($items, c.item_id) OR list_contains($items, regexp_replace(r.check_id, '[.][^.]*$', '')))
ORDER BY r.success, r.severity, r.check_id, r.expectation_sv
"""

FED = """
SELECT
    i.survey, i.year, i.indicator_id, i.unit_kind, i.level, i.unit_id, i.sex, i.category, i.value, i.missing,
    i.comparable, f.adds_numerator IS NOT NULL OR f.adds_denominator IS NOT NULL OR f.missing = 'suppressed' AS counts,
    len(d.unit_kinds) > 1 AS many_kinds,
    (SELECT list(DISTINCT o.year ORDER BY o.year) FROM indicator_definition o
     WHERE o.survey = i.survey AND o.indicator_id = i.indicator_id AND o.year <> i.year) AS other_years
FROM figure_unit f
JOIN indicator i USING (survey, year, indicator_id, unit_kind, level, unit_id, sex, category)
JOIN indicator_definition d USING (survey, year, indicator_id)
WHERE f.event_id = $event_id
ORDER BY d.position, i.category, i.sex, CASE i.level WHEN 'unit' THEN 1 WHEN 'region' THEN 2 ELSE 3 END
"""

ANSWER_FEEDS = """
SELECT DISTINCT
    survey, year, indicator_id, unit_kind, sex, category, unit_id, d.position, len(d.unit_kinds) > 1 AS many_kinds
FROM figure_answer
JOIN indicator_definition d USING (survey, year, indicator_id)
WHERE survey = $survey AND year = $year AND unit_id = $unit AND list_contains($items, item_id)
    AND ($sex IS NULL OR coalesce(answer_sex, 'T') = $sex)
ORDER BY d.position, category, sex
"""
