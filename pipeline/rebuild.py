"""Everything made anew from the log: to replace what is live, or to prove that it is the same.

Both need the warehouse for themselves: while a pipeline runs they raise WarehouseLocked, which says to stop it.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import NothingPublished, WarehouseUnreadable
from infra.event_log import ADMINISTRATION, DEAD_LETTERS, RESPONSES
from infra.published import connect_current, marts_dir, replace_current
from infra.settings import Settings
from infra.warehouse import connect
from pipeline.compare import LANDING, PUBLISHED, Digest, digests
from pipeline.consume import Totals, opened_log, opened_warehouse, utc_now, warehouse_path
from pipeline.departures import Chained
from pipeline.errors import WarehouseDiffers, WarehouseNewer, WarehouseOutdated
from pipeline.history import take_over_history
from pipeline.land import positions
from pipeline.ledger import RecordedPart, digest, last_record, record, recorded_parts, settle
from pipeline.log_proof import prove_landed
from pipeline.mart import AsOf
from pipeline.movement import copy_movement, take_over_movement
from pipeline.parse import Definitions
from pipeline.past import Clock, Then, look_up, make, recorded
from pipeline.publish import prepare_state
from surveys.catalogue import load_catalogue
from surveys.moment import Moment

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Verified:
    """What was compared: responses made anew, tables found equal, and the log's partitions with their chains."""

    responses: int
    tables: tuple[str, ...]
    chain: tuple[Chained, ...]


def rebuild(
    settings: Settings,
    into: Path,
    definitions: Definitions | None = None,
    clock: Clock = utc_now,
    moment: Moment | None = None,
) -> Totals:
    """Makes warehouse and publication anew from the log in the folder `into`, and puts them in place of the live ones.

    With `moment` what is published is as it was then, until the pipeline next runs; the warehouse is whole in any case.
    What an audit holds stays held: good positions are taken over, and so is the history of audits. `into` is emptied
    first and gone afterwards; until the last step what is live is untouched. Raises WarehouseLocked while a pipeline
    runs, LogUnavailable, NoSuchMoment and others.
    """
    _empty(into)
    with _live(settings) as live:
        # 1. Beside what is live, 2. in its place: first the publication, which readers see, then the warehouse.
        with opened_log(settings) as log:
            then = look_up(settings.data_dir, log, moment, clock()) if moment else None
            catalogue = definitions or load_catalogue()
            published = anew = settings.model_copy(update={"data_dir": into})
            good = _good_parts(settings, live)
            _keep_history(settings, live, anew)
            totals = make(anew, log, Then(parts=good), catalogue, clock)
            if then is not None:
                published = settings.model_copy(update={"data_dir": into / "then"})
                make(published, log, then, catalogue, clock)
        _swap_publication(settings, published.data_dir)
        _swap_warehouse(settings, into)
    shutil.rmtree(into)
    return totals


def verify(settings: Settings, into: Path, definitions: Definitions | None = None) -> Verified:
    """Makes everything anew in the folder `into` from as much of the log as is landed, and compares it with the live.

    Before that the log is held against the chain of what was landed. Raises LogAltered, LogShortened, WarehouseDiffers
    naming every table that differs, WarehouseLocked while a pipeline runs, NothingPublished. Nothing live is changed.
    """
    _empty(into)
    catalogue = definitions or load_catalogue()
    with opened_warehouse(settings) as live, opened_log(settings) as log:
        prepare_state(live)
        chain = prove_landed(live, log)
        then, published_at = _in_force(settings, live)
        landed = {topic: positions(live, topic) for topic in (RESPONSES, ADMINISTRATION, DEAD_LETTERS)}
        # 1. What is published, 2. what is landed: it may have gone on, or be more than is shown of a past moment.
        published = anew = settings.model_copy(update={"data_dir": into})
        make(published, log, then, catalogue, lambda: published_at)
        before, after = _published(settings), _published(published)
        if then.as_of and then.as_of.until:
            anew = settings.model_copy(update={"data_dir": into / "landed"})
        if then.last is None or any(then.last.get(topic) != last for topic, last in landed.items()):
            make(anew, log, Then(last=landed, parts=recorded_parts(live)), catalogue, lambda: published_at)
        with closing(connect(warehouse_path(anew))) as made:
            before, after = before | digests(live, LANDING), after | digests(made, LANDING)
            responses = made.execute("SELECT count(*) FROM landing.event").fetchall()[0][0]
    shutil.rmtree(into)
    tables = sorted(before.keys() | after.keys())
    if different := [table for table in tables if before.get(table) != after.get(table)]:
        raise WarehouseDiffers(different)
    return Verified(responses, tuple(tables), chain)


def _in_force(settings: Settings, live: "DuckDBPyConnection") -> tuple[Then, datetime]:
    """The state that the publication in force shows, and when it was published."""
    if (found := last_record(settings.data_dir)) is not None:
        return recorded(found, found.moment), found.published_at
    _, publication = connect_current(settings.data_dir)
    with closing(publication):
        table = publication.sql("SELECT published_at FROM publication").to_arrow_table()
    published_at: datetime = table["published_at"][0].as_py()
    landed = {topic: positions(live, topic) for topic in (RESPONSES, ADMINISTRATION, DEAD_LETTERS)}
    return Then(AsOf(published_at), landed, recorded_parts(live)), published_at


def _good_parts(settings: Settings, live: "DuckDBPyConnection | None") -> tuple[RecordedPart, ...]:
    if live is not None:
        prepare_state(live)
        return recorded_parts(live)
    newest = last_record(settings.data_dir)
    return newest.parts if newest else ()


def _keep_history(settings: Settings, live: "DuckDBPyConnection | None", anew: Settings) -> None:
    """No log tells when an expectation began to fail, or what was published when; where the live warehouse cannot be
    read both begin anew.
    """
    if live is not None:
        take_over_movement(live, settings.data_dir)
        with opened_warehouse(anew) as connection:
            prepare_state(connection)
            take_over_history(live, connection)
            copy_movement(live, connection)


@contextmanager
def _live(settings: Settings) -> "Iterator[DuckDBPyConnection | None]":
    """The live warehouse, held so that no pipeline starts meanwhile; None when there is none that can be read."""
    with ExitStack() as stack:
        try:
            live = stack.enter_context(opened_warehouse(settings))
        except (WarehouseUnreadable, WarehouseNewer, WarehouseOutdated):
            yield None
        else:
            live.execute("CHECKPOINT")
            yield live


def _swap_publication(settings: Settings, into: Path) -> None:
    made = last_record(into)
    if made is None:
        raise NothingPublished(marts_dir(into))
    file = marts_dir(into) / f"{made.publish_id}.duckdb"
    marts_dir(settings.data_dir).mkdir(parents=True, exist_ok=True)
    file.replace(marts_dir(settings.data_dir) / file.name)
    settle(settings.data_dir)
    record(settings.data_dir, made.model_copy(update={"digests": None}))
    replace_current(settings.data_dir, made.publish_id)
    digest(settings.data_dir, made.publish_id, made.digests)


def _swap_warehouse(settings: Settings, into: Path) -> None:
    live = warehouse_path(settings)
    # A log of changes to the old file must not be applied to the new one.
    live.with_name(live.name + ".wal").unlink(missing_ok=True)
    (into / live.name).replace(live)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _published(settings: Settings) -> dict[str, Digest]:
    with closing(connect_current(settings.data_dir)[1]) as published:
        return digests(published, PUBLISHED)
