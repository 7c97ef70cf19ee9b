"""The way in for units' own systems: each writes CloudEvents to a topic of its own, and they are received from there.

The topic says which unit speaks, and only that unit's system may write to it (docs/writers.md). What stands there goes
through the same door as every other mode, at the time when the log took it: one event is judged once. What is refused
is parked as a dead letter.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from collectors.administration import NewId
from collectors.errors import DatabaseDown, LogDown, Refused, UnknownUnit
from collectors.gate import Gate
from collectors.receive import Request, asked, examine, receive, refusal
from collectors.writer_positions import WriterPositions
from infra.errors import LogUnavailable
from infra.event_log import (
    DEAD_LETTERS,
    LARGEST_EVENT_BYTES,
    EventLog,
    StoredEvent,
    is_from_writer,
    short_name,
    topic_named,
    writer_topic,
)
from infra.log import get_logger
from infra.settings import Settings
from surveys.checks import Failure
from surveys.dead_letters import REASONS, ReasonCode
from surveys.event_data import ResponseSubmitted
from surveys.events import EventFault, ResponseSubmittedEvent, agrees, decode
from surveys.letter_records import ParkedRecord, answer_pointer, read_record
from surveys.model import Text

BATCH = 100
Would = tuple[ReasonCode, Text, str] | None
WAIT_SECONDS = 0.5  # between two looks at all topics when none had anything
RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the events of one look at the topics."""

    accepted: int = 0
    repeated: int = 0
    parked: int = 0

    def plus(self, other: "Taken") -> "Taken":
        return Taken(self.accepted + other.accepted, self.repeated + other.repeated, self.parked + other.parked)

    def __bool__(self) -> bool:
        return self != Taken()


@dataclass(frozen=True, slots=True)
class _Refusal:
    code: ReasonCode
    reason: Text
    pointer: str
    failures: tuple[Failure, ...] = ()
    about: ResponseSubmitted | None = None


class Writers:
    """Receives what these units' own systems wrote. One at a time; a second does no harm."""

    def __init__(self, gate: Gate, units: Sequence[str], new_id: NewId, clock: Callable[[], datetime]) -> None:
        self._gate = gate
        self._units = tuple(units)
        self._new_id = new_id
        self._clock = clock
        self._positions = WriterPositions(gate.engine)
        self._after = {writer_topic(unit): self._positions.of(writer_topic(unit)) for unit in self._units}
        self._parked: set[str] | None = None

    def take_in(self) -> Taken:
        """Receives what is new, up to a batch of each topic.

        Raises LogUnavailable, LogDown or DatabaseDown: call it again.
        """
        taken = Taken()
        for unit in self._units:
            topic = writer_topic(unit)
            for stored in self._gate.log.read(topic, self._after[topic], BATCH):
                taken = taken.plus(self._one(stored, unit))
                self._positions.move(topic, stored.partition, stored.offset)
                self._after[topic] = {**self._after[topic], stored.partition: stored.offset}
        return taken

    def drain(self) -> Taken:
        """Receives everything that the topics have. Raises as `take_in`."""
        taken = Taken()
        while more := self.take_in():
            taken = taken.plus(more)
        return taken

    def follow(self, stop: threading.Event) -> None:
        """Receives until `stop` is set, and waits for what does not answer."""
        logger = get_logger(__name__)
        while not stop.is_set():
            try:
                taken = self.take_in()
            except (LogUnavailable, LogDown, DatabaseDown) as fault:
                logger.warning("writers_wait", cause=str(fault), seconds=RETRY_SECONDS)
                stop.wait(RETRY_SECONDS)
                continue
            if taken:
                logger.info("taken_in", accepted=taken.accepted, repeated=taken.repeated, parked=taken.parked)
            else:
                stop.wait(WAIT_SECONDS)

    def _one(self, stored: StoredEvent, unit: str) -> Taken:
        """1. judged before, as far as that was written down; 2. received; or 3. parked, before the position moves."""
        letter = _letter(stored)
        if letter in self._known_parked():
            return Taken()
        judged = judge(stored, unit, self._gate, self._new_id)
        if isinstance(judged, bool):
            return Taken(repeated=1) if judged else Taken(accepted=1)
        self._gate.log.append(DEAD_LETTERS, [(stored.key, _record(stored, judged, self._clock()))])
        self._known_parked().add(letter)
        return Taken(parked=1)

    def _known_parked(self) -> set[str]:
        """Letters told on the topic: what ended between telling one and moving on judges it no second time."""
        if self._parked is None:
            self._parked = _parked_before(self._gate.log)
        return self._parked


