"""The wire events: their names and versions, and how they are read and written.

An event is a CloudEvents 1.0.2 envelope in JSON (`surveys.cloud_event`) around data (`surveys.event_data`).
`docs/events.md` and `docs/asyncapi.yaml` are made from these three files.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple, TypeAlias, get_args, get_type_hints
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from surveys.cloud_event import CloudEvent, EventFault, ExtensionValue
from surveys.content import canonical, checksum
from surveys.event_data import (
    ProgrammeMerged,
    ProgrammeRegistered,
    ResponseSubmitted,
    RoundClosed,
    RoundOpened,
    RoundPaused,
    RoundResumed,
    UnitAdded,
)
from surveys.event_faults import fault_in, lifted_event, must_say_each_name_once, with_decoded_data
from surveys.strict_json import names_written, rest_of, surely_unique
from surveys.time_spent import as_attribute, spent_in

__all__ = [
    "EVENTS",
    "AdministrationData",
    "Decoded",
    "Event",
    "EventFault",
    "agrees",
    "canonical",
    "checksum",
    "decode",
    "decode_with_answers",
    "encode",
    "event_id",
    "new_administration_event",
    "new_response_event",
    "submitted_at",
    "type_of",
]

QUESTIONNAIRE_URN = "urn:lagesbild:questionnaire"
ABOUT_TIME = (
    "How long answering took, in seconds: `1500`, or by section, `60 bakgrund=240 team=95`, where the first number is "
    "of no one section. Left out: unknown."
)


class ResponseSubmittedEvent(CloudEvent):
    type: Literal["se.lagesbild.response-submitted.v1"]
    data: ResponseSubmitted
    # An extension attribute: whatever CloudEvents lets one be is let through, and what says no time is unknown.
    secondsspent: Annotated[ExtensionValue, Field(description=ABOUT_TIME)] = None

    @property
    def spent(self) -> dict[str, int]:
        """How long answering took: seconds by section; empty when unknown."""
        return spent_in(self.secondsspent)


class RoundOpenedEvent(CloudEvent):
    type: Literal["se.lagesbild.round-opened.v1"]
    data: RoundOpened


class RoundPausedEvent(CloudEvent):
    type: Literal["se.lagesbild.round-paused.v1"]
    data: RoundPaused


class RoundResumedEvent(CloudEvent):
    type: Literal["se.lagesbild.round-resumed.v1"]
    data: RoundResumed


class RoundClosedEvent(CloudEvent):
    type: Literal["se.lagesbild.round-closed.v1"]
    data: RoundClosed


class UnitAddedEvent(CloudEvent):
    type: Literal["se.lagesbild.unit-added.v1"]
    data: UnitAdded


class ProgrammeRegisteredEvent(CloudEvent):
    type: Literal["se.lagesbild.programme-registered.v1"]
    data: ProgrammeRegistered


class ProgrammeMergedEvent(CloudEvent):
    type: Literal["se.lagesbild.programme-merged.v1"]
    data: ProgrammeMerged


Event = (
    ResponseSubmittedEvent
    | RoundOpenedEvent
    | RoundPausedEvent
    | RoundResumedEvent
    | RoundClosedEvent
    | UnitAddedEvent
    | ProgrammeRegisteredEvent
    | ProgrammeMergedEvent
)
AdministrationData = (
    RoundOpened | RoundPaused | RoundResumed | RoundClosed | UnitAdded | ProgrammeRegistered | ProgrammeMerged
)
EVENTS: tuple[type[Event], ...] = get_args(Event)
_AnyEvent: TypeAlias = Annotated[Event, Field(discriminator="type")]
_CLASSES: dict[type, type[Event]] = {get_type_hints(event_class)["data"]: event_class for event_class in EVENTS}


class Decoded(NamedTuple):
    """An event, and its answers written anew as JSON: exactly what was read; empty when it carries none."""

    event: Event
    answers: bytes


def decode(value: bytes) -> Event:
    """The event that these bytes are; raises EventFault with a code and a pointer when they are not one.

    Whole and strict: envelope by CloudEvents 1.0.2, data by its type, nothing coerced, no name written twice.
    Both ways to carry JSON are read: `data`, and `data_base64`. An event of an earlier version is lifted to the newest
    one (`surveys.upcasting`). About 16 µs for a response of 40 answers.
    """
    return decode_with_answers(value).event


def decode_with_answers(value: bytes) -> Decoded:
    """As `decode`, with the answers as JSON, which it needs for itself and the landing wants."""
    try:
        event = _adapter().validate_json(value)
        answers, is_sure = _written(event, value)
    except ValidationError as error:
        fault = fault_in(error, _types())
        rewritten = with_decoded_data(value) or (lifted_event(value) if fault.pointer == "/type" else None)
        if rewritten is None:
            raise fault from None
        return decode_with_answers(rewritten)
    except ValueError as error:
        raise EventFault("S301", "/data", f"{error}.") from None
    if not is_sure:
        must_say_each_name_once(value)
    return Decoded(event, answers)


def _written(event: Event, value: bytes) -> tuple[bytes, bool]:
    """The answers as JSON, and whether the event that was read in `value` surely says each name once."""
    data = event.data
    names = len(event.model_fields_set) + len(data.model_fields_set)
    if not isinstance(data, ResponseSubmitted):
        return b"", surely_unique(value, names)
    answers = to_json(data.answers)
    names += len(data.explanations)
    rest = rest_of(value, b'"answers":', answers)
    if rest is None:
        return answers, surely_unique(value, names + names_written(value, answers, data.answers))
    return answers, surely_unique(rest, names)


def encode(event: CloudEvent) -> bytes:
    """The event as the JSON that the log holds; attributes that are not set are left out."""
    unset = {name for name, value in event if value is None}
    return event.model_dump_json(exclude=unset).encode()


def agrees(event: Event, key: str) -> EventFault | None:
    """None when subject, dataschema and the log's key say what the data says; else what disagrees.

    A producer that may only write under its own unit's key cannot speak for another unit: this is what holds it.
    Subject and dataschema are optional in CloudEvents; absent, there is nothing to disagree.
    """
    data = event.data
    if key != data.key:
        return EventFault("S307", "", f"the key is {key!r}, the data says {data.key!r}.")
    if event.subject is not None and event.subject != data.subject:
        return EventFault("S307", "/subject", f"is {event.subject!r}, the data says {data.subject!r}.")
    if isinstance(data, ResponseSubmitted) and event.dataschema not in (None, _dataschema(data)):
        return EventFault("S307", "/dataschema", f"is {event.dataschema!r}, the data says {_dataschema(data)!r}.")
    return None


def new_response_event(
    data: ResponseSubmitted,
    *,
    event_id: str,
    time: datetime,
    source: str | None = None,
    spent: Mapping[str, int] | None = None,
) -> ResponseSubmittedEvent:
    """The event that says this response was submitted at `time` (aware), by the mode's collector if not told.

    `spent` is how long answering took, as surveys.time_spent has it; None or empty: unknown.
    """
    return ResponseSubmittedEvent(
        specversion="1.0",
        type="se.lagesbild.response-submitted.v1",
        id=event_id,
        source=source or f"/collectors/{data.mode}",
        subject=data.subject,
        time=time,
        datacontenttype="application/json",
        dataschema=_dataschema(data),
        data=data,
        secondsspent=as_attribute(spent or {}),
    )


def new_administration_event(
    data: AdministrationData, *, event_id: str, time: datetime, source: str = "/administration"
) -> Event:
    """The event that says this happened at `time` (aware): a round, a unit, a programme."""
    event_class = _CLASSES[type(data)]
    named = {"specversion": "1.0", "type": type_of(event_class), "id": event_id, "source": source}
    about = {"subject": data.subject, "time": time, "datacontenttype": "application/json", "data": data}
    return event_class.model_validate(named | about)


def type_of(event_class: type[CloudEvent]) -> str:
    """The `type` that events of this class have."""
    (name,) = get_args(event_class.model_fields["type"].annotation)
    return str(name)


def event_id(now: datetime, random: bytes) -> str:
    """A UUIDv7 (RFC 9562): ids made later sort later. `random` is ten random bytes."""
    if len(random) != 10:
        raise ValueError("an event id takes ten random bytes")
    milliseconds = int(now.timestamp() * 1000).to_bytes(6, "big")
    tail = bytes([0x70 | random[0] & 0x0F, random[1], 0x80 | random[2] & 0x3F]) + random[3:]
    return str(UUID(bytes=milliseconds + tail))


def submitted_at(event: CloudEvent, appended_at: datetime) -> datetime:
    """When it was submitted: the event's time, and without one the log's own time of append."""
    return event.time or appended_at


def _dataschema(data: ResponseSubmitted) -> str:
    return f"{QUESTIONNAIRE_URN}:{data.survey}:{data.year}:{data.questionnaire}"


@lru_cache(maxsize=1)
def _types() -> set[str]:
    return {type_of(event_class) for event_class in EVENTS}


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Event]:
    return TypeAdapter(_AnyEvent)
