"""SQL made from a questionnaire's items that turns answers as JSON into rows of landing.answer, whole batches at once.

Two statements: `stage` reads the JSON once into typed structs, `rows` lays them out long. Items of one kind share a
branch of the union: a branch for each item would plan for longer than it runs.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from surveys.questionnaire import NUMERIC, Item, Questionnaire
from surveys.response import SEXES, WEEKDAYS

REGISTER_COLUMN = "program"  # the column of a register's roster that holds the entry's name
CODE_LISTS = frozenset({"several_of", "kommuner"})
WHY = {"missing": "VARCHAR"}
KEYS = "topic_partition, log_offset, unit_id"
# A respondent's text cannot hold this: quotes inside a JSON string are escaped.
HAS_MISSING = "contains(answers, '\"missing\":')"


@dataclass(frozen=True, slots=True)
class Unnesting:
    """What lands the answers of one questionnaire.

    `stage`: SELECT for a temporary table `staged`, over `arrived` (topic_partition, log_offset, unit_id, answers).
    `names`: SELECT of the names to find in a register, over `staged`; None without such a roster.
    `rows`: SELECT of item_id, row_no, sex, value_number, value_text, value_code, missing and the three keys, over
    `staged` and `entry` (name, entry_id), which holds what `names` found.
    """

    stage: str
    names: str | None
    rows: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one item: `value` is its expression, `why` the expression of the reason it is missing."""

    item: Item
    address: str
    sex: str | None
    value: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """Rows to take cells from: responses, or the rows of one roster (then `row_no` is the row's number)."""

    source: str
    row_no: str
    cells: tuple[Cell, ...]
    register_column: str | None = None


@lru_cache(maxsize=256)
def unnesting(fingerprint: str, items: "Items") -> Unnesting:
    """The statements for a questionnaire; the same fingerprint has the same items."""
    top = [item for item in items.items if item.type != "note"]
    frames = [_response_frame(top), *(_roster_frame(item) for item in top if item.type == "roster")]
    branches = [branch for frame in frames for branch in _branches(frame)]
    branches += [_row_count(item) for item in top if item.type == "roster"]
    registers = [item for item in top if item.type == "roster" and item.register_name]
    return Unnesting(_stage(top), _names(registers), "\nUNION ALL\n".join(branches))


class Items:
    """Carries a questionnaire's items past the cache's key, which is the fingerprint."""

    def __init__(self, q: Questionnaire) -> None:
        self.items = [item for section in q.sections for item in section.items]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Items)

    def __hash__(self) -> int:
        return 0


def _stage(top: list[Item]) -> str:
    values = {item.id: _value_type(item) for item in top}
    why = {item.id: _why_type(item) for item in top}
    in_rows = {item.id: [{c.id: _why_type(c) for c in item.items}] for item in top if item.type == "roster"}
    return (
        f"SELECT {KEYS}, json_transform(answers, {_quoted(json.dumps(values))}) AS v, "
        f"CASE WHEN {HAS_MISSING} THEN json_transform(answers, {_quoted(json.dumps(why))}) END AS m, "
        + (
            f"CASE WHEN {HAS_MISSING} THEN json_transform(answers, {_quoted(json.dumps(in_rows))}) END"
            if in_rows
            else "NULL"
        )
        + " AS n FROM arrived"
    )


def _value_type(item: Item) -> Any:
    if item.split_by_sex:
        return dict.fromkeys(SEXES, "DOUBLE")
    if item.type == "roster":
        return [{column.id: _value_type(column) for column in item.items}]
    if item.type == "opening_hours":
        return dict.fromkeys(WEEKDAYS, "VARCHAR")
    if item.type in CODE_LISTS:
        return ["VARCHAR"]
    return "DOUBLE" if item.type in NUMERIC else "BOOLEAN" if item.type == "boolean" else "VARCHAR"


def _why_type(item: Item) -> Any:
    return {**WHY, **dict.fromkeys(SEXES, WHY)} if item.split_by_sex else WHY


def _response_frame(top: list[Item]) -> Frame:
    return Frame("staged", "NULL::INTEGER", tuple(cell for item in top for cell in _cells(item, item.id, "v", "m")))


def _roster_frame(roster: Item) -> Frame:
    column = _name(roster.id)
    source = (
        f"(SELECT {KEYS}, unnest(v.{column}) AS v, generate_subscripts(v.{column}, 1) AS row_no, "
        f"n.{column}[row_no] AS n FROM staged)"
    )
    cells = tuple(cell for item in roster.items for cell in _cells(item, f"{roster.id}.{item.id}", "v", "n"))
    return Frame(source, "row_no", cells, f"{roster.id}.{REGISTER_COLUMN}" if roster.register_name else None)


def _cells(item: Item, address: str, values: str, why: str) -> Iterator[Cell]:
    value, reason = f"{values}.{_name(item.id)}", f"{why}.{_name(item.id)}"
    if item.split_by_sex:
        yield Cell(item, address, None, "NULL", f"{reason}.missing")
        for sex in SEXES:
            yield Cell(item, address, sex, f"{value}.{sex}", f"{reason}.{sex}.missing")
    elif _value_type(item) == "VARCHAR":
        # An object read as text is its JSON: where there is a reason, there is no value.
        yield Cell(item, address, None, f"CASE WHEN {reason}.missing IS NULL THEN {value} END", f"{reason}.missing")
    else:
        yield Cell(item, address, None, value, f"{reason}.missing")


