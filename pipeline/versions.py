"""The history of a unit's answers as it is published: when each came, by which mode, what it was before, and why."""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.published import connect_current
from infra.settings import Settings
from pipeline.as_of import published_as_of
from pipeline.errors import NoSuchHistory
from surveys.model import Frozen
from surveys.moment import Moment

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Value = float | str | None
_VERSIONS = """
SELECT revision, submitted_at, mode, corrects, reason, submission_id, event_id, partition, log_offset
FROM response WHERE survey = $survey AND year = $year AND unit_id = $unit ORDER BY revision
"""
_CHANGES = """
SELECT
    item_id, row_no, sex, revision, before_number, before_code, before_missing, after_number, after_text, after_code,
    after_missing
FROM revision JOIN item USING (survey, year, item_id)
WHERE survey = $survey AND year = $year AND unit_id = $unit AND ($item IS NULL OR item_id = $item)
ORDER BY revision, item.position, row_no, sex
"""


class Change(Frozen):
    """One answer that a version changed; a value, or why there was none (suppressed: hidden in publication)."""

    item: str
    row: int | None
    sex: str | None
    before: Value
    before_missing: str | None
    after: Value
    after_missing: str | None


class Version(Frozen):
    """One accepted response of a unit, the first being revision 1, and what it changed."""

    revision: int
    submitted_at: datetime
    mode: str
    corrects: str | None
    reason: str | None
    submission_id: str
    event_id: str
    partition: int
    offset: int
    changes: tuple[Change, ...]


def versions(
    settings: Settings, survey: str, year: int, unit: str, item: str | None = None, moment: Moment | None = None
) -> list[Version]:
    """The versions of the unit's response, first to last, as published now or as of a moment; changes of `item` only.

    Raises NoSuchHistory where nothing of the unit is published, NothingPublished, NoSuchMoment.
    """
    asked = {"survey": survey, "year": year, "unit": unit}
    path = None if moment is None else published_as_of(settings, moment)
    with closing(_opened(settings, path)) as publication:
        rows = publication.sql(_VERSIONS, params=asked).to_arrow_table().to_pylist()
        changes = publication.sql(_CHANGES, params={**asked, "item": item}).to_arrow_table().to_pylist()
    if not rows:
        raise NoSuchHistory(survey, year, unit)
    return [
        Version(
            **{name: value for name, value in one.items() if name != "log_offset"},
            offset=one["log_offset"],
            changes=tuple(_change(each) for each in changes if each["revision"] == one["revision"]),
        )
        for one in rows
    ]


def _change(row: dict[str, Value]) -> Change:
    return Change.model_validate(
        {
            "item": row["item_id"],
            "row": row["row_no"],
            "sex": row["sex"],
            "before": _said(row, "before"),
            "before_missing": row["before_missing"],
            "after": _said(row, "after"),
            "after_missing": row["after_missing"],
        }
    )


def _said(row: dict[str, Value], side: str) -> Value:
    """The value as it was given: yes or no has a number beside its code."""
    given = (row.get(f"{side}_{kind}") for kind in ("code", "number", "text"))
    return next((value for value in given if value is not None), None)


def _opened(settings: Settings, path: Path | None) -> "DuckDBPyConnection":
    import duckdb

    return connect_current(settings.data_dir)[1] if path is None else duckdb.connect(str(path), read_only=True)
