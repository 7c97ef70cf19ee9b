-- What the audit of what is built compares with: answers of all earlier years, figures of the year before.
CREATE TEMP TABLE read_part AS
FROM declared_part d
WHERE EXISTS (FROM built_part b WHERE b.survey = d.survey AND b.year >= d.year);

CREATE TEMP TABLE figure_part AS
FROM declared_part d
WHERE EXISTS (FROM built_part b WHERE b.survey = d.survey AND d.year IN (b.year, b.lineage_from));
