"""The questions about where figures come from, as `queries`: what units add, answers, revisions, and what is fed."""

from dashboards.queries import AUDITED

# The units of a place: of the country, of a region, or one alone.
_PLACE = """
u.kind = $unit_kind AND CASE $level
    WHEN 'country' THEN TRUE WHEN 'region' THEN u.region_code = $unit ELSE u.unit_id = $unit END
"""

BEHIND_INDICATOR = """
SELECT
    f.source_unit AS unit_id, u.name, f.adds_numerator AS numerator, f.adds_denominator AS denominator, f.missing,
    f.submission_id, f.event_id, f.partition || '/' || f.log_offset AS position, f.submitted_at, f.mode, f.revision
FROM figure_unit f JOIN unit u ON u.unit_id = f.source_unit
WHERE f.survey = $survey AND f.year = $year AND f.indicator_id = $measure AND f.unit_kind = $unit_kind
    AND f.level = $level AND f.unit_id = $unit AND f.sex = $sex AND f.category = $category
ORDER BY u.name COLLATE sv
"""

BEHIND_ITEM = f"""
SELECT
    u.unit_id, u.name, NULL::DOUBLE AS numerator, NULL::DOUBLE AS denominator, NULL::VARCHAR AS missing,
    r.submission_id, r.event_id, r.partition || '/' || r.log_offset AS position, r.submitted_at, r.mode, r.revision
FROM response r JOIN unit u USING (unit_id)
WHERE r.survey = $survey AND r.year = $year AND r.current AND {_PLACE}
ORDER BY u.name COLLATE sv
"""

_ANSWER = """
    CASE WHEN contains(a.item_id, '.') THEN a.row_no END AS row_no, a.value_number, coalesce(
        a.value_text, o.label_{lang}, a.value_code, CASE i.type WHEN 'year' THEN a.value_number::INTEGER::VARCHAR END
    ) AS text, a.missing, a.explanation
"""

USED_BY_INDICATOR = f"""
SELECT u.name AS unit, i.label_{{lang}} AS question, a.answer_sex AS sex, a.side, a.role, a.counts, {_ANSWER}
FROM figure_answer a
JOIN unit u USING (unit_id)
JOIN item i USING (survey, year, item_id)
LEFT JOIN item_option o ON o.survey = a.survey AND o.year = a.year AND o.item_id = a.item_id AND o.code = a.value_code
WHERE a.survey = $survey AND a.year = $year AND a.indicator_id = $measure AND a.unit_kind = $unit_kind
    AND a.sex = $sex AND a.category = $category AND {_PLACE}
ORDER BY u.name COLLATE sv, a.side DESC, i.position, a.row_no, o.position
"""

USED_BY_ITEM = f"""
SELECT
    u.name AS unit, i.label_{{lang}} AS question, a.sex, NULL::VARCHAR AS side, NULL::VARCHAR AS role,
    a.missing IS NULL AS counts, {_ANSWER}
FROM answer a
JOIN unit u USING (unit_id)
JOIN item i USING (survey, year, item_id)
LEFT JOIN item_option o ON o.survey = a.survey AND o.year = a.year AND o.item_id = a.item_id AND o.code = a.value_code
WHERE a.survey = $survey AND a.year = $year AND a.item_id = $measure AND coalesce(a.sex, 'T') = $sex AND {_PLACE}
ORDER BY u.name COLLATE sv, a.row_no, o.position
"""

FINGERPRINT = "SELECT fingerprint FROM survey WHERE survey = $survey AND year = $year"

ITEMS_OF_INDICATOR = """
SELECT DISTINCT item_id FROM indicator_item WHERE survey = $survey AND year = $year AND indicator_id = $measure
"""

EARLIER = f"""
SELECT
    u.name AS unit, r.submission_id, r.event_id, r.partition || '/' || r.log_offset AS position, r.submitted_at, r.mode,
    r.revision, r.current, r.reason
FROM response r JOIN unit u USING (unit_id)
WHERE r.survey = $survey AND r.year = $year AND NOT r.current AND {_PLACE}
ORDER BY u.name COLLATE sv, r.revision
"""

FAILED_CHECKS = f"""
SELECT
    f.survey, f.year, u.name AS unit,
    coalesce(
        (SELECT min(r.expectation_{{lang}}) FROM audit_result r
         WHERE r.survey = f.survey AND r.year = f.year AND r.check_id = f.check_id), f.check_id
    ) AS rule,
    f.explanation
FROM check_failure f JOIN unit u USING (unit_id)
WHERE f.survey = $survey AND f.year = $year AND {_PLACE} AND (f.item_id IS NULL OR list_contains($items, f.item_id))
ORDER BY u.name COLLATE sv, f.check_id, f.row_no
"""

# Of a declared check the items it compares are known; an implied one is named after its item.
AUDIT_OF_ITEMS = f"""{AUDITED}
WHERE r.survey = $survey AND r.year = $year AND (
    list_contains($items, regexp_replace(r.check_id, '[.][^.]*$', '')) OR EXISTS (
        FROM check_item c
        WHERE c.survey = r.survey AND c.year = r.year AND c.check_id = r.check_id AND list_contains($items, c.item_id)
    )
)
ORDER BY r.success, r.severity, title
"""

# By what a receipt or a table shows of it.
SENT = """
SELECT
    r.survey, r.year, s.title_{lang} AS title, s.fingerprint, r.unit_id, u.name AS unit, u.kind, r.submission_id,
    r.event_id, r.partition || '/' || r.log_offset AS position, r.submitted_at, r.mode, r.revision, r.current, r.reason,
    (SELECT n.submission_id FROM response n
     WHERE n.survey = r.survey AND n.year = r.year AND n.unit_id = r.unit_id AND n.current) AS counting
FROM response r JOIN unit u USING (unit_id) JOIN survey s USING (survey, year)
WHERE r.event_id = $name OR r.submission_id = $name OR 'responses/' || r.partition || '/' || r.log_offset = $name
ORDER BY r.submitted_at DESC LIMIT 1
"""

HELD_ANSWERS = f"""
SELECT
    u.name AS unit, i.label_{{lang}} AS question, a.sex, NULL::VARCHAR AS side, NULL::VARCHAR AS role,
    a.missing IS NULL AS counts, {_ANSWER}
FROM answer a
JOIN unit u USING (unit_id)
JOIN item i USING (survey, year, item_id)
LEFT JOIN item_option o ON o.survey = a.survey AND o.year = a.year AND o.item_id = a.item_id AND o.code = a.value_code
WHERE a.event_id = $event_id
ORDER BY i.position, a.row_no, a.sex, o.position
"""

FED = """
SELECT
    i.survey, i.year, 'indicator:' || i.indicator_id AS measure, d.label_{lang} AS label, i.unit_kind, i.level,
    i.unit_id, coalesce(p.name, '') AS unit, i.sex, i.category, coalesce(i.category_{lang}, '') AS category_label,
    i.value, i.missing, d.decimals, d.unit_of_measure_sv = 'procent' AS is_percent,
    f.adds_numerator IS NOT NULL OR f.adds_denominator IS NOT NULL OR f.missing = 'suppressed' AS counts
FROM figure_unit f
JOIN indicator i USING (survey, year, indicator_id, unit_kind, level, unit_id, sex, category)
JOIN indicator_definition d USING (survey, year, indicator_id)
LEFT JOIN unit p ON p.unit_id = i.unit_id
WHERE f.event_id = $event_id
ORDER BY d.position, i.category, i.sex, CASE i.level WHEN 'unit' THEN 1 WHEN 'region' THEN 2 ELSE 3 END
"""
