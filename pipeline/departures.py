"""The log held against the chain: whether it is still what was landed, and if not, where it departs first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from infra.event_log import EventLog, StoredEvent
from pipeline.chain import digest, first_link, next_link
from pipeline.errors import LogAltered
from pipeline.links import Known
from pipeline.reading import BATCH_EVENTS, advance

LINK_BYTES = 32


@dataclass(frozen=True, slots=True)
class Chained:
    """A partition whose log agrees with the chain, from the event after `follows` to `offset`; `link` is the last one.

    `begins` is where the log begins. It is later than `chained`, where the chain begins, when the log was shortened;
    then `follows` is the first whole link that is left, or None when none is.
    """

    topic: str
    partition: int
    chained: int
    begins: int
    follows: int | None
    offset: int
    link: str

    @property
    def shortened(self) -> bool:
        """Whether the log has lost its beginning since it was landed."""
        return self.begins > self.chained


def held_against(
    log: EventLog, topic: str, partition: int, chained: int, last: int, known: Iterable[Known], witness: str
) -> Chained:
    """The partition from offset `chained`, where its chain begins, to `last`, held against what is known of its links.

    Raises LogAltered, naming `witness`, with the first offset at which they depart, LogUnavailable, LogDamaged.
    """
    events = events_between(log, topic, partition, -1, last)
    event = next(events, None)
    begins = event.offset if event else _end(log, topic, partition, last)
    rest = iter(known)
    if begins > chained:
        start = next((one for one in rest if one.offset >= begins and len(one.link) == LINK_BYTES), None)
        if start is None or event is None:
            return Chained(topic, partition, chained, begins, None, last, "")
        agreed, link = start
        event = next((one for one in events if one.offset > agreed), None) if event.offset <= agreed else event
    else:
        start, agreed, link = None, chained - 1, first_link(topic, partition)
    for offset, said in rest:
        here = agreed
        while event is not None and event.offset <= offset:
            here, link = event.offset, next_link(link, event.offset, digest(event.key, event.value))
            event = next(events, None)
        if here != offset or not link.startswith(said):
            raise LogAltered(topic, partition, min(agreed + 1, offset), offset, witness)
        agreed = offset
    return Chained(topic, partition, chained, begins, start.offset if start else None, agreed, link.hex())


def events_between(log: EventLog, topic: str, partition: int, follows: int, last: int) -> Iterator[StoredEvent]:
    """The events of one partition after `follows` up to `last`; of the others only what comes meanwhile is read."""
    after = {other: end - 1 for other, end in log.ends(topic).items() if end} | {partition: follows}
    while after[partition] < last and (found := log.read(topic, after, BATCH_EVENTS)):
        yield from (one for one in found if one.partition == partition and one.offset <= last)
        advance(after, found)


def _end(log: EventLog, topic: str, partition: int, last: int) -> int:
    """Where a partition without events up to `last` begins: after them if the log counts them, else never."""
    end = log.ends(topic).get(partition, 0)
    return end if end > last else 0
