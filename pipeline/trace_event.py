"""An event of the log, found by any of its names: what it says, whether it counts, and every figure it feeds.

What a receipt says was sent is proved here: the checksum is computed from the log's own event.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.event_log import RESPONSES, EventLog, Position, StoredEvent
from pipeline import trace_queries as queries
from pipeline.dead_letters import DeadLetter, dead_letters, payload
from pipeline.declarations import thresholds
from pipeline.errors import ReceiptDiffers, UnknownDeadLetter, UnknownOrigin
from pipeline.letters import letter_id, letter_place
from pipeline.parse import Definitions
from pipeline.reading import batches_to_end, stored_at
from pipeline.trace import CellsOf, answer_of, checks_of, publication_of, response_of, responses_of
from pipeline.trace_names import figure_name, unknown
from pipeline.trace_queries import rows
from pipeline.traced import EventTrace, Fed, OfAnswer, OfLetter, OfPublication, OfResponse, State
from surveys.cloud_event import EventFault
from surveys.event_data import ResponseSubmitted
from surveys.events import decode
from surveys.response import SEXES, is_missing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ReceiptOf = Callable[[str], str | None]
CHECKSUM = "sha256:"


@dataclass(frozen=True, slots=True)
class Said:
    """An event of the log, and the response in it; None when it cannot be read as one."""

    stored: StoredEvent
    names: frozenset[str]
    event_id: str | None
    data: ResponseSubmitted | None

    @property
    def position(self) -> str:
        return letter_id(self.stored.topic, self.stored.partition, self.stored.offset)


@dataclass(frozen=True, slots=True)
class Around:
    """What an event is traced with: the publication, the log, the questionnaires, and what the collector kept."""

    publication: "DuckDBPyConnection"
    log: EventLog
    definitions: Definitions
    cells_of: CellsOf
    receipt_of: ReceiptOf


def trace_event(around: Around, name: str, checksum: str | None = None) -> EventTrace:
    """The event with that id, submission id, position (`responses/0/17`) or checksum (`sha256:…`).

    `checksum` is what a receipt says, else what the collector kept of it is taken. Raises ReceiptDiffers when the log
    holds something else, UnknownOrigin, LogUnavailable.
    """
    said = _found(around, name)
    known = publication_of(around.publication)
    response = _response_at(around, said)
    letter = None if response else _letter(around.log, said)
    state, superseded_by = _state(around, said, response, letter, known)
    receipt = checksum or (name if name.startswith(CHECKSUM) else None) or _receipt(around, said)
    if said.data is not None and receipt not in (None, said.data.checksum):
        raise ReceiptDiffers(said.position, said.data.checksum, str(receipt))
    if said.data is None and checksum is not None:
        raise ReceiptDiffers(said.position, "none (it is not a response)", checksum)
    data = said.data
    answers = _answers(around, said, response, state)
    fed = rows(around.publication, queries.FED, event_id=said.event_id) if state == "current" else []
    return EventTrace(
        position=said.position,
        state=state,
        event_id=said.event_id,
        submission_id=data.submission_id if data else None,
        survey=data.survey if data else None,
        year=data.year if data else None,
        unit=data.unit if data else None,
        questionnaire=data.questionnaire if data else None,
        appended_at=said.stored.appended_at,
        checksum=data.checksum if data else None,
        receipt=receipt,
        publication=known,
        response=response,
        superseded_by=superseded_by,
        answers=answers,
        checks=_checks(around, response, answers) if state == "current" else (),
        letter=_told(letter),
        figures=tuple(map(_fed, fed)),
    )


def _found(around: Around, name: str) -> Said:
    """The event in the log, wherever its name is known: a position, the publication, the dead letters, the rest."""
    if name.startswith(CHECKSUM):
        return _first(around, name, lambda said: said.data is not None and said.data.checksum == name)
    try:
        place = Position(*letter_place(name))
    except UnknownDeadLetter:
        place = None
    if place is not None and place.topic == RESPONSES:
        stored = stored_at(around.log, place)
        if stored is None:
            raise UnknownOrigin(name, "event at the position", name, [])
        return _said(stored)
    known = rows(around.publication, queries.RESPONSE_OF_EVENT, name=name)
    if known:
        at = Position(RESPONSES, known[0]["partition"], known[0]["log_offset"])
        stored = stored_at(around.log, at)
        if stored is None:
            raise UnknownOrigin(name, "event in the log any more at", letter_id(*at), [])
        return _said(stored)
    for letter in dead_letters(around.log):
        found = _of_letter(around.log, letter)
        if found is not None and name in found.names:
            return found
    return _first(around, name, lambda said: name in said.names)


def _first(around: Around, name: str, wanted: Callable[[Said], bool]) -> Said:
    """The log read through from its start: neither published nor parked, or known by its content only."""
    for batch in batches_to_end(around.log, RESPONSES, {}):
        for stored in batch:
            if wanted(found := _said(stored)):
                return found
    if name.startswith(CHECKSUM):
        raise UnknownOrigin(name, "event in the log with exactly this content:", name, [])
    ids = rows(around.publication, "SELECT submission_id, event_id FROM response")
    raise unknown(name, "event or submission", name, {one for row in ids for one in row.values()})


def _said(stored: StoredEvent) -> Said:
    try:
        event = decode(stored.value)
    except EventFault:
        names = _names_in(stored.value)
        return Said(stored, frozenset(names), names[0] if names else None, None)
    data = event.data if isinstance(event.data, ResponseSubmitted) else None
    return Said(stored, frozenset({event.id, data.submission_id} if data else {event.id}), event.id, data)


def _names_in(value: bytes) -> list[str]:
    """The id and the submission id of an event that cannot be read as a response, as far as it says them."""
    try:
        said = json.loads(value)
    except ValueError:
        return []
    envelope = said if isinstance(said, dict) else {}
    data = envelope.get("data")
    ids = (envelope.get("id"), data.get("submission_id") if isinstance(data, dict) else None)
    return [one for one in ids if isinstance(one, str)]


def _of_letter(log: EventLog, letter: DeadLetter) -> Said | None:
    topic, partition, offset = letter_place(letter.letter)
    if topic != RESPONSES:
        return None
    parked = letter.parked
    return _said(StoredEvent(topic, partition, offset, parked.key, payload(log, letter), parked.appended_at))


def _response_at(around: Around, said: Said) -> OfResponse | None:
    place = {"partition": said.stored.partition, "log_offset": said.stored.offset}
    found = rows(around.publication, queries.RESPONSE_AT, **place)
    return response_of(found[0]) if found else None


def _letter(log: EventLog, said: Said) -> DeadLetter | None:
    return next((one for one in dead_letters(log) if one.letter == said.position), None)


def _state(
    around: Around, said: Said, response: OfResponse | None, letter: DeadLetter | None, known: OfPublication
) -> tuple[State, OfResponse | None]:
    """What became of the event, and for one that was corrected or repeated the response that counts."""
    data = said.data
    if response is not None and response.current:
        return "current", None
    if response is not None and data is not None:
        part = {"survey": data.survey, "year": data.year}
        return "superseded", responses_of(around.publication, part, [data.unit])[data.unit][0]
    if letter is not None:
        return "parked", None
    if said.stored.offset > known.watermarks.get(said.stored.partition, -1):
        return "waiting", None
    same = rows(around.publication, queries.RESPONSE_OF_EVENT, name=data.submission_id) if data else []
    return ("repeated", response_of(same[0])) if same else ("withheld", None)


def _receipt(around: Around, said: Said) -> str | None:
    return None if said.data is None else around.receipt_of(said.data.submission_id)


def _answers(around: Around, said: Said, response: OfResponse | None, state: State) -> tuple[OfAnswer, ...]:
    """A current response's answers as they are published; one that was corrected as the log has it."""
    data = said.data
    if data is None or response is None:
        return ()
    if state == "current":
        asked = {"survey": data.survey, "year": data.year, "unit": data.unit, "item": None, "row": None, "sex": None}
        cells = around.cells_of(data.submission_id) if data.mode == "excel" else {}
        return tuple(answer_of(row, cells) for row in rows(around.publication, queries.ANSWERS, **asked))
    # What would have been hidden cannot be told without computing it: every number of an item with a limit is hidden.
    # So is every text: one that was taken back may have said what nobody was to read.
    q = around.definitions.get(data.survey, data.year)
    guarded = frozenset(thresholds(q)) | {address for address, item in q.items.items() if item.type == "text"}
    return tuple(one for item, said_of in data.answers.items() for one in _flat(item, None, None, said_of, guarded))


