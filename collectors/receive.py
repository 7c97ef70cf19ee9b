"""The one way in for a response, whatever mode it came by: form, API, workbook or file."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from collectors.administration import NewId
from collectors.errors import (
    ChecksFailed,
    CorrectsUnknown,
    Finding,
    LogDown,
    ReasonMissing,
    Refused,
    ResponseTooLong,
    RoundNotOpen,
    SubmissionIdReused,
    UnknownSurvey,
    UnknownUnit,
)
from collectors.gate import Gate
from collectors.receipts import Receipt
from collectors.submissions import Submission
from infra.errors import EventTooLarge, LogUnavailable
from infra.event_log import LARGEST_EVENT_BYTES, RESPONSES
from surveys.checks import Failure, checker, unsettled
from surveys.errors import UnknownSurvey as NotInCatalogue
from surveys.errors import UnknownYear
from surveys.event_data import ResponseSubmitted
from surveys.events import checksum, encode, new_response_event
from surveys.model import Frozen
from surveys.population import NoPopulation
from surveys.questionnaire import Questionnaire
from surveys.response import Context, is_missing
from surveys.rounds import Round
from surveys.units import Unit, UnitRegister
from surveys.units import UnknownUnit as NotInRegister

Mode = Literal["web", "api", "excel", "file", "kafka"]


def composed(value: Any) -> Any:
    """The same with every text in NFC: å is one character, whichever way a keyboard or a Mac wrote it."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case Mapping():
            return {composed(key): composed(member) for key, member in value.items()}
        case list() | tuple():
            return [composed(member) for member in value]
        case _:
            return value


