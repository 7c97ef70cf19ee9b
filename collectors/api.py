"""The HTTP API: definitions for everyone, responses for the unit whose token it is."""

import json
from typing import Annotated, Any, Literal, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from collectors import signin
from collectors.bodies import (
    DefinitionBody,
    DryRunBody,
    NotAcceptedBody,
    OwnResponseBody,
    ResponseBody,
    SurveyBody,
    response_body,
    survey_body,
)
from collectors.errors import NoToken, NotYours, UnknownSurvey
from collectors.gate import Gate, new_id, utc_now
from collectors.http import (
    BINARY,
    XLSX,
    ErrorBody,
    FailureBody,
    failure_body,
    file_response,
    json_bytes,
    language_of,
    workbook_bytes,
)
from collectors.inbox import NotAccepted
from collectors.receipts import Receipt
from collectors.receive import Accepted, asked, examine, finding, receive, refusal, round_of
from collectors.receive import Request as Handed
from surveys.errors import UnknownSurvey as NotInCatalogue
from surveys.errors import UnknownYear
from surveys.model import Language
from surveys.questionnaire import Questionnaire, UnitKind

PREFIX = "/api/v1/surveys"
OF_UNIT = "/{survey}/{year}/units/{unit}"

router = APIRouter(prefix=PREFIX)
bearer = HTTPBearer(auto_error=False, description="The unit's token: `lagesbild tokens create UNIT`.")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def gate_of(request: Request) -> Gate:
    return cast(Gate, request.app.state.gate)


def may_write(request: Request, unit: str, credentials: Bearer) -> str:
    """The unit, when the bearer token is its own. Raises NoToken, NotYours."""
    if credentials is None:
        raise NoToken()
    own = request.app.state.tokens.unit_of(credentials.credentials)
    if own != unit:
        raise NotYours(unit, own)
    return unit


def may_read(request: Request, unit: str, credentials: Bearer) -> str:
    """The unit, when the token is its own or its session is signed in. Raises NoToken, NotYours."""
    session = request.app.state.signin.read(request.cookies.get(signin.COOKIE), utc_now())
    if credentials is not None or session is None:
        return may_write(request, unit, credentials)
    if session.unit != unit:
        raise NotYours(unit, session.unit)
    return unit


TheGate = Annotated[Gate, Depends(gate_of)]
Lang = Annotated[Language, Depends(language_of)]
Writer = Annotated[str, Depends(may_write)]
Reader = Annotated[str, Depends(may_read)]
State = Annotated[
    Literal["accepted", "not_accepted"],
    Query(description="`not_accepted`: what was sent and does not count, until a later response is accepted."),
]
DryRun = Annotated[bool, Query(description="Run the same checks and store nothing.")]


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": ErrorBody} for status in statuses}


def _takes(*types: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind in types}}}


@router.get("", summary="Every survey and year")
def surveys(gate: TheGate) -> list[SurveyBody]:
    now = utc_now()
    return [survey_body(known, round_of(known.survey, known.year, gate), now) for known in gate.catalogue.all()]


@router.get("/{survey}/{year}", summary="The definition", response_model=DefinitionBody, responses=_errors(404))
def definition(survey: str, year: int, gate: TheGate) -> JSONResponse:
    known = _questionnaire(survey, year, gate)
    body = known.model_dump(mode="json", by_alias=True) | {"fingerprint": known.fingerprint}
    return JSONResponse(body)


@router.get("/{survey}/{year}/schema", summary="JSON Schema of `answers`", responses=_errors(404))
def schema(survey: str, year: int, gate: TheGate, unit_kind: UnitKind | None = None) -> dict[str, Any]:
    from surveys.schema import json_schema

    known = _questionnaire(survey, year, gate)
    return json_schema(known, unit_kind or known.respondents[0])


@router.post(
    OF_UNIT + "/responses",
    summary="Hand in a response",
    status_code=201,
    response_model=Receipt,
    responses={
        200: {"model": Receipt | DryRunBody, "description": "Already handed in: the same receipt; or a dry run."},
        **_errors(400, 401, 403, 404, 409, 413, 415, 422, 503),
    },
    openapi_extra=_takes("application/json", schema=ResponseBody.model_json_schema()),
)
def submit(
    survey: str,
    year: int,
    unit: Writer,
    gate: TheGate,
    language: Lang,
    content: Annotated[bytes, Depends(json_bytes)],
    dry_run: DryRun = False,
) -> JSONResponse:
    body = response_body(content)
    handed = Handed(survey=survey, year=year, unit=unit, mode="api", **body.handed())
    if dry_run:
        return _examined(handed, gate, language)
    return _receipt(receive(handed, gate, utc_now(), new_id))


