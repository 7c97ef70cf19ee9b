"""The proof that an event was in the log a publication was made of: its bytes, and the chain from them to a head.

Whoever has the head from somebody else can verify it with SHA-256 and nothing of ours. Others' events stand in it by
their digests only.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Base64Bytes, Field, StringConstraints, ValidationError

from infra.event_log import EventLog, Position
from pipeline.chain import CHAINED, digest, first_link, next_link
from pipeline.departures import events_between
from pipeline.errors import LogAltered, NotYetRecorded, ProofFails
from pipeline.ledger import Record
from pipeline.letters import letter_id
from pipeline.links import Head
from surveys.model import Frozen


def _chained(topic: str) -> str:
    if topic not in CHAINED:
        raise ValueError(f"the topic {topic} has no chain")
    return topic


Topic = Annotated[str, AfterValidator(_chained)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Offset = Annotated[int, Field(ge=0, lt=2**63)]


class EventProof(Frozen):
    """From `before`, the link before the event, over the event and the digests of those `after` it to the link `head`.

    `event` is its value in Base64. In a file it stands as `written` writes it, and in no other way.
    """

    proof: Literal["lagesbild event 1"] = "lagesbild event 1"
    topic: Topic
    partition: Offset
    offset: Offset
    key: str
    event: Base64Bytes
    before: Digest
    after: dict[Offset, Digest]
    head: Digest

    @property
    def position(self) -> str:
        """The event's position as traces name it, `responses/0/17`."""
        return letter_id(self.topic, self.partition, self.offset)

    @property
    def head_named(self) -> str:
        """The head as it is told to others, `responses/0/19:` and its link."""
        return f"{letter_id(self.topic, self.partition, self.last)}:{self.head}"

    @property
    def last(self) -> int:
        """The offset of the event that the head stands at."""
        return max(self.after, default=self.offset)

    @property
    def leads_to(self) -> str:
        """The link that the event and what came after it lead to."""
        link = next_link(bytes.fromhex(self.before), self.offset, digest(self.key, self.event))
        for offset, event in self.after.items():
            link = next_link(link, offset, bytes.fromhex(event))
        return link.hex()


def prove_event(log: EventLog, at: Position, chosen: Sequence[Record], ledger: Sequence[Record]) -> EventProof:
    """The event at that position, led to the head of the first of the chosen publications that was made of it.

    Raises NotYetRecorded when none was, LogAltered when the log leads to another head, LogUnavailable.
    """
    found = next(((one, head) for one in chosen if (head := _head(one, at)) and _covers(head, at)), None)
    if found is None:
        raise NotYetRecorded(letter_id(*at))
    publication, head = found
    reached, link = _start(at, head, ledger)
    first = reached + 1
    event, before, after = None, link, {}
    for one in events_between(log, at.topic, at.partition, reached, head.offset):
        hashed = digest(one.key, one.value)
        if one.offset == at.offset:
            event, before = one, link
        elif one.offset > at.offset:
            after[one.offset] = hashed.hex()
        reached, link = one.offset, next_link(link, one.offset, hashed)
    if event is None or link.hex() != head.link:
        raise LogAltered(at.topic, at.partition, first, head.offset, f"publication {publication.publish_id}")
    return EventProof(
        topic=at.topic,
        partition=at.partition,
        offset=at.offset,
        key=event.key,
        event=b64encode(event.value),
        before=before.hex(),
        after=after,
        head=head.link,
    )


def written(proof: EventProof) -> bytes:
    """The proof as it stands in a file."""
    return proof.model_dump_json(indent=1).encode() + b"\n"


def read_proof(content: bytes, name: str) -> EventProof:
    """The proof in a file called `name`, when what it says follows from the event in it.

    Raises ProofFails for anything else, and for a file in which any byte is not as it was written.
    """
    try:
        proof = EventProof.model_validate_json(content)
    except ValidationError as fault:
        wrong = fault.errors()[0]
        raise ProofFails(name, f"`{'.'.join(map(str, wrong['loc']))}` cannot be read: {wrong['msg']}") from fault
    if written(proof) != content:
        raise ProofFails(name, "it is not written as a proof is")
    if proof.leads_to != proof.head:
        raise ProofFails(name, f"its event leads to the link {proof.leads_to}, not to {proof.head}")
    return proof


def recorded_by(proof: EventProof, ledger: Sequence[Record]) -> Record | None:
    """The first publication with that head on record, None when there is none."""
    place = Position(proof.topic, proof.partition, proof.last)
    return next((one for one in ledger if (head := _head(one, place)) and _is(head, proof)), None)


def _is(head: Head, proof: EventProof) -> bool:
    return (head.offset, head.link) == (proof.last, proof.head)


def _head(one: Record, at: Position) -> Head | None:
    return one.chain.get(at.topic, {}).get(at.partition)


def _covers(head: Head, at: Position) -> bool:
    return head.begins <= at.offset <= head.offset


def _start(at: Position, head: Head, ledger: Sequence[Record]) -> tuple[int, bytes]:
    """Where to begin to reckon: the nearest head on record before the event, or where the chain begins."""
    nearer = [found for one in ledger if (found := _head(one, at)) and found.begins == head.begins]
    start = max((one for one in nearer if one.offset < at.offset), key=lambda one: one.offset, default=None)
    if start is None:
        return head.begins - 1, first_link(at.topic, at.partition)
    return start.offset, bytes.fromhex(start.link)
