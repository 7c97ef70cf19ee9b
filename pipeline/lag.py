"""How far landing is behind the log: events not landed yet, and how long the oldest of them has waited."""

from collections.abc import Mapping
from datetime import datetime

from infra.event_log import EventLog
from surveys.model import Frozen


class Lag(Frozen):
    """One topic: the last landed offset and the end by partition, and the events in between.

    `waiting_since` is when the oldest of those was appended, None when there is none.
    """

    topic: str
    landed: dict[int, int]
    end: dict[int, int]
    by_partition: dict[int, int]
    waiting_since: datetime | None

    @property
    def events(self) -> int:
        """Events that are not landed, in all partitions."""
        return sum(self.by_partition.values())

    def age_seconds(self, now: datetime) -> float:
        """How long the oldest one has waited; 0 when none waits, or when the log's clock is ahead."""
        return max((now - self.waiting_since).total_seconds(), 0.0) if self.waiting_since else 0.0


def lag(log: EventLog, topic: str, landed: Mapping[int, int]) -> Lag:
    """The lag of a topic. Raises LogUnavailable, LogPositionLost."""
    end = log.ends(topic)
    by_partition = {partition: max(last - 1 - landed.get(partition, -1), 0) for partition, last in end.items()}
    appended = [_next_appended(log, topic, landed, end, one) for one, behind in by_partition.items() if behind]
    since = min((at for at in appended if at is not None), default=None)
    if since is None:
        # Kafka's offsets may lie beyond the last event (marks of transactions): nothing waits.
        by_partition = dict.fromkeys(by_partition, 0)
    return Lag(topic=topic, landed=dict(landed), end=end, by_partition=by_partition, waiting_since=since)


def _next_appended(
    log: EventLog, topic: str, landed: Mapping[int, int], end: Mapping[int, int], partition: int
) -> datetime | None:
    """When the first event after the landed one of this partition was appended."""
    others = {one: last - 1 for one, last in end.items() if last and one != partition}
    found = log.read(topic, others | {partition: landed.get(partition, -1)}, 1)
    return found[0].appended_at if found else None
