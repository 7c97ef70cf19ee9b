"""A log in memory with several partitions, as Kafka has them: a unit's events keep their order, others do not."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zlib import crc32

from infra.event_log import RESPONSES, Position, StoredEvent


class PartitionedLog:
    """An EventLog whose topic of responses has `partitions`; the others have one."""

    def __init__(self, clock: Callable[[], datetime], partitions: int = 3) -> None:
        self._clock = clock
        self._partitions = partitions
        self._events: dict[tuple[str, int], list[StoredEvent]] = {}

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        """See EventLog."""
        return [self._append(topic, key, value) for key, value in events]

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        """See EventLog; never waits."""
        found = [
            event
            for partition in self.ends(topic)
            for event in self._events.get((topic, partition), [])[after.get(partition, -1) + 1 :]
        ]
        return found[:limit]

    def ends(self, topic: str) -> dict[int, int]:
        """See EventLog."""
        count = self._partitions if topic == RESPONSES else 1
        return {partition: len(self._events.get((topic, partition), [])) for partition in range(count)}

    def close(self) -> None:
        """See EventLog."""

    def _append(self, topic: str, key: str, value: bytes) -> Position:
        partition = crc32(key.encode()) % self._partitions if topic == RESPONSES else 0
        lying = self._events.setdefault((topic, partition), [])
        lying.append(StoredEvent(topic, partition, len(lying), key, value, self._clock()))
        return Position(topic, partition, len(lying) - 1)
