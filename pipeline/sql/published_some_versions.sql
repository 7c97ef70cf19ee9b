-- Some versions and those before them, as `counted`: each counts as a unit of its own here, so that the statements that
-- make the answers of those that count make theirs too. In the order of the log, so that their answers lie together.
-- Variables first and last.
CREATE TEMP TABLE counted AS
WITH own AS (FROM version_in_order WHERE n BETWEEN getvariable('first') AND getvariable('last'))
SELECT
    topic_partition, log_offset, event_id, survey, year, unit_id || '#' || revision AS unit_id, kind, region_code
FROM (
    FROM own
    UNION
    SELECT v.* FROM version_in_order v
    JOIN own o ON o.survey = v.survey AND o.year = v.year AND o.unit_id = v.unit_id AND o.revision = v.revision + 1
);
