-- What the declared indicators come to, as `figure`: one row for each unit, region and the country.
-- Reads fact, expected, figure_part, declared_*, known_*, unit_known and row_holds. A unit that is missing in the numerator is
-- missing in the base too, except where the base is all units, or all that responded.

-- The reasons in order: of several, the first one stands.
CREATE TEMP MACRO reasons() AS (
    ['unit_nonresponse', 'not_yet_published', 'item_nonresponse', 'dont_know', 'not_applicable', 'off_path']
);
CREATE TEMP MACRO gravest(reason) AS (reasons()[min(list_position(reasons(), reason))]);

-- 1. What each item comes to in each unit: the sum of its rows, or how many codes were chosen.
CREATE TEMP TABLE wanted_item AS
SELECT DISTINCT survey, year, item_id, top_id, type, threshold, item_id <> top_id AS in_rows
FROM declared_item
SEMI JOIN figure_part USING (survey, year)
SEMI JOIN (
    SELECT survey, year, item_id FROM declared_term
    UNION ALL
    SELECT survey, year, item_id FROM declared_item WHERE threshold IS NOT NULL
) USING (survey, year, item_id);

CREATE TEMP TABLE cell AS
SELECT
    f.survey, f.year, f.unit_id, f.kind, f.region_code, f.item_id, coalesce(f.sex, 'T') AS sex, w.threshold,
    CASE
        WHEN any_value(w.type) IN ('several_of', 'kommuner') THEN nullif(count(f.value_code), 0)
        ELSE sum(f.value_number)
    END AS amount,
    min(f.value_number) AS least,
    count(*) FILTER (f.missing IS NULL) > 0 AS is_answered,
    min(f.missing) AS missing
FROM fact f
JOIN wanted_item w USING (survey, year, item_id)
GROUP BY ALL;

UPDATE cell SET amount = coalesce(amount, 0), missing = NULL WHERE is_answered;

-- A column without any value: no rows is nothing, rows without a value are missing.
INSERT INTO cell BY NAME
SELECT
    f.survey, f.year, f.unit_id, f.kind, f.region_code, w.item_id, 'T' AS sex, w.threshold,
    CASE WHEN f.value_number = 0 THEN 0 END AS amount,
    CASE WHEN f.value_number = 0 THEN NULL ELSE coalesce(f.missing, 'item_nonresponse') END AS missing
FROM wanted_item w
JOIN fact f ON w.in_rows AND f.survey = w.survey AND f.year = w.year AND f.item_id = w.top_id
ANTI JOIN cell c ON c.survey = w.survey AND c.year = w.year AND c.item_id = w.item_id AND c.unit_id = f.unit_id;

-- 2. Which category a unit, or a row of its roster, belongs to.
CREATE TEMP TABLE in_category AS
SELECT DISTINCT
    d.survey, d.year, d.indicator_id, f.unit_id, f.value_code AS category, f.value_text AS name,
    CASE WHEN f.item_id <> f.top_id THEN f.row_no END AS row_no
FROM declared_indicator d
SEMI JOIN figure_part USING (survey, year)
JOIN fact f ON f.survey = d.survey AND f.year = d.year AND f.item_id = d.breakdown AND f.value_code IS NOT NULL;

CREATE TEMP TABLE category AS
SELECT survey, year, indicator_id, '' AS category, NULL::VARCHAR AS category_sv, NULL::VARCHAR AS category_en
FROM declared_indicator WHERE breakdown IS NULL
UNION ALL
SELECT d.survey, d.year, d.indicator_id, o.code, o.label_sv, o.label_en
FROM declared_indicator d
JOIN declared_option o ON o.survey = d.survey AND o.year = d.year AND o.item_id = d.breakdown
UNION ALL
SELECT
    c.survey, c.year, c.indicator_id, c.category,
    CASE c.category WHEN 'true' THEN 'Ja' WHEN 'false' THEN 'Nej' ELSE min(c.name) END,
    CASE c.category WHEN 'true' THEN 'Yes' WHEN 'false' THEN 'No' ELSE min(c.name) END
FROM in_category c
JOIN declared_indicator d USING (survey, year, indicator_id)
ANTI JOIN declared_option o ON o.survey = d.survey AND o.year = d.year AND o.item_id = d.breakdown
GROUP BY c.survey, c.year, c.indicator_id, c.category;

-- 3. The places to fill.
CREATE TEMP TABLE slot AS
SELECT
    d.survey, d.year, d.indicator_id, e.unit_id, e.kind, e.region_code, e.answered, e.silence, c.category,
    s.sex, d.numerator AS counted_by, d.base AS base_kind
