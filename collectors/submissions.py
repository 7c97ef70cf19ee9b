"""What this collector has taken in: one row a submission, reserved before the log has it and marked after."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine, Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from collectors.errors import DatabaseDown
from collectors.receipts import Receipt
from collectors.tables import SUBMISSION
from infra.event_log import Position
from surveys.model import Frozen

COLUMNS = SUBMISSION.c


class Submission(Frozen):
    """One reserved or appended response. `content` is the checksum of what the client sent."""

    submission_id: str
    survey: str
    year: int
    unit: str
    content: str
    event: bytes
    receipt: Receipt
    state: Literal["reserved", "appended"] = "reserved"

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as they lie in the log."""
        answers: dict[str, Any] = json.loads(self.event)["data"]["answers"]
        return answers

    @property
    def explanations(self) -> dict[str, str]:
        """What was written to settle soft checks, by check id."""
        explanations: dict[str, str] = json.loads(self.event)["data"].get("explanations") or {}
        return explanations


class Submissions:
    """The submissions in the operational database. Every method raises DatabaseDown when it does not answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, submission_id: str) -> Submission | None:
        with database_faults(), self._engine.connect() as connection:
            row = connection.execute(select(SUBMISSION).where(COLUMNS.submission_id == submission_id)).one_or_none()
        return None if row is None else _submission(row)

    def reserve(self, submission: Submission, now: datetime) -> bool:
        """Whether the row was made; False when the id was taken in the meantime."""
        values = submission.model_dump(exclude={"receipt"}) | {
            "receipt": submission.receipt.model_dump_json(),
            "reserved_at": now,
        }
        try:
            with database_faults(), self._engine.begin() as connection:
                connection.execute(insert(SUBMISSION).values(values))
        except IntegrityError:
            return False
        return True

    def mark_appended(self, submission_id: str, position: Position) -> None:
        """Notes that the log has it; the position first noted stays."""
        change = update(SUBMISSION).where(COLUMNS.submission_id == submission_id, COLUMNS.state == "reserved")
        with database_faults(), self._engine.begin() as connection:
            connection.execute(
                change.values(state="appended", partition=position.partition, log_offset=position.offset)
            )

    def of_unit(self, unit: str, survey: str, year: int) -> list[Submission]:
        """The unit's appended submissions of that survey and year, newest first."""
        wanted = select(SUBMISSION).where(
            COLUMNS.unit == unit, COLUMNS.survey == survey, COLUMNS.year == year, COLUMNS.state == "appended"
        )
        with database_faults(), self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
        return sorted(map(_submission, rows), key=lambda found: found.receipt.submitted_at, reverse=True)

    def count(self, unit: str, survey: str, year: int) -> int:
        """How many submissions of that survey and year the unit has, reserved ones included."""
        wanted = select(func.count()).where(COLUMNS.unit == unit, COLUMNS.survey == survey, COLUMNS.year == year)
        with database_faults(), self._engine.connect() as connection:
            return int(connection.execute(wanted).scalar_one())

    def units_answered(self, survey: str, year: int) -> int:
        """How many units have an appended submission of that survey and year."""
        wanted = select(func.count(COLUMNS.unit.distinct())).where(
            COLUMNS.survey == survey, COLUMNS.year == year, COLUMNS.state == "appended"
        )
        with database_faults(), self._engine.connect() as connection:
            return int(connection.execute(wanted).scalar_one())

    def waiting(self) -> list[Submission]:
        """The reserved submissions that the log is not known to have, oldest first."""
        wanted = select(SUBMISSION).where(COLUMNS.state == "reserved").order_by(COLUMNS.reserved_at)
        with database_faults(), self._engine.connect() as connection:
            return [_submission(row) for row in connection.execute(wanted)]


@contextmanager
def database_faults() -> Iterator[None]:
    """Turns a database that does not answer into DatabaseDown."""
    try:
        yield
    except OperationalError as fault:
        raise DatabaseDown() from fault


def _submission(row: Row[tuple[object, ...]]) -> Submission:
    values = {name: row._mapping[name] for name in Submission.model_fields}
    return Submission.model_validate(values | {"receipt": Receipt.model_validate_json(values["receipt"])})
