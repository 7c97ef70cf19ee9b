-- Who has answered, and which checks they failed. Reads visible, counted, expected, known_round, built_part.

INSERT INTO mart.response BY NAME
SELECT
    v.survey, v.year, v.unit_id, v.kind AS expected_kind, v.submission_id, v.revision, v.current, v.submitted_at,
    coalesce(v.submitted_at > r.due_at, FALSE) AS late, v.mode, v.corrects, v.reason, v.event_id,
    v.topic_partition AS partition, v.log_offset
FROM visible v
SEMI JOIN built_part USING (survey, year)
LEFT JOIN known_round r USING (survey, year)
ORDER BY v.survey, v.year, v.unit_id, v.revision;

INSERT INTO mart.response_rate BY NAME
SELECT
    survey, year, kind AS unit_kind, coalesce(region_code, '00') AS region_code, count(*) AS expected,
    count(*) FILTER (answered) AS answered, count(*) FILTER (answered) / count(*) AS rate
FROM expected
SEMI JOIN built_part USING (survey, year)
GROUP BY GROUPING SETS ((survey, year, kind, region_code), (survey, year, kind))
ORDER BY ALL;

INSERT INTO mart.check_failure BY NAME
SELECT f.survey, f.year, f.unit_id, f.check_id, f.severity, f.item_id, f.row_no, f.explanation
FROM landing.check_failure f
SEMI JOIN built_part USING (survey, year)
SEMI JOIN counted c USING (topic_partition, log_offset)
ORDER BY ALL;
