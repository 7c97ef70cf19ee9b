"""The records of the dead-letter topic: JSON with `kind`, each about one dead letter by its id.

An id is `<topic>/<partition>/<offset>` with the topic's short name: `responses/0/17`. The record kinds are `parked`
(an event was not accepted; with its payload), `replaying` (it is being put back on its topic) and `replayed`.
"""

from base64 import b64decode, b64encode
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError

from surveys.checks import Failure
from surveys.dead_letters import REASON_CODES
from surveys.model import Frozen, Text

# Written from the list, read as any text: what a newer version has parked must not be passed over by an older one.
Code = Annotated[str, Field(json_schema_extra={"enum": list(REASON_CODES)})]
LETTER = r"^(responses|administration|from\.[A-Za-z0-9_-]{1,100})/[0-9]{1,10}/[0-9]{1,19}$"


class _Record(Frozen):
    letter: str = Field(pattern=LETTER, examples=["responses/0/17"])

    def encoded(self) -> bytes:
        return self.model_dump_json().encode()


class ParkedRecord(_Record):
    """An event that was not accepted.

    Its bytes are `payload` when they are text, else `payload_base64`; neither when they are too large to stand here:
    read them at their place. `pointer` (RFC 6901) leads to what is wrong in them, or to where it is missing. `rule` is
    the check that refused it and `failures` all that it fails. `unit`, `survey` and `year` are what it says of itself.
    """

    kind: Literal["parked"] = "parked"
    key: str
    code: Code
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
    """The event is being appended to its topic, after the offsets in `after`, by whoever wrote this first.

    `by` names the place that replays, where one at a time may. `takes_over` is the offset, on this topic, of the record
    of a replay that ended before it was done; of several the first takes it over.
    """

    kind: Literal["replaying"] = "replaying"
    after: dict[int, int]
    at: datetime
    by: str | None = None
    takes_over: int | None = None


class ReplayedRecord(_Record):
    """The event has been appended to its topic again, at that partition and offset."""

    kind: Literal["replayed"] = "replayed"
    partition: int
    offset: int
    at: datetime


Record = ParkedRecord | ReplayingRecord | ReplayedRecord
RECORDS: tuple[type[Record], ...] = (ParkedRecord, ReplayingRecord, ReplayedRecord)


def read_record(value: bytes) -> Record | None:
    """The record, None for something that another writer put on the topic."""
    try:
        return _records().validate_json(value)
    except ValidationError:
        return None


def record_schema(ref_template: str = "#/$defs/{model}") -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what stands on the dead-letter topic."""
    return _records().json_schema(mode="serialization", ref_template=ref_template)


def answer_pointer(failure: Failure) -> str:
    """Where in the payload the answer stands that fails."""
    if failure.item is None:
        return "/data/answers"
    item, _, column = failure.item.partition(".")
    row = "" if failure.row is None else f"/{failure.row - 1}"
    return f"/data/answers/{_escaped(item)}{row}" + (f"/{_escaped(column)}" if column else "")


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


@lru_cache(maxsize=1)
def _records() -> TypeAdapter[Record]:
    return TypeAdapter(Annotated[Record, Field(discriminator="kind")])
