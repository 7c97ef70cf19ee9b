-- What each version of some responses changed in the one before it, into compared.changed_cell. Reads fact of these
-- versions, told_version.

-- One row for each answer: what was chosen of several in a row of a roster, the hours of a week there, as one.
CREATE TEMP TABLE version_cell AS
WITH cell AS NOT MATERIALIZED (
    SELECT
        f.unit_id::INTEGER AS n, i.top, i.item, f.row_no, f.sex, f.value_number AS number, f.value_text AS text,
        f.value_code AS code, f.missing, i.in_parts
    FROM fact f JOIN item_in_order i USING (survey, year, position)
)
SELECT * EXCLUDE (in_parts) FROM cell WHERE NOT in_parts
UNION ALL BY NAME
SELECT
    * EXCLUDE (in_parts) REPLACE (
        sum(number) AS number, string_agg(text, ', ' ORDER BY text) AS text, string_agg(code, ',' ORDER BY code) AS code,
        min(missing) AS missing
    )
FROM cell WHERE in_parts
GROUP BY n, top, item, row_no, sex;

-- Rows of a roster move when one is put in between: rows that are the same on both sides are no change wherever they
-- stand, the others are laid side by side in their order. A row is known by what it says: a sum of hashes, which no
-- order changes.
CREATE TEMP TABLE placed AS
WITH signed AS (
    SELECT
        n, top, row_no, sum(hash(item, sex, number, text, code, missing)::HUGEINT) AS said
    FROM version_cell WHERE row_no IS NOT NULL
    GROUP BY ALL
),
numbered AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY n, top, said ORDER BY row_no) AS nth FROM signed
),
other AS (
    SELECT v.n, FALSE AS is_before, a.n AS version, a.top, a.row_no
    FROM told_version v
    JOIN numbered a ON a.n = v.n AND v.previous IS NOT NULL
    ANTI JOIN numbered b ON b.n = v.previous AND b.top = a.top AND b.said = a.said AND b.nth = a.nth
    UNION ALL
    SELECT v.n, TRUE AS is_before, b.n AS version, b.top, b.row_no
    FROM told_version v
    JOIN numbered b ON b.n = v.previous
    ANTI JOIN numbered a ON a.n = v.n AND a.top = b.top AND a.said = b.said AND a.nth = b.nth
)
SELECT *, row_number() OVER (PARTITION BY n, is_before, top ORDER BY row_no) AS place FROM other;

INSERT INTO compared.changed_cell BY NAME
WITH after AS (
    SELECT v.n, c.* EXCLUDE (n, top), 0 AS place
    FROM version_cell c JOIN told_version v ON v.n = c.n AND v.previous IS NOT NULL
    WHERE c.row_no IS NULL
    UNION ALL BY NAME
    SELECT p.n, c.* EXCLUDE (n, top), p.place
    FROM version_cell c
    JOIN placed p ON NOT p.is_before AND p.version = c.n AND p.top = c.top AND p.row_no = c.row_no
),
before AS (
    SELECT v.n, c.* EXCLUDE (n, top), 0 AS place
    FROM version_cell c JOIN told_version v ON v.previous = c.n
    WHERE c.row_no IS NULL
    UNION ALL BY NAME
    SELECT p.n, c.* EXCLUDE (n, top), p.place
    FROM version_cell c
    JOIN placed p ON p.is_before AND p.version = c.n AND p.top = c.top AND p.row_no = c.row_no
)
SELECT
    coalesce(a.n, b.n) AS n, coalesce(a.item, b.item) AS item, coalesce(a.row_no, b.row_no) AS row_no,
    coalesce(a.sex, b.sex) AS sex, b.number AS before_number, b.text AS before_text, b.code AS before_code,
    CASE WHEN b.n IS NULL THEN 'no_row' ELSE b.missing END AS before_missing, a.number AS after_number,
    a.text AS after_text, a.code AS after_code, CASE WHEN a.n IS NULL THEN 'no_row' ELSE a.missing END AS after_missing
FROM after a
FULL JOIN before b
    ON a.n = b.n AND a.item = b.item AND a.place = b.place AND a.sex IS NOT DISTINCT FROM b.sex
WHERE a.number IS DISTINCT FROM b.number OR a.text IS DISTINCT FROM b.text OR a.code IS DISTINCT FROM b.code
    OR a.missing IS DISTINCT FROM b.missing OR (a.n IS NULL) <> (b.n IS NULL);

INSERT INTO compared.small_version
SELECT DISTINCT item
FROM version_cell
JOIN item_in_order USING (item)
ANTI JOIN compared.small_version USING (item)
WHERE number < threshold;

INSERT INTO compared.version BY NAME
SELECT n, previous, topic_partition, log_offset, survey, year
FROM version_in_order SEMI JOIN told_version USING (n);
