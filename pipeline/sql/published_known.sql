-- What is declared and known: tables that take no computing.

INSERT INTO mart.unit BY NAME
SELECT unit_id, kind, name, region_code, parent_id, valid_from, valid_to FROM known_unit ORDER BY kind DESC, unit_id;

INSERT INTO mart.population BY NAME
SELECT unit_id, year, sex, age_group, persons, estimated, note, note_en FROM known_population
ORDER BY unit_id, year, age_group, sex;

INSERT INTO mart.section BY NAME SELECT * FROM declared_section;

INSERT INTO mart.item BY NAME SELECT * EXCLUDE (top_id, kinds, sexes, path, threshold) FROM declared_item;

INSERT INTO mart.item_option BY NAME SELECT * FROM declared_option;

INSERT INTO mart.indicator_definition BY NAME
SELECT
    indicator_id, survey, year, position, label_sv, label_en, definition_sv, definition_en, source_sv, source_en,
    unit_of_measure_sv, unit_of_measure_en, direction, decimals, scale, base_sv, base_en, by_sex, breakdown, unit_kinds
FROM declared_indicator;

INSERT INTO mart.indicator_item BY NAME SELECT * FROM declared_source;

INSERT INTO mart.check_item BY NAME SELECT * FROM declared_check_item;

INSERT INTO mart.published_figure BY NAME SELECT * FROM known_figure;
