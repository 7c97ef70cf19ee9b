"""Which small numbers are hidden in a publication, and what else must be hidden so that none of them follows.

One margin at a time: units of a region, regions (or units) of the country, women and men of a total, parts of a sum. In
each margin that hides something, at least two are hidden and together they are at least the threshold, the smallest
first; then the margin minus what is shown gives no single one of them. Where that is impossible the margin is hidden.
Zero is below the threshold too: that there is nobody is told of a small group as little as that there is one.
One publication at a time: what two beside one another tell is decision 21.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEY = "survey, year, item_id, kind"


def hide_small(work: "DuckDBPyConnection") -> None:
    """Makes the table `hidden`: survey, year, item_id, kind, level (unit, region, country), id, sex.

    Reads `cell` (amounts of items with a threshold) and `counted_cell` (figures that count, as items of their own).
    """
    # 1. What is small by itself, and with it the other parts of the same sum.
    work.execute(_MEMBERS)
    if work.execute("SELECT 1 FROM unit_member LIMIT 1").fetchone() is None:
        work.execute(_NOTHING)
        return
    _spread(work, "unit_member")
    # 2. Units: within their region for kommuner and mottagningar, within the country for regions.
    _choose(work, "unit_member", "CASE kind WHEN 'region' THEN '00' ELSE region_code END")
    _spread(work, "unit_member")
    # 3. Regions of kommuner and mottagningar, within the country; a region that is hidden hides its units.
    work.execute(_REGIONS)
    _spread(work, "region_member")
    _choose(work, "region_member", "'00'")
    _spread(work, "region_member")
    work.execute(_DOWN)
    # 4. The country, where it could not be protected, or is small itself.
    work.execute(_COUNTRY)
    _spread(work, "country_member")
    work.execute(_HIDDEN)


_MEMBERS = """
CREATE TEMP TABLE unit_member AS
WITH wide AS (
    SELECT
        survey, year, item_id, kind, region_code, unit_id AS id, max(threshold) AS threshold,
        max(amount) FILTER (sex = 'K') AS k, max(amount) FILTER (sex = 'M') AS m, max(amount) FILTER (sex = 'T') AS t,
        min(least) AS least
    FROM (
        SELECT * EXCLUDE (missing, is_answered) FROM cell WHERE threshold IS NOT NULL AND amount IS NOT NULL
        UNION ALL BY NAME
        SELECT * FROM counted_cell WHERE amount IS NOT NULL
    )
    GROUP BY ALL
)
SELECT
    * EXCLUDE (least),
    t < threshold OR (k IS NULL AND m IS NULL AND least < threshold) AS hide_t,
    k < threshold OR m < threshold OR t < threshold AS hide_s,
    FALSE AS open_t, FALSE AS open_s
FROM (SELECT * REPLACE (coalesce(least, t) AS least) FROM wide);
UPDATE unit_member SET hide_t = coalesce(hide_t, FALSE), hide_s = coalesce(hide_s, FALSE);
"""

# Several members as one: hidden when they are small together, or when hiding among them was not enough.
_TOGETHER = f"""
SELECT
    * EXCLUDE (still_t, still_s), t < threshold OR still_t AS hide_t,
    coalesce(k < threshold OR m < threshold, FALSE) OR t < threshold OR still_t OR still_s AS hide_s,
    FALSE AS open_t, FALSE AS open_s
FROM (
    SELECT
        {KEY}, region_code, region_code AS id, max(threshold) AS threshold, sum(k) AS k, sum(m) AS m, sum(t) AS t,
        bool_or(open_t) AS still_t, bool_or(open_s) AS still_s
    FROM members
    GROUP BY ALL
)
"""

_REGIONS = f"""
CREATE TEMP TABLE region_member AS
WITH members AS (FROM unit_member WHERE kind <> 'region') {_TOGETHER}
"""

_DOWN = """
UPDATE unit_member u
SET hide_t = u.hide_t OR r.hide_t, hide_s = u.hide_s OR r.hide_s
FROM region_member r
WHERE r.survey = u.survey AND r.year = u.year AND r.item_id = u.item_id AND r.kind = u.kind
    AND r.region_code = u.region_code AND (r.hide_t OR r.hide_s);
