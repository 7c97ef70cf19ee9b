"""The loop: reads the log, parses and checks in this thread, and lands in another while the next batch is read.

DuckDB gives the interpreter free while it works, so the two threads use two cores.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import TransientError, WarehouseLocked
from infra.event_log import ADMINISTRATION, RESPONSES, EventLog, StoredEvent, open_log
from infra.log import get_logger
from infra.settings import Settings
from infra.warehouse import connect
from pipeline.administration import Happened, land_administration, landed_administration
from pipeline.announce import announce
from pipeline.disk import disk_faults
from pipeline.errors import PipelineGaveUp, WarehouseOutdated
from pipeline.good_positions import readable_good_positions, take_over
from pipeline.land import Landed, land, positions, prepare
from pipeline.ledger import Digesting
from pipeline.leftovers import clear_leftovers
from pipeline.links import chain_what_was_landed
from pipeline.parked import Parked
from pipeline.parse import Asked, Definitions, Verdict, parse
from pipeline.publish import prepare_state
from pipeline.reading import BATCH_EVENTS, advance, behind, to_end
from pipeline.snapshot import published_at
from pipeline.upgrade import bring_up_to_date
from pipeline.watch import Watch
from surveys.catalogue import load_catalogue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# `pipeline status` and the like hold the warehouse for a moment: a pipeline that starts then waits for them.
PATIENCE_SECONDS = 3.0
STAND_BY_SECONDS = 0.5  # how often one that stands by looks whether the other has ended
ASIDE = ".outdated"  # the last warehouse that was made anew, kept beside it
WAIT_SECONDS = 0.3  # how long an idle reader waits before it looks at administration and dead letters again
BACKLOG_SECONDS = 10.0  # while catching up, publishing waits for at least this long between two publications
# A batch needs little; without a limit DuckDB keeps what it has read until most of the machine's memory is taken.
# Measured: landing and publishing are no slower than with 192 MB.
LANDING_MEMORY = "128MB"
# Measured: landing of a backlog gains a tenth over DuckDB's 16 MB, more gains nothing; it is read again in a second.
CHECKPOINT_AFTER = "64MB"
# Publishing needs little more; where so much counts that it does, it is done once more with this.
ROOMY_MEMORY = "2GB"
SWITCH_SECONDS = 0.0001  # measured: landing of a backlog gains a third, from Kafka a tenth more than with 0.0005
# Half a minute in all: a broker that elects a new leader is back by then.
BACKOFF_SECONDS = (0.1, 0.3, 1.0, 3.0, 5.0, 10.0, 10.0)

# None: nothing had changed since the last publication.
Refresh = Callable[["DuckDBPyConnection", datetime], object | None]
Clock = Callable[[], datetime]
Tell = Callable[["DuckDBPyConnection", EventLog, datetime], object]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a run made of the events it read from the response topic."""

    accepted: int = 0
    repeated: int = 0
    parked: int = 0

    def plus(self, landed: Landed) -> "Totals":
        return Totals(self.accepted + landed.accepted, self.repeated + landed.repeated, self.parked + landed.parked)


@dataclass(frozen=True, slots=True)
class _Read:
    """What one look at the log brought."""

    verdicts: list[Verdict]
    news: list[StoredEvent]
    happened: Sequence[Happened | Parked]

    def __bool__(self) -> bool:
        return bool(self.verdicts or self.news)


