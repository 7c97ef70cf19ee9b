"""Everything made anew from the log: to replace what is live, or to prove that it is the same.

Both need the warehouse for themselves: while a pipeline runs they raise WarehouseLocked, which says to stop it.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import NothingPublished, WarehouseUnreadable
from infra.event_log import ADMINISTRATION, DEAD_LETTERS, RESPONSES, EventLog, Position, StoredEvent
from infra.published import connect_current, current_publish_id, marts_dir, replace_current
from infra.settings import Settings
from infra.warehouse import connect
from pipeline.announce import catch_up
from pipeline.compare import LANDING, PUBLISHED, digests
from pipeline.consume import Consumer, Totals, opened_log, opened_warehouse, utc_now, warehouse_path
from pipeline.errors import WarehouseDiffers
from pipeline.land import positions
from pipeline.parse import Definitions
from pipeline.publish import prepare_state
from pipeline.refresh import refresh
from surveys.catalogue import load_catalogue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Clock = Callable[[], datetime]
Positions = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Verified:
    """What was compared: responses made anew, and tables found equal."""

    totals: Totals
    tables: tuple[str, ...]


def rebuild(settings: Settings, into: Path, definitions: Definitions | None = None, clock: Clock = utc_now) -> Totals:
    """Makes warehouse and publication anew from the log in the folder `into`, and puts them in place of the live ones.

    What an audit holds stays held: good positions are taken over. `into` is emptied first and gone afterwards; until
    the last step what is live is untouched. Raises WarehouseLocked while a pipeline runs, LogUnavailable, and others.
    """
    _empty(into)
    with _live(settings) as live:
        # 1. Beside what is live, 2. in its place: first the publication, which readers see, then the warehouse.
        with opened_log(settings) as log:
            totals = _make(settings, into, log, live, definitions or load_catalogue(), clock)
        _swap_publication(settings, into)
        _swap_warehouse(settings, into)
    shutil.rmtree(into)
    return totals


def verify(settings: Settings, into: Path, definitions: Definitions | None = None) -> Verified:
    """Makes everything anew in the folder `into` from as much of the log as is landed, and compares it with the live.

    Raises WarehouseDiffers naming every table that differs, WarehouseLocked while a pipeline runs, NothingPublished.
    Nothing live is changed.
    """
    _empty(into)
    with opened_warehouse(settings) as live, opened_log(settings) as log:
        landed = {topic: positions(live, topic) for topic in (RESPONSES, ADMINISTRATION, DEAD_LETTERS)}
        published_at = _published_at(settings)
        totals = _make(settings, into, Until(log, landed), live, definitions or load_catalogue(), lambda: published_at)
        equal, different = _compared(settings, into, live)
    shutil.rmtree(into)
    if different:
        raise WarehouseDiffers(different)
    return Verified(totals, tuple(equal))


class Until:
    """An event log as it was when these positions were its last: nothing after them is read."""

    def __init__(self, log: EventLog, last: Positions) -> None:
        self._log = log
        self._last = last

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        """See EventLog."""
        if topic not in self._last:
            return self._log.read(topic, after, limit, wait_seconds)
        last = self._last[topic]
        done = {p: end - 1 for p, end in self._log.ends(topic).items() if after.get(p, -1) >= last.get(p, -1)}
        events = self._log.read(topic, {**after, **done}, limit, wait_seconds)
        return [event for event in events if event.offset <= last.get(event.partition, -1)]

    def ends(self, topic: str) -> dict[int, int]:
        """See EventLog."""
        ends = self._log.ends(topic)
        last = self._last.get(topic)
        return ends if last is None else {partition: last.get(partition, -1) + 1 for partition in ends}

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        """See EventLog."""
        return self._log.append(topic, events)

    def close(self) -> None:
        """See EventLog."""
        self._log.close()


def _make(
    settings: Settings,
    into: Path,
    log: EventLog,
    live: "DuckDBPyConnection | None",
    definitions: Definitions,
    clock: Clock,
) -> Totals:
    anew = settings.model_copy(update={"data_dir": into})

    def publish(connection: "DuckDBPyConnection", now: datetime) -> None:
        refresh(connection, anew, now, definitions)

    with opened_warehouse(anew) as connection:
        prepare_state(connection)
        if live is not None:
            _take_over_good_positions(live, connection)
        # What is parked anew and was not before is told by the next run, not by a copy that may be thrown away.
        consumer = Consumer(log, connection, definitions, publish, clock, tell=catch_up)
        try:
            return consumer.drain()
        finally:
            consumer.close()


def _take_over_good_positions(live: "DuckDBPyConnection", anew: "DuckDBPyConnection") -> None:
    prepare_state(live)
    # Not `seen`: what is made anew is audited anew.
    parts = live.sql("SELECT * REPLACE ('' AS seen) FROM audited.part").to_arrow_table()
    anew.register("parts", parts)
    anew.execute("INSERT INTO audited.part BY NAME SELECT * FROM parts")
    anew.unregister("parts")


@contextmanager
def _live(settings: Settings) -> "Iterator[DuckDBPyConnection | None]":
    """The live warehouse, held so that no pipeline starts meanwhile; None when there is none that can be read."""
    with ExitStack() as stack:
        try:
            live = stack.enter_context(opened_warehouse(settings))
        except WarehouseUnreadable:
            yield None
        else:
            live.execute("CHECKPOINT")
            yield live


def _swap_publication(settings: Settings, into: Path) -> None:
    publish_id = current_publish_id(into)
    if publish_id is None:
        raise NothingPublished(marts_dir(into))
    file = marts_dir(into) / f"{publish_id}.duckdb"
    marts_dir(settings.data_dir).mkdir(parents=True, exist_ok=True)
    file.replace(marts_dir(settings.data_dir) / file.name)
    replace_current(settings.data_dir, publish_id)


def _swap_warehouse(settings: Settings, into: Path) -> None:
    live = warehouse_path(settings)
    # A log of changes to the old file must not be applied to the new one.
    live.with_name(live.name + ".wal").unlink(missing_ok=True)
    (into / live.name).replace(live)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _published_at(settings: Settings) -> datetime:
    _, publication = connect_current(settings.data_dir)
    try:
        table = publication.sql("SELECT published_at FROM publication").to_arrow_table()
    finally:
        publication.close()
    moment: datetime = table["published_at"][0].as_py()
    return moment


def _compared(settings: Settings, into: Path, live: "DuckDBPyConnection") -> tuple[list[str], list[str]]:
    """Tables that are equal, and tables that differ."""
    with (
        closing(connect(warehouse_path(settings.model_copy(update={"data_dir": into})))) as anew,
        closing(connect_current(settings.data_dir)[1]) as published,
        closing(connect_current(into)[1]) as published_anew,
    ):
        before = digests(live, LANDING) | digests(published, PUBLISHED)
        after = digests(anew, LANDING) | digests(published_anew, PUBLISHED)
    tables = sorted(before.keys() | after.keys())
    different = [table for table in tables if before.get(table) != after.get(table)]
    return [table for table in tables if table not in different], different
