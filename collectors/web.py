"""The respondent's pages: signing in, the start page, receipts and errors. The form itself is in `web_form`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.staticfiles import StaticFiles

from collectors import web_form, web_workbook
from collectors.api import TheGate
from collectors.errors import Forged, LinkInvalid, LogDown, NotFound, NotYours, Refused
from collectors.form_pages import STATIC, go_to, language_chosen, page, remember_language
from collectors.form_texts import words
from collectors.form_typed import Typed
from collectors.gate import utc_now
from collectors.signin import COOKIE
from collectors.start_page import invitations
from collectors.web_form import posted
from collectors.web_session import begin, is_genuine, must_be_same_site, own_session, remember, session_of
from infra.errors import LogUnavailable
from surveys.units import UnknownUnit

Posted = Annotated[Typed, Depends(posted)]
STATUSES = (401, 403, 404, 409, 413, 503)

router = APIRouter()
router.include_router(web_form.router)
router.include_router(web_workbook.router)
router.mount("/static", StaticFiles(directory=STATIC), name="static")


@router.get("/")
def signin_page(request: Request) -> Response:
    session = session_of(request)
    return go_to(f"/u/{session.unit}") if session else page(request, "signin")


@router.post("/")
def sign_in(request: Request, typed: Posted) -> Response:
    must_be_same_site(request)
    code = typed.one("code")
    if not code.strip():
        return page(request, "signin", 422, fault="code_missing", next=_local(typed.one("next")))
    try:
        return _signed_in(request, code, _local(typed.one("next")))
    except LinkInvalid:
        return page(request, "signin", 401, fault="code_wrong", next=_local(typed.one("next")))


@router.get("/signin/{link}")
def sign_in_by_link(request: Request, link: str) -> Response:
    try:
        return _signed_in(request, link, "")
    except LinkInvalid:
        return page(request, "signin", 401, fault="code_wrong")


@router.post("/signout")
def sign_out(request: Request, typed: Posted) -> Response:
    session = session_of(request)
    if session is not None and not is_genuine(request, session, typed):
        raise Forged()
    answer = go_to("/")
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/language/{language}")
def choose_language(request: Request, language: str, next: str = "/") -> Response:
    answer = go_to(_local(next) or "/")
    remember_language(answer, request, language)
    return answer


@router.get("/tillganglighet")
def accessibility(request: Request) -> Response:
    return page(request, "accessibility", session=session_of(request))


@router.get("/u/{unit}")
def start(request: Request, unit: str, gate: TheGate) -> Response:
    session = own_session(request, unit)
    try:
        administered = gate.administration.current()
        found = administered.units.get(unit)
        asked = invitations(found, administered, gate, utc_now())
    except LogUnavailable as fault:
        raise LogDown() from fault
    except UnknownUnit as fault:
        raise NotFound(request.url.path) from fault
    return page(request, "start", session=session, unit_name=found.name, invitations=asked)


def error_page(request: Request, refusal: Refused) -> Response:
    """The page that says what is in the way: sign-in for who is not signed in, else what is wrong and what now."""
    if refusal.status == 401:
        return page(request, "signin", 401, next=_local(request.url.path))
    title = f"error_{refusal.status}" if refusal.status in STATUSES else "error_other"
    message = "" if refusal.status == 404 else refusal.message.in_language(language_chosen(request))
    session = None
    if isinstance(refusal, NotYours):
        session, message = session_of(request), _whose(request, refusal) or message
    answer = page(request, "error", refusal.status, session, title=title, message=message)
    if refusal.status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _whose(request: Request, refusal: NotYours) -> str:
    """Whose page it is and who is signed in, by name; "" when that cannot be told now."""
    try:
        units = request.app.state.gate.administration.current().units
        names = {"own": units.get(refusal.own).name, "unit": units.get(refusal.unit).name}
    except (LogUnavailable, UnknownUnit):
        return ""
    return words(language_chosen(request))("not_yours", **names)


def _signed_in(request: Request, code: str, then: str) -> Response:
    session = begin(request, code, utc_now())
    answer = go_to(then or f"/u/{session.unit}")
    remember(answer, request, session)
    return answer


def _local(path: str) -> str:
    """The path, when it is one of these pages; nowhere else is anybody sent."""
    return path if path.startswith(("/s/", "/u/", "/tillganglighet")) and "\\" not in path else ""
