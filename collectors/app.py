"""The collector as a web application: the API, the form, and what operations ask of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from time import perf_counter
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collectors import api
from collectors.bodies import body_fault
from collectors.errors import (
    BadBody,
    BadRequest,
    Broken,
    DatabaseDown,
    LogDown,
    MethodNotAllowed,
    NotFound,
    Refused,
    TooLarge,
)
from collectors.gate import Gate, open_gate
from collectors.health import router as health
from collectors.http import WORKBOOK_LIMIT_BYTES, language_of, refusal_response
from collectors.punctual_log import patient
from collectors.receive import complete_reserved
from collectors.signin import SignIn
from collectors.tokens import TokenReader
from infra.errors import DatabaseUnavailable, LogUnavailable, PublicationUnreadable
from infra.log import get_logger
from infra.settings import Settings
from surveys.catalogue import Catalogue
from surveys.model import Text
from surveys.population import population_in_force

WEB = "collectors.web"
# A workbook posted in a form has the form's own fields and boundaries around it.
FORM_BYTES = 100_000


def create_app(settings: Settings, catalogue: Catalogue | None = None) -> FastAPI:
    """The application; its log and database are opened when it starts and closed when it stops.

    The catalogue is the product's own when none is given.

    `app.state` holds `gate`, `tokens`, `signin` and `data_dir`. A module `collectors.web` with a `router` and an
    `error_page(request, refusal) -> Response` gives the form and its error pages. Raises PopulationFileFaults.
    """
    population_in_force(settings.population_file)  # a wrong file stops the start, with its own message
    app = FastAPI(
        title="Lägesbild",
        summary="Collects the yearly mental-health mappings.",
        version="1",
        docs_url=None,  # its pages fetch scripts from a third party
        redoc_url=None,
        max_body_size=WORKBOOK_LIMIT_BYTES + FORM_BYTES,
        lifespan=_lifespan(settings, catalogue),
    )
    app.state.data_dir = settings.data_dir
    app.include_router(api.router, tags=["surveys"])
    app.include_router(health, tags=["operations"])
    web = _web()
    if web is not None:
        app.include_router(web.router, include_in_schema=False)
    app.add_middleware(Timed, app=app)
    _answer_errors(app, web)
    return app


class Timed:
    """Measures every request from its first byte to the end of its answer, which does not wait long for the log."""

    def __init__(self, inner: ASGIApp, app: FastAPI) -> None:
        self._inner = inner
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        started, status = perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._inner(scope, patient(receive), sending)
        finally:
            self._app.state.gate.metrics.observe_request(scope["method"], status, perf_counter() - started)


def _lifespan(settings: Settings, catalogue: Catalogue | None) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        gate = open_gate(settings, catalogue)
        app.state.gate = gate
        app.state.tokens = TokenReader(gate.engine)
        app.state.signin = SignIn(gate.engine)
        _complete(gate)
        yield
        gate.close()

    return lifespan


def _complete(gate: Gate) -> None:
    try:
        completed = complete_reserved(gate)
    except LogDown:
        get_logger(__name__).warning("reserved_responses_wait", reason="the log does not answer")
        return
    if completed:
        get_logger(__name__).info("reserved_responses_completed", count=completed)


def _web() -> Any:
    if find_spec(WEB) is None:
        return None
    from importlib import import_module

    return import_module(WEB)


def _answer_errors(app: FastAPI, web: Any) -> None:
    async def answer(request: Request, error: Exception) -> Response:
        refusal = _refusal(request, error)
        if isinstance(refusal, Broken):
            get_logger(__name__).error("request_failed", route=_route(request), exc_info=error)
        wants_page = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
        if web is not None and wants_page:
            page: Response = web.error_page(request, refusal)
            return page
        return refusal_response(refusal, language_of(request))

    for kind in (Refused, HTTPException, RequestValidationError, OperationalError, Exception):
        app.add_exception_handler(kind, answer)


def _route(request: Request) -> str:
    """The route as it is declared: a path can hold a sign-in link, and that is a secret."""
    return str(getattr(request.scope.get("route"), "path", ""))


def _refusal(request: Request, error: Exception) -> Refused:
    match error:
        case Refused():
            return error
        case LogUnavailable():
            return LogDown()
        case OperationalError() | DatabaseUnavailable() | PublicationUnreadable():
            return DatabaseDown()
        case RequestValidationError():
            return BadBody(map(body_fault, error.errors()))
        case HTTPException(status_code=404):
            return NotFound(request.url.path)
        case HTTPException(status_code=405):
            return MethodNotAllowed(request.method, request.url.path)
        case HTTPException(status_code=413):
            return TooLarge(WORKBOOK_LIMIT_BYTES)
        case HTTPException():
            return BadRequest(request.url.path, _UNREADABLE, _SEND_AGAIN)
        case _:
            return Broken()


_UNREADABLE = Text(sv="Begäran kan inte läsas.", en="The request cannot be read.")
_SEND_AGAIN = Text(sv="Rätta den och skicka igen.", en="Correct it and send again.")
