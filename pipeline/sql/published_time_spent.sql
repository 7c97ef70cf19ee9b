-- How long answering took. Reads landing.time_spent, mart.response, built_part.
INSERT INTO mart.time_spent BY NAME
WITH told AS (
    SELECT r.survey, r.year, r.unit_id, r.expected_kind AS unit_kind, r.revision, t.section, t.seconds,
        CASE WHEN r.mode = 'web' THEN 'measured' ELSE 'stated' END AS how
    FROM landing.time_spent t
    JOIN (FROM mart.response SEMI JOIN built_part USING (survey, year)) r ON r.partition = t.topic_partition AND r.log_offset = t.log_offset
), of_unit AS (
    SELECT survey, year, unit_kind, how, unit_id, coalesce(section, '') AS section, sum(seconds) AS seconds
    FROM told
    SEMI JOIN (FROM told WHERE revision = 1) first_one USING (survey, year, unit_id, how)
    WHERE section = '' OR (survey, year, section) IN (SELECT survey, year, section FROM declared_section)
    GROUP BY GROUPING SETS (
        (survey, year, unit_kind, how, unit_id, section), (survey, year, unit_kind, how, unit_id)
    )
    -- What is of no one section is in the whole only.
    HAVING grouping(section) = 1 OR section <> ''
)
SELECT
    survey, year, unit_kind, how, section, count(*)::INTEGER AS units,
    greatest(0.5, round(median(seconds) / 30) / 2) AS minutes
FROM of_unit
GROUP BY survey, year, unit_kind, how, section
HAVING count(*) >= 5
ORDER BY ALL;