FROM declared_indicator d
SEMI JOIN figure_part USING (survey, year)
JOIN category c USING (survey, year, indicator_id)
JOIN expected e ON e.survey = d.survey AND e.year = d.year AND list_contains(d.unit_kinds, e.kind)
JOIN (SELECT unnest(['K', 'M', 'T']) AS sex) s ON list_contains(d.sexes, s.sex);

-- 4. Sums: never of some of the items. What is off path or not applicable is not there; what else has no value leaves
-- the sum open. The sexes are summed only where every item that the total is known for is divided by them.
CREATE TEMP TABLE summed AS
WITH each AS (
    SELECT
        t.survey, t.year, t.indicator_id, t.side, c.unit_id, c.sex, sum(c.amount) AS amount,
        count(*) FILTER (c.amount IS NULL AND c.missing NOT IN ('off_path', 'not_applicable')) > 0 AS is_open,
        list(c.item_id) AS divided, list(c.item_id) FILTER (c.amount IS NOT NULL) AS known,
        gravest(c.missing) AS missing
    FROM declared_term t
    JOIN cell c USING (survey, year, item_id)
    GROUP BY ALL
),
whole AS (
    SELECT
        e.* EXCLUDE (is_open, divided, known),
        NOT e.is_open AND e.amount IS NOT NULL AND list_has_all(e.divided, coalesce(total.known, [])) AS is_whole
    FROM each e
    LEFT JOIN each total ON total.survey = e.survey AND total.year = e.year AND total.indicator_id = e.indicator_id
        AND total.side = e.side AND total.unit_id = e.unit_id AND total.sex = 'T'
)
SELECT
    * EXCLUDE (is_whole) REPLACE (
        CASE WHEN is_whole THEN amount END AS amount,
        CASE WHEN NOT is_whole THEN coalesce(missing, 'item_nonresponse') END AS missing
    )
FROM whole;

-- A sum by category: of the rows in it, or of the units in it.
CREATE TEMP TABLE summed_in_category AS
SELECT t.survey, t.year, t.indicator_id, c.unit_id, c.category, coalesce(f.sex, 'T') AS sex, sum(f.value_number) AS amount
FROM declared_term t
JOIN in_category c USING (survey, year, indicator_id)
JOIN fact f ON t.side = 'numerator' AND f.survey = t.survey AND f.year = t.year AND f.item_id = t.item_id
    AND f.unit_id = c.unit_id AND (c.row_no IS NULL OR c.row_no = f.row_no)
GROUP BY ALL;

-- 5. Rows of rosters, and distinct values in them.
CREATE TEMP TABLE row_use AS
SELECT survey, year, indicator_id, 'numerator' AS side, roster, of, condition, breakdown, unit_kinds
FROM declared_indicator SEMI JOIN figure_part USING (survey, year) WHERE roster IS NOT NULL
UNION ALL
SELECT survey, year, indicator_id, 'base', base_roster, base_of, base_condition, breakdown, unit_kinds
FROM declared_indicator SEMI JOIN figure_part USING (survey, year) WHERE base_roster IS NOT NULL;

CREATE TEMP TABLE roster_row AS
SELECT DISTINCT survey, year, unit_id, kind, region_code, top_id AS roster, row_no
FROM fact
SEMI JOIN row_use u ON u.survey = fact.survey AND u.year = fact.year AND u.roster = fact.top_id
WHERE row_no IS NOT NULL;

CREATE TEMP TABLE picked AS
SELECT
    u.survey, u.year, u.indicator_id, u.side, r.unit_id, r.kind, r.region_code, r.row_no,
    coalesce(c.category, '') AS category, coalesce(v.value_code, v.value_text, v.value_number::VARCHAR) AS of_value
FROM row_use u
JOIN roster_row r ON r.survey = u.survey AND r.year = u.year AND r.roster = u.roster
    AND list_contains(u.unit_kinds, r.kind)
LEFT JOIN row_holds h ON h.condition = u.condition AND h.survey = u.survey AND h.year = u.year
    AND h.unit_id = r.unit_id AND h.row_no = r.row_no
LEFT JOIN in_category c ON c.survey = u.survey AND c.year = u.year AND c.indicator_id = u.indicator_id
    AND c.unit_id = r.unit_id AND (c.row_no IS NULL OR c.row_no = r.row_no)
LEFT JOIN fact v ON v.survey = u.survey AND v.year = u.year AND v.item_id = u.of AND v.unit_id = r.unit_id
    AND v.row_no = r.row_no AND v.missing IS NULL
WHERE (u.condition IS NULL OR h.row_no IS NOT NULL)
    AND (u.breakdown IS NULL OR c.category IS NOT NULL)
    AND (u.of IS NULL OR v.item_id IS NOT NULL);

