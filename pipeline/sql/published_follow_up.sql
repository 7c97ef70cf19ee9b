-- Numbers worth a question to whoever gave them. Reads what is published (mart.answer), so that what is hidden neither
-- stands here nor shows in what others are expected to have. Variables follow_up_*.
--
-- A number lies outside when its distance to the median is more than so many robust standard deviations (MAD times
-- 1.4826). Numbers that may grow without end are compared as logarithms, percentages as they are and only with the
-- unit's own: among others any percentage is possible. Where all are alike the MAD is nothing: a least spread keeps small
-- differences from being told.

CREATE TEMP TABLE number_given AS
SELECT
    a.survey, a.year, a.unit_id, u.kind, a.item_id, coalesce(a.sex, 'T') AS sex, a.value_number AS value,
    i.type = 'percent' AS is_plain,
    CASE WHEN is_plain THEN value ELSE ln(1 + value) END AS size,
    CASE WHEN NOT is_plain AND value > 0 THEN ln(value / p.persons) END AS rate, p.persons
FROM mart.answer a
JOIN known_unit u USING (unit_id)
JOIN declared_item i USING (survey, year, item_id)
JOIN read_part d USING (survey, year)
LEFT JOIN known_population p ON p.unit_id = a.unit_id AND p.year = d.reference_year
    AND p.sex = coalesce(a.sex, 'T') AND p.age_group = 'all' AND p.persons > 0
WHERE a.item_id = i.top_id AND i.type IN ('integer', 'decimal', 'percent', 'roster') AND a.value_number >= 0;

-- What respondents have said of it: to any check that looks at the item, also to those against earlier years.
CREATE TEMP TABLE said AS
WITH each AS (
    SELECT DISTINCT c.survey, c.year, c.unit_id, i.item_id, e.explanations ->> i.check_id AS words
    FROM (FROM counted SEMI JOIN built_part USING (survey, year)) c
    JOIN landing.event e USING (topic_partition, log_offset)
    JOIN declared_check_item i ON i.survey = c.survey AND i.year = c.year
)
SELECT survey, year, unit_id, item_id, string_agg(words, ' ' ORDER BY words) AS explanation
FROM each WHERE words IS NOT NULL GROUP BY ALL;

-- 1. Peers: units of the same kind, the same year. A number lies outside when it is far both as it is and for each
-- inhabitant: the largest region is forty times the smallest. Nothing of what is counted is no outlier.
CREATE TEMP TABLE beside_peers AS
WITH spread AS (
    SELECT
        survey, year, kind, item_id, sex, median(size) AS size_middle, median(rate) AS rate_middle,
        greatest(1.4826 * mad(size), ln(1.4)) AS size_spread,
        greatest(1.4826 * mad(rate), ln(1.4)) AS rate_spread
    FROM number_given
    WHERE value > 0 AND NOT is_plain
    GROUP BY ALL
    HAVING count(*) >= getvariable('follow_up_peers')
)
SELECT
    n.*, abs(n.size - s.size_middle) / s.size_spread AS size_score, abs(n.rate - s.rate_middle) / s.rate_spread AS rate_score,
    coalesce(rate_score < size_score, FALSE) AS per_inhabitant,
    CASE WHEN per_inhabitant THEN s.rate_middle + ln(n.persons) ELSE s.size_middle END AS middle,
    CASE WHEN per_inhabitant THEN s.rate_spread ELSE s.size_spread END AS spread,
    least(size_score, coalesce(rate_score, 'infinity')) AS score
FROM number_given n
JOIN spread s USING (survey, year, kind, item_id, sex)
SEMI JOIN built_part USING (survey, year)
WHERE n.value > 0 AND score > getvariable('follow_up_furthest');

-- 2. The unit's own earlier years, through items that can be compared: one predecessor each, no break between.
CREATE TEMP TABLE comparable_item AS
WITH RECURSIVE chain AS (
    SELECT i.survey, i.year, i.item_id, p.lineage_from AS then_year, i.lineage_items[1] AS then_item, 1 AS back
    FROM declared_item i JOIN declared_part p USING (survey, year)
    WHERE i.comparable AND len(i.lineage_items) = 1 AND p.lineage_from IS NOT NULL
    UNION ALL
    SELECT c.survey, c.year, c.item_id, p.lineage_from, i.lineage_items[1], c.back + 1
    FROM chain c
    JOIN declared_item i ON i.survey = c.survey AND i.year = c.then_year AND i.item_id = c.then_item
    JOIN declared_part p ON p.survey = c.survey AND p.year = c.then_year
    WHERE i.comparable AND len(i.lineage_items) = 1 AND p.lineage_from IS NOT NULL
        AND c.back < getvariable('follow_up_most_years')
)
FROM chain;

CREATE TEMP TABLE beside_history AS
WITH spread AS (
    SELECT
        n.survey, n.year, n.unit_id, n.item_id, n.sex, median(b.size) AS middle,
        greatest(1.4826 * mad(b.size), CASE WHEN any_value(n.is_plain) THEN 5 ELSE ln(1.1) END) AS spread
    FROM number_given n
    JOIN comparable_item c USING (survey, year, item_id)
    JOIN number_given b ON b.survey = n.survey AND b.year = c.then_year AND b.unit_id = n.unit_id
        AND b.item_id = c.then_item AND b.sex = n.sex
    GROUP BY n.survey, n.year, n.unit_id, n.item_id, n.sex
    HAVING count(*) >= getvariable('follow_up_least_years')
)
SELECT n.*, FALSE AS per_inhabitant, s.middle, s.spread, abs(n.size - s.middle) / s.spread AS score
FROM number_given n
JOIN spread s USING (survey, year, unit_id, item_id, sex)
SEMI JOIN built_part USING (survey, year)
-- A handful doubles and halves by chance.
WHERE score > getvariable('follow_up_furthest') AND greatest(n.value, exp(s.middle) - 1) >= 10;

INSERT INTO mart.follow_up BY NAME
WITH found AS (
    SELECT 'peers' AS kind_of, * EXCLUDE (size_score, rate_score) FROM beside_peers
    UNION ALL BY NAME
    SELECT 'own_history' AS kind_of, * FROM beside_history
),
ranged AS (
    SELECT
        *, middle - getvariable('follow_up_furthest') * spread AS bottom,
        middle + getvariable('follow_up_furthest') * spread AS top
    FROM found
)
SELECT
    survey, year, unit_id, item_id, sex, value,
    -- The logarithm is of one more, so that it has one of nothing; for each inhabitant nothing is left out.
    CASE
        WHEN is_plain THEN greatest(bottom, 0) WHEN per_inhabitant THEN exp(bottom) ELSE greatest(exp(bottom) - 1, 0)
    END AS expected_low,
    CASE WHEN is_plain THEN least(top, 100) WHEN per_inhabitant THEN exp(top) ELSE exp(top) - 1 END AS expected_high,
    kind_of AS kind, per_inhabitant, score, s.explanation
FROM ranged r
LEFT JOIN said s USING (survey, year, unit_id, item_id)
-- Women and men apart only where both together are within what is expected.
WHERE sex = 'T' OR NOT EXISTS (
    FROM found t WHERE t.sex = 'T' AND t.kind_of = r.kind_of AND t.survey = r.survey AND t.year = r.year
        AND t.unit_id = r.unit_id AND t.item_id = r.item_id
)
ORDER BY survey, year, score DESC, unit_id, item_id, sex, kind;
