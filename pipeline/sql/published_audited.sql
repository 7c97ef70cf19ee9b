-- What the audit has said, what waits, and what this publication is. Variables publish_id, published_at, as_of, moment.

INSERT INTO mart.round BY NAME SELECT * FROM known_round ORDER BY survey, year;

INSERT INTO mart.survey BY NAME
SELECT
    d.*, p.held_sv IS NOT NULL AS held, p.held_sv AS held_reason, p.held_en AS held_reason_en, r.state, r.opens_at,
    r.due_at, r.closes_at
FROM declared_part d
LEFT JOIN audited.part p USING (survey, year)
LEFT JOIN known_round r USING (survey, year)
ORDER BY d.survey, d.year;

INSERT INTO mart.audit_result BY NAME
FROM audited.result SEMI JOIN built_part USING (survey, year) ORDER BY survey, year, success, severity, expectation;

INSERT INTO mart.dead_letter BY NAME
SELECT
    CASE
        WHEN topic = getvariable('responses') THEN 'responses'
        WHEN starts_with(topic, getvariable('responses') || '.') THEN substr(topic, length(getvariable('responses')) + 2)
        ELSE 'administration'
    END || '/' || topic_partition || '/' || log_offset AS letter,
    survey, year, unit_id, code, rule, appended_at AS arrived_at
FROM landing.dead_letter WHERE replayed_at IS NULL
ORDER BY arrived_at, letter;

INSERT INTO mart.audit_history BY NAME
FROM audited.history SEMI JOIN built_part USING (survey, year)
ORDER BY survey, year, origin, expectation, check_id, column_name, nth;

INSERT INTO mart.dead_letter_count BY NAME
SELECT survey, year, code, count(*) AS n FROM landing.dead_letter WHERE replayed_at IS NULL GROUP BY ALL ORDER BY ALL;

INSERT INTO mart.publication BY NAME
SELECT
    getvariable('publish_id') AS publish_id, getvariable('published_at') AS published_at,
    getvariable('as_of') AS as_of,
    (SELECT count(*) FROM landing.event)
        + (SELECT count(*) FROM landing.repeated)
        + (SELECT count(*) FROM landing.dead_letter WHERE topic = getvariable('responses')) AS events,
    (SELECT count(*) FROM landing.event) AS accepted,
    (SELECT count(*) FROM landing.dead_letter WHERE replayed_at IS NULL) AS parked,
    coalesce(
        (SELECT list(survey || '/' || year ORDER BY survey, year) FROM audited.part WHERE held_sv IS NOT NULL), []
    ) AS held,
    coalesce(
        (
            SELECT json_group_object(topic_partition::VARCHAR, log_offset)
            FROM (FROM landing.position WHERE topic = getvariable('responses') ORDER BY topic_partition)
        ), '{}'
    ) AS watermarks,
    getvariable('moment') AS moment;
