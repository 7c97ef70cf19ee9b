-- Every accepted version of the responses that have been sent more than once, numbered in the order of the log, with
-- the number of the one before it; and what they are found to have changed.
CREATE TEMP TABLE version_in_order AS
SELECT *, lag(n) OVER (PARTITION BY survey, year, unit_id ORDER BY revision) AS previous
FROM (
    SELECT
        topic_partition, log_offset, survey, year, unit_id, revision, kind,
        (row_number() OVER (ORDER BY topic_partition, log_offset) - 1)::INTEGER AS n
    FROM (
        FROM visible
        SEMI JOIN built_part USING (survey, year)
        QUALIFY count(*) OVER (PARTITION BY survey, year, visible.unit_id) > 1
    )
);

-- The versions that are told of at a time. Variables first and last.
CREATE TEMP VIEW told_version AS
SELECT n, previous FROM version_in_order WHERE n BETWEEN getvariable('first') AND getvariable('last');

-- Every item numbered; of a column of a roster `top` is the roster's number. Numbers join quicker than names.
CREATE TEMP TABLE item_in_order AS
SELECT
    *, min(item) OVER (PARTITION BY survey, year, top_id) AS top,
    item_id <> top_id AND type IN ('several_of', 'kommuner', 'opening_hours') AS in_parts
FROM (
    SELECT
        (row_number() OVER ())::INTEGER AS item, survey, year, item_id, top_id, concept, position, type, threshold
    FROM declared_item SEMI JOIN built_part USING (survey, year)
);

CREATE TEMP TABLE changed_cell (
    n INTEGER, item INTEGER, row_no INTEGER, sex VARCHAR, before_number DOUBLE, before_text VARCHAR,
    before_code VARCHAR, before_missing VARCHAR, after_number DOUBLE, after_text VARCHAR, after_code VARCHAR,
    after_missing VARCHAR
);

-- Items that were small in some version.
CREATE TEMP TABLE small_version (item INTEGER);
