-- What the questions cost those who answer them, and what they are used for. But for the minutes it reads what is
-- published, so that nothing hidden shows here: views, which cost nothing until somebody asks.

-- How long answering took: medians over units, in half minutes, of five units or more. Of a unit nothing is published.
-- `how`: measured by the form (time at the form), or stated by whoever sent the response (all of the work). What several
-- responses of a unit took is added up, if it is known of the first, and in the same way.
CREATE TABLE mart.time_spent (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_kind VARCHAR NOT NULL,
    how VARCHAR NOT NULL,
    section VARCHAR NOT NULL,  -- '' the whole response
    units INTEGER NOT NULL,
    minutes DOUBLE NOT NULL
);

-- What each question is used for: figure (an indicator is made of it), support (a check or the routing needs it for a
-- question that a figure is made of), circle (for others only), listed (nothing: it can be looked up, and no more).
CREATE TABLE mart.item_use (
    survey VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    item_id VARCHAR NOT NULL,
    use VARCHAR NOT NULL,
    indicators VARCHAR[] NOT NULL,
    checks VARCHAR[] NOT NULL,  -- those that look at other questions too
    routes VARCHAR[] NOT NULL  -- questions that are asked depending on it
);

INSERT INTO mart.item_use BY NAME SELECT * FROM declared_use;

-- How many units gave the same answer as the time before. Compared are units that gave an answer both times to a question
-- whose answers compare; what is missing is never equal to anything, and what is hidden is not compared. Of an answer in
-- parts (by sex) the same parts must be given with the same values. Neither the order of what was chosen of several nor
-- that of a roster's rows matters; of a roster, columns that are new or no longer compare are passed over.
CREATE VIEW mart.item_unchanged AS
WITH pair AS (
    SELECT i.survey, i.year, i.item_id, i.type, s.lineage_from AS then_year, i.lineage_items[1] AS then_item
    FROM mart.item i
    JOIN mart.survey s USING (survey, year)
    WHERE i.comparable AND len(i.lineage_items) = 1 AND s.lineage_from IS NOT NULL
), part AS (
    SELECT p.survey, p.year, p.item_id, p.type, a.unit_id, TRUE AS is_now, a.row_no, a.sex, a.value_number, a.value_text,
        a.value_code, a.missing
    FROM pair p
    JOIN mart.answer a ON a.survey = p.survey AND a.year = p.year AND a.item_id = p.item_id
    UNION ALL
    SELECT p.survey, p.year, p.item_id, p.type, a.unit_id, FALSE, a.row_no, a.sex, a.value_number, a.value_text,
        a.value_code, a.missing
    FROM pair p
    JOIN mart.answer a ON a.survey = p.survey AND a.year = p.then_year AND a.item_id = p.then_item
), told AS (
    SELECT
        survey, year, item_id, unit_id, is_now, row_no, coalesce(missing = 'suppressed', FALSE) AS is_hidden,
        -- A name in a register is its entry, however it was written.
        CASE WHEN missing IS NULL THEN to_json([
            CASE WHEN type = 'opening_hours' THEN row_no::VARCHAR END, sex, value_number::VARCHAR,
            CASE WHEN value_code IS NULL THEN trim(value_text) END, value_code
        ])::VARCHAR END AS given
    FROM part
), roster_row AS (
    SELECT
        survey, year, split_part(item_id, '.', 1) AS item_id, unit_id, is_now, bool_or(is_hidden) AS is_hidden,
        string_agg(item_id || given, ' ' ORDER BY item_id || given) AS given
    FROM told
    WHERE contains(item_id, '.')
    GROUP BY survey, year, split_part(item_id, '.', 1), unit_id, is_now, row_no
), answered AS (
    SELECT
        survey, year, item_id, unit_id, bool_or(is_hidden) AS is_hidden,
        list(given ORDER BY given) FILTER (is_now AND given IS NOT NULL) AS given_now,
        list(given ORDER BY given) FILTER (NOT is_now AND given IS NOT NULL) AS given_then
    FROM (
        SELECT survey, year, item_id, unit_id, is_now, is_hidden, given FROM told
        UNION ALL
        SELECT survey, year, item_id, unit_id, is_now, is_hidden, given FROM roster_row
        SEMI JOIN pair USING (survey, year, item_id)
    )
    GROUP BY ALL
)
SELECT
    survey, year, item_id, count(*)::INTEGER AS compared,
    (count(*) FILTER (given_now = given_then))::INTEGER AS unchanged
FROM answered
WHERE NOT is_hidden AND given_now IS NOT NULL AND given_then IS NOT NULL
GROUP BY ALL;

-- One row for each question and column of a roster: all that the burden ledger tells of it.
CREATE VIEW mart.item_burden AS
WITH timed AS (
    -- Where units of several kinds answer, the kind that most were measured of.
    SELECT survey, year, section, arg_max(minutes, units) AS minutes, max(units) AS units
    FROM mart.time_spent WHERE how = 'measured' AND section <> '' GROUP BY ALL
), size AS (
    SELECT survey, year, section, count(*) AS questions FROM mart.item
    WHERE type <> 'note' AND NOT contains(item_id, '.') GROUP BY ALL
), asked AS (
    SELECT survey, year, item_id, count(DISTINCT unit_id)::INTEGER AS answering FROM mart.answer
    WHERE NOT contains(item_id, '.') GROUP BY ALL
)
SELECT
    i.survey, i.year, i.item_id, i.section, g.title_sv AS section_sv, g.title_en AS section_en, i.position, i.label_sv,
    i.label_en, i.lineage, s.lineage_from, i.comparable AND s.lineage_from IS NOT NULL AS comparable,
    coalesce(a.answering, 0) AS answering,  -- units that were asked it and have responded
    coalesce(n.compared, 0) AS compared, coalesce(n.unchanged, 0) AS unchanged,
    u.use, u.indicators, u.checks, u.routes, t.minutes AS section_minutes, t.units AS section_units,
    -- An estimate: the section's time divided alike among its questions.
    CASE WHEN NOT contains(i.item_id, '.') THEN t.minutes / z.questions END AS minutes_estimated
FROM mart.item i
JOIN mart.survey s USING (survey, year)
JOIN mart.item_use u USING (survey, year, item_id)
LEFT JOIN mart.section g USING (survey, year, section)
LEFT JOIN timed t USING (survey, year, section)
LEFT JOIN size z USING (survey, year, section)
LEFT JOIN asked a ON a.survey = i.survey AND a.year = i.year AND a.item_id = split_part(i.item_id, '.', 1)
LEFT JOIN mart.item_unchanged n ON n.survey = i.survey AND n.year = i.year AND n.item_id = i.item_id;
