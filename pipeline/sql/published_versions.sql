-- Every accepted version of the responses that have been sent more than once, and what they are found to have changed.
CREATE TEMP TABLE version_in_order AS
SELECT *, row_number() OVER (ORDER BY topic_partition, log_offset) - 1 AS n
FROM (
    SELECT topic_partition, log_offset, event_id, survey, year, unit_id, revision, kind, region_code
    FROM visible
    SEMI JOIN built_part USING (survey, year)
    QUALIFY count(*) OVER (PARTITION BY survey, year, visible.unit_id) > 1
);

CREATE TEMP TABLE changed_cell (
    survey VARCHAR, year INTEGER, unit_id VARCHAR, revision INTEGER, item_id VARCHAR, concept VARCHAR, position INTEGER,
    row_no INTEGER, sex VARCHAR, before_number DOUBLE, before_text VARCHAR, before_code VARCHAR, before_missing VARCHAR,
    after_number DOUBLE, after_text VARCHAR, after_code VARCHAR, after_missing VARCHAR
);

-- Items that were small in some version.
CREATE TEMP TABLE small_version (survey VARCHAR, year INTEGER, item_id VARCHAR);