def judge(stored: StoredEvent, unit: str, gate: Gate, new_id: NewId) -> "bool | _Refusal":
    """Receives the event: whether it was a repetition, or why it was refused. Raises what may pass: LogDown …"""
    try:
        return _received(stored, unit, gate, new_id)
    except (LogUnavailable, LogDown, DatabaseDown):
        raise
    except Exception as fault:
        # Our own mistake. Stopping would hold back every event behind it; parked, it is seen and can be replayed.
        what = f"{type(fault).__name__}: {fault}"
        return _refusal("UNEXPECTED", "", what, what)


def rehearsals(settings: Settings) -> "Callable[[Sequence[StoredEvent]], list[Would]]":
    """Says of each event why it would be refused if it were written again now: code, reason, pointer; None: it is not.

    Nothing is stored.
    """

    def rehearse(events: Sequence[StoredEvent]) -> list[Would]:
        from collectors.gate import open_gate, utc_now

        gate = open_gate(settings)
        try:
            return [_would(one, gate, utc_now()) for one in events]
        finally:
            gate.close()

    return rehearse


def _would(stored: StoredEvent, gate: Gate, now: datetime) -> Would:
    unit = stored.topic.removeprefix(writer_topic(""))
    said = _handed(stored, unit, gate, lambda request: _examined(request, gate, now))
    return (said.code, said.reason, said.pointer) if isinstance(said, _Refusal) else None


def _examined(request: Request, gate: Gate, now: datetime) -> bool:
    failing = examine(request, gate, now).unsettled
    if failing:
        raise refusal(asked(request.survey, request.year, request.unit, gate), failing)
    return False


def _received(stored: StoredEvent, unit: str, gate: Gate, new_id: NewId) -> "bool | _Refusal":
    return _handed(stored, unit, gate, lambda request: receive(request, gate, stored.appended_at, new_id).repeated)


def _handed(stored: StoredEvent, unit: str, gate: Gate, hand: "Callable[[Request], bool]") -> "bool | _Refusal":
    """What `hand` says of the request that the event is, or why there is none or it was refused."""
    read = _read(stored, unit)
    if isinstance(read, _Refusal):
        return read
    said = read.data
    mismatch = _other_questionnaire(said, gate)
    if mismatch is not None:
        return mismatch
    try:
        return hand(_request(read))
    except ValidationError as fault:
        place = "/".join(str(step) for step in fault.errors()[0]["loc"])
        what = fault.errors()[0]["msg"]
        return _refusal("S306", f"/data/{place}", what, what, said)
    except (LogDown, DatabaseDown):
        raise
    except Refused as refused:
        return _refused(refused, said)


def _read(stored: StoredEvent, unit: str) -> "ResponseSubmittedEvent | _Refusal":
    """The event, when it is a response and the topic's own unit speaks."""
    try:
        event = decode(stored.value)
    except EventFault as fault:
        return _not_an_event(fault)
    if not isinstance(event, ResponseSubmittedEvent):
        here = f"{event.type}: {stored.topic}"
        return _refusal("WRONG_TOPIC", "/type", here, here)
    if event.data.unit != unit:
        sv = f"Systemet för {unit} skickade ett svar för {event.data.unit}."
        en = f"The system of {unit} sent a response for {event.data.unit}."
        return _refusal("WRITER_NOT_ALLOWED", "/data/unit", sv, en, event.data)
    disagreement = agrees(event, stored.key)
    return event if disagreement is None else _not_an_event(disagreement, event.data)


