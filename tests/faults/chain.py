"""The far end of the chain: what the log has, landed and published, counted by submission."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.event_log import RESPONSES, EventLog
from infra.published import connect_current
from infra.settings import Settings
from pipeline.consume import Consumer, opened_log, opened_warehouse, utc_now
from pipeline.reading import to_end
from pipeline.refresh import refresh
from tests.collectors.build import trial_catalogue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def assert_each_is_published_once(folder: Path, log_url: str, acknowledged: Collection[str], seed: int) -> None:
    """Drains the log as a pipeline does; every acknowledged submission is then landed and published, once."""
    settings = Settings(data_dir=folder, log_url=log_url)
    catalogue = trial_catalogue()

    def publish(connection: "DuckDBPyConnection", now: datetime) -> None:
        refresh(connection, settings, now, catalogue)

    with opened_log(settings) as log, opened_warehouse(settings) as connection:
        events = events_of(log)
        consumer = Consumer(log, connection, catalogue, publish, utc_now)
        consumer.drain()
        consumer.close()
        landed = _counted(connection, "landing.event")
        parked = connection.execute("SELECT code, reason_sv FROM landing.dead_letter").fetchall()
    _, publication = connect_current(folder)
    published = _counted(publication, "response")
    publication.close()
    assert parked == [], f"seed {seed}"
    assert set(acknowledged) <= events.keys(), f"seed {seed}: not in the log {set(acknowledged) - events.keys()}"
    assert {len(copies) for copies in events.values()} == {1}, f"seed {seed}: appended as two events"
    assert set(acknowledged) <= landed.keys(), f"seed {seed}: lost {sorted(set(acknowledged) - landed.keys())}"
    assert set(landed.values()) == {1}, f"seed {seed}: doubled {[one for one in landed if landed[one] > 1]}"
    assert published == landed, f"seed {seed}"


def events_of(log: EventLog) -> dict[str, set[bytes]]:
    """The different events that the log has of each submission; the very same event may be there twice."""
    after: dict[int, int] = {}
    found: defaultdict[str, set[bytes]] = defaultdict(set)
    for event in to_end(log, RESPONSES, after):
        found[json.loads(event.value)["data"]["submission_id"]].add(event.value)
    return found


def _counted(connection: "DuckDBPyConnection", table: str) -> Counter[str]:
    return Counter(dict(connection.execute(f"SELECT submission_id, count(*) FROM {table} GROUP BY 1").fetchall()))
