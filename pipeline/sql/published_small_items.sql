-- Of an item that was ever small anywhere no former number is told, nor of its sums: with what is published now, or
-- was published then, it could tell the small one. Reads hidden, compared.small_version, item_in_order.
CREATE TEMP TABLE small_item AS
WITH RECURSIVE link AS (
    SELECT survey, year, part AS one, total AS other FROM declared_sum
    UNION SELECT survey, year, total, part FROM declared_sum
),
small AS (
    SELECT survey, year, item_id FROM hidden
    UNION
    SELECT survey, year, item_id FROM compared.small_version JOIN item_in_order USING (item)
    UNION
    SELECT s.survey, s.year, l.other
    FROM small s JOIN link l ON l.survey = s.survey AND l.year = s.year AND l.one = s.item_id
)
FROM small;
