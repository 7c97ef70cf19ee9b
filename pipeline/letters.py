"""The records of the dead-letter topic: JSON with `kind`, each about one dead letter by its id.

An id is `<topic>/<partition>/<offset>` with the topic's short name: `responses/0/17`. The record kinds are `parked`
(an event was not accepted; with its payload), `replaying` (it is being put back on its topic) and `replayed`.
"""

from base64 import b64decode, b64encode
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError

from infra.event_log import ADMINISTRATION, RESPONSES
from pipeline.errors import UnknownDeadLetter
from surveys.checks import Failure
from surveys.model import Frozen, Text

TOPICS = {"responses": RESPONSES, "administration": ADMINISTRATION}


def letter_id(topic: str, partition: int, offset: int) -> str:
    name = next(short for short, full in TOPICS.items() if full == topic)
    return f"{name}/{partition}/{offset}"


def letter_place(letter: str) -> tuple[str, int, int]:
    """Topic, partition and offset of a dead letter; raises UnknownDeadLetter when it is no such id."""
    name, _, rest = letter.partition("/")
    partition, _, offset = rest.partition("/")
    if name not in TOPICS or not (partition.isdecimal() and offset.isdecimal()):
        raise UnknownDeadLetter(letter)
    return TOPICS[name], int(partition), int(offset)


class _Record(Frozen):
    letter: str

    @property
    def place(self) -> tuple[str, int, int]:
        return letter_place(self.letter)

    def encoded(self) -> bytes:
        return self.model_dump_json().encode()


class ParkedRecord(_Record):
    """An event that was not accepted.

    Its bytes are `payload` when they are text, else `payload_base64`; neither when they are too large to stand here:
    read them at their place.
    """

    kind: Literal["parked"] = "parked"
    key: str
    code: str
    reason: Text
    pointer: str
    rule: str | None
    failures: tuple[Failure, ...]
    unit: str | None
    survey: str | None
    year: int | None
    appended_at: datetime
    parked_at: datetime
    payload: str | None = None
    payload_base64: str | None = None

    def with_payload(self, value: bytes) -> Self:
        try:
            return self.model_copy(update={"payload": value.decode()})
        except UnicodeDecodeError:
            return self.model_copy(update={"payload_base64": b64encode(value).decode()})

    @property
    def value(self) -> bytes | None:
        """The event's bytes as they came."""
        if self.payload_base64 is not None:
            return b64decode(self.payload_base64)
        return None if self.payload is None else self.payload.encode()


class ReplayingRecord(_Record):
    """The event is being appended to its topic, after the offsets in `after`."""

    kind: Literal["replaying"] = "replaying"
    after: dict[int, int]
    at: datetime


class ReplayedRecord(_Record):
    """The event has been appended to its topic again, at that partition and offset."""

    kind: Literal["replayed"] = "replayed"
    partition: int
    offset: int
    at: datetime


Record = ParkedRecord | ReplayingRecord | ReplayedRecord


def read_record(value: bytes) -> Record | None:
    """The record, None for something that another writer put on the topic."""
    try:
        return _records().validate_json(value)
    except ValidationError:
        return None


@lru_cache(maxsize=1)
def _records() -> TypeAdapter[Record]:
    return TypeAdapter(Annotated[Record, Field(discriminator="kind")])
