"""The questions that `data` asks the published file. `{lang}` stands for the language of the texts."""

from dashboards.records import Language


def in_language(sql: str, language: Language) -> str:
    """The query with its texts in one language. Some columns are Swedish by their plain name, English by a suffix."""
    return sql.replace("{lang}", language).replace("{suffix}", "_en" if language == "en" else "")


PUBLICATION = """
SELECT publish_id, published_at, as_of, events, accepted, parked, held, watermarks::VARCHAR AS watermarks
FROM publication
"""

SURVEYS = """
WITH rate AS (
    SELECT survey, year, sum(answered)::INTEGER AS answered, sum(expected)::INTEGER AS expected
    FROM response_rate WHERE region_code = '00' GROUP BY ALL
), late AS (
    SELECT survey, year, count(DISTINCT unit_id) FILTER (late AND revision = 1) AS late FROM response GROUP BY ALL
)
SELECT
    s.survey, s.year, s.title_{lang} AS title, s.status, s.reference_period_{lang} AS reference_period, s.perspective,
    s.respondents, CASE WHEN s.held THEN s.held_reason{suffix} END AS held_reason, s.state, s.opens_at, s.due_at,
    s.closes_at, coalesce(r.answered, 0) AS answered, coalesce(r.expected, 0) AS expected, coalesce(l.late, 0) AS late
FROM survey s
LEFT JOIN rate r USING (survey, year)
LEFT JOIN late l USING (survey, year)
ORDER BY s.survey COLLATE sv, s.year
"""

REGIONS = """
SELECT unit_id, kind, name, region_code FROM unit WHERE kind = 'region'
ORDER BY replace(name, 'Region ', '') COLLATE sv
"""

UNITS = "SELECT unit_id, kind, name, region_code FROM unit ORDER BY kind, unit_id"

# The country first, then the regions in Swedish order.
RATES = """
SELECT r.unit_kind AS kind, r.region_code, coalesce(u.name, '') AS name, r.answered, r.expected
FROM response_rate r LEFT JOIN unit u ON u.unit_id = r.region_code
WHERE r.survey = $survey AND r.year = $year
ORDER BY r.unit_kind, r.region_code <> '00', replace(name, 'Region ', '') COLLATE sv
"""

ANSWERED_YEARS = "SELECT DISTINCT year FROM response WHERE survey = $survey ORDER BY year"

RESPONDED = """
SELECT region_code, answered, expected FROM response_rate
WHERE survey = $survey AND year = $year AND unit_kind = $unit_kind
"""

MOVEMENT = """
SELECT published_at, value, answered, expected, missing FROM figure_movement
WHERE survey = $survey AND year = $year AND indicator_id = $indicator AND unit_kind = $unit_kind
ORDER BY nth
"""

INDICATORS = """
SELECT
    'indicator:' || indicator_id AS id, label_{lang} AS label,
    CASE WHEN breakdown IS NULL THEN 'number' ELSE 'choice' END AS form,
    definition_{lang} AS definition, source_{lang} AS source, unit_of_measure_{lang} AS unit,
    unit_of_measure_sv = 'procent' AS is_percent, direction, decimals, base_{lang} AS base, by_sex,
    unit_kinds AS kinds, '' AS "group"
FROM indicator_definition WHERE survey = $survey AND year = $year
ORDER BY position
"""

