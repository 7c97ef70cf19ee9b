"""Reads one Kafka topic from given positions, with one consumer that lives as long as the log."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from infra.errors import LogPositionLost, LogUnavailable
from infra.event_log import StoredEvent
from infra.log import get_logger

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TopicReader:
    """Reads `topic` with `consumer` and looks up offsets with `lookup`; it owns both.

    Reads take turns; `ends` may be asked for at any time.
    """

    def __init__(self, consumer: Any, lookup: Any, topic: str, longest_wait: float) -> None:
        self._consumer = consumer
        # A broker answers one request of a connection after the other: behind a fetch that waits for events, each
        # look at the end of the log would take 0.1 s.
        self._lookup = lookup
        self._topic = topic
        self._wait_ms = int(longest_wait * 1000)
        self._turn = threading.Lock()
        self._next: dict[int, int] = {}

    def read(self, after: Mapping[int, int], limit: int, wait_seconds: float) -> list[StoredEvent]:
        """See EventLog.read."""
        from kafka.errors import LogTruncationError, OffsetOutOfRangeError

        with self._turn:
            try:
                self._go_to(after)
                return self._next_events(limit, wait_seconds)
            except OffsetOutOfRangeError:
                self._next.clear()
                self._go_to(after)  # says which position is lost
                return self._next_events(limit, wait_seconds)
            except LogTruncationError as fault:
                self._next.clear()
                partition = min(each.partition for each in fault.divergent_offsets)
                raise LogPositionLost(self._topic, partition, after.get(partition, -1), str(fault)) from fault

    def ends(self) -> dict[int, int]:
        """See EventLog.ends."""
        return self._numbered(self._lookup.end_offsets(self._partitions(), timeout_ms=self._wait_ms))

    def close(self) -> None:
        """Gives back the connections, after a read under way."""
        with self._turn:
            for each in (self._consumer, self._lookup):
                each.close(autocommit=False, timeout_ms=self._wait_ms)

    def _go_to(self, after: Mapping[int, int]) -> None:
        # 1. All partitions are assigned.  2. Only those that stand elsewhere are moved: moving drops what was fetched.
        partitions = self._partitions()
        if self._consumer.assignment() != set(partitions):
            self._consumer.assign(partitions)
            self._next.clear()
        wanted = {each.partition: after.get(each.partition, -1) + 1 for each in partitions}
        self._refuse_unknown(after, wanted)
        moved = [each for each in partitions if self._next.get(each.partition) != wanted[each.partition]]
        if moved:
            self._move(moved, wanted)

    def _move(self, moved: list[Any], wanted: dict[int, int]) -> None:
        first = self._lookup.beginning_offsets(moved, timeout_ms=self._wait_ms)
        end = self._lookup.end_offsets(moved, timeout_ms=self._wait_ms)
        for each in moved:
            start = wanted[each.partition]
            if start == 0 and first[each] > 0:
                get_logger(__name__).warning("log_begins_late", topic=self._topic, offset=first[each])
            elif not first[each] <= start <= end[each]:
                has = f"offsets {first[each]} to {end[each] - 1}"
                raise LogPositionLost(self._topic, each.partition, start - 1, has)
            self._consumer.seek(each, max(start, first[each]))
            self._next[each.partition] = start

    def _refuse_unknown(self, after: Mapping[int, int], wanted: dict[int, int]) -> None:
        for partition, offset in after.items():
            if offset >= 0 and partition not in wanted:
                raise LogPositionLost(self._topic, partition, offset, f"partitions {sorted(wanted)} only")

    def _next_events(self, limit: int, wait_seconds: float) -> list[StoredEvent]:
        if limit < 1:
            return []
        # 1. What has been fetched already.  2. What the log has: an empty answer must mean that there is none.
        # 3. What comes while we wait.
        return (
            self._poll(limit, 0)
            or self._what_is_there(limit)
            or (self._poll(limit, int(wait_seconds * 1000)) if wait_seconds > 0 else [])
        )

    def _what_is_there(self, limit: int) -> list[StoredEvent]:
        while behind := self._behind():
            if events := self._poll(limit, self._wait_ms):
                return events
            # It may have passed over what is no event: marks of transactions, what another writer took back.
            if self._behind() >= behind:
                raise LogUnavailable(self._topic, "the broker has more events, and hands out none")
        return []

    def _behind(self) -> int:
        """How many offsets lie between where the consumer stands and the ends."""
        ends = self._lookup.end_offsets(self._partitions(), timeout_ms=self._wait_ms)
        return sum(max(end - self._consumer.position(each, timeout_ms=self._wait_ms), 0) for each, end in ends.items())

    def _poll(self, limit: int, wait_ms: int) -> list[StoredEvent]:
        polled = self._consumer.poll(timeout_ms=wait_ms, max_records=limit)
        for each, records in polled.items():
            self._next[each.partition] = records[-1].offset + 1
        return [self._event(record) for records in polled.values() for record in records]

    def _event(self, record: Any) -> StoredEvent:
        # A foreign writer may leave out the key or the value: that is for the pipeline to park, not for us to stop at.
        key = record.key.decode(errors="replace") if record.key else ""
        at = moment_of(record.timestamp)
        return StoredEvent(self._topic, record.partition, record.offset, key, record.value or b"", at)

    def _partitions(self) -> list[Any]:
        from kafka import TopicPartition

        return [TopicPartition(self._topic, each) for each in sorted(self._consumer.partitions_for_topic(self._topic))]

    def _numbered(self, offsets: dict[Any, int]) -> dict[int, int]:
        return {each.partition: offset for each, offset in offsets.items()}


@lru_cache(maxsize=256)  # events that were appended together bear the same time
def moment_of(milliseconds: int) -> datetime:
    """The moment so many milliseconds after 1970 began, in UTC."""
    return EPOCH + timedelta(milliseconds=milliseconds)
