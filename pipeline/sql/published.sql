-- The published file. `mart` is the file being built. Missing is always a reason, never a bare NULL and never 0:
-- unit_nonresponse, item_nonresponse, off_path, dont_know, not_applicable, suppressed, not_yet_published.

CREATE TABLE mart.publication (
    publish_id VARCHAR NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    as_of TIMESTAMPTZ NOT NULL,  -- responses submitted until then count
    events BIGINT NOT NULL,  -- read from the log: accepted + repeated + parked
    accepted BIGINT NOT NULL,
    parked BIGINT NOT NULL,  -- and not replayed since
    held VARCHAR[] NOT NULL,  -- 'survey/year' of the parts that keep their last good content
    watermarks JSON NOT NULL,  -- {"<partition>": offset of the last event read from the responses topic}
    moment VARCHAR  -- the past moment that was asked for; NULL: the state when it was published
);

CREATE TABLE mart.unit (
    unit_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    region_code VARCHAR NOT NULL,
    parent_id VARCHAR,
    valid_from DATE,
    valid_to DATE
);

CREATE TABLE mart.population (
    unit_id VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    sex VARCHAR NOT NULL,
    age_group VARCHAR NOT NULL,
    persons DOUBLE NOT NULL,
    estimated BOOLEAN NOT NULL,
    note VARCHAR,
    note_en VARCHAR
);

CREATE TABLE mart.survey (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    title_sv VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL,
    reference_year INTEGER NOT NULL,
    reference_period_sv VARCHAR NOT NULL,
    reference_period_en VARCHAR NOT NULL,
    perspective VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    respondents VARCHAR[] NOT NULL,
    held BOOLEAN NOT NULL,
    held_reason VARCHAR,  -- Swedish
    held_reason_en VARCHAR,
    state VARCHAR,  -- not_yet_open, open, paused, closed; NULL without a round
    opens_at TIMESTAMPTZ,
    due_at TIMESTAMPTZ,
    closes_at TIMESTAMPTZ,
    lineage_from INTEGER  -- the nearest earlier year, NULL for the first
);

CREATE TABLE mart.section (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    section VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    title_sv VARCHAR NOT NULL,
    title_en VARCHAR NOT NULL
);

CREATE TABLE mart.item (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    item_id VARCHAR NOT NULL,  -- address: `item` or `roster.column`
    concept VARCHAR NOT NULL,
    section VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    type VARCHAR NOT NULL,
    unit_of_measure_sv VARCHAR,
    unit_of_measure_en VARCHAR,
    label_sv VARCHAR NOT NULL,
    label_en VARCHAR NOT NULL,
    definition_sv VARCHAR,
    definition_en VARCHAR,
    help_sv VARCHAR,
    help_en VARCHAR,
    perspective VARCHAR NOT NULL,
    split_by_sex BOOLEAN NOT NULL,
    required BOOLEAN NOT NULL,
    suppress_below INTEGER,
    lineage VARCHAR NOT NULL,
    lineage_items VARCHAR[] NOT NULL,
    lineage_note_sv VARCHAR,
    lineage_note_en VARCHAR,
    comparable BOOLEAN NOT NULL  -- with the nearest earlier year
);

CREATE TABLE mart.item_option (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    item_id VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    label_sv VARCHAR NOT NULL,
    label_en VARCHAR NOT NULL
);

-- Every accepted response, corrected ones too.
CREATE TABLE mart.response (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_id VARCHAR NOT NULL,
    expected_kind VARCHAR NOT NULL,  -- region, kommun, mottagning
    submission_id VARCHAR NOT NULL,
    revision INTEGER NOT NULL,  -- 1 for the first
    current BOOLEAN NOT NULL,
    submitted_at TIMESTAMPTZ NOT NULL,
    late BOOLEAN NOT NULL,  -- after the round was due; not late where no round is known
    mode VARCHAR NOT NULL,
    corrects VARCHAR,
    reason VARCHAR,
    event_id VARCHAR NOT NULL,
    partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL
);

-- Answers of current responses. Every top-level item asked of a unit has at least one row; one split by sex has
-- three. A roster itself has a row too: value_number is how many rows it has.
CREATE TABLE mart.answer (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_id VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL,
    concept VARCHAR NOT NULL,
    row_no INTEGER,
    sex VARCHAR,
    value_number DOUBLE,
    value_text VARCHAR,
    value_code VARCHAR,
    missing VARCHAR,
    explanation VARCHAR,
    event_id VARCHAR NOT NULL
);

-- What changed from one accepted response of a unit to the next, a row for each answer. Hidden as the answers are: of
-- an item that was ever small, and of a text that was taken back, only that it changed. 'no_row': the roster had no
-- such row. What was chosen of several is told code by code; in a row of a roster it is one code, with commas.
CREATE TABLE mart.revision (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_id VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL,
    concept VARCHAR NOT NULL,
    row_no INTEGER,  -- afterwards, or before where the row is gone
    sex VARCHAR,
    revision INTEGER NOT NULL,  -- of the response that changed it, from 2
    submitted_at TIMESTAMPTZ NOT NULL,
    mode VARCHAR NOT NULL,
    corrects VARCHAR,
    reason VARCHAR,
    before_number DOUBLE,
    before_code VARCHAR,
    before_missing VARCHAR,
    after_number DOUBLE,
    after_text VARCHAR,
    after_code VARCHAR,
    after_missing VARCHAR,
    event_id VARCHAR NOT NULL,
    partition INTEGER NOT NULL,
    log_offset BIGINT NOT NULL
);

