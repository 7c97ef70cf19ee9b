"""The published file itself: every table made from landing, in a file of its own that nobody reads yet."""

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.event_log import RESPONSES
from pipeline.administration import landed_administration
from pipeline.condition_sql import literal
from pipeline.declarations import Declarations, declarations
from pipeline.follow_up import fill_follow_up
from pipeline.indicators import compute, route, statements
from pipeline.known import known_tables, population_table
from pipeline.movement import fill_movement
from pipeline.parse import Definitions
from pipeline.revisions import make_versions
from pipeline.suppression import hide_small
from pipeline.tables import Row, table
from surveys.population import PopulationTable, packaged_population

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Part = tuple[str, int]
# Looks at the tables that are being published, and says whether they may be.
Judge = Callable[["DuckDBPyConnection"], bool]
HELD = {"survey": "text", "year": "whole", "good_position": "text"}


@dataclass(frozen=True, slots=True)
class Former:
    """An earlier publication of the same ground, of which only the surveys `changed` have to be made anew."""

    path: Path
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class AsOf:
    """A past moment to show: rounds stand as they did at `time`, and what was submitted after `until` is left out.

    Without `until` everything landed counts, also from a clock that was fast. `moment` is how it was asked for.
    """

    time: datetime
    until: datetime | None = None
    moment: str | None = None


def submitted_until(time: datetime) -> AsOf:
    """What had been submitted by then."""
    return AsOf(time, time)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build. `released` are parts built as they are now even if the audit held them before.

    Without `as_of` it is the state now: everything landed counts.
    """

    declared: Declarations
    publish_id: str
    now: datetime
    as_of: AsOf | None = None
    released: Collection[Part] = ()
    former: Former | None = None
    population: PopulationTable = field(default_factory=packaged_population)

    @property
    def shown(self) -> AsOf:
        """The moment that is shown."""
        return self.as_of or AsOf(self.now)

    def variables(self) -> dict[str, Any]:
        """The variables of the SQL."""
        shown = self.shown
        told = {"publish_id": self.publish_id, "published_at": self.now, "as_of": shown.time, "moment": shown.moment}
        return {**told, "until": shown.until or datetime.max.replace(tzinfo=UTC), "responses": RESPONSES}


def build(connection: "DuckDBPyConnection", path: Path, plan: Plan, judge: Judge | None) -> tuple[str, ...]:
    """Makes the file at `path`; returns the parts ('survey/year') held in it.

    What `judge` does not want published so is built once more, with what the audit holds by then.
    """
    held = _build(connection, path, plan, judge)
    if held is None:
        discard(path)
        held = _build(connection, path, replace(plan, released=()), None)
    return held or ()


def discard(path: Path) -> None:
    """Removes the file and what may lie beside it."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


@contextmanager
def candidate(
    connection: "DuckDBPyConnection", definitions: Definitions, now: datetime, population: PopulationTable | None = None
) -> "Iterator[DuckDBPyConnection]":
    """A connection with the tables as they would be published now, nothing held and nothing written to disk."""
    every = [(survey, year) for survey in definitions.surveys() for year in definitions.years(survey)]
    work = connection.cursor()
    try:
        with _attached(work, ":memory:", "mart"), _transaction(work):
            population = population or packaged_population()
            _fill(work, Plan(declarations(definitions), "", now, released=every, population=population))
            yield work
    finally:
        work.close()


def _build(connection: "DuckDBPyConnection", path: Path, plan: Plan, judge: Judge | None) -> tuple[str, ...] | None:
    work = connection.cursor()
    try:
        with _attached(work, path, "mart"):
            with _beside(work, plan.former), _transaction(work):
                _fill(work, plan)
            # Outside any transaction: what the judge writes down is read by the next.
            if judge is not None and not judge(work):
                return None
            with _transaction(work):
                work.execute(statements("published_rest"))
                work.execute(statements("published_burden"))
                fill_follow_up(work)
                fill_movement(work)
            work.execute("CHECKPOINT mart")
            row = work.execute("SELECT held FROM mart.publication").fetchone()
            return tuple(row[0]) if row else ()
    finally:
        work.close()


@contextmanager
def _attached(work: "DuckDBPyConnection", path: Path | str, name: str, how: str = "") -> Iterator[None]:
    work.execute(f"ATTACH {literal(str(path))} AS {name} {how}")
    try:
        yield
    finally:
        work.execute(f"DETACH {name}")


def _beside(work: "DuckDBPyConnection", former: Former | None) -> AbstractContextManager[None]:
    return nullcontext() if former is None else _attached(work, former.path, "former", "(READ_ONLY)")


@contextmanager
def _transaction(work: "DuckDBPyConnection") -> Iterator[None]:
    work.begin()
    try:
        yield
    except BaseException:
        work.rollback()
        raise
    work.commit()


def _fill(work: "DuckDBPyConnection", plan: Plan) -> None:
    # 1. What is declared and what is known, for SQL to join.
    for name, value in plan.variables().items():
        work.execute(f"SET VARIABLE {name} = $value", {"value": value})
    _know(work, plan)
    work.execute(statements("published"))
    _keep(work, plan)
    # 2. Which responses count, and their answers with a reason for each that is missing.
    work.execute(statements("published_visible"))
    make_versions(work, plan.declared.clauses)
    work.execute(statements("published_responses"))
    work.execute(statements("published_answers"))
    route(work, plan.declared.clauses)
    work.execute(statements("published_missing"))
    # 3. The figures, and what of it all is hidden.
    compute(work, plan.declared.clauses)
    work.execute(statements("published_counted_cells"))
    hide_small(work)
    work.execute(statements("published_figures"))
    # 4. Where they come from, and what they were before.
    work.execute(statements("published_lineage"))
    work.execute(statements("published_revisions"))


def _know(work: "DuckDBPyConnection", plan: Plan) -> None:
    administration = landed_administration(work)
    held = table(HELD, (row for row in _held(work) if (row["survey"], row["year"]) not in plan.released))
    known = known_tables(administration, plan.shown.time)
    for name, rows in {**plan.declared.tables, **known, "held_part": held}.items():
        work.register(name, rows)
    bands = work.execute(
        "SELECT from_age, to_age FROM declared_indicator WHERE base = 'population' UNION SELECT NULL, NULL ORDER BY ALL"
    ).fetchall()
    years = work.execute("SELECT DISTINCT reference_year FROM declared_part ORDER BY ALL").fetchall()
    counted = {row.unit_id for row in plan.population.rows()}
    units = tuple(unit.unit_id for unit in administration.units if unit.unit_id in counted)
    inhabitants = population_table(plan.population, units, tuple(bands), tuple(year for (year,) in years))
    work.register("known_population", inhabitants)


def _held(work: "DuckDBPyConnection") -> list[Row]:
    rows = work.execute("SELECT survey, year, good_position FROM audited.part WHERE held_sv IS NOT NULL").fetchall()
    return [dict(zip(HELD, row, strict=True)) for row in rows]


def _keep(work: "DuckDBPyConnection", plan: Plan) -> None:
    """Makes `built_part`, the parts to make anew; takes the others over from the former publication."""
    if plan.former is None:
        work.execute("CREATE TEMP TABLE built_part AS FROM declared_part")
        return
    work.execute("SET VARIABLE changed = $changed", {"changed": sorted(plan.former.changed)})
    work.execute(statements("published_kept"))