# A roster's numbers and texts are lists in themselves; only its choices can be counted over rows.
ITEMS = """
WITH asked_of AS (
    -- Whoever is asked an item has a row for it, answered or not.
    SELECT a.item_id, list(DISTINCT u.kind) AS kinds FROM answer a JOIN unit u USING (unit_id)
    WHERE a.survey = $survey AND a.year = $year GROUP BY a.item_id
)
SELECT
    'item:' || i.item_id AS id, i.label_{lang} AS label,
    CASE
        WHEN i.type IN ('one_of', 'several_of', 'boolean') THEN 'choice'
        WHEN i.type IN ('text', 'date') OR contains(i.item_id, '.') THEN 'text'
        ELSE 'number'
    END AS form,
    coalesce(i.definition_{lang}, i.help_{lang}, '') AS definition, s.title_{lang} || ' ' || s.year AS source,
    CASE
        WHEN i.type IN ('one_of', 'several_of', 'boolean') THEN {'sv': 'procent', 'en': 'per cent'}['{lang}']
        WHEN i.type = 'opening_hours' THEN {'sv': 'timmar per vecka', 'en': 'hours a week'}['{lang}']
        WHEN i.type = 'kommuner' THEN 'kommuner'
        WHEN i.type = 'roster' THEN {'sv': 'rader', 'en': 'rows'}['{lang}']
        WHEN i.type = 'year' THEN {'sv': 'år', 'en': 'year'}['{lang}']
        ELSE coalesce(i.unit_of_measure_{lang}, {'sv': 'antal', 'en': 'number'}['{lang}'])
    END AS unit,
    i.type IN ('one_of', 'several_of', 'boolean', 'percent') AS is_percent, 'none' AS direction,
    CASE WHEN i.type IN ('decimal', 'percent', 'opening_hours') THEN 1 ELSE 0 END AS decimals,
    '' AS base, i.split_by_sex AS by_sex,
    coalesce(list_filter(s.respondents, lambda kind: list_contains(o.kinds, kind)), s.respondents) AS kinds,
    g.title_{lang} AS "group"
FROM item i
JOIN survey s USING (survey, year)
LEFT JOIN asked_of o USING (item_id)
LEFT JOIN section g ON g.survey = i.survey AND g.year = i.year AND g.section = i.section
WHERE i.survey = $survey AND i.year = $year AND i.type <> 'note'
ORDER BY i.position
"""

INDICATOR_FIGURES = """
SELECT
    i.unit_id, coalesce(u.name, '') AS name, i.level, i.region_code, i.sex, i.category,
    coalesce(i.category_{lang}, '') AS category_label, i.value, i.numerator, i.denominator, i.answered, i.expected,
    i.missing, i.note{suffix} AS note
FROM indicator i
LEFT JOIN unit u USING (unit_id)
WHERE i.survey = $survey AND i.year = $year AND i.indicator_id = $measure AND i.unit_kind = $unit_kind
ORDER BY i.level, u.name COLLATE sv, i.category, i.sex
"""

# Whoever existed at the end of the year is asked, and whoever answered was.
_WHO = """
WITH asked AS (
    SELECT u.unit_id, u.name, u.region_code, r.unit_id IS NOT NULL AS has_answered
    FROM unit u
    LEFT JOIN response r ON r.survey = $survey AND r.year = $year AND r.unit_id = u.unit_id AND r.current
    WHERE u.kind = $unit_kind AND (
        r.unit_id IS NOT NULL
        OR make_date($year, 12, 31) BETWEEN coalesce(u.valid_from, '0001-01-01') AND coalesce(u.valid_to, '9999-12-31')
    )
)
"""

# Everybody who was asked, by region and name.
ASKED = f"""{_WHO}
SELECT unit_id, $unit_kind AS kind, name, region_code, has_answered FROM asked ORDER BY region_code, name COLLATE sv
"""

_ASKED = f"""{_WHO}, said AS (
    SELECT a.* FROM answer a JOIN asked USING (unit_id)
    WHERE a.survey = $survey AND a.year = $year AND a.item_id = $measure
), place AS (
    SELECT unit_id, name, region_code, 'unit' AS level, unit_id AS place_id FROM asked
    UNION ALL
    SELECT unit_id, name, region_code, 'region', region_code FROM asked WHERE $unit_kind <> 'region'
    UNION ALL
    SELECT unit_id, name, region_code, 'country', '00' FROM asked
)
"""

