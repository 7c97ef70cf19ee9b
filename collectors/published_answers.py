"""A unit's earlier answers out of the published file: its long rows put together as they once were sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.errors import NothingPublished, PublicationUnreadable
from infra.log import get_logger
from infra.published import connect_current, marts_dir
from surveys.questionnaire import Item, Questionnaire
from surveys.response import MISSING, MISSING_REASONS, SEXES, WEEKDAYS

SELECT = """
SELECT item_id, row_no, sex, value_number, value_text, value_code, missing
FROM answer WHERE survey = ? AND year = ? AND unit_id = ? ORDER BY item_id, row_no
"""
LATEST = "SELECT max(epoch_us(submitted_at)) FROM response WHERE survey = ? AND year = ? AND unit_id = ?"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HAS = "SELECT count(*) FROM response WHERE survey = ? AND year = ? AND unit_id = ? AND submission_id = ?"


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of the published table `answer`."""

    item: str
    row: int | None
    sex: str | None
    number: float | None
    text: str | None
    code: str | None
    missing: str | None


def published_answers(data_dir: Path, questionnaire: Questionnaire, unit: str) -> dict[str, Any] | None:
    """The unit's current published answers to that questionnaire by item id; None when there are none."""
    found = _query_if_readable(data_dir, SELECT, (questionnaire.survey, questionnaire.year, unit))
    return answers_from([Cell(*row) for row in found], questionnaire) or None


def is_published(data_dir: Path, survey: str, year: int, unit: str, submission_id: str) -> bool:
    """Whether the published file has that submission of the unit. Raises PublicationUnreadable."""
    found = _query(data_dir, HAS, (survey, year, unit, submission_id))
    return bool(found and found[0][0])


def latest_published_at(data_dir: Path, survey: str, year: int, unit: str) -> datetime | None:
    """When the newest published response of the unit was submitted; None when there is none."""
    found = _query_if_readable(data_dir, LATEST, (survey, year, unit))
    latest = found[0][0] if found else None
    return None if latest is None else EPOCH + timedelta(microseconds=latest)


def answers_from(cells: Iterable[Cell], questionnaire: Questionnaire) -> dict[str, Any]:
    """Answers as they were sent, from their long form (see landing.answer)."""
    by_item: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.missing is None or cell.missing in MISSING_REASONS:
            by_item.setdefault(cell.item, []).append(cell)
    items = [item for section in questionnaire.sections for item in section.items]
    answers = {item.id: _top(item, by_item) for item in items}
    return {name: answer for name, answer in answers.items() if answer is not None}


def _query_if_readable(data_dir: Path, sql: str, facts: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Nothing when the publication is damaged: a response is taken in also while the pipeline makes it anew."""
    try:
        return _query(data_dir, sql, facts)
    except PublicationUnreadable as fault:
        get_logger(__name__).warning("publication_unreadable", cause=fault.cause)
        return []


def _query(data_dir: Path, sql: str, facts: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    import duckdb

    try:
        publish_id, connection = connect_current(data_dir)
    except NothingPublished:
        return []
    with connection:
        try:
            return connection.execute(sql, facts).fetchall()
        except (duckdb.IOException, duckdb.FatalException) as fault:
            raise PublicationUnreadable(marts_dir(data_dir) / f"{publish_id}.duckdb", str(fault)) from fault


def _top(item: Item, by_item: Mapping[str, list[Cell]]) -> Any:
    if item.type == "roster" and item.id not in by_item:
        return _rows(item, by_item)
    return _answer(item, by_item.get(item.id, []))


def _rows(roster: Item, by_item: Mapping[str, list[Cell]]) -> list[dict[str, Any]] | None:
    cells = {column.id: by_item.get(f"{roster.id}.{column.id}", []) for column in roster.items}
    numbers = sorted({cell.row for found in cells.values() for cell in found if cell.row is not None})
    rows = []
    for number in numbers:
        row = {column.id: _answer(column, _in_row(column, cells[column.id], number)) for column in roster.items}
        rows.append({name: answer for name, answer in row.items() if answer is not None})
    return rows or None


def _in_row(column: Item, cells: Iterable[Cell], number: int) -> list[Cell]:
    """A row's cells of one column; its several options have no order of their own and take the definition's."""
    codes = [option.code for option in column.options]
    own = [cell for cell in cells if cell.row == number]
    return sorted(own, key=lambda cell: codes.index(cell.code) if cell.code in codes else len(codes))


def _answer(item: Item, cells: list[Cell]) -> Any:
    if not cells:
        return None
    if item.split_by_sex and cells[0].sex is not None:
        members = {cell.sex: _value(item, cell) for cell in cells}
        return {sex: members[sex] for sex in SEXES if sex in members}
    if cells[0].missing is not None:
        return {MISSING: cells[0].missing}
    match item.type:
        case "several_of" | "kommuner":
            return [cell.code for cell in cells]
        case "opening_hours":
            return {day: _hours(cell.text or "") for day, cell in zip(WEEKDAYS, cells, strict=False)}
        case _ if item.split_by_sex:
            return {"T": _value(item, cells[0])}
        case _:
            return _value(item, cells[0])


def _value(item: Item, cell: Cell) -> Any:
    if cell.missing is not None:
        return {MISSING: cell.missing}
    match item.type:
        case "integer" | "year":
            return None if cell.number is None else round(cell.number)
        case "decimal" | "percent":
            return cell.number
        case "boolean":
            return cell.code == "true"
        case "one_of":
            return cell.code
        case _:
            return cell.text


def _hours(text: str) -> Any:
    start, separator, end = text.partition("-")
    return {"from": start, "to": end} if separator else text
