"""The form's routes: open, save, check, send, receipt. Whatever comes in the way, what was typed is kept."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from collectors.api import TheGate
from collectors.drafts import DraftOvertaken, Drafts
from collectors.errors import (
    BadRequest,
    DatabaseDown,
    Forged,
    LinkInvalid,
    LogDown,
    NotFound,
    ReasonMissing,
    Refused,
    SubmissionIdReused,
)
from collectors.form_actions import acted
from collectors.form_fields import Filled
from collectors.form_pages import go_to, language_chosen, page, remember_language
from collectors.form_shown import time_shown
from collectors.form_texts import words
from collectors.form_typed import Typed, typed_from
from collectors.form_view import explanations_in
from collectors.form_visit import Visit, answers_in, as_correction, content_of, visit
from collectors.gate import Gate, new_id, utc_now
from collectors.http import JSON_LIMIT_BYTES, bounded
from collectors.inbox import NotAccepted
from collectors.receive import receive
from collectors.signin import Session
from collectors.web_session import begin, is_genuine, must_be_own, own_session, remember, session_of
from infra.errors import LogUnavailable
from surveys.checks import Failure, unsettled
from surveys.model import Text

FORM = "/s/{survey}/{year}/{unit}"
# Fields that are about one sending of a page and never repeated on the next.
ONCE = ("code", "action", "csrf")

router = APIRouter()


async def posted(request: Request) -> Typed:
    """The fields of a posted form. Raises TooLarge, BadRequest."""
    try:
        return typed_from(await bounded(request, JSON_LIMIT_BYTES))
    except ValueError as fault:
        what = Text(sv="Formuläret har för många fält.", en="The form has too many fields.")
        raise BadRequest("form", what, Text(sv="Ta bort några rader.", en="Remove some rows.")) from fault


Posted = Annotated[Typed, Depends(posted)]


@router.get(FORM)
def open_form(request: Request, survey: str, year: int, unit: str, gate: TheGate) -> Response:
    session = own_session(request, unit)
    here = visit(survey, year, unit, gate, language_chosen(request), utc_now())
    typed, draft = here.begun()
    notice = words(here.language)("draft_resumed", when=time_shown(draft.saved_at, here.language)) if draft else ""
    version = draft.version if draft else 0
    if here.accepts(typed):
        here.times.shown(here.key, here.now)
    return _form(request, here, session, typed, version=version, notice=notice, not_accepted=here.not_accepted)


@router.post(FORM)
def post_form(request: Request, survey: str, year: int, unit: str, gate: TheGate, typed: Posted) -> Response:
    try:
        session = session_of(request)
        if session is None:
            return _sign_in_again(request, survey, year, unit, gate, typed)
        must_be_own(session, unit)
        here = visit(survey, year, unit, gate, language_chosen(request), utc_now())
        if not is_genuine(request, session, typed):
            return _form(request, here, session, content_of(typed), 403, notice=words(here.language)("signed_in_again"))
        return _Posting(request, here, session, typed).answer()
    except (LogDown, DatabaseDown, LogUnavailable):
        _keep_draft(request, (unit, survey, year), gate, typed)
        return _kept(request, typed, 503)


@router.post(FORM + "/draft")
def save_draft(request: Request, survey: str, year: int, unit: str, gate: TheGate, typed: Posted) -> Response:
    """Saves what is typed and answers in JSON: the page's script calls it while somebody types."""
    session = own_session(request, unit)
    if not is_genuine(request, session, typed):
        raise Forged()
    here = visit(survey, year, unit, gate, language_chosen(request), utc_now())
    word = words(here.language)
    if _is_sent(gate, typed):
        return JSONResponse({"message": word("already_sent"), "overtaken": True}, 409)
    before, _ = here.begun()
    try:
        version = here.drafts.save(here.key, content_of(typed), _version(typed), here.now)
    except DraftOvertaken as fault:
        when = time_shown(fault.newer.saved_at, here.language)
        return JSONResponse({"message": word("draft_overtaken", when=when), "overtaken": True}, 409)
    here.timed(before, content_of(typed))
    when = time_shown(here.now, here.language)
    return JSONResponse({"version": version, "message": word("draft_saved_short", when=when)})


