-- What versions of responses have been found to have changed, kept in memory from one publication to the next of the same
-- ground: a version is compared with the one before it once. Checkpoints make it a sixth as large.
ATTACH IF NOT EXISTS ':memory:' AS compared (COMPRESS);

CREATE TABLE IF NOT EXISTS compared.version (
    n INTEGER, previous INTEGER, topic_partition INTEGER, log_offset BIGINT, survey VARCHAR, year INTEGER
);

-- An item is its place among all that are declared.
CREATE TABLE IF NOT EXISTS compared.changed_cell (
    n INTEGER, item INTEGER, row_no INTEGER, sex VARCHAR, before_number DOUBLE, before_text VARCHAR,
    before_code VARCHAR, before_missing VARCHAR, after_number DOUBLE, after_text VARCHAR, after_code VARCHAR,
    after_missing VARCHAR
);

-- Items that were small in some version.
CREATE TABLE IF NOT EXISTS compared.small_version (item INTEGER);
