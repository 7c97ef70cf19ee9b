-- Why the rest is missing: every top-level item asked of a unit, for each sex it is split by, that has no row yet. Reads
-- counted, fact and path_holds (condition, survey, year, unit_id).

INSERT INTO fact BY NAME
WITH blank AS (
    SELECT c.topic_partition, c.log_offset, i.position, i.sex
    FROM counted c
    JOIN (
        SELECT survey, year, position, kinds, unnest(sexes) AS sex
        FROM declared_item WHERE item_id = top_id AND type <> 'note'
    ) i ON i.survey = c.survey AND i.year = c.year AND list_contains(i.kinds, c.kind)
    -- By place in the log and in the questionnaire: numbers join quicker than names.
    ANTI JOIN fact f ON f.topic_partition = c.topic_partition AND f.log_offset = c.log_offset
        AND f.position = i.position AND f.sex IS NOT DISTINCT FROM i.sex
)
SELECT
    c.survey, c.year, c.unit_id, i.item_id, i.top_id, i.concept, i.position, b.sex, c.kind, c.region_code, c.event_id,
    c.topic_partition, c.log_offset,
    CASE
        WHEN w.missing IS NOT NULL THEN w.missing
        WHEN i.path IS NOT NULL AND p.unit_id IS NULL THEN 'off_path'
        ELSE 'item_nonresponse'
    END AS missing
FROM blank b
JOIN counted c USING (topic_partition, log_offset)
JOIN declared_item i USING (survey, year, position)
LEFT JOIN path_holds p ON p.condition = i.path AND p.survey = c.survey AND p.year = c.year AND p.unit_id = c.unit_id
-- One reason given for a whole split item is the reason of each of its members.
LEFT JOIN fact w ON i.split_by_sex AND w.topic_partition = b.topic_partition AND w.log_offset = b.log_offset
    AND w.position = b.position AND w.sex IS NULL;

DELETE FROM fact f
WHERE f.sex IS NULL AND f.missing IS NOT NULL
    AND EXISTS (
        FROM declared_item i
        WHERE i.survey = f.survey AND i.year = f.year AND i.item_id = f.item_id AND i.split_by_sex AND i.item_id = i.top_id
    );
