-- What each version of some responses changed in the one before it, into changed_cell. Reads counted and fact of these
-- versions, version_in_order. Variables first and last: the versions that are told of; those before them are there too.

-- One row for each answer: what was chosen of several, the hours of a week, as one.
CREATE TEMP TABLE version_cell AS
WITH cell AS (
    SELECT
        v.survey, v.year, split_part(v.unit_id, '#', 1) AS unit_id, split_part(v.unit_id, '#', 2)::INTEGER AS revision,
        v.kind, v.top_id, v.item_id, v.concept, v.position, v.row_no, v.sex, v.value_number AS number,
        v.value_text AS text, v.value_code AS code, v.missing,
        i.type IN ('several_of', 'kommuner', 'opening_hours') AS in_parts
    FROM fact v JOIN declared_item i USING (survey, year, item_id)
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
SEMI JOIN (FROM version_in_order WHERE n BETWEEN getvariable('first') AND getvariable('last') AND revision > 1) o
    ON o.survey = c.survey AND o.year = c.year AND o.unit_id = c.unit_id AND o.revision = c.revision + s.later;

-- Rows of rosters, by what they say: sums of hashes, which no order changes.
CREATE TEMP TABLE signed AS
SELECT
    survey, year, unit_id, revision, top_id, row_no, is_before,
    sum(hash(item_id, sex, number, text, code, missing)::HUGEINT) AS said
FROM side WHERE row_no IS NOT NULL
GROUP BY ALL;

-- Rosters that are not what they were, row for row.
CREATE TEMP TABLE changed_roster AS
SELECT survey, year, unit_id, revision, top_id
FROM signed
GROUP BY ALL
HAVING sum(hash(row_no, said)::HUGEINT) FILTER (is_before) IS DISTINCT FROM
    sum(hash(row_no, said)::HUGEINT) FILTER (NOT is_before);

-- Rows of a roster move when one is put in between: rows that are the same on both sides are no change wherever they
-- stand, the others are laid side by side in their order.
CREATE TEMP TABLE placed AS
WITH numbered AS (
    SELECT *, row_number() OVER (
        PARTITION BY survey, year, unit_id, revision, top_id, is_before, said ORDER BY row_no
    ) AS nth
    FROM signed
    SEMI JOIN changed_roster USING (survey, year, unit_id, revision, top_id)
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

INSERT INTO changed_cell BY NAME
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
    IS DISTINCT FROM (b.number, b.text, b.code, b.missing, b.item_id IS NULL);

INSERT INTO small_version
SELECT DISTINCT v.survey, v.year, v.item_id
FROM version_cell v JOIN declared_item i USING (survey, year, item_id)
WHERE v.number < i.threshold;
