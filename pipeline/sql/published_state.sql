-- What the audit said of each part (survey and year), and what is published. Can be made anew at any time.
CREATE SCHEMA IF NOT EXISTS audited;

-- `good_position`: {"<partition>": offset}, what the part held when no critical expectation failed. A held part has a
-- reason (held_sv) and is published as it was at its good position. `seen` says what the audit looked at.
CREATE TABLE IF NOT EXISTS audited.part (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    seen VARCHAR NOT NULL,
    good_position JSON,
    held_sv VARCHAR,
    held_en VARCHAR,
    audited_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (survey, year)
);

CREATE TABLE IF NOT EXISTS audited.result (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    expectation VARCHAR NOT NULL,
    expectation_sv VARCHAR NOT NULL,
    expectation_en VARCHAR NOT NULL,
    check_id VARCHAR,
    column_name VARCHAR,
    severity VARCHAR NOT NULL,
    success BOOLEAN NOT NULL,
    observed VARCHAR,
    elements BIGINT,
    unexpected BIGINT,
    checked_at TIMESTAMPTZ NOT NULL,
    origin VARCHAR DEFAULT 'check',
    reason_sv VARCHAR,
    reason_en VARCHAR
);

-- When each expectation on each part last changed between holds, fails and not_asked: a row for a change, none for an
-- audit that ends as the one before. Of each expectation the newest changes are kept.
CREATE TABLE IF NOT EXISTS audited.history (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    origin VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    check_id VARCHAR NOT NULL,
    column_name VARCHAR NOT NULL,
    nth INTEGER NOT NULL,
    outcome VARCHAR NOT NULL,
    before VARCHAR,
    expectation_sv VARCHAR NOT NULL,
    expectation_en VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    observed VARCHAR,
    changed_at TIMESTAMPTZ NOT NULL
);

-- How the country's figures had moved up to the publication before the one in force; see mart.figure_movement.
CREATE TABLE IF NOT EXISTS audited.movement (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    indicator_id VARCHAR NOT NULL,
    unit_kind VARCHAR NOT NULL,
    nth INTEGER NOT NULL,  -- counts the changes; the highest is the present state
    publish_id VARCHAR NOT NULL,  -- the first publication that said so
    published_at TIMESTAMPTZ NOT NULL,
    value DOUBLE,
    answered INTEGER NOT NULL,
    expected INTEGER NOT NULL,
    missing VARCHAR
);

-- One row: what the newest publication was made of, and what every part of it stands on.
CREATE TABLE IF NOT EXISTS audited.publication (
    publish_id VARCHAR NOT NULL,
    made_of VARCHAR NOT NULL,
    ground VARCHAR NOT NULL
);

-- What each part held in it, as audited.part.seen says it.
CREATE TABLE IF NOT EXISTS audited.published_part (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    seen VARCHAR NOT NULL
);
