"""What operations ask: is it alive, can it take responses, what has it done."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from collectors.errors import DatabaseDown, LogDown
from collectors.gate import Gate
from collectors.http import ErrorBody
from collectors.metrics import CONTENT_TYPE
from infra.errors import LogUnavailable
from infra.event_log import RESPONSES
from surveys.model import Frozen

router = APIRouter()


class Health(Frozen):
    status: str = "ok"


@router.get("/healthz", summary="Alive")
def healthz() -> Health:
    return Health()


@router.get("/readyz", summary="Log and database answer", responses={503: {"model": ErrorBody}})
def readyz(request: Request) -> Health:
    gate: Gate = request.app.state.gate
    try:
        gate.log.ends(RESPONSES)
    except LogUnavailable as fault:
        raise LogDown() from fault
    try:
        with gate.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except OperationalError as fault:
        raise DatabaseDown() from fault
    return Health()


@router.get("/metrics", summary="Counts and durations for Prometheus", response_class=PlainTextResponse)
def metrics(request: Request) -> Response:
    gate: Gate = request.app.state.gate
    return Response(gate.metrics.text(), media_type=CONTENT_TYPE)
