-- What has changed since the last audit of the parts in audited_now. Reads nothing else of what was audited before than
-- the newest change of each expectation, and there are at most `kept` of them. Variable kept.
INSERT INTO audited.history BY NAME
WITH now AS (
    -- Several kinds of unit may be asked the same: it holds when it holds of all.
    SELECT
        survey, year, origin, expectation, coalesce(check_id, '') AS check_id, coalesce(column_name, '') AS column_name,
        CASE WHEN bool_and(success) THEN 'holds' ELSE 'fails' END AS outcome,
        min(expectation_sv) AS expectation_sv, min(expectation_en) AS expectation_en, min(severity) AS severity,
        string_agg(observed, ', ' ORDER BY observed) AS observed, max(checked_at) AS changed_at
    FROM audited_now
    GROUP BY survey, year, origin, expectation, coalesce(check_id, ''), coalesce(column_name, '')
),
last AS (
    SELECT h.*
    FROM audited.history h
    SEMI JOIN audited_now USING (survey, year)
    QUALIFY row_number() OVER (
        PARTITION BY survey, year, origin, expectation, check_id, column_name ORDER BY nth DESC
    ) = 1
)
SELECT n.*, coalesce(l.nth, 0) + 1 AS nth, l.outcome AS before
FROM now n
LEFT JOIN last l USING (survey, year, origin, expectation, check_id, column_name)
WHERE l.outcome IS DISTINCT FROM n.outcome
UNION ALL BY NAME
SELECT
    l.* REPLACE (
        l.nth + 1 AS nth, 'not_asked' AS outcome, l.outcome AS before, NULL AS observed, p.audited_at AS changed_at
    )
FROM last l
JOIN (SELECT survey, year, max(checked_at) AS audited_at FROM audited_now GROUP BY ALL) p USING (survey, year)
ANTI JOIN now USING (survey, year, origin, expectation, check_id, column_name)
WHERE l.outcome <> 'not_asked';

DELETE FROM audited.history h
USING (
    SELECT survey, year, origin, expectation, check_id, column_name, max(nth) AS newest
    FROM audited.history GROUP BY ALL
) n
WHERE h.survey = n.survey AND h.year = n.year AND h.origin = n.origin AND h.expectation = n.expectation
    AND h.check_id = n.check_id AND h.column_name = n.column_name AND h.nth <= n.newest - getvariable('kept');