CREATE TEMP TABLE picked_count AS
SELECT
    survey, year, indicator_id, side, kind, category,
    CASE WHEN grouping(unit_id) = 0 THEN 'unit' WHEN grouping(region_code) = 0 THEN 'region' ELSE 'country' END AS level,
    coalesce(unit_id, region_code, '00') AS unit_id,
    count(DISTINCT row_no) AS n_rows, count(DISTINCT of_value) AS n_values
FROM picked
GROUP BY GROUPING SETS (
    (survey, year, indicator_id, side, kind, category, unit_id),
    (survey, year, indicator_id, side, kind, category, region_code),
    (survey, year, indicator_id, side, kind, category)
);

-- 6. Numerator and base of each unit; `why` tells why there is none.
CREATE TEMP TABLE unit_figure AS
WITH reason AS (
    SELECT s.*, gravest(f.missing) AS open_because
    FROM slot s
    LEFT JOIN declared_look l USING (survey, year, indicator_id)
    LEFT JOIN fact f ON f.survey = s.survey AND f.year = s.year AND f.unit_id = s.unit_id AND f.item_id = l.item_id
        AND f.missing IS NOT NULL AND (f.sex IS NULL OR f.sex = 'T')
        AND (f.missing <> 'off_path' OR l.must_be_on_path)
    GROUP BY ALL
),
counted_units AS (
    SELECT
        s.survey, s.year, s.indicator_id, s.unit_id, s.category, s.sex,
        CASE
            WHEN d.breakdown IS NOT NULL AND s.open_because IS NOT NULL THEN NULL
            WHEN d.condition IS NULL THEN (d.breakdown IS NULL OR c.unit_id IS NOT NULL)
            ELSE k.is_true AND (d.breakdown IS NULL OR c.unit_id IS NOT NULL)
        END::INTEGER AS amount
    FROM reason s
    JOIN declared_indicator d USING (survey, year, indicator_id)
    LEFT JOIN unit_known k ON k.condition = d.condition AND k.survey = s.survey AND k.year = s.year
        AND k.unit_id = s.unit_id
    LEFT JOIN (SELECT DISTINCT survey, year, indicator_id, unit_id, category FROM in_category) c
        ON c.survey = s.survey AND c.year = s.year AND c.indicator_id = s.indicator_id AND c.unit_id = s.unit_id
        AND c.category = s.category
    WHERE s.counted_by = 'count_units'
),
filled AS (
    SELECT
        s.*, d.reference_year,
        CASE
            WHEN NOT s.answered THEN NULL
            WHEN s.counted_by = 'count_units' THEN u.amount
            WHEN s.counted_by = 'sum' AND d.breakdown IS NULL THEN t.amount
            WHEN s.open_because IS NOT NULL THEN NULL
            WHEN s.counted_by = 'sum' THEN CASE WHEN t.amount IS NOT NULL THEN coalesce(tc.amount, 0) END
            WHEN s.counted_by = 'count_rows' THEN coalesce(p.n_rows, 0)
            ELSE coalesce(p.n_values, 0)
        END AS numerator,
        CASE WHEN s.answered THEN coalesce(t.missing, s.open_because) ELSE s.silence END AS why,
        b.amount AS base_amount, b.missing AS base_missing,
        CASE WHEN s.open_because IS NULL THEN coalesce(pb.n_values, 0) END AS base_values,
        pop.persons, pop.note, pop.note_en, n.kommuner
    FROM reason s
    JOIN declared_indicator d USING (survey, year, indicator_id)
    LEFT JOIN counted_units u USING (survey, year, indicator_id, unit_id, category, sex)
    LEFT JOIN summed t ON t.survey = s.survey AND t.year = s.year AND t.indicator_id = s.indicator_id
        AND t.unit_id = s.unit_id AND t.sex = s.sex AND t.side = 'numerator'
    LEFT JOIN summed_in_category tc ON tc.survey = s.survey AND tc.year = s.year
        AND tc.indicator_id = s.indicator_id AND tc.unit_id = s.unit_id AND tc.sex = s.sex AND tc.category = s.category
    LEFT JOIN summed b ON b.survey = s.survey AND b.year = s.year AND b.indicator_id = s.indicator_id
        AND b.unit_id = s.unit_id AND b.sex = s.sex AND b.side = 'base'
    LEFT JOIN picked_count p ON p.survey = s.survey AND p.year = s.year AND p.indicator_id = s.indicator_id
        AND p.unit_id = s.unit_id AND p.category = s.category AND p.level = 'unit' AND p.side = 'numerator'
    LEFT JOIN picked_count pb ON pb.survey = s.survey AND pb.year = s.year AND pb.indicator_id = s.indicator_id
        AND pb.unit_id = s.unit_id AND pb.category = s.category AND pb.level = 'unit' AND pb.side = 'base'
    LEFT JOIN known_population pop ON s.base_kind = 'population' AND pop.unit_id = s.unit_id
        AND pop.year = d.reference_year AND pop.sex = s.sex
        AND pop.from_age IS NOT DISTINCT FROM d.from_age AND pop.to_age IS NOT DISTINCT FROM d.to_age
    LEFT JOIN known_kommuner n ON n.region_code = s.unit_id
)
SELECT
    * EXCLUDE (base_amount, base_missing, base_values, persons, kommuner, open_because, reference_year, why),
    CASE base_kind
        WHEN 'all_units' THEN 1
        WHEN 'responding_units' THEN CASE WHEN answered THEN 1 END
        WHEN 'answering_units' THEN CASE WHEN numerator IS NOT NULL THEN 1 END
        WHEN 'population' THEN persons
        WHEN 'kommun_count' THEN kommuner
        WHEN 'sum' THEN base_amount
        WHEN 'count_distinct' THEN base_values
    END AS base,
    numerator IS NOT NULL AND (base_kind IS NULL OR base IS NOT NULL) AS is_in,
    -- What the unit adds to its region and to the country: units count in some bases without a numerator.
    CASE WHEN is_in THEN numerator END AS adds_numerator,
    CASE WHEN is_in OR base_kind IN ('all_units', 'responding_units') THEN base END AS adds_base,
    CASE
        WHEN numerator IS NULL THEN coalesce(why, 'item_nonresponse')
        WHEN base_kind IS NOT NULL AND base IS NULL THEN coalesce(base_missing, 'not_applicable')
    END AS missing
