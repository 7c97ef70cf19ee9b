"""The published file itself: every table made from landing, in a file of its own that nobody reads yet."""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.event_log import RESPONSES
from infra.published import attached_publication
from pipeline.administration import known_administration
from pipeline.condition_sql import literal
from pipeline.declarations import Declarations, declarations
from pipeline.follow_up import fill_follow_up
from pipeline.indicators import compute, route, statements
from pipeline.known import known_tables, population_table
from pipeline.movement import fill_movement
from pipeline.parse import Definitions
from pipeline.revisions import find_changes
from pipeline.suppression import hide_small
from pipeline.tables import Row, table
from surveys.population import PopulationTable, packaged_population

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

Part = tuple[str, int]
# Says whether what a judge has looked at may be published; waits until that is known.
Verdict = Callable[[], bool]
# Looks at the tables that are about to be published; has read them all when it returns.
Judge = Callable[["DuckDBPyConnection"], Verdict]
HELD = {"survey": "text", "year": "whole", "good_position": "text"}


@dataclass(frozen=True, slots=True)
class Former:
    """An earlier publication of the same ground, of which only the parts `changed` have to be made anew."""

    path: Path
    changed: frozenset[Part]


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

    What `judge` does not want published so is made once more, with what the audit holds by then. Raises
    PublicationUnreadable when it is the former one that is damaged.
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
    """A connection with the tables that would be published now as the audit reads them; nothing held or written."""
    every = [(survey, year) for survey in definitions.surveys() for year in definitions.years(survey)]
    work = connection.cursor()
    try:
        population = population or packaged_population()
        plan = Plan(declarations(definitions), "", now, released=every, population=population)
        _know(work, plan)
        _derive(work, plan)
        yield work
    finally:
        work.close()


def _build(connection: "DuckDBPyConnection", path: Path, plan: Plan, judge: Judge | None) -> tuple[str, ...] | None:
    with (
        closing(connection.cursor()) as work,
        closing(connection.cursor()) as keeping,
        _beside(work, plan.former),
        # Checkpoints write the file: a log of what is written would be written for nobody.
        _attached(work, path, "mart", "(RECOVERY_MODE NO_WAL_WRITES)"),
    ):
        if not _filled(work, keeping, plan, judge):
            return None
        work.execute("CHECKPOINT mart")
        row = work.execute("SELECT held FROM mart.publication").fetchone()
        return tuple(row[0]) if row else ()


def _filled(work: "DuckDBPyConnection", keeping: "DuckDBPyConnection", plan: Plan, judge: Judge | None) -> bool:
    """Whether what is in the file by then may be published. What has not changed is taken over beside what has."""
    with ThreadPoolExecutor(1, "keeping") as beside:
        known = _know(work, plan)
        kept = beside.submit(_keep, keeping, plan.former, known)
        _derive(work, plan)
        verdict = judge(work) if judge else None
        kept.result()
        with _transaction(work):
            _show(work)
        if verdict is not None and not verdict():
            return False
        # A transaction of its own: it reads what the judge has written down.
        with _transaction(work):
            work.execute(statements("published_audited"))
        return True


@contextmanager
def _attached(work: "DuckDBPyConnection", path: Path, name: str, how: str) -> Iterator[None]:
    work.execute(f"ATTACH {literal(str(path))} AS {name} {how}")
    try:
        yield
    finally:
        work.execute(f"DETACH {name}")


@contextmanager
def _beside(work: "DuckDBPyConnection", former: Former | None) -> Iterator[None]:
    if former is None:
        yield
        return
    with attached_publication(work, former.path, "former"):
        yield


@contextmanager
def _transaction(work: "DuckDBPyConnection") -> Iterator[None]:
    work.begin()
    try:
        yield
    except BaseException:
        work.rollback()
        raise
    work.commit()


def _derive(work: "DuckDBPyConnection", plan: Plan) -> None:
    """Everything that the audit reads, as temporary tables. In no transaction: it would keep what is dropped."""
    # 1. Which responses count, and their answers with a reason for each that is missing.
    work.execute(statements("published_visible"))
    find_changes(work, plan.declared.clauses)
    work.execute(statements("published_responses"))
    work.execute(statements("published_answers"))
    route(work, plan.declared.clauses)
    work.execute(statements("published_missing"))
    # 2. The figures.
    compute(work, plan.declared.clauses)


def _keep(keeping: "DuckDBPyConnection", former: Former | None, known: "Mapping[str, pa.Table]") -> None:
    """Makes the published tables, with what is known and what the former publication says of parts not made anew."""
    _register(keeping, known)
    with _transaction(keeping):
        keeping.execute(statements("published"))
        keeping.execute(statements("published_known"))
        if former is not None:
            keeping.execute(statements("published_kept"))
    # Nearly all of the file is written now; what changed is written later, and quickly.
    keeping.execute("CHECKPOINT mart")


def _show(work: "DuckDBPyConnection") -> None:
    """What has been derived as readers see it; needs no verdict of the audit."""
    # 1. What of it all is hidden, and what is shown.
    work.execute(statements("published_counted_cells"))
    hide_small(work)
    work.execute(statements("published_units"))
    work.execute(statements("published_figures"))
    # 2. Where it comes from, and what it was before.
    work.execute(statements("published_lineage"))
    work.execute(statements("published_revisions"))
    # 3. What follows from what is shown.
    work.execute(statements("published_burden"))
    fill_follow_up(work)
    fill_movement(work)


def _know(work: "DuckDBPyConnection", plan: Plan) -> "dict[str, pa.Table]":
    """Gives SQL what is declared and what is known, and returns it; `built_part` are the parts to make anew."""
    for name, value in plan.variables().items():
        work.execute(f"SET VARIABLE {name} = $value", {"value": value})
    administration = known_administration(work)
    held = table(HELD, (row for row in _held(work) if (row["survey"], row["year"]) not in plan.released))
    tables = {**plan.declared.tables, **known_tables(administration, plan.shown.time), "held_part": held}
    _register(work, tables)
    bands = work.execute(
        "SELECT from_age, to_age FROM declared_indicator WHERE base = 'population' UNION SELECT NULL, NULL ORDER BY ALL"
    ).fetchall()
    years = work.execute("SELECT DISTINCT reference_year FROM declared_part ORDER BY ALL").fetchall()
    counted = {row.unit_id for row in plan.population.rows()}
    units = tuple(unit.unit_id for unit in administration.units if unit.unit_id in counted)
    inhabitants = population_table(plan.population, units, tuple(bands), tuple(year for (year,) in years))
    work.register("known_population", inhabitants)
    return {**tables, "known_population": inhabitants, "built_part": _chosen(work, plan.former)}


def _register(work: "DuckDBPyConnection", tables: "Mapping[str, pa.Table]") -> None:
    for name, rows in tables.items():
        work.register(name, rows)


def _held(work: "DuckDBPyConnection") -> list[Row]:
    rows = work.execute("SELECT survey, year, good_position FROM audited.part WHERE held_sv IS NOT NULL").fetchall()
    return [dict(zip(HELD, row, strict=True)) for row in rows]


def _chosen(work: "DuckDBPyConnection", former: Former | None) -> "pa.Table":
    if former is None:
        work.execute("CREATE TEMP TABLE built_part AS FROM declared_part")
    else:
        changed = [f"{survey}/{year}" for survey, year in sorted(former.changed)]
        work.execute("SET VARIABLE changed = $changed", {"changed": changed})
        work.execute(statements("published_built"))
    work.execute(statements("published_looked_at"))
    built: pa.Table = work.sql("SELECT survey, year FROM built_part").to_arrow_table()
    return built
