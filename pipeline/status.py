"""How far the pipeline has come: what the log has, what is landed, what is published.

While a pipeline runs, the warehouse is its own; then what is landed is told by the publication in force, which at most
lags by the time between two publications.
"""

import json
from contextlib import closing
from datetime import datetime
from typing import Any

from pydantic import Field

from infra.errors import NothingPublished, WarehouseLocked
from infra.event_log import ADMINISTRATION, RESPONSES, EventLog
from infra.published import connect_current
from infra.settings import Settings
from pipeline.consume import opened_log, opened_warehouse
from pipeline.land import positions
from pipeline.reading import behind
from surveys.model import Frozen


class Progress(Frozen):
    """One topic: `end` is the number of events in the log and `lag` how many of them are not landed yet."""

    topic: str
    landed: dict[int, int]
    end: dict[int, int]
    lag: int


class Status(Frozen):
    """`running`: another process holds the warehouse, and what is landed is what the publication in force says.

    Of the events read from the response topic, `accepted` count, `repeated` (None while running) were the same again,
    and `parked` wait as dead letters. `publish_id` and `published_at` are None before the first publication.
    """

    running: bool
    topics: tuple[Progress, ...]
    accepted: int
    repeated: int | None
    parked: int
    publish_id: str | None
    published_at: datetime | None
    held: tuple[str, ...]


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
        try:
            return _of_warehouse(settings, log, published)
        except WarehouseLocked:
            return _status(
                published,
                running=True,
                topics=(_progress(log, RESPONSES, published.watermarks),),
                accepted=published.accepted,
                repeated=None,
                parked=published.parked,
            )


def _of_warehouse(settings: Settings, log: EventLog, published: _Publication) -> Status:
    with opened_warehouse(settings) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM landing.event), (SELECT count(*) FROM landing.repeated), "
            "(SELECT count(*) FROM landing.dead_letter WHERE replayed_at IS NULL)"
        ).fetchall()
        topics = [_progress(log, topic, positions(connection, topic)) for topic in (RESPONSES, ADMINISTRATION)]
    accepted, repeated, parked = counts[0]
    return _status(published, running=False, topics=tuple(topics), accepted=accepted, repeated=repeated, parked=parked)


def _status(published: _Publication, **facts: Any) -> Status:
    return Status(**published.model_dump(include={"publish_id", "published_at", "held"}), **facts)


def _progress(log: EventLog, topic: str, landed: dict[int, int]) -> Progress:
    end = log.ends(topic)
    return Progress(topic=topic, landed=landed, end=end, lag=behind(landed, end))


def _publication(settings: Settings) -> _Publication:
    try:
        _, connection = connect_current(settings.data_dir)
    except NothingPublished:
        return _Publication()
    with closing(connection):
        columns = ", ".join(_Publication.model_fields)
        row = connection.sql(f"SELECT {columns} FROM publication").to_arrow_table().to_pylist()[0]
    return _Publication.model_validate(row | {"watermarks": json.loads(row["watermarks"])})
