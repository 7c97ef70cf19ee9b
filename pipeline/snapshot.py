"""What the warehouse holds, in numbers: taken by the pipeline, which alone may open it, and left beside it for others.

The file DATA_DIR/pipeline.json holds the latest one, so that `lagesbild pipeline status` can tell what is landed while
a pipeline runs.
"""

import os
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from infra.errors import NothingPublished, PublicationUnreadable
from infra.event_log import TOPICS
from infra.published import connect_current
from pipeline.columns import moment
from pipeline.good_positions import good_positions
from pipeline.land import positions
from pipeline.publish import prepare_state
from surveys.model import Frozen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class HeldPart(Frozen):
    """A survey and year that keeps its last good content, and why."""

    survey: str
    year: int
    reason_sv: str
    reason_en: str
    since: datetime


class Snapshot(Frozen):
    """What is landed and held. `parked`: dead letters that wait, by code; `failed`: expectations, by severity.

    `retrying` is the cause while the pipeline waits to try again. `good` is the position, by partition, at which each
    'survey/year' last passed its audit: the one thing here that the log alone does not say. `publish_seconds` is how
    long the last publication took.
    """

    taken_at: datetime
    landed: dict[str, dict[int, int]]
    accepted: int
    repeated: int
    parked: dict[str, int]
    held: tuple[HeldPart, ...]
    failed: dict[str, int]
    retrying: str | None = None
    good: dict[str, dict[int, int]] = Field(default_factory=dict)
    publish_seconds: float | None = None


def take(connection: "DuckDBPyConnection", now: datetime) -> Snapshot:
    """The snapshot of an open warehouse."""
    prepare_state(connection)
    counts = connection.execute(
        "SELECT (SELECT count(*) FROM landing.event), (SELECT count(*) FROM landing.repeated)"
    ).fetchall()
    parked = connection.execute(
        "SELECT code, count(*) FROM landing.dead_letter WHERE replayed_at IS NULL GROUP BY code ORDER BY code"
    ).fetchall()
    failed = connection.execute(
        "SELECT severity, count(*) FROM audited.result WHERE NOT success GROUP BY severity ORDER BY severity"
    ).fetchall()
    return Snapshot(
        taken_at=now,
        landed={topic: positions(connection, topic) for topic in TOPICS},
        accepted=counts[0][0],
        repeated=counts[0][1],
        parked=dict(parked),
        held=_held(connection),
        failed=dict(failed),
        good=good_positions(connection),
    )


def leave(data_dir: Path, snapshot: Snapshot) -> None:
    """Puts the snapshot in place of the former one, in one step; what a power cut takes is made again at once."""
    path = _path(data_dir)
    written = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    written.write_text(snapshot.model_dump_json(indent=1), encoding="utf-8")
    written.replace(path)


def left(data_dir: Path) -> Snapshot | None:
    """The latest snapshot; None when there is none, or it was left by another version."""
    try:
        return Snapshot.model_validate_json(_path(data_dir).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return None


def published_at(data_dir: Path) -> datetime | None:
    """When the publication in force was made; None when there is none that can be read."""
    try:
        _, connection = connect_current(data_dir)
    except (NothingPublished, PublicationUnreadable):
        return None
    with closing(connection):
        rows = connection.execute("SELECT epoch_us(published_at) FROM publication").fetchall()
    return moment(rows[0][0])


def _held(connection: "DuckDBPyConnection") -> tuple[HeldPart, ...]:
    rows = connection.execute(
        "SELECT survey, year, held_sv, held_en, epoch_us(audited_at) FROM audited.part WHERE held_sv IS NOT NULL "
        "ORDER BY survey, year"
    ).fetchall()
    return tuple(
        HeldPart(survey=survey, year=year, reason_sv=sv, reason_en=en, since=moment(at))
        for survey, year, sv, en, at in rows
    )


def _path(data_dir: Path) -> Path:
    return data_dir / "pipeline.json"