def _branches(frame: Frame) -> Iterator[str]:
    def of(*types: str) -> list[Cell]:
        return [cell for cell in frame.cells if cell.item.type in types]

    numbers = [cell for cell in of(*NUMERIC) if cell.value != "NULL"]
    yield from _plain(frame, numbers, "value", "NULL", "NULL")
    yield from _plain(frame, of("boolean"), "value::INTEGER", "NULL", "value::VARCHAR")
    yield from _plain(frame, of("one_of"), "NULL", "NULL", "value")
    texts = of("text", "date")
    yield from _plain(frame, [c for c in texts if c.address != frame.register_column], "NULL", "value", "NULL")
    for cell in texts:
        if cell.address == frame.register_column:
            yield _register_names(frame, cell)
    yield from _code_lists(frame, of(*CODE_LISTS))
    for cell in of("opening_hours"):
        yield _opening_hours(frame, cell)
    yield from _missing(frame, list(frame.cells))


def _plain(frame: Frame, cells: list[Cell], number: str, text: str, code: str) -> Iterator[str]:
    if cells:
        inner = _long(frame, cells, [cell.value for cell in cells])
        yield _row("row_no", "sex", number, text, code, "NULL", f"{inner} WHERE value IS NOT NULL")


def _code_lists(frame: Frame, cells: list[Cell]) -> Iterator[str]:
    if cells:
        inner = _long(frame, cells, [cell.value for cell in cells])
        place = "coalesce(row_no, place)"
        each = f"(SELECT *, unnest(value) AS code, generate_subscripts(value, 1) AS place FROM {inner})"
        yield _row(place, "NULL", "NULL", "NULL", "code", "NULL", each)


def _missing(frame: Frame, cells: list[Cell]) -> Iterator[str]:
    known = [cell for cell in cells if cell.why is not None]
    if known:
        inner = _long(frame, known, [str(cell.why) for cell in known])
        yield _row("row_no", "sex", "NULL", "NULL", "NULL", "value", f"{inner} WHERE value IS NOT NULL")


def _long(frame: Frame, cells: list[Cell], values: list[str]) -> str:
    addresses = ", ".join(_quoted(cell.address) for cell in cells)
    sexes = ", ".join("NULL" if cell.sex is None else _quoted(cell.sex) for cell in cells)
    return (
        f"(SELECT {KEYS}, {frame.row_no} AS row_no, unnest([{addresses}]) AS item_id, "
        f"unnest([{sexes}]::VARCHAR[]) AS sex, unnest([{', '.join(values)}]) AS value FROM {frame.source})"
    )


def _opening_hours(frame: Frame, cell: Cell) -> str:
    days = ", ".join(f"{cell.value}.{day}" for day in WEEKDAYS)
    each = f"SELECT {KEYS}, unnest(range(1, 8)) AS day, unnest([{days}]) AS said FROM {frame.source}"
    hours = "CASE WHEN said LIKE '{%' THEN (said->>'from') || '-' || (said->>'to') ELSE said END"
    inner = f"(SELECT *, {_quoted(cell.address)} AS item_id, {hours} AS hours FROM ({each}) WHERE said IS NOT NULL)"
    return _row("day", "NULL", _HOURS_OPEN, "hours", "NULL", "NULL", inner)


_FROM = "(hours[1:2]::INTEGER * 60 + hours[4:5]::INTEGER)"
_TO = "(hours[7:8]::INTEGER * 60 + hours[10:11]::INTEGER)"
# Closing at or before opening means past midnight.
_HOURS_OPEN = (
    "CASE hours WHEN 'closed' THEN 0 WHEN '24h' THEN 24 "
    f"ELSE ({_TO} - {_FROM} + CASE WHEN {_TO} <= {_FROM} THEN 1440 ELSE 0 END) / 60 END"
)


def _row_count(roster: Item) -> str:
    """A row for the roster itself: no rows is an answer too."""
    inner = f"(SELECT *, {_quoted(roster.id)} AS item_id FROM staged WHERE v.{_name(roster.id)} IS NOT NULL)"
    return _row("NULL", "NULL", f"len(v.{_name(roster.id)})", "NULL", "NULL", "NULL", inner)


def _register_names(frame: Frame, cell: Cell) -> str:
    each = f"(SELECT *, {_quoted(cell.address)} AS item_id, {cell.value} AS name FROM {frame.source})"
    inner = f"{each} LEFT JOIN entry USING (name) WHERE name IS NOT NULL"
    return _row("row_no", "NULL", "NULL", "name", "entry_id", "NULL", inner)


def _names(registers: list[Item]) -> str | None:
    columns = [f"SELECT unnest(v.{_name(roster.id)}).{REGISTER_COLUMN} AS name FROM staged" for roster in registers]
    return f"SELECT DISTINCT name FROM ({' UNION ALL '.join(columns)}) WHERE name IS NOT NULL" if columns else None


def _row(row_no: str, sex: str, number: str, text: str, code: str, missing: str, source: str) -> str:
    return (
        f"SELECT {KEYS}, item_id, {row_no}::INTEGER AS row_no, {sex}::VARCHAR AS sex, "
        f"{number}::DOUBLE AS value_number, {text}::VARCHAR AS value_text, {code}::VARCHAR AS value_code, "
        f"{missing}::VARCHAR AS missing FROM {source}"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
