-- Which rows of a unit's roster went into its figures, where those are not hidden. Row 0 is the whole response: a sum
-- by category of units counts all of it.
INSERT INTO mart.counted_row BY NAME
SELECT DISTINCT survey, year, indicator_id, unit_id, side, category, row_no
FROM (
    SELECT
        survey, year, indicator_id, unit_id, CASE side WHEN 'base' THEN 'denominator' ELSE side END AS side, category,
        row_no
    FROM picked
    UNION ALL BY NAME
    SELECT c.survey, c.year, c.indicator_id, c.unit_id, 'numerator' AS side, c.category, coalesce(c.row_no, 0) AS row_no
    FROM in_category c
    JOIN declared_indicator d USING (survey, year, indicator_id)
    WHERE d.numerator = 'sum'
)
SEMI JOIN built_part USING (survey, year)
ANTI JOIN (FROM hidden_figure WHERE level = 'unit') h USING (survey, year, indicator_id, unit_id)
ORDER BY ALL;