@router.get(FORM + "/receipts/{submission_id}")
def receipt(request: Request, survey: str, year: int, unit: str, submission_id: str, gate: TheGate) -> Response:
    session = own_session(request, unit)
    here = visit(survey, year, unit, gate, language_chosen(request), utc_now())
    sent = next((one for one in here.sent if one.submission_id == submission_id), None)
    if sent is None:
        raise NotFound(request.url.path)
    items = here.asked.questionnaire.items
    aside = [items[name].label for name in request.query_params.getlist("aside") if name in items]
    return page(
        request,
        "receipt",
        session=session,
        unit_name=here.asked.unit.name,
        visit=here,
        receipt=sent.receipt,
        answers=sent.answers,
        explained=[(_check_label(check, here), text) for check, text in sent.explanations.items()],
        aside=aside,
        not_accepted=here.not_accepted,
        fresh="sent" in request.query_params,
    )


class _Posting:
    """One sending of the form by its own unit, in its own session."""

    def __init__(self, request: Request, here: Visit, session: Session, typed: Typed) -> None:
        self._request = request
        self._here = here
        self._session = session
        self._typed = content_of(typed)
        self._version = _version(typed)
        self._action = typed.one("action") or "save"
        self._word = words(here.language)

    def answer(self) -> Response:
        """1. the button changes what is typed; 2. the draft is saved; 3. what was asked for is done."""
        here, place, message = self._here, "", ""
        if self._is_sent() and self._action == "send":
            return self._send()
        if ":" in self._action:
            questionnaire = here.asked.questionnaire
            before = here.before
            self._typed, place, message = acted(
                self._action, self._typed, questionnaire, before, here.language, self._word
            )
        try:
            self._save()
        except DraftOvertaken as fault:
            return self._overtaken(fault)
        match self._action:
            case "send":
                return self._send()
            case "check":
                return self._checked()
            case "save":
                when = time_shown(here.now, here.language)
                return self._show(notice=self._word("draft_saved", when=when))
            case language if language.startswith("language:"):
                answer = go_to(here.path)
                remember_language(answer, self._request, language.removeprefix("language:"))
                return answer
            case _:
                return self._show(notice=message, place=place)

    def _save(self) -> None:
        """Saves the draft, unless the form still stands as it was opened."""
        here = self._here
        begun, draft = here.begun()
        if draft is not None or answers_in(begun) != answers_in(self._typed):
            self._version = here.drafts.save(here.key, self._typed, self._version, here.now)
        here.timed(begun, self._typed)

    def _is_sent(self) -> bool:
        return _is_sent(self._here.gate, self._typed)

    def _overtaken(self, fault: DraftOvertaken) -> Response:
        if self._action == "send" and self._is_sent():
            return self._send()
        self._version = fault.newer.version
        when = time_shown(fault.newer.saved_at, self._here.language)
        return self._show(409, trouble=self._word("draft_overtaken", when=when), reload=True)

    def _checked(self) -> Response:
        filled = self._here.read(self._typed)
        failures = self._here.failures(filled)
        return self._show(422 if failures else 200, failures=failures, checked=True)

    def _send(self) -> Response:
        here = self._here
        filled = here.read(self._typed)
        failures = here.failures(filled)
        if unsettled(failures, explanations_in(self._typed)):
            return self._show(422, failures=failures, checked=True)
        try:
            self._hand_in(filled, failures)
        except LogDown:
            answer = self._show(503, failures=failures, trouble=self._word("log_away"))
            answer.headers["Retry-After"] = "5"
            return answer
        except ReasonMissing:
            return self._show(422, failures=failures, reason_fault=True)
        except SubmissionIdReused as refused:
            self._typed = as_correction(self._typed, refused.where, new_id(here.now))
            return self._show(409, failures=failures, trouble=self._word("already_sent"))
        except DatabaseDown:
            raise
        except Refused as refused:
            why = refused.message.in_language(here.language)
            return self._show(refused.status, failures=failures, trouble=self._word("cannot_send", why=why))
        except ValidationError:
            return self._show(422, failures=failures, trouble=self._word("too_long"))
        here.drafts.clear(here.key)
        here.times.clear(here.key)
        query = urlencode([("sent", "1"), *(("aside", name) for name in filled.aside)])
        return go_to(f"{here.path}/receipts/{self._typed.one('submission_id')}?{query}")

    def _hand_in(self, filled: Filled, failures: Sequence[Failure]) -> None:
        """Hands in what is typed; under a new id when what this one stands for never reached the log."""
        here = self._here
        try:
            receive(here.handed(self._typed, filled, failures), here.gate, here.now, new_id)
        except SubmissionIdReused:
            if self._is_sent():
                raise
            self._typed = self._typed.replacing("submission_id", by=[("submission_id", new_id(here.now))])
            receive(here.handed(self._typed, filled, failures), here.gate, here.now, new_id)

    def _show(self, status: int = 200, **facts: Any) -> Response:
        return _form(self._request, self._here, self._session, self._typed, status, version=self._version, **facts)


