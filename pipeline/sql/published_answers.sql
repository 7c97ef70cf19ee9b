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