FROM filled;

-- 7. Regions and the country: the numerators of the units that are in, over the bases of the same units.
CREATE TEMP TABLE joint_figure AS
WITH added AS (
    SELECT
        survey, year, indicator_id, kind, category, sex, base_kind, counted_by,
        CASE WHEN grouping(region_code) = 0 THEN 'region' ELSE 'country' END AS level,
        coalesce(region_code, '00') AS unit_id,
        sum(adds_numerator) AS numerator, sum(adds_base) AS base,
        count(*) FILTER (is_in) AS answered, count(*) AS expected,
        gravest(missing) AS missing, min(note) AS note, min(note_en) AS note_en
    FROM unit_figure
    GROUP BY GROUPING SETS (
        (survey, year, indicator_id, kind, category, sex, base_kind, counted_by, region_code),
        (survey, year, indicator_id, kind, category, sex, base_kind, counted_by)
    )
)
SELECT
    a.* REPLACE (
        CASE WHEN a.answered = 0 THEN NULL WHEN a.counted_by = 'count_distinct' THEN coalesce(p.n_values, 0) ELSE a.numerator END
            AS numerator,
        CASE WHEN a.base_kind = 'count_distinct' THEN coalesce(b.n_values, 0) ELSE a.base END AS base
    )
FROM added a
LEFT JOIN picked_count p ON p.survey = a.survey AND p.year = a.year AND p.indicator_id = a.indicator_id
    AND p.kind = a.kind AND p.category = a.category AND p.level = a.level AND p.unit_id = a.unit_id AND p.side = 'numerator'
LEFT JOIN picked_count b ON b.survey = a.survey AND b.year = a.year AND b.indicator_id = a.indicator_id
    AND b.kind = a.kind AND b.category = a.category AND b.level = a.level AND b.unit_id = a.unit_id AND b.side = 'base'
WHERE NOT (a.kind = 'region' AND a.level = 'region');

CREATE TEMP TABLE figure AS
SELECT
    survey, year, indicator_id, kind, 'unit' AS level, unit_id, region_code, category, sex, numerator, base, base_kind,
    is_in::INTEGER AS answered, 1 AS expected, missing, note, note_en, adds_numerator, adds_base
FROM unit_figure
UNION ALL BY NAME
SELECT
    survey, year, indicator_id, kind, level, unit_id, unit_id AS region_code, category, sex, numerator, base, base_kind,
    answered, expected, CASE WHEN answered = 0 THEN missing END AS missing,
    CASE WHEN base_kind = 'population' AND 0 < answered AND answered < expected
        THEN concat_ws(' ', note, format('Basen är invånarna i de {} av {} enheter som ingår.', answered, expected))
        ELSE note END AS note,
    CASE WHEN base_kind = 'population' AND 0 < answered AND answered < expected
        THEN concat_ws(' ', note_en, format('The base is the inhabitants of the {} of {} units included.', answered, expected))
        ELSE note_en END AS note_en
FROM joint_figure;