CREATE TABLE mart.response_rate (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_kind VARCHAR NOT NULL,
    region_code VARCHAR NOT NULL,  -- '00' is the country
    expected INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    rate DOUBLE NOT NULL  -- 0 to 1
);

CREATE TABLE mart.indicator_definition (
    indicator_id VARCHAR NOT NULL,
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    position INTEGER NOT NULL,
    label_sv VARCHAR NOT NULL,
    label_en VARCHAR NOT NULL,
    definition_sv VARCHAR NOT NULL,
    definition_en VARCHAR NOT NULL,
    source_sv VARCHAR NOT NULL,
    source_en VARCHAR NOT NULL,
    unit_of_measure_sv VARCHAR NOT NULL,
    unit_of_measure_en VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    decimals INTEGER NOT NULL,
    scale DOUBLE NOT NULL,
    base_sv VARCHAR NOT NULL,
    base_en VARCHAR NOT NULL,
    by_sex BOOLEAN NOT NULL,
    breakdown VARCHAR,
    unit_kinds VARCHAR[] NOT NULL
);

-- One row for each expected unit (level 'unit'), each region that units belong to ('region', for kommuner and
-- mottagningar) and the country ('country', unit_id '00'); times sex and category where the indicator has them.
-- unit_kind is the kind of unit that was counted: kommuner and regions are never summed together.
CREATE TABLE mart.indicator (
    indicator_id VARCHAR NOT NULL,
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_id VARCHAR NOT NULL,
    unit_kind VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    region_code VARCHAR NOT NULL,
    sex VARCHAR NOT NULL,
    category VARCHAR NOT NULL,  -- '' without breakdown
    category_sv VARCHAR,
    category_en VARCHAR,
    value DOUBLE,  -- scale * numerator / denominator, or the numerator where there is no denominator
    numerator DOUBLE,
    denominator DOUBLE,
    answered INTEGER NOT NULL,  -- units behind the figure
    expected INTEGER NOT NULL,
    missing VARCHAR,
    comparable BOOLEAN NOT NULL,  -- with the nearest earlier year
    note VARCHAR,  -- Swedish
    note_en VARCHAR,
    adds_numerator DOUBLE,  -- what a unit adds to its region and the country; NULL in theirs, and where it is hidden
    adds_denominator DOUBLE
);

-- Swedish in the plain names, English beside.
CREATE TABLE mart.published_figure (
    mapping VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    measure_en VARCHAR NOT NULL,
    period VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    value DOUBLE,  -- NULL where the figure is a name
    text_value VARCHAR,
    text_value_en VARCHAR,
    precision VARCHAR NOT NULL,
    base VARCHAR NOT NULL,
    base_en VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    indicator_id VARCHAR,
    category VARCHAR,
    sex VARCHAR NOT NULL,
    unit_kind VARCHAR NOT NULL,
    treated VARCHAR NOT NULL,  -- computed, reference
    as_of DATE,
    unit_of_measure VARCHAR NOT NULL,
    unit_of_measure_en VARCHAR NOT NULL
);

CREATE TABLE mart.check_failure (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_id VARCHAR NOT NULL,
    check_id VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    item_id VARCHAR,
    row_no INTEGER,
    explanation VARCHAR
);

CREATE TABLE mart.audit_result (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    expectation VARCHAR NOT NULL,
    expectation_sv VARCHAR NOT NULL,
    expectation_en VARCHAR NOT NULL,
    check_id VARCHAR,
    column_name VARCHAR,
    severity VARCHAR NOT NULL,  -- critical, warning
    success BOOLEAN NOT NULL,
    observed VARCHAR,
    elements BIGINT,
    unexpected BIGINT,
    checked_at TIMESTAMPTZ NOT NULL,
    origin VARCHAR NOT NULL,  -- check (of the questionnaire), table (any part as a whole), handwritten
    reason_sv VARCHAR,  -- why it is expected, where somebody has written that down
    reason_en VARCHAR
);

-- Numbers far from those of the unit's peers or from its own earlier ones, worth a question. Nothing that is hidden.
CREATE TABLE mart.follow_up (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_id VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL,
    sex VARCHAR NOT NULL,  -- T where the item is not divided
    value DOUBLE NOT NULL,
    expected_low DOUBLE NOT NULL,
    expected_high DOUBLE NOT NULL,
    kind VARCHAR NOT NULL,  -- own_history, peers
    per_inhabitant BOOLEAN NOT NULL,  -- compared so with its peers
    score DOUBLE NOT NULL,  -- robust standard deviations from the median
    explanation VARCHAR
);

