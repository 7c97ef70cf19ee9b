-- What changed from one accepted version of a response to the next. Reads version (fact of every version), visible,
-- hidden.

-- One row for each answer: what was chosen of several, the hours of a week, as one.
CREATE TEMP TABLE version_cell AS
WITH cell AS (
    SELECT
        v.survey, v.year, split_part(v.unit_id, '#', 1) AS unit_id, split_part(v.unit_id, '#', 2)::INTEGER AS revision,
        v.kind, v.top_id, v.item_id, v.concept, v.position, v.row_no, v.sex, v.value_number AS number,
        v.value_text AS text, v.value_code AS code, v.missing,
        i.type IN ('several_of', 'kommuner', 'opening_hours') AS in_parts
    FROM version v JOIN declared_item i USING (survey, year, item_id)
)
SELECT * EXCLUDE (in_parts) FROM cell WHERE NOT in_parts
UNION ALL BY NAME
SELECT
    * EXCLUDE (in_parts) REPLACE (
        sum(number) AS number, string_agg(text, ', ' ORDER BY text) AS text, string_agg(code, ',' ORDER BY code) AS code,
        min(missing) AS missing
    )
FROM cell WHERE in_parts
GROUP BY survey, year, unit_id, revision, kind, top_id, item_id, concept, position, row_no, sex;

-- Each version is what the next one changed, and what changed the one before.
CREATE TEMP TABLE side AS
SELECT c.* REPLACE (c.revision + s.later AS revision), s.later = 1 AS is_before
FROM version_cell c CROSS JOIN (SELECT unnest([0, 1]) AS later) s
WHERE c.revision + s.later BETWEEN 2 AND (
    SELECT max(revision) FROM version_cell m
    WHERE m.survey = c.survey AND m.year = c.year AND m.unit_id = c.unit_id
);

-- Rosters that are not what they were, row for row.
CREATE TEMP TABLE changed_roster AS
WITH hashed AS (
    SELECT
        survey, year, unit_id, revision, top_id, is_before,
        hash(item_id, row_no, sex, number, text, code, missing)::HUGEINT AS one
    FROM side WHERE row_no IS NOT NULL
)
SELECT survey, year, unit_id, revision, top_id
FROM hashed
GROUP BY ALL
HAVING (sum(one) FILTER (is_before)) IS DISTINCT FROM (sum(one) FILTER (NOT is_before));

-- Rows of a roster move when one is put in between: rows that are the same on both sides are no change wherever they
-- stand, the others are laid side by side in their order.
CREATE TEMP TABLE placed AS
WITH signed AS (
    SELECT
        survey, year, unit_id, revision, top_id, row_no, is_before,
        list({'i': item_id, 's': sex, 'n': number, 't': text, 'c': code, 'm': missing} ORDER BY item_id, sex)::VARCHAR
            AS said
    FROM side
    SEMI JOIN changed_roster USING (survey, year, unit_id, revision, top_id)
    WHERE row_no IS NOT NULL
    GROUP BY ALL
),
numbered AS (
    SELECT *, row_number() OVER (
        PARTITION BY survey, year, unit_id, revision, top_id, is_before, said ORDER BY row_no
    ) AS nth
    FROM signed
)
SELECT
    survey, year, unit_id, revision, top_id, is_before, row_no,
    row_number() OVER (PARTITION BY survey, year, unit_id, revision, top_id, is_before ORDER BY row_no) AS place
FROM (
    FROM numbered QUALIFY count(*) OVER (PARTITION BY survey, year, unit_id, revision, top_id, said, nth) = 1
);

CREATE TEMP TABLE beside AS
SELECT s.*, coalesce(p.place, 0) AS place
FROM side s
LEFT JOIN placed p USING (survey, year, unit_id, revision, top_id, is_before, row_no)
WHERE s.row_no IS NULL OR p.place IS NOT NULL;

-- Of an item that was ever small anywhere no former number is told, nor of its sums: with what is published now, or
-- was published then, it could tell the small one.
CREATE TEMP TABLE small_item AS
WITH RECURSIVE link AS (
    SELECT survey, year, part AS one, total AS other FROM declared_sum
    UNION SELECT survey, year, total, part FROM declared_sum
),
small AS (
    SELECT survey, year, item_id FROM hidden
    UNION
    SELECT v.survey, v.year, v.item_id
    FROM version_cell v JOIN declared_item i USING (survey, year, item_id)
    WHERE v.number < i.threshold
    UNION
    SELECT s.survey, s.year, l.other
    FROM small s JOIN link l ON l.survey = s.survey AND l.year = s.year AND l.one = s.item_id
)
FROM small;

INSERT INTO mart.revision BY NAME
WITH changed AS (
    SELECT
        coalesce(a.survey, b.survey) AS survey, coalesce(a.year, b.year) AS year,
        coalesce(a.unit_id, b.unit_id) AS unit_id, coalesce(a.revision, b.revision) AS revision,
        coalesce(a.item_id, b.item_id) AS item_id, coalesce(a.concept, b.concept) AS concept,
        coalesce(a.position, b.position) AS position, coalesce(a.row_no, b.row_no) AS row_no,
        coalesce(a.sex, b.sex) AS sex, b.number AS before_number, b.text AS before_text, b.code AS before_code,
        CASE WHEN b.item_id IS NULL THEN 'no_row' ELSE b.missing END AS before_missing, a.number AS after_number,
        a.text AS after_text, a.code AS after_code,
        CASE WHEN a.item_id IS NULL THEN 'no_row' ELSE a.missing END AS after_missing
    FROM (FROM beside WHERE NOT is_before) a
    FULL JOIN (FROM beside WHERE is_before) b
        ON a.survey = b.survey AND a.year = b.year AND a.unit_id = b.unit_id AND a.revision = b.revision
        AND a.item_id = b.item_id AND a.place = b.place AND a.sex IS NOT DISTINCT FROM b.sex
    WHERE (a.number, a.text, a.code, a.missing, a.item_id IS NULL)
        IS DISTINCT FROM (b.number, b.text, b.code, b.missing, b.item_id IS NULL)
)
SELECT
    c.survey, c.year, c.unit_id, c.item_id, c.concept, c.row_no, c.sex, c.revision, v.submitted_at, v.mode, v.corrects,
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
FROM changed c
JOIN visible v USING (survey, year, unit_id, revision)
LEFT JOIN small_item s USING (survey, year, item_id)
ORDER BY c.survey, c.year, c.unit_id, c.revision, c.position, c.row_no, c.sex;
