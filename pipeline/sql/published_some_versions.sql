-- The versions that are told of and those before them, as `counted`: each counts as a unit of its own here, so that the
-- statements that make the answers of those that count make theirs too. Reads told_version.
CREATE TEMP TABLE counted AS
SELECT
    topic_partition, log_offset, NULL::VARCHAR AS event_id, survey, year, n::VARCHAR AS unit_id, kind,
    NULL::VARCHAR AS region_code
FROM version_in_order
SEMI JOIN (SELECT n FROM told_version UNION ALL SELECT previous FROM told_version) USING (n);