_NUMBER_FIGURES = """
, sexes AS (
    SELECT DISTINCT coalesce(sex, 'T') AS sex FROM said UNION SELECT 'T'
), cell AS (
    SELECT
        a.unit_id, s.sex,
        CASE
            WHEN count(*) FILTER (said.value_number IS NOT NULL) > 0 THEN sum(said.value_number)
            WHEN count(*) FILTER (said.value_code IS NOT NULL) > 0 THEN count(said.value_code)::DOUBLE
        END AS value,
        CASE WHEN NOT any_value(a.has_answered) THEN 'unit_nonresponse'
            ELSE coalesce(any_value(said.missing), 'item_nonresponse') END AS missing
    FROM asked a CROSS JOIN sexes s
    LEFT JOIN said ON said.unit_id = a.unit_id AND coalesce(said.sex, 'T') = s.sex
    GROUP BY a.unit_id, s.sex
)
SELECT
    p.place_id AS unit_id, coalesce(u.name, '') AS name, p.level,
    CASE WHEN p.level = 'country' THEN '00' ELSE any_value(p.region_code) END AS region_code,
    c.sex, '' AS category, '' AS category_label, median(c.value) AS value, NULL::DOUBLE AS numerator,
    NULL::DOUBLE AS denominator, count(c.value)::INTEGER AS answered, count(*)::INTEGER AS expected,
    CASE WHEN count(c.value) = 0 THEN
        CASE WHEN count(*) = 1 THEN any_value(c.missing)
            WHEN bool_and(c.missing = 'unit_nonresponse') THEN 'unit_nonresponse' ELSE 'item_nonresponse' END
    END AS missing, NULL::VARCHAR AS note
FROM place p
JOIN cell c ON c.unit_id = p.unit_id
LEFT JOIN unit u ON u.unit_id = p.place_id
GROUP BY p.place_id, p.level, c.sex, u.name
ORDER BY p.level, u.name COLLATE sv, c.sex
"""

# The share of those who answered; over a roster's rows, how many rows.
_CHOICE_FIGURES = """
, options AS (
    SELECT code, position, label_{lang} AS label FROM item_option
    WHERE survey = $survey AND year = $year AND item_id = $measure
    UNION ALL
    SELECT code, position, label FROM (VALUES
        ('true', 1, {'sv': 'Ja', 'en': 'Yes'}['{lang}']), ('false', 2, {'sv': 'Nej', 'en': 'No'}['{lang}'])
    ) AS yes_or_no (code, position, label)
    WHERE EXISTS (
        FROM item WHERE survey = $survey AND year = $year AND item_id = $measure AND type = 'boolean'
    )
), given AS (
    SELECT unit_id, count(value_code) > 0 AS has_said, any_value(missing) AS missing FROM said GROUP BY unit_id
), chosen AS (
    SELECT DISTINCT unit_id, value_code AS code FROM said WHERE value_code IS NOT NULL
), joined AS (
    SELECT
        p.*, o.code, o.position, o.label, coalesce(g.has_said, FALSE) AS has_said, c.code IS NOT NULL AS has_chosen,
        CASE WHEN NOT a.has_answered THEN 'unit_nonresponse' ELSE coalesce(g.missing, 'item_nonresponse') END AS missing
    FROM place p
    JOIN asked a ON a.unit_id = p.unit_id
    CROSS JOIN options o
    LEFT JOIN given g ON g.unit_id = p.unit_id
    LEFT JOIN chosen c ON c.unit_id = p.unit_id AND c.code = o.code
)
SELECT
    j.place_id AS unit_id, coalesce(u.name, '') AS name, j.level,
    CASE WHEN j.level = 'country' THEN '00' ELSE any_value(j.region_code) END AS region_code, 'T' AS sex,
    j.code AS category, any_value(j.label) AS category_label,
    100.0 * count(*) FILTER (j.has_chosen) / nullif(count(*) FILTER (j.has_said), 0) AS value,
    (count(*) FILTER (j.has_chosen))::DOUBLE AS numerator, (count(*) FILTER (j.has_said))::DOUBLE AS denominator,
    (count(*) FILTER (j.has_said))::INTEGER AS answered, count(*)::INTEGER AS expected,
    CASE WHEN count(*) FILTER (j.has_said) = 0 THEN
        CASE WHEN count(*) = 1 THEN any_value(j.missing)
            WHEN bool_and(j.missing = 'unit_nonresponse') THEN 'unit_nonresponse' ELSE 'item_nonresponse' END
    END AS missing, NULL::VARCHAR AS note
FROM joined j
LEFT JOIN unit u ON u.unit_id = j.place_id
GROUP BY j.place_id, j.level, u.name, j.code, j.position
ORDER BY j.level, u.name COLLATE sv, j.position
"""

