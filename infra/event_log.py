"""The event log: what is appended here is the truth, and everything else can be rebuilt from it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from infra.errors import EventTooLarge

if TYPE_CHECKING:
    from infra.settings import Settings

RESPONSES = "lagesbild.responses.v1"
DEAD_LETTERS = RESPONSES + ".dead-letter"
ADMINISTRATION = "lagesbild.administration.v1"
# A unit's own system writes to a topic of its own, and to no other: `lagesbild.responses.v1.from.14`.
FROM_WRITER = RESPONSES + ".from."
# In this order: what an event builds on is in a later one, so reading them one after the other misses none of it.
TOPICS = (RESPONSES, ADMINISTRATION, DEAD_LETTERS)

# Kafka's own default limit for a message is 1 MiB with everything around it; both logs take the same.
LARGEST_EVENT_BYTES = 1_000_000


def writer_topic(unit: str) -> str:
    """The topic that the unit's own system writes to."""
    return FROM_WRITER + unit


def is_from_writer(topic: str) -> bool:
    """Whether a unit's own system writes to that topic."""
    return topic.startswith(FROM_WRITER)


def short_name(topic: str) -> str:
    """The topic as ids of dead letters name it: responses, administration, from.14."""
    if is_from_writer(topic):
        return topic.removeprefix(RESPONSES + ".")
    return _SHORT[topic]


def topic_named(name: str) -> str | None:
    """The topic with that short name, None when there is none."""
    if re.fullmatch(r"from\.[A-Za-z0-9_-]{1,100}", name):
        return f"{RESPONSES}.{name}"
    return next((topic for topic, short in _SHORT.items() if short == name), None)


_SHORT = {RESPONSES: "responses", ADMINISTRATION: "administration"}


class Position(NamedTuple):
    """Where one event lies: offsets count from 0 in each partition of a topic."""

    topic: str
    partition: int
    offset: int


class StoredEvent(NamedTuple):
    """One event as the log keeps it; `appended_at` is the log's own time, in UTC.

    What came later bears a later time on the embedded log, whatever the machine's clock does; on Kafka its brokers'
    clocks have to see to it.
    """

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes
    appended_at: datetime


class EventLog(Protocol):
    """An append-only log; events of one key keep their order. Safe to use from several threads."""

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        """The positions of the given (key, value) events, in the order given; they are durable on return.

        Raises LogUnavailable (after at most some seconds), EventTooLarge, LogRefused or LogDamaged. After
        LogUnavailable an event may or may not be in the log: append it again, readers know it by its id.
        """

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        """At most `limit` events with offset > after.get(partition, -1), in offset order in each partition.

        Waits up to `wait_seconds` for the first one; an empty list means that there is none yet. Raises
        LogPositionLost when `after` names an offset that the log does not have, LogUnavailable, LogDamaged.
        """

    def ends(self, topic: str) -> dict[int, int]:
        """The next offset to be written in each partition; {} or zeros for an empty topic."""

    def close(self) -> None:
        """Gives back what the log holds; nothing acknowledged depends on it."""


def open_log(settings: "Settings") -> EventLog:
    """The log that `settings.log_url` names: sqlite:///path or kafka://host:port,…"""
    if settings.log_url.startswith("kafka://"):
        from infra.kafka_log import KafkaLog

        return KafkaLog(settings.log_url.removeprefix("kafka://"), settings)
    from infra.embedded_log import EmbeddedLog
    from infra.settings import sqlite_path

    return EmbeddedLog(sqlite_path(settings.log_url))


def refuse_too_large(events: Sequence[tuple[str, bytes]]) -> None:
    """Raises EventTooLarge for the first event that no log would take."""
    for key, value in events:
        if len(value) > LARGEST_EVENT_BYTES:
            raise EventTooLarge(key, len(value), LARGEST_EVENT_BYTES)
