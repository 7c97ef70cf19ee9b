"""An event log as it was: up to positions, or without what was submitted later."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from infra.event_log import ADMINISTRATION, RESPONSES, EventLog, Position, StoredEvent
from pipeline.reading import advance
from surveys.events import EventFault, decode, submitted_at

Positions = Mapping[str, Mapping[int, int]]


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


class SubmittedBy:
    """An event log without the responses and administration events that were submitted after a time."""

    def __init__(self, log: EventLog, time: datetime) -> None:
        self._log = log
        self._time = time

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        """See EventLog."""
        if topic not in (RESPONSES, ADMINISTRATION):
            return self._log.read(topic, after, limit, wait_seconds)
        reached = dict(after)
        while events := self._log.read(topic, reached, limit, wait_seconds):
            if found := [event for event in events if when(event) <= self._time]:
                return found
            advance(reached, events)
        return []

    def ends(self, topic: str) -> dict[int, int]:
        """See EventLog."""
        return self._log.ends(topic)

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        """See EventLog."""
        return self._log.append(topic, events)

    def close(self) -> None:
        """See EventLog."""
        self._log.close()


def when(stored: StoredEvent) -> datetime:
    """When the event was submitted; what is no event was when the log took it."""
    try:
        return submitted_at(decode(stored.value), stored.appended_at)
    except EventFault:
        return stored.appended_at
