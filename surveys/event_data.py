"""What each event carries: the data of an event, by kind. Times are RFC 3339 with an offset, ids are texts.

`subject` is what the event is about as its CloudEvents attribute says it; `key` is what keeps events in order in the
log: one unit's responses, one round, one unit, and all programmes together (a merge follows what it merges).
"""

from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, model_validator

from surveys.cloud_event import Id, Timestamp
from surveys.content import checksum
from surveys.model import Frozen
from surveys.units import Unit

SurveyId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Year = Annotated[int, Field(ge=1900, le=2999)]
UnitId = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$")]
ProgrammeId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=200)]
Sentence = Annotated[str, Field(min_length=1, max_length=4000)]


class _Data(Frozen):
    """No value is coerced: "2023" is not a year, 1 is not true."""

    model_config = ConfigDict(strict=True)


class ResponseSubmitted(_Data):
    """A unit's whole response to one survey and year; the newest accepted one counts.

    `questionnaire` is the fingerprint of the definition it was given under. `submission_id` is the client's own key:
    the same id again with the same content is the same response. `mode` is the way it came (web, api, excel, file, or
    the name of a system of the unit's own). A correction names the submission it `corrects` and the `reason`.
    `answers` holds on-path items only, by item id; `explanations` answer soft checks, by check id.
    """

    survey: SurveyId
    year: Year
    unit: UnitId
    questionnaire: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    submission_id: Id
    mode: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    corrects: Id | None = None
    reason: Sentence | None = None
    answers: dict[str, Any]
    explanations: dict[str, Annotated[str, Field(max_length=4000)]] = Field(default_factory=dict)

    @property
    def subject(self) -> str:
        return f"{self.survey}/{self.year}/{self.unit}"

    @property
    def key(self) -> str:
        return self.unit

    @property
    def is_correction(self) -> bool:
        return self.corrects is not None and self.reason is not None

    @property
    def checksum(self) -> str:
        return checksum(self.answers, self.explanations, self.corrects, self.reason)


class _OfRound(_Data):
    survey: SurveyId
    year: Year

    @property
    def subject(self) -> str:
        return f"{self.survey}/{self.year}"

    @property
    def key(self) -> str:
        return self.subject


class RoundOpened(_OfRound):
    """A round is opened, or opened anew with other times. opens_at < due_at ≤ closes_at."""

    opens_at: Timestamp
    due_at: Timestamp
    closes_at: Timestamp

    @model_validator(mode="after")
    def _the_window_is_not_inverted(self) -> Self:
        if not self.opens_at < self.due_at <= self.closes_at:
            raise ValueError("a round opens before it is due, and is due no later than it closes")
        return self


class RoundPaused(_OfRound):
    """Nothing is received until the round is resumed."""

    reason: Sentence | None = None


class RoundResumed(_OfRound):
    """A paused round goes on."""


class RoundClosed(_OfRound):
    """The round is closed before its time; corrections are still received."""

    reason: Sentence | None = None


class UnitAdded(Unit):
    """A unit enters the register, or what is known of it is replaced (a new name, a last day)."""

    @property
    def subject(self) -> str:
        return self.unit_id

    @property
    def key(self) -> str:
        return self.unit_id


class _OfProgramme(_Data):
    programme: ProgrammeId

    @property
    def subject(self) -> str:
        return self.programme

    @property
    def key(self) -> str:
        return "programmes"


class ProgrammeRegistered(_OfProgramme):
    """A programme enters the register. `programme` is the register id made from its first name."""

    name: Sentence
    producer: Sentence | None = None


class ProgrammeMerged(_OfProgramme):
    """`programme` turned out to be the same as `into`; it counts as that from now on, in every year."""

    into: ProgrammeId
    reason: Sentence | None = None
