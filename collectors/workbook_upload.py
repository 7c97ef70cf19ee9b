"""A workbook on its way in: kept byte for byte, read, and handed to receive; faults name sheet and cell."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from collectors.administration import NewId
from collectors.errors import ChecksFailed, Finding, LogDown, Refused
from collectors.file import content_id
from collectors.gate import Gate
from collectors.receive import (
    Accepted,
    Asked,
    Request,
    asked,
    context_of,
    examine,
    finding,
    receive,
    refusal,
)
from collectors.submissions import database_faults
from collectors.tables import UPLOAD, UPLOAD_OF_UNIT
from collectors.workbook_file import addressed_to
from collectors.workbook_reader import Located, read_workbook
from collectors.workbook_template import Filling, carried, template
from infra.errors import LogUnavailable
from surveys.units import Unit

__all__ = ["addressed_to", "examine_workbook", "receive_workbook", "template_for"]


def template_for(survey: str, year: int, unit: str, gate: Gate) -> bytes:
    """The unit's workbook: with what it last sent this year, or else last year's rows and figures beside.

    Raises UnknownSurvey, UnknownUnit, LogDown, DatabaseDown.
    """
    known = asked(survey, year, unit, gate)
    context = context_of(known, gate)
    before = carried(context.previous, known.questionnaire)
    own = gate.submissions.of_unit(unit, survey, year)
    rows = {
        item: rows for item, rows in before.items() if isinstance(rows, list) and rows and isinstance(rows[0], dict)
    }
    filling = Filling(
        answers=own[0].answers if own else rows,
        corrects=own[0].submission_id if own else None,
        before=before,
        population=context.population,
    )
    return template(known, _kommuner(known, gate), filling)


def receive_workbook(
    content: bytes, survey: str, year: int, unit: str, gate: Gate, now: datetime, new_id: NewId
) -> Accepted:
    """The receipt of the answers in a workbook; the same bytes again give the same receipt.

    1. the bytes are kept, whatever comes of them; 2. they are read; 3. the answers are received as any others.
    Raises WorkbookRefused with every cell that cannot be read, and what receive raises, with sheet and cell.
    """
    known = asked(survey, year, unit, gate)
    _keep(content, survey, year, unit, gate, now)
    try:
        located = read_workbook(content, known, _kommuner(known, gate))
    except Refused as refused:
        gate.metrics.count_response("excel", refused.wire)
        raise
    try:
        return receive(_request(content, known, located), gate, now, new_id)
    except ChecksFailed as refused:
        raise ChecksFailed(refused.where, [located.place(one) for one in refused.findings]) from refused


def examine_workbook(
    content: bytes, survey: str, year: int, unit: str, gate: Gate, now: datetime
) -> tuple[Finding, ...]:
    """The soft failures that the workbook's explanations settle; nothing is stored.

    Raises what receive_workbook raises.
    """
    known = asked(survey, year, unit, gate)
    located = read_workbook(content, known, _kommuner(known, gate))
    examined = examine(_request(content, known, located), gate, now)
    if examined.unsettled:
        refused = refusal(known, examined.unsettled)
        raise ChecksFailed(refused.where, [located.place(one) for one in refused.findings])
    return tuple(located.place(finding(failure)) for failure in examined.failures)


def _request(content: bytes, known: Asked, located: Located) -> Request:
    return Request(
        survey=known.whole.survey,
        year=known.whole.year,
        unit=known.unit.unit_id,
        submission_id=content_id(content),
        answers=located.answers,
        explanations=located.explanations,
        corrects=located.corrects,
        reason=located.reason,
        mode="excel",
    )


def _kommuner(known: Asked, gate: Gate) -> Sequence[Unit]:
    try:
        return gate.administration.current().units.kommuner(known.unit.region_code)
    except LogUnavailable as fault:
        raise LogDown() from fault


def _keep(content: bytes, survey: str, year: int, unit: str, gate: Gate, now: datetime) -> None:
    digest = sha256(content).hexdigest()
    of_unit = {"sha256": digest, "survey": survey, "year": year, "unit": unit, "received_at": now}
    for table, values in ((UPLOAD, {"sha256": digest, "content": content}), (UPLOAD_OF_UNIT, of_unit)):
        try:
            with database_faults(), gate.engine.begin() as connection:
                connection.execute(insert(table).values(values))
        except IntegrityError:
            continue  # the same bytes came before
