"""What the API takes and gives, as models: they are the OpenAPI description too."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from collectors.errors import BadBody, Finding
from collectors.http import FailureBody
from collectors.json_body import parse_json
from collectors.receipts import Receipt
from collectors.receive import Explanations, Reason, SubmissionId
from surveys.model import Frozen, Text
from surveys.questionnaire import Questionnaire
from surveys.rounds import Round
from surveys.time_spent import LONGEST_SECONDS, WHOLE


class ResponseBody(Frozen):
    """One response: the client's own key, the answers by item id, and what explains or corrects.

    Sending the same again gives the same receipt; the same `submission_id` with other content is refused.
    """

    model_config = ConfigDict(strict=True)

    submission_id: SubmissionId = Field(examples=["0192f0c1-7a54-7c3e-9b1e-3f1f0c6a2d11"])
    answers: dict[str, Any] = Field(examples=[{"psykiatriambulans": "i_drift", "enheter": 3}])
    explanations: Explanations = Field(default_factory=dict)
    corrects: SubmissionId | None = None
    reason: Reason = None
    minutes: Annotated[float, Field(gt=0, le=LONGEST_SECONDS / 60)] | None = Field(
        default=None,
        description="How long answering took, finding the numbers included, if you know. Left out: unknown.",
    )

    def handed(self) -> dict[str, Any]:
        """What is handed in, by the names of `collectors.receive.Request`."""
        said = {name: getattr(self, name) for name in type(self).model_fields if name != "minutes"}
        seconds = round((self.minutes or 0) * 60)
        return said | {"spent": {WHOLE: seconds} if seconds else {}}


class RoundBody(Frozen):
    """When the survey is collected; `state` is not_yet_open, open, paused or closed."""

    state: str
    opens_at: datetime
    due_at: datetime
    closes_at: datetime


class SurveyBody(Frozen):
    """One survey and year. `round` is null when none has been opened."""

    survey: str
    year: int
    title: Text
    status: str
    respondents: tuple[str, ...]
    fingerprint: str
    round: RoundBody | None


class DefinitionBody(BaseModel):
    """The whole definition: sections, items, options, checks and indicators, and its fingerprint."""

    model_config = ConfigDict(extra="allow")

    survey: str
    year: int
    fingerprint: str


class OwnResponseBody(Frozen):
    """One of the unit's own accepted responses."""

    receipt: Receipt
    answers: dict[str, Any]
    explanations: dict[str, str]


class NotAcceptedBody(Frozen):
    """Something of the unit's own that does not count, and that the unit can mend: why, and what to do now.

    `letter` is the id that the operator knows it by; `submission_id` is null when none could be read.
    """

    letter: str
    submission_id: str | None
    received_at: datetime
    code: str
    message: str
    failures: tuple[FailureBody, ...]


class DryRunBody(Frozen):
    """The response would be accepted; `failures` are the soft ones that its explanations settle."""

    accepted: bool = True
    failures: tuple[FailureBody, ...] = ()


def response_body(content: bytes) -> ResponseBody:
    """The response in the bytes of a request. Raises BadRequest, or BadBody with every fault."""
    value = parse_json(content)
    try:
        return ResponseBody.model_validate(value)
    except ValidationError as error:
        raise BadBody(map(body_fault, error.errors(include_url=False))) from error


def body_fault(fault: ErrorDetails) -> Finding:
    """One fault of a body, in both languages."""
    sv, en = BODY_FAULTS.get(fault["type"], OTHER_FAULT)
    place = ".".join(str(step)[:100] for step in fault["loc"]) or "body"
    return Finding(check="body", item=place, message=Text(sv=f"{place}: {sv}", en=f"{place}: {en}"))


def round_body(found: Round | None, now: datetime) -> RoundBody | None:
    """The round as the API shows it at that moment."""
    if found is None:
        return None
    times = {"opens_at": found.opens_at, "due_at": found.due_at, "closes_at": found.closes_at}
    return RoundBody(state=found.state(now), **times)


def survey_body(questionnaire: Questionnaire, found: Round | None, now: datetime) -> SurveyBody:
    """One line of the list of surveys."""
    return SurveyBody(
        survey=questionnaire.survey,
        year=questionnaire.year,
        title=questionnaire.title,
        status=questionnaire.status,
        respondents=questionnaire.respondents,
        fingerprint=questionnaire.fingerprint,
        round=round_body(found, now),
    )


OTHER_FAULT = ("har fel form.", "has the wrong form.")
BODY_FAULTS: dict[str, tuple[str, str]] = {
    "missing": ("saknas. Lägg till det.", "is missing. Add it."),
    "extra_forbidden": ("känns inte igen. Ta bort det.", "is not known. Remove it."),
    "string_type": ("ska vara en text.", "must be a text."),
    "dict_type": ("ska vara ett objekt.", "must be an object."),
    "model_type": ("ska vara ett objekt.", "must be an object."),
    "int_type": ("ska vara ett heltal.", "must be a whole number."),
    "int_parsing": ("ska vara ett heltal.", "must be a whole number."),
    "int_parsing_size": ("är för stort.", "is too large."),
    "bool_parsing": ("ska vara true eller false.", "must be true or false."),
    "float_type": ("ska vara ett tal.", "must be a number."),
    "greater_than": (
        "ska vara större än 0. Utelämna det om det är okänt.",
        "must be above 0. Leave it out if unknown.",
    ),
    "less_than_equal": ("är för stort.", "is too large."),
    "literal_error": ("är inget av det som finns att välja på.", "is none of what there is to choose from."),
    "string_too_long": ("är för lång. Skriv kortare.", "is too long. Write less."),
    "string_pattern_mismatch": (
        "ska vara 8–100 tecken: bokstäver a–z, siffror, punkt, kolon, bindestreck och understreck.",
        "must be 8–100 characters: letters a–z, digits, full stop, colon, hyphen and underscore.",
    ),
}
