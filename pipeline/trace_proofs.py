"""What `lagesbild trace` does with proofs of events: writes one to a file, and verifies one that somebody has."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.settings import Settings
from infra.terminal import print_json, print_rows, say
from pipeline.errors import ProofFails, ReceiptDiffers
from pipeline.event_proof import EventProof, prove_event, read_proof, recorded_by, written
from surveys.model import Frozen
from surveys.moment import NoSuchMoment

if TYPE_CHECKING:
    from pipeline.ledger import Record
    from surveys.events import Event


class Proved(Frozen):
    """What a proof proves: this event lay at this position when the log had that head.

    `publication` recorded the head; None when it was held against a head from elsewhere.
    """

    position: str
    event_id: str | None
    submission_id: str | None
    survey: str | None
    year: int | None
    unit: str | None
    checksum: str | None
    head: str
    publication: str | None
    published_at: datetime | None


def write_proof(settings: Settings, position: str, publication: str | None, file: Path) -> EventProof:
    """The proof of the event at that position, written to `file`; led to `publication` or the first that has it.

    Raises NoSuchMoment for an unknown publication, NotYetRecorded, LogAltered, LogUnavailable.
    """
    from infra.event_log import Position
    from pipeline.consume import opened_log
    from pipeline.ledger import records
    from pipeline.letters import letter_place

    ledger = records(settings.data_dir)
    chosen = [one for one in ledger if publication in (None, one.publish_id)]
    if publication and not chosen:
        ways = "List them with `lagesbild pipeline publications`."
        raise NoSuchMoment(publication, "no such publication is recorded.", ways)
    with opened_log(settings) as log:
        proof = prove_event(log, Position(*letter_place(position)), chosen, ledger)
    file.write_bytes(written(proof))
    return proof


def verify_proof(settings: Settings, file: Path, head: str | None, checksum: str | None) -> Proved:
    """What the proof in `file` proves, held against `head` (`responses/0/19:LINK`) or else against the ledger.

    Needs neither log nor warehouse, and with `head` nothing but the file. Raises ProofFails; ReceiptDiffers when the
    event is not what `checksum` says.
    """
    from pipeline.ledger import records

    proof = read_proof(file.read_bytes(), file.name)
    record = recorded_by(proof, records(settings.data_dir)) if head is None else None
    if head is None and record is None:
        raise ProofFails(file.name, f"no publication recorded here has the head {proof.head_named}")
    if head not in (None, proof.head_named):
        raise ProofFails(file.name, f"it leads to the head {proof.head_named}, not to {head}")
    proved = _proved(proof, record)
    if checksum not in (None, proved.checksum):
        raise ReceiptDiffers(proof.position, proved.checksum or "none (it is not a response)", str(checksum))
    return proved


def print_proved(proved: Proved, *, as_json: bool) -> None:
    """Prints what was proved."""
    facts = proved.model_dump(mode="json")
    if as_json:
        print_json(facts)
        return
    print_rows([{"fact": name, "is": value} for name, value in facts.items() if value is not None], as_json=False)
    say("The event lay there, byte for byte, when the log had that head.")


def _proved(proof: EventProof, record: "Record | None") -> Proved:
    from surveys.event_data import ResponseSubmitted

    event = _event(proof.event)
    data = event.data if event and isinstance(event.data, ResponseSubmitted) else None
    return Proved(
        position=proof.position,
        event_id=event.id if event else None,
        submission_id=data.submission_id if data else None,
        survey=data.survey if data else None,
        year=data.year if data else None,
        unit=data.unit if data else None,
        checksum=data.checksum if data else None,
        head=proof.head_named,
        publication=record.publish_id if record else None,
        published_at=record.published_at if record else None,
    )


def _event(value: bytes) -> "Event | None":
    from surveys.events import EventFault, decode

    try:
        return decode(value)
    except EventFault:
        return None
