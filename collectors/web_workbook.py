"""Answering in Excel from the browser: fetch the unit's workbook, hand it in, and read cell by cell what to correct."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from collectors.api import TheGate
from collectors.errors import BadRequest, Forged, Refused
from collectors.form_pages import go_to, language_chosen, page
from collectors.form_typed import Typed
from collectors.form_visit import Visit, visit
from collectors.gate import new_id, utc_now
from collectors.http import WORKBOOK_LIMIT_BYTES, bounded
from collectors.signin import Session
from collectors.web_session import is_genuine, own_session
from surveys.model import Text

WORKBOOK = "/s/{survey}/{year}/{unit}/workbook"
AROUND_BYTES = 100_000  # what a browser puts around the file

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Sent:
    """The file as it was chosen, without bytes when none was, and the fields beside it."""

    content: bytes
    fields: Typed


def own(request: Request, unit: str) -> Session:
    """The session of the unit itself. Raises NotSignedIn, NotYours."""
    return own_session(request, unit)


Own = Annotated[Session, Depends(own)]


async def sent_file(request: Request, _session: Own) -> Sent:
    """The file and fields of a posted page, read only for the unit itself. Raises TooLarge, BadRequest."""
    body = await bounded(request, WORKBOOK_LIMIT_BYTES + AROUND_BYTES)

    async def stream() -> AsyncIterator[bytes]:
        yield body

    try:
        form = await MultiPartParser(request.headers, stream(), max_files=1, max_fields=10).parse()  # type: ignore[arg-type]  # takes any async iterator
    except (MultiPartException, KeyError) as fault:
        what = Text(sv="Filen kom inte fram hel.", en="The file did not arrive whole.")
        raise BadRequest("form", what, Text(sv="Skicka den igen.", en="Send it again.")) from fault
    try:
        files = [one for _, one in form.multi_items() if isinstance(one, UploadFile)]
        texts = tuple((name, one) for name, one in form.multi_items() if isinstance(one, str))
        return Sent(await files[0].read() if files else b"", Typed(texts))
    finally:
        await form.close()


@router.get(WORKBOOK)
def open_workbook_page(request: Request, survey: str, year: int, unit: str, gate: TheGate, session: Own) -> Response:
    return _page(request, visit(survey, year, unit, gate, language_chosen(request), utc_now()), session)


@router.post(WORKBOOK)
def hand_in(
    request: Request,
    survey: str,
    year: int,
    unit: str,
    gate: TheGate,
    session: Own,
    sent: Annotated[Sent, Depends(sent_file)],
) -> Response:
    from collectors.workbook_upload import receive_workbook

    if not is_genuine(request, session, sent.fields):
        raise Forged()
    here = visit(survey, year, unit, gate, language_chosen(request), utc_now())
    if not sent.content:
        return _page(request, here, session, 422, nothing_chosen=True)
    try:
        accepted = receive_workbook(sent.content, survey, year, unit, gate, here.now, new_id)
    except Refused as refused:
        if refused.status == 503:
            raise
        return _page(request, here, session, refused.status, refused=refused)
    return go_to(f"{here.path}/receipts/{accepted.receipt.submission_id}?sent=1")


def _page(request: Request, here: Visit, session: Session, status: int = 200, **facts: Any) -> Response:
    refused: Refused | None = facts.get("refused")
    findings = refused.findings if refused else ()
    return page(
        request,
        "workbook",
        status,
        session,
        unit_name=here.asked.unit.name,
        visit=here,
        nothing_chosen=facts.get("nothing_chosen", False),
        refused=refused,
        hard=[one for one in findings if one.severity == "hard"],
        soft=[one for one in findings if one.severity == "soft"],
    )
