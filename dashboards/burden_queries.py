"""The questions about burden that `data` asks the published file; `{lang}` as in `queries`."""

TIME_SPENT = """
SELECT t.unit_kind AS kind, t.how, coalesce(g.title_{lang}, '') AS section, t.minutes, t.units, r.answered
FROM time_spent t
JOIN response_rate r ON r.survey = t.survey AND r.year = t.year AND r.unit_kind = t.unit_kind AND r.region_code = '00'
LEFT JOIN section g ON g.survey = t.survey AND g.year = t.year AND g.section = t.section
WHERE t.survey = $survey AND t.year = $year
ORDER BY r.answered DESC, t.unit_kind, t.how, g.position NULLS FIRST
"""

# What needs a question is named as its reader knows it: an indicator's label, the question whose check or path it is.
BURDEN = """
WITH named AS (
    SELECT u.item_id, d.label_{lang} AS name, 1 AS rank, d.position
    FROM item_use u JOIN indicator_definition d ON d.survey = u.survey AND d.year = u.year
        AND list_contains(u.indicators, d.indicator_id)
    WHERE u.survey = $survey AND u.year = $year
    UNION ALL
    SELECT u.item_id, i.label_{lang}, 2, min(i.position)
    FROM item_use u
    JOIN item i ON i.survey = u.survey AND i.year = u.year AND i.item_id <> u.item_id AND (
        list_contains(u.routes, i.item_id) OR EXISTS (
            FROM check_item c WHERE c.survey = u.survey AND c.year = u.year AND c.item_id = i.item_id
                AND list_contains(u.checks, c.check_id)
        )
    )
    WHERE u.survey = $survey AND u.year = $year
    GROUP BY ALL
)
SELECT
    b.item_id, b.section_{lang} AS section,
    CASE WHEN r.item_id IS NULL THEN b.label_{lang} ELSE r.label_{lang} || ': ' || b.label_{lang} END AS question,
    b.use,
    coalesce((SELECT list(name ORDER BY rank, position) FROM named n WHERE n.item_id = b.item_id), []) AS used_by,
    CASE WHEN b.comparable THEN b.lineage_from END AS compared_with, b.answering, b.compared, b.unchanged,
    b.minutes_estimated AS minutes
FROM item_burden b
LEFT JOIN item r ON r.survey = b.survey AND r.year = b.year AND contains(b.item_id, '.')
    AND r.item_id = split_part(b.item_id, '.', 1)
WHERE b.survey = $survey AND b.year = $year
ORDER BY b.position
"""
