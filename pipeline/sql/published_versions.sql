-- Every accepted version of the responses that have been sent more than once, as `counted`: a version counts as a unit
-- of its own here, so that the statements that make the answers of those that count make theirs too.
CREATE TEMP TABLE counted AS
SELECT
    topic_partition, log_offset, event_id, survey, year, unit_id || '#' || revision AS unit_id, kind, region_code
FROM visible
SEMI JOIN built_part USING (survey, year)
QUALIFY count(*) OVER (PARTITION BY survey, year, visible.unit_id) > 1;
