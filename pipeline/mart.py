"""The published file itself: every table made from landing, in a file of its own that nobody reads yet."""

from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.event_log import RESPONSES
from infra.published import copy_publication, restore_length
from infra.warehouse import transaction
from pipeline.condition_sql import literal
from pipeline.declarations import Declarations, declarations
from pipeline.follow_up import fill_follow_up
from pipeline.ground import stand_on
from pipeline.indicators import compute, route, statements
from pipeline.known import round_table
from pipeline.movement import fill_movement
from pipeline.parse import Definitions
from pipeline.revisions import find_changes, forget_changes, tell_changes
from pipeline.suppression import hide_small
from pipeline.tables import Row, table
from surveys.population import PopulationTable, packaged_population

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Part = tuple[str, int]
# Says whether what a judge has looked at may be published; waits until that is known.
Verdict = Callable[[], bool]
# Looks at the tables that are about to be published; has read them all when it returns.
Judge = Callable[["DuckDBPyConnection"], Verdict]
HELD = {"survey": "text", "year": "whole", "good_position": "text"}


@dataclass(frozen=True, slots=True)
class Former:
    """An earlier publication of the same ground, of which only the parts `changed` have to be made anew.

    `checksum` is that of its file when it was put in force.
    """

    path: Path
    checksum: str
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
        # It may have been made with other definitions than what is published.
        forget_changes(work)
        work.close()


def _build(connection: "DuckDBPyConnection", path: Path, plan: Plan, judge: Judge | None) -> tuple[str, ...] | None:
    with closing(connection.cursor()) as work, _begun(work, path, plan.former):
        if not _filled(work, plan, judge):
            return None
        work.execute("CHECKPOINT mart")
        row = work.execute("SELECT held FROM mart.publication").fetchone()
        return tuple(row[0]) if row else ()


@contextmanager
def _begun(work: "DuckDBPyConnection", path: Path, former: Former | None) -> Iterator[None]:
    """The file attached as `mart`: with empty tables, or as a copy of the former publication."""
    if former is not None:
        copy_publication(former.path, path, former.checksum)
    # Checkpoints write the file: a log of what is written would be written for nobody.
    work.execute(f"ATTACH {literal(str(path))} AS mart (RECOVERY_MODE NO_WAL_WRITES)")
    try:
        yield
    finally:
        work.execute("DETACH mart")
    restore_length(work, path)


def _filled(work: "DuckDBPyConnection", plan: Plan, judge: Judge | None) -> bool:
    """Whether what is in the file by then may be published."""
    _know(work, plan)
    with transaction(work):
        _make_room(work, plan.former)
    _derive(work, plan)
    verdict = judge(work) if judge else None
    with transaction(work):
        _show(work)
    if verdict is not None and not verdict():
        return False
    # A transaction of its own: it reads what the judge has written down.
    with transaction(work):
        work.execute(statements("published_audited"))
    return True


def _derive(work: "DuckDBPyConnection", plan: Plan) -> None:
    """Everything that the audit reads, as temporary tables. In no transaction: it would keep what is dropped."""
    # 1. Which responses count, and their answers with a reason for each that is missing.
    work.execute(statements("published_visible"))
    find_changes(work, plan.declared.clauses, afresh=plan.former is None)
    work.execute(statements("published_responses"))
    work.execute(statements("published_answers"))
    route(work, plan.declared.clauses)
    work.execute(statements("published_missing"))
    # 2. The figures.
    compute(work, plan.declared.clauses)


def _make_room(work: "DuckDBPyConnection", former: Former | None) -> None:
    """Makes the published tables with what is known, or takes out of the former ones what is said anew."""
    if former is None:
        work.execute(statements("published"))
        work.execute(statements("published_burden"))
        work.execute(statements("published_known"))
        work.execute("CREATE TEMP TABLE movement_before AS FROM audited.movement")
    else:
        work.execute("CREATE TEMP TABLE movement_before AS FROM mart.figure_movement")
        work.execute(statements("published_emptied").format(of_parts=_of_built(work)))


def _of_built(work: "DuckDBPyConnection") -> str:
    """What rows of the parts that are made anew hold: written out, it is found in a third of the time."""
    built = work.execute("SELECT survey, year FROM built_part").fetchall()
    return " OR ".join(f"(survey = {literal(survey)} AND year = {year})" for survey, year in built) or "FALSE"


def _show(work: "DuckDBPyConnection") -> None:
    """What has been derived as readers see it; needs no verdict of the audit."""
    # 1. What of it all is hidden, and what is shown.
    work.execute(statements("published_counted_cells"))
    hide_small(work)
    work.execute(statements("published_units"))
    work.execute(statements("published_figures"))
    # 2. Where it comes from, and what it was before.
    work.execute(statements("published_lineage"))
    tell_changes(work)
    # 3. What follows from what is shown.
    work.execute(statements("published_time_spent"))
    fill_follow_up(work)
    fill_movement(work)


def _know(work: "DuckDBPyConnection", plan: Plan) -> None:
    """Gives SQL what is declared and what is known; `built_part` are the parts to make anew."""
    for name, value in plan.variables().items():
        work.execute(f"SET VARIABLE {name} = $value", {"value": value})
    administration = stand_on(work, plan.declared, plan.population)
    held = (row for row in _held(work) if (row["survey"], row["year"]) not in plan.released)
    work.register("held_part", table(HELD, held))
    work.register("known_round", round_table(administration, plan.shown.time))
    _choose(work, plan.former)


def _held(work: "DuckDBPyConnection") -> list[Row]:
    rows = work.execute("SELECT survey, year, good_position FROM audited.part WHERE held_sv IS NOT NULL").fetchall()
    return [dict(zip(HELD, row, strict=True)) for row in rows]


def _choose(work: "DuckDBPyConnection", former: Former | None) -> None:
    if former is None:
        work.execute("CREATE TEMP TABLE built_part AS FROM declared_part")
    else:
        changed = [f"{survey}/{year}" for survey, year in sorted(former.changed)]
        work.execute("SET VARIABLE changed = $changed", {"changed": changed})
        work.execute(statements("published_built"))
    work.execute(statements("published_looked_at"))
