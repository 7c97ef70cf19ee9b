"""Reading a topic of the log to its present end."""

from collections.abc import Iterator, Mapping

from infra.event_log import EventLog, Position, StoredEvent

BATCH_EVENTS = 4_000  # large enough that planning SQL costs nothing beside landing, small enough to stay in memory


def behind(after: Mapping[int, int], ends: Mapping[int, int]) -> int:
    """How many offsets are between what was read and the ends: the lag."""
    return sum(max(end - 1 - after.get(partition, -1), 0) for partition, end in ends.items())


def batches_to_end(
    log: EventLog, topic: str, after: dict[int, int], limit: int = BATCH_EVENTS
) -> Iterator[list[StoredEvent]]:
    """The events of a topic after `after`, in batches, up to its end when asked for; `after` is moved along.

    When it is exhausted `after` stands at the end, so that asking again when nothing came waits for nothing.
    """
    ends = log.ends(topic)
    while behind(after, ends):
        events = log.read(topic, after, limit)
        if not events:
            # The log says that there is none: Kafka's ends may lie beyond the last event.
            after.update({partition: max(end - 1, after.get(partition, -1)) for partition, end in ends.items() if end})
            return
        advance(after, events)
        yield events


def to_end(log: EventLog, topic: str, after: dict[int, int]) -> list[StoredEvent]:
    """As `batches_to_end`, in one list."""
    return [event for batch in batches_to_end(log, topic, after) for event in batch]


def advance(after: dict[int, int], events: list[StoredEvent]) -> None:
    """Moves `after` past these events."""
    for event in events:
        after[event.partition] = max(event.offset, after.get(event.partition, -1))


def stored_at(log: EventLog, place: Position) -> StoredEvent | None:
    """The event at that position, None when the log has none there. Raises LogUnavailable."""
    ends = log.ends(place.topic)
    if not 0 <= place.offset < ends.get(place.partition, 0):
        return None
    after = {partition: end - 1 for partition, end in ends.items() if end}
    found = log.read(place.topic, after | {place.partition: place.offset - 1}, 1)
    return found[0] if found and (found[0].partition, found[0].offset) == (place.partition, place.offset) else None
