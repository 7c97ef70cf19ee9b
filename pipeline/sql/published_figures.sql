-- Answers and figures as readers see them: `fact` and `figure` with what is `hidden` left out.

-- A figure tells the items it is made of.
CREATE TEMP TABLE told_item AS
SELECT DISTINCT survey, year, indicator_id, item_id FROM declared_term;

-- A joint figure is safe when it holds all hidden units of its items, or none of them.
CREATE TEMP TABLE hidden_figure AS
SELECT f.survey, f.year, f.indicator_id, f.kind, f.level, f.unit_id, f.sex, NULL::VARCHAR AS category
FROM figure f
JOIN told_item t USING (survey, year, indicator_id)
JOIN hidden h ON h.survey = f.survey AND h.year = f.year AND h.item_id = t.item_id AND h.kind = f.kind
    AND h.level = f.level AND h.id = f.unit_id AND h.sex = f.sex
UNION ALL
SELECT f.survey, f.year, f.indicator_id, f.kind, f.level, f.unit_id, f.sex, f.category
FROM figure f
JOIN hidden h ON h.survey = f.survey AND h.year = f.year AND h.kind = f.kind AND h.level = f.level
    AND h.id = f.unit_id AND h.sex = f.sex AND h.item_id = 'figure:' || f.indicator_id || ':' || f.category
UNION ALL
SELECT survey, year, indicator_id, kind, level, id, sex, category
FROM (
    SELECT
        u.survey, u.year, u.indicator_id, u.kind, u.sex, u.category, h.item_id,
        CASE WHEN grouping(u.region_code) = 0 THEN 'region' ELSE 'country' END AS level,
        coalesce(u.region_code, '00') AS id, count(*) AS n_hidden, count(*) FILTER (u.is_in) AS n_in
    FROM unit_figure u
    JOIN told_item t USING (survey, year, indicator_id)
    JOIN hidden h ON h.survey = u.survey AND h.year = u.year AND h.item_id = t.item_id AND h.kind = u.kind
        AND h.level = 'unit' AND h.id = u.unit_id AND h.sex = u.sex
    GROUP BY GROUPING SETS (
        (u.survey, u.year, u.indicator_id, u.kind, u.sex, u.category, h.item_id, u.region_code),
        (u.survey, u.year, u.indicator_id, u.kind, u.sex, u.category, h.item_id)
    )
)
WHERE n_in BETWEEN 1 AND n_hidden - 1;

INSERT INTO mart.indicator BY NAME
WITH shown AS (
    SELECT
        f.*, d.scale, d.comparable, d.position,
        EXISTS (
            FROM hidden_figure h
            WHERE h.survey = f.survey AND h.year = f.year AND h.indicator_id = f.indicator_id AND h.kind = f.kind
                AND h.level = f.level AND h.unit_id = f.unit_id AND h.sex = f.sex
                AND (h.category IS NULL OR h.category = f.category)
        ) AND f.missing IS NULL AS is_hidden
    FROM figure f
    SEMI JOIN built_part USING (survey, year)
    JOIN declared_indicator d USING (survey, year, indicator_id)
)
SELECT
    s.indicator_id, s.survey, s.year, s.unit_id, s.kind AS unit_kind, s.level, s.region_code, s.sex, s.category,
    c.category_sv, c.category_en,
    CASE
        WHEN s.is_hidden OR s.missing IS NOT NULL THEN NULL
        WHEN s.base_kind IS NULL THEN s.numerator
        ELSE s.scale * s.numerator / nullif(s.base, 0)
    END AS value,
    CASE WHEN NOT s.is_hidden AND s.missing IS NULL THEN s.numerator END AS numerator,
    CASE WHEN NOT s.is_hidden AND s.missing IS NULL THEN s.base END AS denominator,
    s.answered, s.expected,
    CASE
        WHEN s.is_hidden THEN 'suppressed'
        WHEN s.missing IS NULL AND s.base = 0 THEN 'not_applicable'
        ELSE s.missing
    END AS missing,
    s.comparable, s.note, s.note_en,
    CASE WHEN NOT s.is_hidden THEN s.adds_numerator END AS adds_numerator,
    CASE WHEN NOT s.is_hidden THEN s.adds_base END AS adds_denominator
FROM shown s
JOIN category c USING (survey, year, indicator_id, category)
ORDER BY s.survey, s.year, s.position, s.level, s.unit_id, s.category, s.sex;

INSERT INTO mart.answer BY NAME
SELECT
    f.survey, f.year, f.unit_id, f.item_id, f.concept, f.row_no, f.sex,
    CASE WHEN h.id IS NULL THEN f.value_number END AS value_number, f.value_text, f.value_code,
    CASE WHEN h.id IS NOT NULL AND f.missing IS NULL THEN 'suppressed' ELSE f.missing END AS missing,
    e.explanation, f.event_id
FROM fact f
SEMI JOIN built_part USING (survey, year)
LEFT JOIN hidden h ON h.level = 'unit' AND h.survey = f.survey AND h.year = f.year AND h.item_id = f.item_id
    AND h.id = f.unit_id AND h.sex = coalesce(f.sex, 'T')
LEFT JOIN (
    SELECT topic_partition, log_offset, item_id, row_no, string_agg(DISTINCT explanation, ' ' ORDER BY explanation) AS explanation
    FROM landing.check_failure WHERE explanation IS NOT NULL GROUP BY ALL
) e ON e.topic_partition = f.topic_partition AND e.log_offset = f.log_offset AND e.item_id = f.item_id
    AND (e.row_no IS NULL OR e.row_no = f.row_no)
ORDER BY f.survey, f.year, f.position, f.unit_id, f.row_no, f.sex;
