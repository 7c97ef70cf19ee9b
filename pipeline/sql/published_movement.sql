-- How the country's figures have moved: what was so before (movement_before), and what this publication changes.
-- Variables publish_id, published_at, moment, kept, kept_days.
INSERT INTO mart.figure_movement BY NAME
WITH RECURSIVE link AS (
    SELECT survey, year, part AS one, total AS other FROM declared_sum
    UNION SELECT survey, year, total, part FROM declared_sum
),
-- What has a threshold, and with it all that it adds up with.
guarded AS (
    SELECT survey, year, item_id FROM declared_item WHERE threshold IS NOT NULL
    UNION
    SELECT g.survey, g.year, l.other
    FROM guarded g JOIN link l ON l.survey = g.survey AND l.year = g.year AND l.one = g.item_id
),
-- Two states of a figure tell what came between them. Of these figures each unit's answers are published anyway.
told AS (
    SELECT d.survey, d.year, d.indicator_id
    FROM declared_indicator d
    WHERE d.threshold IS NULL AND d.breakdown IS NULL AND NOT EXISTS (
        FROM declared_source s JOIN guarded g USING (survey, year, item_id)
        WHERE s.survey = d.survey AND s.year = d.year AND s.indicator_id = d.indicator_id
    )
),
before AS (
    FROM movement_before SEMI JOIN told USING (survey, year, indicator_id)
),
last AS (
    FROM before QUALIFY row_number() OVER (PARTITION BY survey, year, indicator_id, unit_kind ORDER BY nth DESC) = 1
),
every AS (
    FROM before
    UNION ALL BY NAME
    SELECT
        i.survey, i.year, i.indicator_id, i.unit_kind, coalesce(l.nth, 0) + 1 AS nth,
        getvariable('publish_id') AS publish_id, getvariable('published_at') AS published_at, i.value, i.answered,
        i.expected, i.missing
    FROM mart.indicator i
    SEMI JOIN told USING (survey, year, indicator_id)
    LEFT JOIN last l USING (survey, year, indicator_id, unit_kind)
    WHERE i.level = 'country' AND i.sex = 'T' AND i.category = '' AND getvariable('moment') IS NULL
        -- A sum of fractions depends on the order of adding in its last digits.
        AND (printf('%.12g', i.value), i.answered, i.expected, i.missing)
            IS DISTINCT FROM (printf('%.12g', l.value), l.answered, l.expected, l.missing)
),
ordered AS (
    SELECT
        *, row_number() OVER (of_figure ORDER BY nth DESC) AS newest,
        row_number() OVER (
            PARTITION BY survey, year, indicator_id, unit_kind, date_trunc('day', published_at AT TIME ZONE 'UTC')
            ORDER BY nth DESC
        ) AS of_day
    FROM every
    WINDOW of_figure AS (PARTITION BY survey, year, indicator_id, unit_kind)
)
SELECT * EXCLUDE (newest, of_day)
FROM ordered
QUALIFY newest <= getvariable('kept')
    OR (of_day = 1 AND count(*) FILTER (of_day = 1) OVER (
        PARTITION BY survey, year, indicator_id, unit_kind ORDER BY nth DESC
    ) <= getvariable('kept_days'))
ORDER BY survey, year, indicator_id, unit_kind, nth;
