-- What the log says, as tables. Everything here can be made anew from the log.
CREATE SCHEMA IF NOT EXISTS landing;

-- One row for each accepted response; `answers` exactly as they were checked.
CREATE TABLE IF NOT EXISTS landing.event (
    topic_partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL,
    event_id VARCHAR NOT NULL,
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_id VARCHAR NOT NULL,
    submission_id VARCHAR NOT NULL,
    submitted_at TIMESTAMPTZ NOT NULL,
    mode VARCHAR NOT NULL,
    corrects VARCHAR,
    reason VARCHAR,
    questionnaire VARCHAR NOT NULL,
    appended_at TIMESTAMPTZ NOT NULL,
    explanations JSON NOT NULL,
    answers JSON NOT NULL
);

-- The same answers, one row for each value; `item_id` is the address (`item` or `roster.column`).
CREATE TABLE IF NOT EXISTS landing.answer (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_id VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL,
    row_no INTEGER,
    sex VARCHAR,
    value_number DOUBLE,
    value_text VARCHAR,
    value_code VARCHAR,
    missing VARCHAR,
    topic_partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL
);

-- How long answering took, where the event says so: seconds by section, '' for those of no one section. Never published
-- of a unit.
CREATE TABLE IF NOT EXISTS landing.time_spent (
    topic_partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL,
    section VARCHAR NOT NULL,
    seconds INTEGER NOT NULL
);

-- Soft checks that accepted responses fail, with what the respondent says about it.
CREATE TABLE IF NOT EXISTS landing.check_failure (
    topic_partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL,
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_id VARCHAR NOT NULL,
    check_id VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    item_id VARCHAR,
    row_no INTEGER,
    explanation VARCHAR
);

-- Responses delivered again: same submission, same content as the accepted one they repeat.
CREATE TABLE IF NOT EXISTS landing.repeated (
    topic_partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL,
    submission_id VARCHAR NOT NULL,
    PRIMARY KEY (topic_partition, log_offset)
);

-- What could not be accepted, whole. `announced_at`: when it stood on the dead-letter topic.
CREATE TABLE IF NOT EXISTS landing.dead_letter (
    topic VARCHAR NOT NULL,
    topic_partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL,
    event_key VARCHAR NOT NULL,
    payload BLOB NOT NULL,
    code VARCHAR NOT NULL,
    reason_sv VARCHAR NOT NULL,
    reason_en VARCHAR NOT NULL,
    pointer VARCHAR NOT NULL,
    rule VARCHAR,
    failures JSON NOT NULL,
    unit_id VARCHAR,
    survey VARCHAR,
    year INTEGER,
    appended_at TIMESTAMPTZ NOT NULL,
    parked_at TIMESTAMPTZ NOT NULL,
    announced_at TIMESTAMPTZ,
    replayed_at TIMESTAMPTZ,
    PRIMARY KEY (topic, topic_partition, log_offset)
);

-- Rounds, units and programmes: every accepted event of the administration topic; `type` is its CloudEvents type.
CREATE TABLE IF NOT EXISTS landing.administration (
    topic_partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL,
    event_id VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    data JSON NOT NULL,
    event_key VARCHAR NOT NULL,
    payload BLOB NOT NULL,
    appended_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (topic_partition, log_offset)
);

-- How far each partition has been read: the offset of the last event that stands in the tables above.
CREATE TABLE IF NOT EXISTS landing.position (
    topic VARCHAR NOT NULL,
    topic_partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL,
    PRIMARY KEY (topic, topic_partition)
);

-- The chain over what was landed, by partition: its first event, and the link of its last one (hexadecimal).
CREATE TABLE IF NOT EXISTS landing.chain (
    topic VARCHAR NOT NULL,
    topic_partition INTEGER NOT NULL,
    begins BIGINT NOT NULL,
    log_offset BIGINT NOT NULL,
    link VARCHAR NOT NULL,
    PRIMARY KEY (topic, topic_partition)
);

-- The first eight bytes of every event's link, and all 32 at every thousandth offset: where a log departs.
CREATE TABLE IF NOT EXISTS landing.link (
    topic VARCHAR NOT NULL,
    topic_partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL,
    link BLOB NOT NULL
);