_TEXT_FIGURES = """
SELECT
    a.unit_id, a.name, 'unit' AS level, a.region_code, 'T' AS sex, '' AS category, '' AS category_label,
    NULL::DOUBLE AS value, NULL::DOUBLE AS numerator, NULL::DOUBLE AS denominator,
    (count(coalesce(said.value_text, said.value_number::VARCHAR)) > 0)::INTEGER AS answered, 1 AS expected,
    CASE WHEN count(coalesce(said.value_text, said.value_number::VARCHAR)) = 0 THEN
        CASE WHEN NOT any_value(a.has_answered) THEN 'unit_nonresponse'
            ELSE coalesce(any_value(said.missing), 'item_nonresponse') END
    END AS missing, NULL::VARCHAR AS note,
    string_agg(coalesce(said.value_text, said.value_number::BIGINT::VARCHAR), ', ' ORDER BY said.row_no) AS text
FROM asked a LEFT JOIN said ON said.unit_id = a.unit_id
GROUP BY a.unit_id, a.name, a.region_code
ORDER BY a.name COLLATE sv
"""

ITEM_FIGURES = {
    "number": _ASKED + _NUMBER_FIGURES,
    "choice": _ASKED + _CHOICE_FIGURES,
    "text": _ASKED + _TEXT_FIGURES,
}

# The note of the item that an indicator is broken down by, or else of every question changed that year.
INDICATOR_YEARS = """
SELECT
    i.year, bool_and(i.comparable) AS comparable,
    CASE WHEN bool_and(i.comparable) THEN [] ELSE coalesce(
        (SELECT list(t.label_{lang} || ' ' || t.lineage_note_{lang}) FROM item t
         WHERE t.survey = $survey AND t.year = i.year AND NOT t.comparable AND t.lineage_note_{lang} IS NOT NULL
            AND t.item_id = any_value(d.breakdown)),
        (SELECT list(t.label_{lang} || ' ' || t.lineage_note_{lang} ORDER BY t.position) FROM item t
         WHERE t.survey = $survey AND t.year = i.year AND NOT t.comparable AND t.lineage_note_{lang} IS NOT NULL),
        []
    ) END AS notes
FROM indicator i
JOIN indicator_definition d USING (survey, year, indicator_id)
WHERE i.survey = $survey AND i.indicator_id = $measure AND i.level = 'country'
GROUP BY i.year ORDER BY i.year
"""

ITEM_YEARS = """
SELECT
    year, comparable OR lineage = 'new' AS comparable,
    CASE WHEN comparable OR lineage_note_{lang} IS NULL THEN [] ELSE [lineage_note_{lang}] END AS notes
FROM item WHERE survey = $survey AND item_id = $measure ORDER BY year
"""

PUBLISHED_FIGURES = """
SELECT
    measure{suffix} AS measure, period, year, value, text_value{suffix} AS text, precision, base{suffix} AS base,
    source, coalesce(category, '') AS category, sex, treated, as_of, unit_of_measure{suffix} AS unit
FROM published_figure WHERE mapping = $survey AND indicator_id = $indicator
ORDER BY year, treated, as_of
"""

# What the audits found, each with the moment since when it is so.
AUDITED = """
SELECT
    r.survey, r.year, r.expectation_{lang} AS title, r.reason_{lang} AS reason, r.severity, r.success, r.observed,
    r.elements, r.unexpected, r.checked_at, h.changed_at
FROM audit_result r
LEFT JOIN (
    FROM audit_history
    QUALIFY row_number() OVER (
        PARTITION BY survey, year, origin, expectation, check_id, column_name ORDER BY nth DESC
    ) = 1
) h ON h.survey = r.survey AND h.year = r.year AND h.origin = r.origin AND h.expectation = r.expectation
    AND h.check_id = coalesce(r.check_id, '') AND h.column_name = coalesce(r.column_name, '')
"""

EXPECTATIONS = f"""{AUDITED}
ORDER BY r.success, r.severity, r.survey, r.year DESC, title
"""

