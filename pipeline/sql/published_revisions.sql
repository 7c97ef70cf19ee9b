-- What some accepted versions of responses changed in those before them, as readers see it. Reads compared.changed_cell,
-- small_item, version_in_order, item_in_order, visible. Variables first and last.
INSERT INTO mart.revision BY NAME
SELECT
    v.survey, v.year, v.unit_id, i.item_id, i.concept, c.row_no, c.sex, v.revision, v.submitted_at, v.mode, v.corrects,
    v.reason, CASE WHEN s.item_id IS NULL THEN c.before_number END AS before_number, c.before_code,
    -- A text that was taken back may have said what nobody was to read.
    CASE
        WHEN s.item_id IS NOT NULL OR c.before_text IS NOT NULL THEN 'suppressed' ELSE c.before_missing
    END AS before_missing,
    CASE WHEN s.item_id IS NULL THEN c.after_number END AS after_number,
    CASE WHEN v.current THEN c.after_text END AS after_text, c.after_code,
    CASE
        WHEN s.item_id IS NOT NULL OR (c.after_text IS NOT NULL AND NOT v.current) THEN 'suppressed'
        ELSE c.after_missing
    END AS after_missing,
    v.event_id, v.topic_partition AS partition, v.log_offset
FROM compared.changed_cell c
JOIN (
    SELECT n, visible.* FROM version_in_order JOIN visible USING (topic_partition, log_offset)
    WHERE n BETWEEN getvariable('first') AND getvariable('last')
) v USING (n)
JOIN item_in_order i USING (item)
LEFT JOIN small_item s ON s.survey = i.survey AND s.year = i.year AND s.item_id = i.item_id;
