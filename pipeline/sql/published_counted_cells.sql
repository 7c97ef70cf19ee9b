-- Figures that count something, with a threshold of their own, hidden as if they were items.
CREATE TEMP TABLE counted_cell AS
SELECT
    u.survey, u.year, u.unit_id, u.kind, u.region_code, 'figure:' || u.indicator_id || ':' || u.category AS item_id,
    u.sex, d.threshold, u.numerator AS amount, u.numerator AS least
FROM unit_figure u
JOIN declared_indicator d USING (survey, year, indicator_id)
WHERE d.threshold IS NOT NULL AND u.counted_by <> 'sum';