class Consumer:
    """Lands what the log has, from where the warehouse stands; publishes through `refresh` what became new.

    `tell` tells the dead-letter topic what was parked.
    The connection is used by one thread at a time, and must not be used elsewhere while this runs.
    """

    def __init__(
        self,
        log: EventLog,
        connection: "DuckDBPyConnection",
        definitions: Definitions,
        refresh: Refresh,
        clock: Clock,
        tell: Tell = announce,
        backoff_seconds: Sequence[float] = BACKOFF_SECONDS,
        batch_events: int = BATCH_EVENTS,
        watch: Watch | None = None,
    ) -> None:
        self.totals = Totals()
        self._log = log
        self._connection = connection
        self._definitions = definitions
        self._refresh = refresh
        self._clock = clock
        self._tell = tell
        self._backoff = backoff_seconds
        self._batch = batch_events
        self._watch = watch or Watch(clock)
        self._logger = get_logger("pipeline")
        self._landing = ThreadPoolExecutor(1, "landing")
        self._pending: Future[None] | None = None
        self._dirty = True  # what was landed before this start may not have been published
        self._refreshed_at = 0.0
        self._failures = 0
        self._publishing_memory = LANDING_MEMORY
        self._start_over()

    def drain(self) -> Totals:
        """Lands everything that the log has, publishes once, and tells what became of it. Raises as `follow`."""
        never = threading.Event()
        while not self._try(self._drained, never):
            pass
        return self.totals

    def follow(self, stop: threading.Event) -> None:
        """Lands and publishes until `stop` is set; what is being landed then is finished first.

        Raises PipelineGaveUp when what should pass does not, and every terminal error, with all that was landed safe.
        """
        while not stop.is_set():
            self._try(self._step, stop)
        try:
            with disk_faults():
                self._finish()
        except TransientError as fault:  # who was asked to end does not wait: the next one reads it again
            self._logger.warning("ended_unfinished", cause=str(fault))

    def close(self) -> None:
        """Waits for what is being landed, and ends the thread."""
        self._landing.shutdown(wait=True)

    def _try(self, action: Callable[[], bool], stop: threading.Event) -> bool:
        try:
            with disk_faults():
                return action()
        except TransientError as fault:
            self._failures += 1
            if self._failures > len(self._backoff):
                raise PipelineGaveUp(self._failures, sum(self._backoff), fault) from fault
            wait = self._backoff[self._failures - 1]
            self._watch.retrying(str(fault))
            self._logger.warning("retrying", cause=str(fault), attempt=self._failures, seconds=wait)
            stop.wait(wait)
            with disk_faults():
                self._start_over()
            return False

    def _start_over(self) -> None:
        """Goes on from what the warehouse says; whatever was read and not landed will be read again."""
        if self._pending is not None:
            with suppress(Exception):  # told already, or the reason for starting over
                self._pending.result()
            self._pending = None
        self._after = positions(self._connection, RESPONSES)
        self._after_administration = positions(self._connection, ADMINISTRATION)
        self._administration = landed_administration(self._connection)
        self._asked = Asked(self._definitions, self._administration.units, self._administration.since)

    def _drained(self) -> bool:
        self._step_while_behind()
        self._finish()
        self._tell(self._connection, self._log, self._clock())
        self._refresh_now()
        return True

    def _step_while_behind(self) -> None:
        wait_seconds = WAIT_SECONDS if behind(self._after, self._log.ends(RESPONSES)) else 0.0
        while read := self._read(wait_seconds):
            self._hand_over(read, publish=False)
            # Asking a broker where its log ends takes longer than landing a hundred responses; a full batch tells.
            full = len(read.verdicts) == self._batch
            wait_seconds = WAIT_SECONDS if full or behind(self._after, self._log.ends(RESPONSES)) else 0.0

    def _step(self) -> bool:
        """A publication has all that came while the last one was made: it is read once that one is done."""
        read = self._read(WAIT_SECONDS)
        self._hand_over(read, publish=False)
        if len(read.verdicts) < self._batch or self._overdue():
            self._finish()
            if self._dirty:
                self._hand_over(self._read(0.0), publish=True)
        return True

    def _read(self, wait_seconds: float) -> _Read:
        """1. responses, 2. administration to its end: what a response builds on was appended before it, 3. verdicts."""
        events = self._log.read(RESPONSES, self._after, self._batch, wait_seconds)
        news = to_end(self._log, ADMINISTRATION, self._after_administration)
        happened = self._administration.judge_all(news)
        self._asked.units = self._administration.units
        verdicts = parse(events, self._asked)
        advance(self._after, events)
        return _Read(verdicts, news, happened)

    def _hand_over(self, read: _Read, *, publish: bool) -> None:
        """Lets the other thread land it, once it has landed what it has."""
        self._finish()
        self._pending = self._landing.submit(self._land, read, publish)

    def _finish(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.result()
            self._failures = 0
            self._watch.looked()

    def _land(self, read: _Read, publish: bool) -> None:
        now = self._clock()
        if read:
            self._dirty |= land_administration(self._connection, read.news, read.happened, now) > 0
            landed = land(self._connection, read.verdicts, now)
            self._dirty |= bool(landed.parts) or landed.parked > 0
            self.totals = self.totals.plus(landed)
            self._watch.landed(self._connection, landed)
            self._logger.info("landed", accepted=landed.accepted, repeated=landed.repeated, parked=landed.parked)
        self._dirty |= bool(self._tell(self._connection, self._log, now))
        if publish and self._dirty:
            self._refresh_now()

    def _refresh_now(self) -> None:
        began = time.monotonic()
        published = self._published()
        if published is not None:
            self._watch.published(self._connection, time.monotonic() - began)
        self._dirty = False
        self._refreshed_at = time.monotonic()

    def _published(self) -> object | None:
        import duckdb

        self._connection.execute(f"SET memory_limit = '{self._publishing_memory}'")
        try:
            return self._refresh(self._connection, self._clock())
        except duckdb.OutOfMemoryException:
            if self._publishing_memory == ROOMY_MEMORY:
                raise
            self._publishing_memory = ROOMY_MEMORY
            return self._published()
        finally:
            self._connection.execute(f"SET memory_limit = '{LANDING_MEMORY}'")

    def _overdue(self) -> bool:
        return time.monotonic() - self._refreshed_at > BACKLOG_SECONDS


def run_once(settings: Settings) -> Totals:
    """Everything in the log landed, audited and published. Raises WarehouseLocked while another pipeline runs."""
    with consumer(settings) as joined:
        return joined.drain()


def run(settings: Settings, stop: threading.Event, watch: Watch | None = None) -> None:
    """The pipeline until `stop` is set. Raises WarehouseLocked while another one runs, PipelineGaveUp."""
    with consumer(settings, watch) as joined:
        joined.follow(stop)


@contextmanager
def consumer(settings: Settings, watch: Watch | None = None) -> Iterator[Consumer]:
    """A consumer of the settings' log, warehouse and publications, joined for as long as the block lasts.

    Raises PopulationFileFaults before anything is opened.
    """
    from pipeline.refresh import refresh
    from surveys.population import population_in_force

    population_in_force(settings.population_file)

    watch = watch or Watch(utc_now, settings.data_dir)

    replace_outdated(settings)
    with (
        closing(Digesting()) as digesting,
        opened_warehouse(settings, PATIENCE_SECONDS) as connection,
        opened_log(settings) as log,
    ):
        for name in clear_leftovers(settings.data_dir, utc_now()):
            get_logger("pipeline").info("leftover_removed", name=name)
        with disk_faults():
            chain_what_was_landed(connection, log)
        watch.started(connection, published_at(settings.data_dir))

        def publish(connection: "DuckDBPyConnection", now: datetime) -> object | None:
            return refresh(connection, settings, now, digesting=digesting)

        joined = Consumer(log, connection, load_catalogue(), publish, utc_now, watch=watch)
        try:
            with quick_switching():
                yield joined
        finally:
            joined.close()


@contextmanager
def quick_switching() -> Iterator[None]:
    """Lets threads take turns at the interpreter more often, for as long as the block lasts.

    The landing thread asks for it a dozen times a batch; waiting the usual 5 ms each time, it would wait longer than
    it works.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def opened_warehouse(settings: Settings, patience_seconds: float = 0.0) -> "Iterator[DuckDBPyConnection]":
    """The warehouse with its landing tables, for this process alone; one of an earlier version is brought up to date.

    Raises WarehouseLocked after `patience_seconds`, WarehouseUnreadable, WarehouseNewer, WarehouseOutdated.
    """
    connection = _connected(settings, time.monotonic() + patience_seconds)
    try:
        connection.execute(f"SET memory_limit = '{LANDING_MEMORY}'; SET wal_autocheckpoint = '{CHECKPOINT_AFTER}'")
        with disk_faults():
            bring_up_to_date(connection, warehouse_path(settings))
            prepare(connection)
        yield connection
    finally:
        connection.close()


def _connected(settings: Settings, until: float) -> "DuckDBPyConnection":
    while True:
        try:
            # One core is left to the thread that parses.
            return connect(warehouse_path(settings), threads=max((os.cpu_count() or 2) - 1, 1))
        except WarehouseLocked:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def stand_by(settings: Settings, stop: threading.Event) -> None:
    """Returns when no other process holds the warehouse any more, or `stop` is set."""
    waited = False
    while not stop.is_set():
        try:
            with opened_warehouse(settings):
                break
        except WarehouseOutdated:
            break
        except WarehouseLocked as fault:
            if not waited:
                get_logger("pipeline").info("standing_by", cause=fault.cause)
            waited = True
            stop.wait(STAND_BY_SECONDS)
    if waited and not stop.is_set():
        get_logger("pipeline").warning("taking_over")


def replace_outdated(settings: Settings) -> None:
    """Sets a warehouse aside that cannot be brought up to date, so that it is made anew from the log.

    Where each part last passed its audit is taken over. What is published stays until the new one is.
    """
    path = warehouse_path(settings)
    try:
        with opened_warehouse(settings, PATIENCE_SECONDS):
            return
    except WarehouseOutdated as fault:
        get_logger("pipeline").warning("warehouse_made_anew", found=fault.found, cause=fault.cause)
    with closing(connect(path)) as outdated:
        good = readable_good_positions(outdated)
        outdated.execute("CHECKPOINT")
    path.replace(path.with_name(path.name + ASIDE))
    with opened_warehouse(settings) as connection:
        prepare_state(connection)
        take_over(connection, good)


@contextmanager
def opened_log(settings: Settings) -> Iterator[EventLog]:
    log = open_log(settings)
    try:
        yield log
    finally:
        log.close()


def warehouse_path(settings: Settings) -> Path:
    return settings.data_dir / "warehouse.duckdb"


def stopped_by_signals() -> threading.Event:
    """An event that is set when the process is asked to end (SIGTERM or Ctrl-C)."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stop.set())
    return stop


def utc_now() -> datetime:
    return datetime.now(UTC)
