"""HTTP around the collectors: bounded bodies, the caller's language, and the one shape of an error."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from collectors.errors import BadRequest, Finding, Refused, TooLarge, WrongContentType
from surveys.model import Frozen, Language, Text

JSON_LIMIT_BYTES = 5_000_000
WORKBOOK_LIMIT_BYTES = 20_000_000
RETRY_SECONDS = 5
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = "application/octet-stream"


class FailureBody(Frozen):
    """One thing to correct; `sheet`, `cell` and `value` stand only where a workbook was sent."""

    check: str
    item: str | None
    row: int | None
    severity: str
    message: str
    sheet: str | None = None
    cell: str | None = None
    value: str | None = None


class ErrorBody(Frozen):
    """The one shape of every error. `code` never changes with the language, `message` does."""

    code: str
    message: str
    failures: tuple[FailureBody, ...]


def language_of(request: Request) -> Language:
    """The caller's language by Accept-Language; Swedish unless English is asked for first."""
    weights = {"sv": 0.0, "en": 0.0}
    for place, part in enumerate(request.headers.get("accept-language", "").split(",")):
        tag, _, rest = part.strip().partition(";")
        name = tag.strip().lower().split("-")[0]
        if name in weights:
            weights[name] = max(weights[name], _weight(rest) - place / 1_000)
    return "en" if weights["en"] > weights["sv"] else "sv"


def refusal_response(refusal: Refused, language: Language) -> JSONResponse:
    """The error as JSON, with the headers its status asks for."""
    headers: dict[str, str] = {"Content-Language": language}
    if refusal.status == 503:
        headers["Retry-After"] = str(RETRY_SECONDS)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(error_body(refusal, language), refusal.status, headers)


def error_body(refusal: Refused, language: Language) -> dict[str, Any]:
    """The error in its one shape."""
    failures = tuple(failure_body(finding, language) for finding in refusal.findings)
    body = ErrorBody(code=refusal.wire, message=refusal.message.in_language(language), failures=failures)
    return body.model_dump(mode="json", exclude_unset=True)


def failure_body(finding: Finding, language: Language) -> FailureBody:
    """One failure as it stands in an error, in that language."""
    known = {name: getattr(finding, name) for name in ("check", "item", "row", "severity")}
    in_workbook = {name: getattr(finding, name) for name in ("sheet", "cell", "value") if finding.sheet}
    return FailureBody(**known, message=finding.message.in_language(language), **in_workbook)


async def json_bytes(request: Request) -> bytes:
    """The body of a JSON request, at most 5 MB; raises WrongContentType or TooLarge."""
    _must_be(request, "application/json")
    return await bounded(request, JSON_LIMIT_BYTES)


async def workbook_bytes(request: Request) -> bytes:
    """The body of a request that sends a workbook as it is, at most 20 MB; raises WrongContentType or TooLarge."""
    _must_be(request, XLSX, BINARY)
    return await bounded(request, WORKBOOK_LIMIT_BYTES)


async def bounded(request: Request, limit: int) -> bytes:
    """The whole body, read no further than the limit. Raises TooLarge, BadRequest when the client hung up."""
    from starlette.requests import ClientDisconnect

    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise TooLarge(limit)
    except ClientDisconnect as fault:
        raise BadRequest("body", *_CUT_OFF) from fault
    return bytes(body)


def file_response(content: bytes, media_type: str, name: str) -> Response:
    """A file to save under that (ASCII) name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


_CUT_OFF = (
    Text(sv="Sändningen avbröts.", en="The transfer was cut off."),
    Text(sv="Skicka igen.", en="Send again."),
)


def _must_be(request: Request, *wanted: str) -> None:
    given = request.headers.get("content-type", "")
    if given.partition(";")[0].strip().lower() not in wanted:
        raise WrongContentType(given[:100], wanted[0])


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