def _reason(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


SubmissionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{7,99}$")]
Explanations = dict[str, Annotated[str, Field(max_length=4000)]]
Reason = Annotated[Annotated[str, Field(max_length=4000)] | None, BeforeValidator(_reason)]


class Request(Frozen):
    """One response as a mode hands it in, texts composed. `submission_id` is the client's own key.

    `answers` as in surveys.response; `explanations` by check id; a correction names the submission it `corrects`.
    `spent` is how long it took, as surveys.time_spent has it: beside what is said, so that a repetition may differ.
    """

    survey: str
    year: int
    unit: str
    submission_id: SubmissionId
    answers: Annotated[dict[str, Any], BeforeValidator(composed)]
    explanations: Annotated[Explanations, BeforeValidator(composed)] = Field(default_factory=dict)
    corrects: SubmissionId | None = None
    reason: Annotated[Reason, BeforeValidator(composed)] = None
    mode: Mode
    spent: dict[str, int] = Field(default_factory=dict)

    @property
    def content(self) -> str:
        """The checksum of everything the respondent says."""
        return checksum(self.answers, self.settled, self.corrects, self.reason)

    @property
    def settled(self) -> dict[str, str]:
        """The explanations that say something."""
        return {check: text.strip() for check, text in self.explanations.items() if text.strip()}


class Accepted(Frozen):
    """The response is in the log. `repeated` when it already was: the receipt is the first one, unchanged."""

    receipt: Receipt
    repeated: bool


class Examined(Frozen):
    """What the checks say of a response that was not handed in.

    `failures` are all, `unsettled` those that would refuse it: hard ones, and soft ones without an explanation.
    """

    failures: tuple[Failure, ...]
    unsettled: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked what: the `whole` questionnaire, and the `questionnaire` as this kind of unit meets it."""

    whole: Questionnaire
    questionnaire: Questionnaire
    unit: Unit


def receive(request: Request, gate: Gate, now: datetime, new_id: NewId) -> Accepted:
    """The receipt of a response that is durable in the log when this returns.

    The same submission id with the same content gives the same receipt, also after the round has closed and after a
    crash between any two steps. Raises a Refused: UnknownSurvey, UnknownUnit, SubmissionIdReused, RoundNotOpen,
    CorrectsUnknown, ReasonMissing, ChecksFailed, ResponseTooLong, LogDown (safe to send again) or DatabaseDown.
    """
    try:
        accepted = _received(request, gate, now, new_id)
    except LogUnavailable as fault:
        gate.metrics.count_response(request.mode, LogDown.wire)
        raise LogDown() from fault
    except Refused as refused:
        gate.metrics.count_response(request.mode, refused.wire)
        raise
    gate.metrics.count_response(request.mode, "repeated" if accepted.repeated else "accepted")
    return accepted


def examine(request: Request, gate: Gate, now: datetime) -> Examined:
    """What receive would say of the response, nothing stored. Raises what receive raises, but ChecksFailed."""
    try:
        asked, units, round_ = _asked(request.survey, request.year, request.unit, gate)
    except LogUnavailable as fault:
        raise LogDown() from fault
    if _earlier(request, gate) is None:
        _must_accept(request, round_, gate, now)
    return _examined(request, asked, units, gate)


def asked(survey: str, year: int, unit: str, gate: Gate) -> Asked:
    """The questionnaire of that survey and year as the unit meets it, open or not.

    Raises UnknownSurvey, UnknownUnit, LogDown.
    """
    try:
        return _asked(survey, year, unit, gate)[0]
    except LogUnavailable as fault:
        raise LogDown() from fault


def round_of(survey: str, year: int, gate: Gate) -> Round | None:
    """The round of that survey and year; None when none has been opened. Raises LogDown."""
    try:
        return gate.administration.current().rounds.get(survey, year)
    except LogUnavailable as fault:
        raise LogDown() from fault


def context_of(asked: Asked, gate: Gate) -> Context:
    """What the checks need beside the answers: last year's, the region's kommuner, the population."""
    return _context(asked, gate.administration.current().units, gate)


def refusal(asked: Asked, failures: tuple[Failure, ...]) -> ChecksFailed:
    """The refusal that names these failures."""
    questionnaire, unit = asked.questionnaire, asked.unit
    where = f"{questionnaire.survey}/{questionnaire.year}/{unit.unit_id}"
    return ChecksFailed(where, tuple(finding(failure) for failure in failures))


def finding(failure: Failure) -> Finding:
    """A check's failure as every mode reports it."""
    return Finding(
        check=failure.check,
        item=failure.item,
        row=failure.row,
        severity=failure.severity,
        message=failure.message,
    )


def complete_reserved(gate: Gate) -> int:
    """Appends what was reserved when a server ended in between, and tells how many. Raises LogDown, DatabaseDown."""
    waiting = gate.submissions.waiting()
    try:
        for submission in waiting:
            _appended(submission, gate)
    except LogUnavailable as fault:
        raise LogDown() from fault
    return len(waiting)


def _received(request: Request, gate: Gate, now: datetime, new_id: NewId) -> Accepted:
    # 1. Who is asked what. The request itself was parsed when it was made.
    asked, units, round_ = _asked(request.survey, request.year, request.unit, gate)
    with gate.turns.turn(request.submission_id):
        # 2. Idempotency, before the round: what was once accepted stays accepted.
        found = _earlier(request, gate)
        if found is not None:
            return Accepted(receipt=_appended(found, gate), repeated=True)
        # 3. The round.
        _must_accept(request, round_, gate, now)
        # 4. The checks.
        _must_pass(request, asked, units, gate)
        # 5. Reserve, append, mark: a crash in between leaves a reservation that the repeat completes.
        return _taken_in(_reservation(request, asked, round_, gate, now, new_id), gate, now)


def _asked(survey: str, year: int, unit: str, gate: Gate) -> tuple[Asked, UnitRegister, Round | None]:
    try:
        whole = gate.catalogue.get(survey, year)
    except (NotInCatalogue, UnknownYear) as fault:
        raise UnknownSurvey(survey, year) from fault
    administered = gate.administration.current()
    try:
        found = administered.units.get(unit)
    except NotInRegister as fault:
        raise UnknownUnit(unit) from fault
    if found.kind not in whole.respondents:
        raise UnknownUnit(unit, survey)
    asked = Asked(whole, whole.for_unit_kind(found.kind), found)
    return asked, administered.units, administered.rounds.get(survey, year)


def _earlier(request: Request, gate: Gate) -> Submission | None:
    found = gate.submissions.get(request.submission_id)
    if found is None:
        return None
    same = (found.survey, found.year, found.unit, found.content)
    if same != (request.survey, request.year, request.unit, request.content):
        raise SubmissionIdReused(request.submission_id)
    return found


def _must_accept(request: Request, round_: Round | None, gate: Gate, now: datetime) -> None:
    if round_ is None:
        raise RoundNotOpen(request.survey, request.year, "none")
    if not round_.accepts(now, request.corrects is not None):
        raise RoundNotOpen(request.survey, request.year, round_.state(now))
    if request.corrects is None:
        return
    if not gate.previous.has(request.survey, request.year, request.unit, request.corrects):
        raise CorrectsUnknown(request.corrects)
    if round_.state(now) == "closed" and request.reason is None:
        raise ReasonMissing()


def _must_pass(request: Request, asked: Asked, units: UnitRegister, gate: Gate) -> None:
    examined = _examined(request, asked, units, gate)
    if examined.unsettled:
        raise refusal(asked, examined.unsettled)


def _examined(request: Request, asked: Asked, units: UnitRegister, gate: Gate) -> Examined:
    rules = checker(asked.whole, asked.unit.kind)
    failures = tuple(rules.failures(request.answers, _context(asked, units, gate)))
    return Examined(failures=failures, unsettled=tuple(unsettled(failures, request.settled)))


def _context(asked: Asked, units: UnitRegister, gate: Gate) -> Context:
    questionnaire, unit = asked.questionnaire, asked.unit
    return Context(
        unit=unit.unit_id,
        kommuner=frozenset(kommun.unit_id for kommun in units.kommuner(unit.region_code)),
        previous=gate.previous_answers(questionnaire, unit.unit_id),
        population=_inhabitants(unit.unit_id, questionnaire.reference_year, gate),
    )


def _inhabitants(unit: str, year: int, gate: Gate) -> int | None:
    try:
        return round(gate.population.of(unit, year).persons)
    except NoPopulation:
        return None  # a clinic, or a kommun whose figures were not imported


def _reservation(
    request: Request, asked: Asked, round_: Round | None, gate: Gate, now: datetime, new_id: NewId
) -> Submission:
    # The fingerprint of the whole, not of the part that this kind of unit meets: one year has one.
    data = ResponseSubmitted(questionnaire=asked.whole.fingerprint, **_said(request, leave={"spent"}))
    at = _not_before_the_last(request, gate, now)
    event = new_response_event(data, event_id=new_id(at), time=at, spent=request.spent)
    written = encode(event)
    if len(written) > LARGEST_EVENT_BYTES:
        raise ResponseTooLong(len(written), LARGEST_EVENT_BYTES)
    receipt = Receipt(
        event_id=event.id,
        title=asked.questionnaire.title,
        unit_name=asked.unit.name,
        submitted_at=at,
        questionnaire=data.questionnaire,
        version=1 + gate.submissions.count(request.unit, request.survey, request.year),
        late=round_ is not None and round_.is_late(now),
        answers=sum(not is_missing(answer) for answer in request.answers.values()),
        checksum=data.checksum,
        **_said(request, leave={"answers", "explanations", "spent"}),
    )
    return Submission(
        submission_id=request.submission_id,
        survey=request.survey,
        year=request.year,
        unit=request.unit,
        content=request.content,
        event=written,
        receipt=receipt,
    )


def _not_before_the_last(request: Request, gate: Gate, now: datetime) -> datetime:
    """`now`, or just after the unit's last response: of two the later counts, also where a clock was set back."""
    for last in gate.submissions.of_unit(request.unit, request.survey, request.year)[:1]:
        return max(now, last.receipt.submitted_at + timedelta(microseconds=1))
    return now


def _said(request: Request, leave: set[str] | None = None) -> dict[str, Any]:
    said = {name: getattr(request, name) for name in Request.model_fields} | {"explanations": request.settled}
    return {name: value for name, value in said.items() if name not in (leave or ())}


def _taken_in(submission: Submission, gate: Gate, now: datetime) -> Accepted:
    if gate.submissions.reserve(submission, now):
        return Accepted(receipt=_appended(submission, gate), repeated=False)
    # Another copy of the collector reserved the id in the meantime: what counts is what it wrote.
    other = gate.submissions.get(submission.submission_id)
    if other is None or other.content != submission.content or other.unit != submission.unit:
        raise SubmissionIdReused(submission.submission_id)
    return Accepted(receipt=_appended(other, gate), repeated=True)


def _appended(submission: Submission, gate: Gate) -> Receipt:
    """Its receipt, once the log has it. A reserved one is appended again, byte for byte: readers know it by its id."""
    if submission.state == "reserved":
        try:
            [position] = gate.log.append(RESPONSES, [(submission.unit, submission.event)])
        except EventTooLarge as fault:
            raise ResponseTooLong(fault.size, fault.limit) from fault
        gate.submissions.mark_appended(submission.submission_id, position)
    return submission.receipt
