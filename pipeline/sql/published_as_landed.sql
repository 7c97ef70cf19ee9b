-- The tables that an audit reads, made of what is published; a file that is open for reading only.
CREATE TEMP VIEW known_unit AS SELECT * FROM unit;

CREATE TEMP VIEW known_population AS SELECT * FROM population;

CREATE TEMP VIEW known_round AS SELECT * FROM round;

CREATE TEMP VIEW known_figure AS SELECT * FROM published_figure;

CREATE TEMP TABLE counted AS
SELECT r.partition AS topic_partition, r.log_offset, r.event_id, r.survey, r.year, r.unit_id, u.kind, u.region_code
FROM response r JOIN unit u USING (unit_id)
WHERE r.current;

CREATE TEMP TABLE fact AS
SELECT a.* EXCLUDE (explanation), split_part(a.item_id, '.', 1) AS top_id, c.kind, c.region_code
FROM answer a JOIN counted c USING (survey, year, unit_id);

CREATE TEMP TABLE expected AS
SELECT survey, year, unit_kind AS kind, region_code, unnest(range(expected)) < answered AS answered
FROM response_rate WHERE region_code <> '00';

CREATE TEMP TABLE figure AS
SELECT
    i.survey, i.year, i.indicator_id, i.unit_kind AS kind, i.level, i.unit_id, i.region_code, i.category, i.sex,
    i.numerator, i.denominator AS base, d.base AS base_kind, i.answered, i.expected
FROM indicator i JOIN declared_indicator d USING (survey, year, indicator_id)
WHERE i.missing IS NULL;
