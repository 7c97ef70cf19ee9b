"""Publishing: a new file with every table, made beside those in use and put in force in one step."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from infra.event_log import ADMINISTRATION, DEAD_LETTERS, RESPONSES
from infra.published import checksum_of, collect_old, legible_publish_id, marts_dir, replace_current
from pipeline.chain import CHAINED
from pipeline.declarations import declarations
from pipeline.disk import is_of_the_disk
from pipeline.errors import PublicationUnwritten
from pipeline.indicators import statements
from pipeline.land import positions
from pipeline.ledger import Ground, Record, product, record, recorded_parts
from pipeline.links import heads
from pipeline.mart import AsOf, Former, Judge, Part, Plan, build, discard
from pipeline.movement import take_over_movement
from pipeline.parse import Definitions
from surveys.population import PopulationTable, packaged_population

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A reader may just have looked up a publication and be about to open it.
YOUNG = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many publications stay, the one in force included, and for how long each stays at least."""

    publications: int = 3
    age: timedelta = timedelta(0)


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
    as_of: AsOf | None = None,
    judge: Judge | None = None,
    released: Collection[Part] = (),
    former: Former | None = None,
    population: PopulationTable | None = None,
    kept: Kept = Kept(),
) -> Published:
    """Puts a new publication of what is landed in force, as it is now or as it was `as_of` a past moment.
    Inhabitants are those of `population`, the packaged figures when it is left out.

    Parts that the audit holds are published as they were at their last good position, except those `released`: they
    are built as they are now and shown to `judge`, which says whether all of them may be published so. If not, the
    file is built once more with what is held by then. What has not changed since `former` is taken over from it.
    Whatever fails on the way leaves the publication in force; of older ones those stay that `kept` says. Raises
    PublicationUnwritten when the disk refuses.
    """
    marts_dir(data_dir).mkdir(parents=True, exist_ok=True)
    if former is None:
        take_over_movement(connection, data_dir)
    publish_id, path = _new_file(marts_dir(data_dir), now)
    population = population or packaged_population()
    plan = Plan(declarations(definitions), publish_id, now, as_of, released, former, population)
    try:
        # 1. Build the file beside those in use.
        held = build(connection, path, plan, judge)
        # 2. Make sure that it is on the disk before anybody is told of it.
        _flush(path)
        # 3. Record how to make it again: what is in force always has its record.
        record(data_dir, _recorded(connection, plan, checksum_of(path)))
        # 4. Put it in force, and only then let go of old ones.
        replace_current(data_dir, publish_id)
    except BaseException as fault:
        if legible_publish_id(data_dir) != publish_id:
            discard(path)
        if isinstance(fault, OSError) or (isinstance(fault, Exception) and is_of_the_disk(fault)):
            raise PublicationUnwritten(path, str(fault)) from fault
        raise
    _collect(data_dir, now, kept)
    return Published(publish_id, path, held)


def _new_file(folder: Path, now: datetime) -> tuple[str, Path]:
    """An id that sorts by time; two publications of the same moment differ by a number."""
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    ids = (moment if number == 1 else f"{moment}-{number}" for number in range(1, 1_000))
    publish_id = next(each for each in ids if not (folder / f"{each}.duckdb").exists())
    return publish_id, folder / f"{publish_id}.duckdb"


def _recorded(connection: "DuckDBPyConnection", plan: Plan, checksum: str) -> Record:
    shown = plan.shown
    return Record(
        publish_id=plan.publish_id,
        published_at=plan.now,
        as_of=shown.time,
        positions={topic: positions(connection, topic) for topic in (RESPONSES, ADMINISTRATION, DEAD_LETTERS)},
        parts=recorded_parts(connection),
        ground=Ground(definitions=plan.declared.digest, population=plan.population.digest, product=product()),
        moment=shown.moment,
        until=shown.until,
        # With later submissions left out, the links are not those of the log.
        chain={topic: heads(connection, topic) for topic in CHAINED} if shown.until is None else {},
        checksum=checksum,
    )


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _collect(data_dir: Path, now: datetime, kept: Kept) -> None:
    young = (now - max(YOUNG, kept.age)).timestamp()
    in_use = sum(file.stat().st_mtime > young for file in marts_dir(data_dir).glob("*.duckdb"))
    collect_old(data_dir, max(kept.publications, in_use))