def _other_questionnaire(said: ResponseSubmitted, gate: Gate) -> _Refusal | None:
    known = said.survey in gate.catalogue.surveys() and said.year in gate.catalogue.years(said.survey)
    asked = gate.catalogue.get(said.survey, said.year).fingerprint if known else said.questionnaire
    if said.questionnaire == asked:
        return None
    sv = f"Svaret gäller frågorna {said.questionnaire}; {said.survey} {said.year} är {asked}."
    en = f"The response is to the questions {said.questionnaire}; {said.survey} {said.year} is {asked}."
    return _refusal("QUESTIONNAIRE_MISMATCH", "/data/questionnaire", sv, en, said)


def _request(read: ResponseSubmittedEvent) -> Request:
    names = ("survey", "year", "unit", "submission_id", "answers", "explanations", "corrects", "reason")
    return Request(mode="kafka", spent=read.spent, **{name: getattr(read.data, name) for name in names})


def _not_an_event(fault: EventFault, about: ResponseSubmitted | None = None) -> _Refusal:
    reason = REASONS[fault.code]
    return _refusal(reason.code, fault.pointer, f"({fault.pointer or '/'}) {fault.what}", fault.what, about)


POINTERS = {
    "UNKNOWN_SURVEY": "/data/survey",
    "UNKNOWN_UNIT": "/data/unit",
    "UNIT_NOT_ASKED": "/data/unit",
    "ROUND_NOT_OPEN": "/data/survey",
    "SUBMISSION_ID_REUSED": "/data/submission_id",
    "CORRECTS_UNKNOWN": "/data/corrects",
    "REASON_MISSING": "/data/reason",
    "CHECKS_FAILED": "/data/answers",
    "TOO_LARGE": "/data/answers",
}


def _refused(refused: Refused, said: ResponseSubmitted) -> _Refusal:
    """What every way in says of it, as a dead letter says it."""
    not_asked = isinstance(refused, UnknownUnit) and not refused.is_asked
    reason = REASONS["UNIT_NOT_ASKED" if not_asked else refused.wire]
    failures = tuple(
        Failure(check=one.check, item=one.item, row=one.row, severity=one.severity, message=one.message)
        for one in refused.findings
    )
    pointer = answer_pointer(failures[0]) if failures else POINTERS[reason.code]
    return _Refusal(reason.code, refused.message, pointer, failures, said)


def _refusal(code: ReasonCode, pointer: str, sv: str, en: str, about: ResponseSubmitted | None = None) -> _Refusal:
    title = REASONS[code].title
    return _Refusal(code, Text(sv=f"{title.sv}: {sv}", en=f"{title.en}: {en}"), pointer, about=about)


def _record(stored: StoredEvent, refusal: _Refusal, now: datetime) -> bytes:
    about = refusal.about
    record = ParkedRecord(
        letter=_letter(stored),
        key=stored.key,
        code=refusal.code,
        reason=refusal.reason,
        pointer=refusal.pointer,
        rule=refusal.failures[0].check if refusal.failures else None,
        failures=refusal.failures,
        unit=about.unit if about else None,
        survey=about.survey if about else None,
        year=about.year if about else None,
        appended_at=stored.appended_at,
        parked_at=now,
    )
    whole = record.with_payload(stored.value).encoded()
    return whole if len(whole) <= LARGEST_EVENT_BYTES else record.encoded()


def _letter(stored: StoredEvent) -> str:
    return f"{short_name(stored.topic)}/{stored.partition}/{stored.offset}"


def _parked_before(log: EventLog) -> set[str]:
    found: set[str] = set()
    after: dict[int, int] = {}
    while events := log.read(DEAD_LETTERS, after, BATCH):
        for event in events:
            after[event.partition] = event.offset
            record = read_record(event.value)
            if isinstance(record, ParkedRecord) and is_from_writer(topic_named(record.letter.partition("/")[0]) or ""):
                found.add(record.letter)
    return found
