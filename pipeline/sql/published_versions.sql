-- Every accepted version of the responses that have been sent more than once, numbered as it was compared, those that were
-- not yet in the order of the log; with the number of the one before it. Reads visible, compared.version.
CREATE OR REPLACE TEMP TABLE version_in_order AS
SELECT *, lag(n) OVER (PARTITION BY survey, year, unit_id ORDER BY revision) AS previous
FROM (
    SELECT
        topic_partition, log_offset, v.survey, v.year, v.unit_id, v.revision, v.kind, c.n IS NOT NULL AS is_compared,
        coalesce(
            c.n,
            (SELECT coalesce(max(n), 0) FROM compared.version)
                + row_number() OVER (PARTITION BY c.n IS NULL ORDER BY topic_partition, log_offset)
        )::INTEGER AS n
    FROM (
        FROM visible
        SEMI JOIN built_part USING (survey, year)
        QUALIFY count(*) OVER (PARTITION BY survey, year, visible.unit_id) > 1
    ) v
    LEFT JOIN compared.version c USING (topic_partition, log_offset)
);

-- The versions that are compared at a time. Variables first and last.
CREATE OR REPLACE TEMP VIEW told_version AS
SELECT n, previous FROM version_in_order WHERE NOT is_compared AND n BETWEEN getvariable('first') AND getvariable('last');

-- Every item numbered; of a column of a roster `top` is the roster's number. Numbers join quicker than names.
CREATE OR REPLACE TEMP TABLE item_in_order AS
SELECT
    *, min(item) OVER (PARTITION BY survey, year, top_id) AS top,
    item_id <> top_id AND type IN ('several_of', 'kommuner', 'opening_hours') AS in_parts
FROM (
    SELECT
        (row_number() OVER (ORDER BY survey, year, position))::INTEGER AS item, survey, year, item_id, top_id, concept,
        position, type, threshold
    FROM declared_item
);
