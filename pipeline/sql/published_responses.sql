-- Which responses are published and who was to answer. Reads visible, held_part, known_unit, known_round, read_part.

CREATE TEMP TABLE counted AS
SELECT topic_partition, log_offset, event_id, survey, year, unit_id, kind, region_code FROM visible WHERE current;

-- Who was to answer: the units of the kinds asked that existed at the end of the survey's year, and who answered.
CREATE TEMP TABLE expected AS
SELECT
    d.survey, d.year, u.unit_id, u.kind, u.region_code, c.unit_id IS NOT NULL AS answered,
    CASE
        WHEN r.state = 'not_yet_open' OR (p.survey IS NOT NULL AND p.good_position IS NULL) THEN 'not_yet_published'
        ELSE 'unit_nonresponse'
    END AS silence
FROM read_part d
JOIN known_unit u ON list_contains(d.respondents, u.kind)
LEFT JOIN counted c ON c.survey = d.survey AND c.year = d.year AND c.unit_id = u.unit_id
LEFT JOIN known_round r ON r.survey = d.survey AND r.year = d.year
LEFT JOIN held_part p ON p.survey = d.survey AND p.year = d.year
WHERE c.unit_id IS NOT NULL
    OR make_date(d.year, 12, 31) BETWEEN coalesce(u.valid_from, '0001-01-01') AND coalesce(u.valid_to, '9999-12-31');