FOLLOW_UP = """
SELECT
    f.survey, f.year, u.name AS unit, i.label_{lang} AS question, f.sex, f.value, f.expected_low, f.expected_high,
    f.kind, f.per_inhabitant, f.explanation
FROM follow_up f JOIN unit u USING (unit_id) JOIN item i USING (survey, year, item_id)
ORDER BY f.year DESC, f.survey, f.score DESC, f.unit_id, f.item_id, f.sex, f.kind
"""

EXPLAINED = """
SELECT
    f.survey, f.year, u.name AS unit,
    coalesce(
        (SELECT min(r.expectation_{lang}) FROM audit_result r
         WHERE r.survey = f.survey AND r.year = f.year AND r.check_id = f.check_id),
        i.label_{lang}, f.check_id
    ) AS rule,
    f.explanation
FROM check_failure f
JOIN unit u USING (unit_id)
LEFT JOIN item i ON i.survey = f.survey AND i.year = f.year AND i.item_id = f.item_id
ORDER BY f.survey, f.year DESC, u.name COLLATE sv, f.check_id
"""

PARKED = "SELECT survey, year, code, n FROM dead_letter_count ORDER BY survey NULLS LAST, year, code"

PARKED_EVENTS = """
SELECT d.letter, d.survey, d.year, coalesce(u.name, d.unit_id) AS unit, d.code, d.rule, d.arrived_at
FROM dead_letter d LEFT JOIN unit u USING (unit_id) ORDER BY d.arrived_at DESC, d.letter
"""

# Several codes are one value, with commas between them.
_SAID = """
    coalesce(
        (SELECT string_agg(o.label_{lang}, ', ' ORDER BY o.position) FROM item_option o
         WHERE o.survey = r.survey AND o.year = r.year AND o.item_id = r.item_id
            AND list_contains(string_split(r.{side}_code, ','), o.code)),
        CASE r.{side}_code WHEN 'true' THEN {'sv': 'Ja', 'en': 'Yes'}['{lang}']
            WHEN 'false' THEN {'sv': 'Nej', 'en': 'No'}['{lang}'] ELSE r.{side}_code END
    )"""
_BEFORE, _AFTER = (_SAID.replace("{side}", side) for side in ("before", "after"))

CORRECTED = f"""
SELECT
    r.year, u.region_code, u.name AS unit, i.label_{{lang}} AS item, r.row_no, r.sex, r.submitted_at, r.mode, r.reason,
    r.before_number, {_BEFORE} AS before_text, r.before_missing, r.after_number,
    coalesce({_AFTER}, r.after_text) AS after_text, r.after_missing
FROM revision r
JOIN unit u USING (unit_id)
JOIN item i USING (survey, year, item_id)
WHERE r.survey = $survey
ORDER BY r.year DESC, r.submitted_at DESC, u.name COLLATE sv, r.revision DESC, i.position, r.row_no, r.sex
"""

# What was published and later revised, beside the same figure here.
REVISED_FIGURES = """
SELECT
    p.measure{suffix} AS measure, p.period, p.value AS "then", i.value AS now, p.as_of, d.decimals,
    d.unit_of_measure_sv = 'procent' AS is_percent
FROM published_figure p
JOIN indicator_definition d ON d.survey = p.mapping AND d.year = p.year AND d.indicator_id = p.indicator_id
JOIN indicator i ON i.survey = p.mapping AND i.year = p.year AND i.indicator_id = p.indicator_id
    AND i.level = 'country' AND i.unit_kind = p.unit_kind AND i.sex = p.sex AND i.category = coalesce(p.category, '')
WHERE p.mapping = $survey AND p.year = $year AND p.as_of IS NOT NULL AND p.value IS NOT NULL AND i.value IS NOT NULL
    AND round(p.value, d.decimals) <> round(i.value, d.decimals)
ORDER BY p.as_of, p.measure
"""

RECEIVED = """
SELECT r.submitted_at, u.name AS unit, s.title_{lang} AS title, r.year, r.mode, r.revision, r.late
FROM response r JOIN unit u USING (unit_id) JOIN survey s USING (survey, year)
ORDER BY r.submitted_at DESC, r.log_offset DESC LIMIT $limit
"""