@router.get(
    OF_UNIT + "/responses",
    summary="The unit's own responses, newest first: the accepted ones, or what waits for the unit to mend it",
    responses=_errors(401, 403, 404, 422, 503),
)
def own_responses(
    survey: str, year: int, unit: Reader, gate: TheGate, language: Lang, state: State = "accepted"
) -> list[OwnResponseBody] | list[NotAcceptedBody]:
    asked(survey, year, unit, gate)
    if state == "not_accepted":
        return [_not_accepted(one, language) for one in gate.inbox.waiting(unit, survey, year)]
    own = gate.submissions.of_unit(unit, survey, year)
    return [OwnResponseBody(receipt=one.receipt, **_said(one.event)) for one in own]


@router.get(
    OF_UNIT + "/template.xlsx",
    summary="The unit's workbook to fill in",
    response_class=Response,
    responses={200: {"content": {XLSX: {}}}, **_errors(401, 403, 404, 503)},
)
def template(survey: str, year: int, unit: Reader, gate: TheGate) -> Response:
    from collectors.workbook_upload import template_for

    return file_response(template_for(survey, year, unit, gate), XLSX, f"{survey}-{year}-{unit}.xlsx")


@router.post(
    OF_UNIT + "/workbook",
    summary="Hand in a filled workbook",
    status_code=201,
    response_model=Receipt,
    responses={
        200: {"model": Receipt | DryRunBody, "description": "Already handed in: the same receipt; or a dry run."},
        **_errors(400, 401, 403, 404, 409, 413, 415, 422, 503),
    },
    openapi_extra=_takes(XLSX, BINARY, schema={"type": "string", "format": "binary"}),
)
def submit_workbook(
    survey: str,
    year: int,
    unit: Writer,
    gate: TheGate,
    language: Lang,
    content: Annotated[bytes, Depends(workbook_bytes)],
    dry_run: DryRun = False,
) -> JSONResponse:
    from collectors.workbook_upload import examine_workbook, receive_workbook

    if dry_run:
        settled = examine_workbook(content, survey, year, unit, gate, utc_now())
        return _would_be_accepted(tuple(failure_body(one, language) for one in settled))
    return _receipt(receive_workbook(content, survey, year, unit, gate, utc_now(), new_id))


def _questionnaire(survey: str, year: int, gate: Gate) -> Questionnaire:
    try:
        return gate.catalogue.get(survey, year)
    except (NotInCatalogue, UnknownYear) as fault:
        raise UnknownSurvey(survey, year) from fault


def _receipt(accepted: Accepted) -> JSONResponse:
    return JSONResponse(accepted.receipt.model_dump(mode="json"), 200 if accepted.repeated else 201)


def _examined(handed: Handed, gate: Gate, language: Language) -> JSONResponse:
    examined = examine(handed, gate, utc_now())
    if examined.unsettled:
        raise refusal(asked(handed.survey, handed.year, handed.unit, gate), examined.unsettled)
    return _would_be_accepted(tuple(failure_body(finding(one), language) for one in examined.failures))


def _would_be_accepted(settled: tuple[FailureBody, ...]) -> JSONResponse:
    return JSONResponse(DryRunBody(failures=settled).model_dump(mode="json", exclude_unset=False))


def _not_accepted(one: NotAccepted, language: Language) -> NotAcceptedBody:
    return NotAcceptedBody(
        letter=one.letter,
        submission_id=one.submission_id,
        received_at=one.received_at,
        code=one.code,
        message=f"{one.title.in_language(language)}. {one.now.in_language(language)}",
        failures=tuple(failure_body(finding(failure), language) for failure in one.failures),
    )


def _said(event: bytes) -> dict[str, Any]:
    data = json.loads(event)["data"]
    return {"answers": data["answers"], "explanations": data.get("explanations", {})}
