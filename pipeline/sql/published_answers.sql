-- The answers of the responses that count, as `fact`, before anything is hidden.

CREATE TEMP TABLE fact AS
SELECT
    c.survey, c.year, c.unit_id, a.item_id, i.top_id, i.concept, i.position, a.row_no,
    a.sex, a.value_number, a.value_text, coalesce(m.into_id, a.value_code) AS value_code, a.missing,
    c.kind, c.region_code, c.event_id, c.topic_partition, c.log_offset
FROM counted c
JOIN landing.answer a USING (topic_partition, log_offset)
JOIN declared_item i ON i.survey = a.survey AND i.year = a.year AND i.item_id = a.item_id
LEFT JOIN known_merge m ON i.type = 'text' AND m.programme = a.value_code;

-- Every top-level item asked of a unit, for each sex it is split by, that has no row yet.
CREATE TEMP TABLE blank AS
SELECT
    c.survey, c.year, c.unit_id, i.item_id, i.item_id AS top_id, i.concept, i.position, i.path,
    i.split_by_sex, s.sex, c.kind, c.region_code, c.event_id, c.topic_partition, c.log_offset
FROM counted c
JOIN declared_item i ON i.survey = c.survey AND i.year = c.year AND i.item_id = i.top_id
    AND i.type <> 'note' AND list_contains(i.kinds, c.kind)
CROSS JOIN (SELECT unnest(['K', 'M', 'T', NULL]) AS sex) s
ANTI JOIN fact f ON f.survey = c.survey AND f.year = c.year AND f.unit_id = c.unit_id AND f.item_id = i.item_id
    AND f.sex IS NOT DISTINCT FROM s.sex
WHERE list_contains(i.sexes, s.sex) OR (s.sex IS NULL AND NOT i.split_by_sex);
