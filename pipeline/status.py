"""How far the pipeline has come: what the log has, what is landed, what is published.

While a pipeline runs, the warehouse is its own; then what is landed is told by the snapshot that it leaves after each
landing and publication, and without one (another version left it) by the publication in force.
"""

import json
from contextlib import closing
from datetime import datetime

from pydantic import Field

from infra.errors import NothingPublished, WarehouseLocked
from infra.event_log import ADMINISTRATION, RESPONSES, EventLog
from infra.published import connect_current
from infra.settings import Settings
from pipeline.consume import opened_log, opened_warehouse, utc_now
from pipeline.lag import lag
from pipeline.snapshot import HeldPart, Snapshot, left, take
from surveys.model import Frozen


class Progress(Frozen):
    """One topic: `end` is the number of events in the log and `lag` how many of them are not landed yet.

    The oldest of those was appended at `waiting_since`, `oldest_age_seconds` ago; None and 0 when none waits.
    """

    topic: str
    landed: dict[int, int]
    end: dict[int, int]
    lag: int
    waiting_since: datetime | None
    oldest_age_seconds: float


class Status(Frozen):
    """`running`: another process holds the warehouse. `known_at`: when that which is said of it was so.

    Of the events read from the response topic, `accepted` count, `repeated` were the same again (None when only the
    publication in force could be asked), and `parked` wait as dead letters, `parked_by_code`. `publish_id` and
    `published_at` are None before the first publication; `publish_seconds` is how long auditing and publishing last
    took, None when that is not known. `retrying` says why a running pipeline waits.
    """

    running: bool
    known_at: datetime
    topics: tuple[Progress, ...]
    accepted: int
    repeated: int | None
    parked: int
    parked_by_code: dict[str, int]
    publish_id: str | None
    published_at: datetime | None
    publish_seconds: float | None
    held: tuple[str, ...]
    held_parts: tuple[HeldPart, ...]
    retrying: str | None


class _Publication(Frozen):
    publish_id: str | None = None
    published_at: datetime | None = None
    accepted: int = 0
    parked: int = 0
    held: tuple[str, ...] = ()
    watermarks: dict[int, int] = Field(default_factory=dict)


def status(settings: Settings) -> Status:
    """The pipeline's progress now. Raises LogUnavailable."""
    published = _publication(settings)
    with opened_log(settings) as log:
        before = left(settings.data_dir)
        try:
            with opened_warehouse(settings) as connection:
                now = take(connection, utc_now())
        except WarehouseLocked:
            return _told(log, published, before, running=True) if before else _of_publication(log, published)
        now = now.model_copy(update={"publish_seconds": before.publish_seconds if before else None})
        return _told(log, published, now, running=False)


def _told(log: EventLog, published: _Publication, snapshot: Snapshot, *, running: bool) -> Status:
    return Status(
        running=running,
        known_at=snapshot.taken_at,
        topics=tuple(_progress(log, topic, snapshot.landed.get(topic, {})) for topic in (RESPONSES, ADMINISTRATION)),
        accepted=snapshot.accepted,
        repeated=snapshot.repeated,
        parked=sum(snapshot.parked.values()),
        parked_by_code=snapshot.parked,
        publish_id=published.publish_id,
        published_at=published.published_at,
        publish_seconds=snapshot.publish_seconds,
        held=tuple(f"{part.survey}/{part.year}" for part in snapshot.held),
        held_parts=snapshot.held,
        retrying=snapshot.retrying if running else None,
    )


def _of_publication(log: EventLog, published: _Publication) -> Status:
    return Status(
        running=True,
        known_at=published.published_at or utc_now(),
        topics=(_progress(log, RESPONSES, published.watermarks),),
        accepted=published.accepted,
        repeated=None,
        parked=published.parked,
        parked_by_code={},
        publish_id=published.publish_id,
        published_at=published.published_at,
        publish_seconds=None,
        held=published.held,
        held_parts=(),
        retrying=None,
    )


def _progress(log: EventLog, topic: str, landed: dict[int, int]) -> Progress:
    found = lag(log, topic, landed)
    return Progress(
        topic=topic,
        landed=landed,
        end=found.end,
        lag=found.events,
        waiting_since=found.waiting_since,
        oldest_age_seconds=round(found.age_seconds(utc_now()), 3),
    )


def _publication(settings: Settings) -> _Publication:
    try:
        _, connection = connect_current(settings.data_dir)
    except NothingPublished:
        return _Publication()
    with closing(connection):
        columns = ", ".join(_Publication.model_fields)
        row = connection.sql(f"SELECT {columns} FROM publication").to_arrow_table().to_pylist()[0]
    return _Publication.model_validate(row | {"watermarks": json.loads(row["watermarks"])})