-- When the outcome of each expectation changed; the first row tells when it was first asked.
CREATE TABLE mart.audit_history (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    origin VARCHAR NOT NULL,
    expectation VARCHAR NOT NULL,
    check_id VARCHAR NOT NULL,  -- '' without one, as column_name
    column_name VARCHAR NOT NULL,
    nth INTEGER NOT NULL,  -- counts the changes; the highest is the present state
    outcome VARCHAR NOT NULL,  -- holds, fails, not_asked
    before VARCHAR,  -- the outcome until then
    expectation_sv VARCHAR NOT NULL,
    expectation_en VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    observed VARCHAR,
    changed_at TIMESTAMPTZ NOT NULL
);

-- When the country's figures changed, or how many are behind them: of both sexes, not broken down, and not made of items
-- with small numbers to hide.
CREATE TABLE mart.figure_movement (
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

-- What waits as a dead letter: why, and of whom it says it is. Nothing of what was answered.
CREATE TABLE mart.dead_letter (
    letter VARCHAR NOT NULL,  -- its id, as `lagesbild dead-letters show` takes it
    survey VARCHAR,  -- NULL when the event did not say
    year INTEGER,
    unit_id VARCHAR,
    code VARCHAR NOT NULL,  -- docs/dead-letters.md
    rule VARCHAR,  -- the check that refused it
    arrived_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE mart.dead_letter_count (
    survey VARCHAR,  -- NULL when the event did not say
    year INTEGER,
    code VARCHAR NOT NULL,
    n BIGINT NOT NULL
);

CREATE TABLE mart.round (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    opens_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    closes_at TIMESTAMPTZ NOT NULL,
    state VARCHAR NOT NULL
);

-- Where each figure comes from. Which items an indicator looks at (side: numerator, denominator; role: sum, condition,
-- row_condition, rows, value, category), which items a declared check compares, and which rows of a unit's roster
-- count. A row of counted_row is left out where the unit's figure is hidden.
CREATE TABLE mart.indicator_item (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    indicator_id VARCHAR NOT NULL,
    side VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL,
    sex VARCHAR  -- when only that member of an item split by sex is looked at
);

CREATE TABLE mart.check_item (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    check_id VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL
);

CREATE TABLE mart.counted_row (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    indicator_id VARCHAR NOT NULL,
    unit_id VARCHAR NOT NULL,
    side VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    row_no INTEGER NOT NULL
);

-- The units behind each figure and the response of each, if there is one: one row for each figure and unit.
CREATE VIEW mart.figure_unit AS
SELECT
    f.survey, f.year, f.indicator_id, f.unit_kind, f.level, f.unit_id, f.sex, f.category,
    s.unit_id AS source_unit, s.numerator, s.denominator, s.adds_numerator, s.adds_denominator, s.missing,
    r.submission_id, r.event_id, r.partition, r.log_offset, r.submitted_at, r.mode, r.revision
FROM mart.indicator f
JOIN mart.indicator s ON s.survey = f.survey AND s.year = f.year AND s.indicator_id = f.indicator_id
    AND s.unit_kind = f.unit_kind AND s.sex = f.sex AND s.category = f.category AND s.level = 'unit'
    AND CASE f.level WHEN 'country' THEN TRUE WHEN 'region' THEN s.region_code = f.unit_id ELSE s.unit_id = f.unit_id END
LEFT JOIN mart.response r ON r.survey = s.survey AND r.year = s.year AND r.unit_id = s.unit_id AND r.current;

-- The answers that each unit's figure looks at; `counts` tells whether this one went into it, hidden or not.
CREATE VIEW mart.figure_answer AS
SELECT
    s.survey, s.year, s.indicator_id, s.unit_kind, s.unit_id, s.sex, s.category, i.side, i.role, a.item_id, a.row_no,
    a.sex AS answer_sex, a.value_number, a.value_text, a.value_code, a.missing, a.explanation, a.event_id,
    s.answered = 1 AND (a.missing IS NULL OR a.missing = 'suppressed') AND CASE
        WHEN i.role IN ('value', 'row_condition') THEN c.row_no IS NOT NULL
        WHEN i.role = 'category' THEN a.value_code = s.category
        WHEN i.role = 'sum' AND d.breakdown IS NOT NULL AND i.side = 'numerator' THEN c.row_no IS NOT NULL
        ELSE TRUE
    END AS counts
FROM mart.indicator s
JOIN mart.indicator_definition d USING (survey, year, indicator_id)
JOIN mart.indicator_item i USING (survey, year, indicator_id)
JOIN mart.answer a ON a.survey = s.survey AND a.year = s.year AND a.unit_id = s.unit_id AND a.item_id = i.item_id
    AND coalesce(a.sex, 'T') = CASE i.role WHEN 'sum' THEN s.sex ELSE coalesce(i.sex, 'T') END
LEFT JOIN mart.counted_row c ON c.survey = s.survey AND c.year = s.year AND c.indicator_id = s.indicator_id
    AND c.unit_id = s.unit_id AND c.category = s.category AND c.side = i.side AND c.row_no IN (0, a.row_no)
WHERE s.level = 'unit';
