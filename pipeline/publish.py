"""Publishing: a new file with every table, made whole from landing, then put in force in one step."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.event_log import RESPONSES
from infra.published import collect_old, marts_dir, replace_current
from pipeline.administration import landed_administration
from pipeline.condition_sql import literal
from pipeline.declarations import Declarations, declarations
from pipeline.indicators import compute, route, statements
from pipeline.known import known_tables, population_table
from pipeline.parse import Definitions
from pipeline.suppression import hide_small
from pipeline.tables import Row, table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Part = tuple[str, int]
# Looks at the tables that are being published, and says whether they may be.
Judge = Callable[["DuckDBPyConnection"], bool]
HELD = {"survey": "text", "year": "whole", "good_position": "text"}
KEEP = 3
# A reader may just have looked up a publication and be about to open it.
YOUNG = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Published:
    """A publication in force: its id, its file, and the parts ('survey/year') that keep their last good content."""

    publish_id: str
    path: Path
    held: tuple[str, ...]


def prepare_state(connection: "DuckDBPyConnection") -> None:
    """Makes the tables that remember audits and publications, where they are missing."""
    connection.execute(statements("published_state"))


def publish(
    connection: "DuckDBPyConnection",
    data_dir: Path,
    definitions: Definitions,
    now: datetime,
    as_of: datetime | None = None,
    judge: Judge | None = None,
    released: Collection[Part] = (),
) -> Published:
    """Puts a new publication of everything landed in force; `as_of` leaves out what was submitted later.

    Parts that the audit holds are published as they were at their last good position, except those `released`: they
    are built as they are now and shown to `judge`, which says whether all of them may be published so. If not, the
    file is built once more with what is held by then. Whatever fails on the way leaves the publication in force.
    """
    marts_dir(data_dir).mkdir(parents=True, exist_ok=True)
    publish_id, path = _new_file(marts_dir(data_dir), now)
    declared = declarations(definitions)
    moments = _moments(publish_id, now, as_of)
    try:
        # 1. Build the file beside those in use.
        held = _build(connection, path, declared, moments, judge, released)
        if held is None:
            _discard(path)
            held = _build(connection, path, declared, moments, None, ())
        # 2. Make sure that it is on the disk before anybody is told of it.
        _flush(path)
        # 3. Put it in force, and only then let go of old ones.
        replace_current(data_dir, publish_id)
    except BaseException:
        _discard(path)
        raise
    _collect(data_dir, now)
    return Published(publish_id, path, held or ())


def _moments(publish_id: str, now: datetime, as_of: datetime | None) -> dict[str, Any]:
    """The variables of the SQL. Without `as_of` everything landed counts, also from a clock that is fast."""
    until = as_of or datetime.max.replace(tzinfo=UTC)
    told = {"publish_id": publish_id, "published_at": now, "as_of": as_of or now}
    return {**told, "until": until, "responses": RESPONSES}


@contextmanager
def candidate(
    connection: "DuckDBPyConnection", definitions: Definitions, now: datetime
) -> "Iterator[DuckDBPyConnection]":
    """A connection with the tables as they would be published now, nothing held and nothing written to disk."""
    moments = _moments("", now, None)
    every = [(survey, year) for survey in definitions.surveys() for year in definitions.years(survey)]
    work = connection.cursor()
    try:
        with _attached(work, ":memory:"), _transaction(work):
            _fill(work, declarations(definitions), moments, every)
            yield work
    finally:
        work.close()


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def _build(
    connection: "DuckDBPyConnection",
    path: Path,
    declared: Declarations,
    moments: Mapping[str, Any],
    judge: Judge | None,
    released: Collection[Part],
) -> tuple[str, ...] | None:
    """Writes the file; the parts that are held, or None when the judge wants it built anew."""
    work = connection.cursor()
    try:
        with _attached(work, path):
            with _transaction(work):
                _fill(work, declared, moments, released)
            # Outside any transaction: what the judge writes down is read by the next.
            if judge is not None and not judge(work):
                return None
            with _transaction(work):
                work.execute(statements("published_rest"))
            work.execute("CHECKPOINT mart")
            row = work.execute("SELECT held FROM mart.publication").fetchone()
            return tuple(row[0]) if row else ()
    finally:
        work.close()


def _new_file(folder: Path, now: datetime) -> tuple[str, Path]:
    """An id that sorts by time; two publications of the same moment differ by a number."""
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    ids = (moment if number == 1 else f"{moment}-{number}" for number in range(1, 1_000))
    publish_id = next(each for each in ids if not (folder / f"{each}.duckdb").exists())
    return publish_id, folder / f"{publish_id}.duckdb"


@contextmanager
def _attached(work: "DuckDBPyConnection", path: Path | str) -> Iterator[None]:
    """The new file as `mart`."""
    work.execute(f"ATTACH {literal(str(path))} AS mart")
    try:
        yield
    finally:
        work.execute("DETACH mart")


@contextmanager
def _transaction(work: "DuckDBPyConnection") -> Iterator[None]:
    work.begin()
    try:
        yield
    except BaseException:
        work.rollback()
        raise
    work.commit()


def _fill(
    work: "DuckDBPyConnection", declared: Declarations, moments: Mapping[str, Any], released: Collection[Part]
) -> None:
    # 1. What is declared and what is known, for SQL to join.
    for name, value in moments.items():
        work.execute(f"SET VARIABLE {name} = $value", {"value": value})
    _know(work, declared, moments["as_of"], released)
    work.execute(statements("published"))
    # 2. Which responses count, and their answers with a reason for each that is missing.
    work.execute(statements("published_responses"))
    work.execute(statements("published_answers"))
    route(work, declared.clauses)
    work.execute(statements("published_missing"))
    # 3. The figures, and what of it all is hidden.
    compute(work, declared.clauses)
    work.execute(statements("published_counted_cells"))
    hide_small(work)
    work.execute(statements("published_figures"))


def _know(work: "DuckDBPyConnection", declared: Declarations, as_of: datetime, released: Collection[Part]) -> None:
    administration = landed_administration(work)
    held = table(HELD, (row for row in _held(work) if (row["survey"], row["year"]) not in released))
    for name, rows in {**declared.tables, **known_tables(administration, as_of), "held_part": held}.items():
        work.register(name, rows)
    bands = work.execute(
        "SELECT from_age, to_age FROM declared_indicator WHERE base = 'population' UNION SELECT NULL, NULL ORDER BY ALL"
    ).fetchall()
    years = work.execute("SELECT DISTINCT reference_year FROM declared_part ORDER BY ALL").fetchall()
    units = tuple(unit.unit_id for unit in administration.units.of_kind("region"))
    work.register("known_population", population_table(units, tuple(bands), tuple(year for (year,) in years)))


def _held(work: "DuckDBPyConnection") -> list[Row]:
    rows = work.execute("SELECT survey, year, good_position FROM audited.part WHERE held_sv IS NOT NULL").fetchall()
    return [dict(zip(HELD, row, strict=True)) for row in rows]


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _collect(data_dir: Path, now: datetime) -> None:
    young = (now - YOUNG).timestamp()
    in_use = sum(file.stat().st_mtime > young for file in marts_dir(data_dir).glob("*.duckdb"))
    collect_old(data_dir, max(KEEP, in_use))