def _flat(item: str, row: int | None, sex: str | None, said: Any, guarded: frozenset[str]) -> Iterator[OfAnswer]:
    if is_missing(said):
        yield _value(item, row, sex, missing=said["missing"])
    elif isinstance(said, Mapping) and said and set(said) <= set(SEXES):
        for one, value in said.items():
            yield from _flat(item, row, one, value, guarded)
    elif isinstance(said, list) and said and isinstance(said[0], Mapping):
        for number, entry in enumerate(said, start=1):
            for name, value in entry.items():
                yield from _flat(f"{item}.{name}", number, None, value, guarded)
    elif item in guarded:
        yield _value(item, row, sex, missing="suppressed")
    elif isinstance(said, list):
        for code in said:
            yield _value(item, row, sex, value_code=str(code))
    elif isinstance(said, int | float) and not isinstance(said, bool):
        yield _value(item, row, sex, value_number=float(said))
    else:
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        yield _value(item, row, sex, value_text=text)


def _value(item: str, row: int | None, sex: str | None, **value: Any) -> OfAnswer:
    blank = dict.fromkeys(("value_number", "value_text", "value_code", "missing", "explanation"))
    return OfAnswer(item=item, row=row, sex=sex, **(blank | value))


def _checks(around: Around, response: OfResponse | None, answers: tuple[OfAnswer, ...]) -> tuple[Any, ...]:
    if response is None:
        return ()
    row = rows(around.publication, queries.RESPONSE_OF_EVENT, name=response.event_id)[0]
    part = {"survey": row["survey"], "year": row["year"]}
    items = sorted({one.item for one in answers})
    return checks_of(around.publication, part, [row["unit_id"]], items).get(row["unit_id"], ())


def _told(letter: DeadLetter | None) -> OfLetter | None:
    if letter is None:
        return None
    replayed, topic = letter.replayed, letter_place(letter.letter)[0]
    return OfLetter(
        letter=letter.letter,
        code=letter.parked.code,
        reason=letter.parked.reason,
        pointer=letter.parked.pointer,
        replayed_as=letter_id(topic, replayed.partition, replayed.offset) if replayed else None,
    )


def _fed(row: Mapping[str, Any]) -> Fed:
    return Fed(
        name=figure_name(row),
        compared_with=tuple(row["other_years"] or ()),
        **{name: row[name] for name in ("level", "value", "missing", "counts", "comparable")},
    )
