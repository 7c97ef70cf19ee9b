"""Publishing: a new file with every table, made whole from landing, then put in force in one step."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from infra.event_log import RESPONSES
from infra.published import collect_old, marts_dir, replace_current
from pipeline.administration import landed_administration
from pipeline.declarations import Declarations, declarations
from pipeline.indicators import compute, route, statements
from pipeline.known import known_tables, population_table
from pipeline.parse import Definitions
from pipeline.suppression import hide_small

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

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
) -> Published:
    """Puts a new publication of everything landed in force; `as_of` leaves out what was submitted later.

    Parts that the audit holds are published as they were at their last good position. Whatever fails on the way
    leaves the publication in force as it was.
    """
    marts_dir(data_dir).mkdir(parents=True, exist_ok=True)
    publish_id, path = _new_file(marts_dir(data_dir), now)
    work = connection.cursor()
    try:
        # 1. Build the file beside those in use.
        with _attached(work, path):
            held = _fill(work, declarations(definitions), publish_id, now, as_of or now)
        # 2. Make sure that it is on the disk before anybody is told of it.
        _flush(path)
        # 3. Put it in force, and only then let go of old ones.
        replace_current(data_dir, publish_id)
    except BaseException:
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
        raise
    finally:
        work.close()
    _collect(data_dir, now)
    return Published(publish_id, path, held)


def _new_file(folder: Path, now: datetime) -> tuple[str, Path]:
    """An id that sorts by time; two publications of the same moment differ by a number."""
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    ids = (moment if number == 1 else f"{moment}-{number}" for number in range(1, 1_000))
    publish_id = next(each for each in ids if not (folder / f"{each}.duckdb").exists())
    return publish_id, folder / f"{publish_id}.duckdb"


@contextmanager
def _attached(work: "DuckDBPyConnection", path: Path) -> Iterator[None]:
    """The new file as `mart`, in one transaction; folded into one file at the end."""
    work.execute(f"ATTACH '{str(path).replace(chr(39), chr(39) * 2)}' AS mart")
    try:
        work.begin()
        yield
        work.commit()
        work.execute("CHECKPOINT mart")
    finally:
        _detach(work)


def _detach(work: "DuckDBPyConnection") -> None:
    import duckdb

    with suppress(duckdb.TransactionException):  # committed
        work.rollback()
    work.execute("DETACH mart")


def _fill(
    work: "DuckDBPyConnection", declared: Declarations, publish_id: str, now: datetime, as_of: datetime
) -> tuple[str, ...]:
    # 1. What is declared and what is known, for SQL to join.
    _know(work, declared, as_of)
    for name, value in {"publish_id": publish_id, "published_at": now, "as_of": as_of, "responses": RESPONSES}.items():
        work.execute(f"SET VARIABLE {name} = $value", {"value": value})
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
    # 4. Everything else.
    work.execute(statements("published_rest"))
    row = work.execute("SELECT held FROM mart.publication").fetchone()
    return tuple(row[0]) if row else ()


def _know(work: "DuckDBPyConnection", declared: Declarations, as_of: datetime) -> None:
    administration = landed_administration(work)
    for name, table in {**declared.tables, **known_tables(administration, as_of)}.items():
        work.register(name, table)
    bands = work.execute(
        "SELECT from_age, to_age FROM declared_indicator WHERE base = 'population' UNION SELECT NULL, NULL ORDER BY ALL"
    ).fetchall()
    years = work.execute("SELECT DISTINCT reference_year FROM declared_part ORDER BY ALL").fetchall()
    units = tuple(unit.unit_id for unit in administration.units.of_kind("region"))
    work.register("known_population", population_table(units, tuple(bands), tuple(year for (year,) in years)))


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _collect(data_dir: Path, now: datetime) -> None:
    young = (now - YOUNG).timestamp()
    in_use = sum(file.stat().st_mtime > young for file in marts_dir(data_dir).glob("*.duckdb"))
    collect_old(data_dir, max(KEEP, in_use))
