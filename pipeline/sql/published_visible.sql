-- Which responses are seen, in which order they came, and which of a unit counts. Variable until. Reads landing, held_part, known_unit, known_round, read_part.

-- A held part is what it was at its last good position.
CREATE TEMP TABLE visible AS
SELECT
    e.topic_partition, e.log_offset, e.event_id, e.survey, e.year, e.unit_id, e.submission_id, e.submitted_at, e.mode,
    e.corrects, e.reason, u.kind, u.region_code,
    row_number() OVER newest = 1 AS current,
    row_number() OVER oldest AS revision
FROM landing.event e
JOIN known_unit u USING (unit_id)
JOIN read_part d USING (survey, year)
LEFT JOIN held_part p USING (survey, year)
WHERE e.submitted_at <= getvariable('until')
    AND (
        p.survey IS NULL
        OR e.log_offset <= coalesce((p.good_position::JSON ->> e.topic_partition::VARCHAR)::BIGINT, -1)
    )
WINDOW
    oldest AS (
        PARTITION BY e.survey, e.year, e.unit_id ORDER BY e.submitted_at, e.topic_partition, e.log_offset
    ),
    newest AS (
        PARTITION BY e.survey, e.year, e.unit_id
        ORDER BY e.submitted_at DESC, e.topic_partition DESC, e.log_offset DESC
    );
