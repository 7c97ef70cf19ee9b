"""The proof that the log is still what was landed, or what a publication was made of."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from infra.event_log import EventLog
from pipeline.chain import CHAINED
from pipeline.departures import Chained, held_against
from pipeline.errors import LogAltered, LogShortened
from pipeline.ledger import Record
from pipeline.links import Known, heads, landed_links

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Place = tuple[str, int, int]


def prove_landed(connection: "DuckDBPyConnection", log: EventLog) -> tuple[Chained, ...]:
    """Every landed partition held against the link of each of its events.

    Raises LogAltered naming the first event that is not what was landed; LogShortened when the log has only lost its
    beginning.
    """
    landed = [(topic, partition, head) for topic in CHAINED for partition, head in heads(connection, topic).items()]
    return _unshortened(
        held_against(
            log, topic, partition, head.begins, head.offset, landed_links(connection, topic, partition, head), "landing"
        )
        for topic, partition, head in landed
    )


def prove_recorded(log: EventLog, chosen: Sequence[Record], ledger: Sequence[Record]) -> tuple[Chained, ...]:
    """The log held against the chains that these publications were made of; records without any are passed over.

    Raises as `prove_landed`; the heads of the whole ledger tell between which publications the log departs.
    """
    witness = f"publication {chosen[0].publish_id}" if len(chosen) == 1 else "the recorded publications"
    return _unshortened(_recorded(log, place, chosen, ledger, witness) for place in sorted(_places(chosen)))


def _recorded(log: EventLog, place: Place, chosen: Sequence[Record], ledger: Sequence[Record], witness: str) -> Chained:
    known = _known(chosen, place)
    last = max(known).offset
    try:
        return held_against(log, *place, last, sorted(known), witness)
    except LogAltered:
        nearer = {one for one in _known(ledger, place) if one.offset < last}
        return held_against(log, *place, last, sorted(known | nearer), witness)


def _places(records: Sequence[Record]) -> set[Place]:
    """The partitions with a chain on record, each with where it begins."""
    return {
        (topic, partition, head.begins)
        for one in records
        for topic, chains in one.chain.items()
        for partition, head in chains.items()
    }


def _known(records: Sequence[Record], place: Place) -> set[Known]:
    topic, partition, begins = place
    found = (one.chain.get(topic, {}).get(partition) for one in records)
    return {Known(head.offset, bytes.fromhex(head.link)) for head in found if head and head.begins == begins}


def _unshortened(checked: Iterator[Chained]) -> tuple[Chained, ...]:
    """All of them are looked at before a shortened one is told: an altered one is worse."""
    found = tuple(checked)
    for one in found:
        if one.shortened:
            raise LogShortened(one.topic, one.partition, one.chained, one.begins, one.follows, one.offset)
    return found