"""

_COUNTRY = f"""
CREATE TEMP TABLE country_member AS
WITH members AS (
    SELECT * REPLACE ('00' AS region_code) FROM unit_member WHERE kind = 'region'
    UNION ALL BY NAME
    SELECT * REPLACE ('00' AS region_code) FROM region_member
) {_TOGETHER}
"""

# Many surveys have no number that may be too small to show.
_NOTHING = """
CREATE TEMP TABLE hidden (
    survey VARCHAR, year INTEGER, item_id VARCHAR, kind VARCHAR, level VARCHAR, id VARCHAR, sex VARCHAR
)
"""

_HIDDEN = f"""
CREATE TEMP TABLE hidden AS
SELECT {KEY}, level, id, unnest(CASE WHEN hide_t THEN ['K', 'M', 'T'] ELSE ['K', 'M'] END) AS sex
FROM (
    SELECT {KEY}, 'unit' AS level, id, hide_t, hide_s FROM unit_member
    UNION ALL SELECT {KEY}, 'region', id, hide_t, hide_s FROM region_member
    UNION ALL SELECT {KEY}, 'country', id, hide_t, hide_s FROM country_member
)
WHERE hide_t OR hide_s;
"""


def _spread(work: "DuckDBPyConnection", members: str) -> None:
    """The parts of one sum are hidden together; a hidden total hides them all."""
    work.execute(f"""
        UPDATE {members} m
        SET hide_t = m.hide_t OR s.hide_t, hide_s = m.hide_s OR s.hide_s
        FROM (
            SELECT d.survey, d.year, d.part AS item_id, o.kind, o.id, bool_or(o.hide_t) AS hide_t,
                bool_or(o.hide_s) AS hide_s
            FROM declared_sum d
            JOIN declared_sum other USING (survey, year, total)
            JOIN {members} o ON o.survey = d.survey AND o.year = d.year AND o.item_id IN (other.part, other.total)
            WHERE o.hide_t OR o.hide_s
            GROUP BY ALL
        ) s
        WHERE s.survey = m.survey AND s.year = m.year AND s.item_id = m.item_id AND s.kind = m.kind AND s.id = m.id
    """)


def _choose(work: "DuckDBPyConnection", members: str, margin: str) -> None:
    """Hides more of each margin until what is hidden is safe; open_t and open_s where all of it is not enough."""
    work.execute(f"""
        CREATE OR REPLACE TEMP TABLE {members} AS
        WITH totals AS (
            SELECT *, {margin} AS margin, coalesce(t, 0) AS t0, coalesce(k, 0) AS k0, coalesce(m, 0) AS m0
            FROM {members}
        ),
        by_total AS (
            SELECT
                * REPLACE (hide_t OR (bool_or(hide_t) OVER whole AND NOT ({_enough("before", "t0")})) AS hide_t,
                    bool_or(hide_t) OVER whole AND NOT ({_enough("whole", "t0")}) AS open_t)
            FROM totals
            WINDOW whole AS (PARTITION BY {KEY}, margin), before AS (
                PARTITION BY {KEY}, margin ORDER BY hide_t DESC, t0, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )
        ),
        seen AS (
            SELECT * REPLACE (hide_s OR hide_t AS hide_s), k IS NOT NULL OR m IS NOT NULL AS is_split FROM by_total
        )
        SELECT
            * EXCLUDE (margin, t0, k0, m0, is_split) REPLACE (
                hide_s OR (is_split AND bool_or(hide_s) OVER whole
                    AND NOT ({_enough("before", "k0")} AND {_enough("before", "m0")})) AS hide_s,
                is_split AND bool_or(hide_s) OVER whole
                    AND NOT ({_enough("whole", "k0")} AND {_enough("whole", "m0")}) AS open_s
            )
        FROM seen
        WINDOW whole AS (PARTITION BY {KEY}, margin, is_split), before AS (
            PARTITION BY {KEY}, margin, is_split ORDER BY hide_s DESC, t0, id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
    """)


def _enough(window: str, amount: str) -> str:
    return f"count(*) OVER {window} >= 2 AND coalesce(sum({amount}) OVER {window}, 0) >= threshold"
