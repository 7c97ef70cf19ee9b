"""The far end of the chain: what the log has, landed and published, counted by submission."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.event_log import RESPONSES, EventLog
from infra.published import connect_current
from infra.settings import Settings
from pipeline.consume import BACKOFF_SECONDS, Consumer, opened_log, opened_warehouse, utc_now
from pipeline.reading import to_end
from pipeline.refresh import refresh
from pipeline.watch import Watch
from surveys.catalogue import Catalogue
from tests.collectors.build import trial_catalogue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def consuming(
    settings: Settings,
    published: Callable[[], object] = lambda: None,
    clock: Callable[[], datetime] = utc_now,
    batch_events: int = 100,
    backoff_seconds: Sequence[float] = BACKOFF_SECONDS,
    watch: Watch | None = None,
    catalogue: Catalogue | None = None,
) -> Iterator[Consumer]:
    """A whole pipeline, of the trial survey if not of another catalogue; `published` is told of each publication."""
    catalogue = catalogue or trial_catalogue()

    def publish(connection: "DuckDBPyConnection", now: datetime) -> object | None:
        publication = refresh(connection, settings, now, catalogue)
        if publication:
            published()
        return publication

    with opened_log(settings) as log, opened_warehouse(settings) as connection:
        more = {"backoff_seconds": backoff_seconds, "batch_events": batch_events, "watch": watch}
        if watch is not None:
            watch.started(connection, None)
        consumer = Consumer(log, connection, catalogue, publish, clock, **more)  # type: ignore[arg-type]
        try:
            yield consumer
        finally:
            consumer.close()


def drained(settings: Settings, catalogue: Catalogue | None = None) -> None:
    """Lands and publishes what the log has."""
    with consuming(settings, catalogue=catalogue) as consumer:
        consumer.drain()


def assert_each_is_published_once(
    folder: Path, log_url: str, acknowledged: Collection[str], seed: int, catalogue: Catalogue | None = None
) -> None:
    """Drains the log as a pipeline does; every acknowledged submission is then landed and published, once."""
    settings = Settings(data_dir=folder, log_url=log_url)
    drained(settings, catalogue)
    with opened_log(settings) as log, opened_warehouse(settings) as connection:
        events = events_of(log)
        landed = _counted(connection, "landing.event")
        parked = connection.execute("SELECT code, reason_sv FROM landing.dead_letter").fetchall()
    published = published_submissions(folder)
    assert parked == [], f"seed {seed}"
    assert set(acknowledged) <= events.keys(), f"seed {seed}: not in the log {set(acknowledged) - events.keys()}"
    assert {len(copies) for copies in events.values()} == {1}, f"seed {seed}: appended as two events"
    assert events.keys() == landed.keys(), f"seed {seed}: {sorted(events.keys() ^ landed.keys())}"
    assert set(landed.values()) == {1}, f"seed {seed}: doubled {[one for one in landed if landed[one] > 1]}"
    assert published == landed, f"seed {seed}"


def published_submissions(folder: Path) -> Counter[str]:
    """How often each submission stands in the publication in force."""
    with closing(connect_current(folder)[1]) as publication:
        return _counted(publication, "response")


def events_of(log: EventLog) -> dict[str, set[bytes]]:
    """The different events that the log has of each submission; the very same event may be there twice."""
    found: defaultdict[str, set[bytes]] = defaultdict(set)
    for event in to_end(log, RESPONSES, {}):
        found[json.loads(event.value)["data"]["submission_id"]].add(event.value)
    return found


def _counted(connection: "DuckDBPyConnection", table: str) -> Counter[str]:
    return Counter(dict(connection.execute(f"SELECT submission_id, count(*) FROM {table} GROUP BY 1").fetchall()))