def _form(
    request: Request,
    here: Visit,
    session: Session,
    typed: Typed,
    status: int = 200,
    *,
    failures: Any = (),
    checked: bool = False,
    reason_fault: bool = False,
    version: int = 0,
    notice: str = "",
    trouble: str = "",
    place: str = "",
    reload: bool = False,
    not_accepted: Sequence[NotAccepted] = (),
) -> Response:
    if not typed.one("submission_id"):
        typed = typed.replacing("submission_id", by=[("submission_id", new_id(here.now))])
    filled = here.read(typed)
    corrected = next((one for one in here.sent if one.submission_id == typed.one("corrects")), None)
    return page(
        request,
        "form",
        status,
        session,
        unit_name=here.asked.unit.name,
        visit=here,
        form=here.form(typed, filled, failures),
        typed=typed,
        version=version,
        corrected=corrected,
        accepts=here.accepts(typed),
        before_year=_before_year(here),
        checked=checked,
        reason_fault=reason_fault,
        notice=notice,
        trouble=trouble,
        place=place,
        reload=reload,
        not_accepted=not_accepted,
        not_accepted_told=here.told(not_accepted[0], typed) if not_accepted else [],
    )


def _sign_in_again(request: Request, survey: str, year: int, unit: str, gate: Gate, typed: Typed) -> Response:
    """The form with everything typed, once a code is given; before that a page that keeps it and asks for one."""
    if not typed.one("code").strip():
        return _kept(request, typed, 401)
    try:
        session = begin(request, typed.one("code"), utc_now())
    except LinkInvalid:
        return _kept(request, typed, 401, fault="code_wrong")
    must_be_own(session, unit)
    here = visit(survey, year, unit, gate, language_chosen(request), utc_now())
    notice = words(here.language)("signed_in_again")
    answer = _form(request, here, session, content_of(typed), version=_version(typed), notice=notice)
    remember(answer, request, session)
    return answer


def _keep_draft(request: Request, key: tuple[str, str, int], gate: Gate, typed: Typed) -> None:
    """Saves the draft when the log is away but the database is not, so that the page may be closed."""
    try:
        session = session_of(request)
        if session is not None and session.unit == key[0] and is_genuine(request, session, typed):
            Drafts(gate.engine).save(key, content_of(typed), _version(typed), utc_now())
    except (DatabaseDown, DraftOvertaken):
        return  # the page itself holds everything


def _kept(request: Request, typed: Typed, status: int, fault: str = "") -> Response:
    """A page that holds everything typed in hidden fields until it can be received."""
    wanted = typed.one("action") or "save"
    kept = typed.replacing(*ONCE) if status == 401 else typed.replacing(*ONCE[:2])
    answer = page(request, "kept", status, fields=kept.pairs, action=wanted, fault=fault)
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _is_sent(gate: Gate, typed: Typed) -> bool:
    """Whether this page's submission is in the log: one only reserved may still change."""
    found = gate.submissions.get(typed.one("submission_id"))
    return found is not None and found.state == "appended"


def _version(typed: Typed) -> int:
    text = typed.one("draft_version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _before_year(here: Visit) -> int:
    earlier = here.gate.catalogue.previous(here.asked.whole.survey, here.asked.whole.year)
    return earlier.year if earlier else 0


def _check_label(check: str, here: Visit) -> str:
    """What an explanation is about: the label of the checked question."""
    declared = next((one for one in here.asked.questionnaire.checks if one.id == check), None)
    address = getattr(declared, "item", None) or check.rpartition(".")[0]
    item = here.asked.questionnaire.items.get(address)
    return item.label.in_language(here.language) if item else check
