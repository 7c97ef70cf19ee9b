-- Why the rest is missing. Reads blank and path_holds (condition, survey, year, unit_id).

INSERT INTO fact BY NAME
SELECT
    b.* EXCLUDE (path, split_by_sex),
    CASE
        WHEN w.missing IS NOT NULL THEN w.missing
        WHEN b.path IS NOT NULL AND p.unit_id IS NULL THEN 'off_path'
        ELSE 'item_nonresponse'
    END AS missing
FROM blank b
LEFT JOIN path_holds p ON p.condition = b.path AND p.survey = b.survey AND p.year = b.year AND p.unit_id = b.unit_id
-- One reason given for a whole split item is the reason of each of its members.
LEFT JOIN fact w ON b.split_by_sex AND w.survey = b.survey AND w.year = b.year AND w.unit_id = b.unit_id
    AND w.item_id = b.item_id AND w.sex IS NULL;

DELETE FROM fact f
WHERE f.sex IS NULL AND f.missing IS NOT NULL
    AND EXISTS (
        FROM declared_item i
        WHERE i.survey = f.survey AND i.year = f.year AND i.item_id = f.item_id AND i.split_by_sex AND i.item_id = i.top_id
    );
