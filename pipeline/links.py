"""The links of what is landed, in the warehouse: each event's first bytes, now and then a whole one, and the head.

The first bytes say at which event a log departs, whole ones let a log be followed whose beginning is gone, and the
head proves everything before it.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from infra.event_log import EventLog, StoredEvent
from infra.log import get_logger
from infra.warehouse import transaction
from pipeline import columns
from pipeline.arrived import insert
from pipeline.chain import CHAINED, digest, first_link, next_link
from pipeline.log_then import Until
from pipeline.reading import batches_to_end
from surveys.model import Frozen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Eight bytes for each event: two links that begin alike by chance are not to be expected among 10^9.
MARK_BYTES = 8
WHOLE_EVERY = 1_000
FETCHED = 10_000


class Head(Frozen):
    """The chain of a partition: the offset of its first event, that of its last one, and the last one's link."""

    begins: int
    offset: int
    link: str


class Known(NamedTuple):
    """What is known of the link at an offset: its first bytes, or all of them."""

    offset: int
    link: bytes


def heads(connection: "DuckDBPyConnection", topic: str) -> dict[int, Head]:
    """The head of the chain of each landed partition."""
    rows = connection.execute(
        "SELECT topic_partition, begins, log_offset, link FROM landing.chain WHERE topic = ?", [topic]
    ).fetchall()
    return {partition: Head(begins=begins, offset=last, link=link) for partition, begins, last, link in rows}


def add_links(connection: "DuckDBPyConnection", events: Sequence[StoredEvent]) -> None:
    """Goes on with the chains of a topic, with events that are landed now; the caller holds the transaction."""
    if not events:
        return
    topic = events[0].topic
    known = heads(connection, topic)
    last = {partition: bytes.fromhex(head.link) for partition, head in known.items()}
    begins = {partition: head.begins for partition, head in known.items()}
    added: list[bytes] = []
    for one in events:
        begins.setdefault(one.partition, one.offset)
        before = last.get(one.partition) or first_link(topic, one.partition)
        last[one.partition] = link = next_link(before, one.offset, digest(one.key, one.value))
        added.append(link if one.offset % WHOLE_EVERY == 0 else link[:MARK_BYTES])
    insert(connection, "link", columns.links(events, added))
    offsets = {one.partition: one.offset for one in events}
    connection.execute(
        "INSERT INTO landing.chain SELECT $topic, unnest($partitions), unnest($begins), unnest($offsets), "
        "unnest($links) ON CONFLICT DO UPDATE SET log_offset = excluded.log_offset, link = excluded.link",
        {
            "topic": topic,
            "partitions": list(offsets),
            "begins": [begins[partition] for partition in offsets],
            "offsets": list(offsets.values()),
            "links": [last[partition].hex() for partition in offsets],
        },
    )


def landed_links(connection: "DuckDBPyConnection", topic: str, partition: int, head: Head) -> Iterator[Known]:
    """What is known of every landed event of a partition, in order, the head at last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT log_offset, link FROM landing.link WHERE topic = ? AND topic_partition = ? ORDER BY log_offset",
            [topic, partition],
        )
        while rows := cursor.fetchmany(FETCHED):
            yield from (Known(offset, link) for offset, link in rows)
    yield Known(head.offset, bytes.fromhex(head.link))


def chain_what_was_landed(connection: "DuckDBPyConnection", log: EventLog) -> None:
    """Gives what an earlier version landed its links, from the log as it is now; nothing is read when all have them.

    Raises LogUnavailable; what has been chained until then stays.
    """
    for topic in CHAINED:
        landed = dict(
            connection.execute(
                "SELECT topic_partition, log_offset FROM landing.position WHERE topic = ?", [topic]
            ).fetchall()
        )
        chained = {partition: head.offset for partition, head in heads(connection, topic).items()}
        if chained == landed:
            continue
        count = 0
        for events in batches_to_end(Until(log, {topic: landed}), topic, chained):
            with transaction(connection):
                add_links(connection, events)
            count += len(events)
        if count:
            get_logger("pipeline").warning("chained_what_was_landed", topic=topic, events=count)
