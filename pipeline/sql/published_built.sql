-- Which parts are made anew, and what that takes. Variable changed: the parts ('survey/year') with new
-- content. Reads mart.round as the former publication has it.

-- Rounds open and close by the clock, without any event.
CREATE TEMP TABLE built_part AS
FROM declared_part
WHERE list_contains(getvariable('changed'), survey || '/' || year)
    OR (survey, year) IN (
        SELECT (n.survey, n.year) FROM known_round n LEFT JOIN mart.round f USING (survey, year)
        WHERE n.state IS DISTINCT FROM f.state
    );
