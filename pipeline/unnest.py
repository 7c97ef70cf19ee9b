"""SQL made from a questionnaire's items that turns answers as JSON into rows of landing.answer, whole batches at once.

Two statements: `stage` reads the JSON once into typed structs, `rows` lays them out long. Items of one kind share a
branch of the union: a branch for each item would plan for longer than it runs.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from surveys.questionnaire import NUMERIC, Item, Questionnaire
from surveys.response import SEXES, WEEKDAYS

REGISTER_COLUMN = "program"  # the column of a register's roster that holds the entry's name
CODE_LISTS = frozenset({"several_of", "kommuner"})
WHY = {"missing": "VARCHAR"}
KEYS = "topic_partition, log_offset, unit_id"
# A respondent's text cannot hold this: quotes inside a JSON string are escaped. A reason stands alone in its object; to
# look for its brace takes a quarter of the time that looking for a quote among hundreds does.
HAS_MISSING = "contains(answers, '{\"missing\":')"


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
    """One value of one item: `value` is its expression, `why` that of the reason it is missing; None if it has none."""

    item: Item
    address: str
    sex: str | None
    value: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Frame:
    """Rows to take cells from: responses, or the rows of one roster (then `row_no` is the row's number).

    `source_with_why` has only those of responses in which something is missing.
    """

    source: str
    source_with_why: str
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
    why = {item.id: _why_type(item) for item in top if _why_type(item)}
    in_rows = {item.id: [_why_in_rows(item)] for item in top if _why_in_rows(item)}
    return (
        f"SELECT {KEYS}, json_transform(answers, {_quoted(json.dumps(values))}) AS v, "
        f"{_transformed_if_missing(why)} AS m, {_transformed_if_missing(in_rows)} AS n FROM arrived"
    )


def _transformed_if_missing(types: dict[str, Any]) -> str:
    if not types:
        return "NULL"
    return f"CASE WHEN {HAS_MISSING} THEN json_transform(answers, {_quoted(json.dumps(types))}) END"


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


def _why_type(item: Item) -> dict[str, Any]:
    """Where an item's answer may hold a reason in place of a value; empty when nowhere."""
    members: dict[str, Any] = dict.fromkeys(("K", "M"), WHY) if item.split_by_sex else {}
    return WHY | members if item.missing_allowed else members


def _why_in_rows(item: Item) -> dict[str, Any]:
    return {column.id: _why_type(column) for column in item.items if _why_type(column)}


def _response_frame(top: list[Item]) -> Frame:
    cells = tuple(cell for item in top for cell in _cells(item, item.id, "v", "m"))
    return Frame("staged", "(FROM staged WHERE m IS NOT NULL)", "NULL::INTEGER", cells)


def _roster_frame(roster: Item) -> Frame:
    column = _name(roster.id)
    rows = f"SELECT {KEYS}, unnest(v.{column}) AS v, generate_subscripts(v.{column}, 1) AS row_no"
    with_why = f"({rows}, n.{column}[row_no] AS n FROM staged WHERE n IS NOT NULL)"
    source = f"({rows}, n.{column}[row_no] AS n FROM staged)" if _why_in_rows(roster) else f"({rows} FROM staged)"
    cells = tuple(cell for item in roster.items for cell in _cells(item, f"{roster.id}.{item.id}", "v", "n"))
    return Frame(source, with_why, "row_no", cells, f"{roster.id}.{REGISTER_COLUMN}" if roster.register_name else None)


def _cells(item: Item, address: str, values: str, why: str) -> Iterator[Cell]:
    value, reason = f"{values}.{_name(item.id)}", f"{why}.{_name(item.id)}"
    missing = f"{reason}.missing" if item.missing_allowed else None
    if item.split_by_sex:
        yield Cell(item, address, None, None, missing)
        for sex in SEXES:
            yield Cell(item, address, sex, f"{value}.{sex}", f"{reason}.{sex}.missing" if sex != "T" else None)
    elif missing and _value_type(item) == "VARCHAR":
        # An object read as text is its JSON: where there is a reason, there is no value.
        yield Cell(item, address, None, f"CASE WHEN {missing} IS NULL THEN {value} END", missing)
    else:
        yield Cell(item, address, None, value, missing)


def _branches(frame: Frame) -> Iterator[str]:
    def of(*types: str) -> list[Cell]:
        return [cell for cell in frame.cells if cell.item.type in types and cell.value]

    yield from _plain(frame, of(*NUMERIC), "value", "NULL", "NULL")
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
    yield from _missing(frame)


def _plain(frame: Frame, cells: list[Cell], number: str, text: str, code: str) -> Iterator[str]:
    if cells:
        inner = _long(frame, [(cell, cell.value) for cell in cells], frame.source)
        yield _row("row_no", "sex", number, text, code, "NULL", f"{inner} WHERE value IS NOT NULL")


def _code_lists(frame: Frame, cells: list[Cell]) -> Iterator[str]:
    if cells:
        inner = _long(frame, [(cell, cell.value) for cell in cells], frame.source)
        place = "coalesce(row_no, place)"
        each = f"(SELECT *, unnest(value) AS code, generate_subscripts(value, 1) AS place FROM {inner})"
        yield _row(place, "NULL", "NULL", "NULL", "code", "NULL", each)


def _missing(frame: Frame) -> Iterator[str]:
    known = [(cell, cell.why) for cell in frame.cells if cell.why]
    if known:
        inner = _long(frame, known, frame.source_with_why)
        yield _row("row_no", "sex", "NULL", "NULL", "NULL", "value", f"{inner} WHERE value IS NOT NULL")


def _long(frame: Frame, cells: Sequence[tuple[Cell, str | None]], source: str) -> str:
    addresses = ", ".join(_quoted(cell.address) for cell, _ in cells)
    sexes = ", ".join("NULL" if cell.sex is None else _quoted(cell.sex) for cell, _ in cells)
    sex = f"unnest([{sexes}]::VARCHAR[])" if any(cell.sex for cell, _ in cells) else "NULL"
    values = ", ".join(str(expression) for _, expression in cells)
    return (
        f"(SELECT {KEYS}, {frame.row_no} AS row_no, unnest([{addresses}]) AS item_id, "
        f"{sex} AS sex, unnest([{values}]) AS value FROM {source})"
    )


def _opening_hours(frame: Frame, cell: Cell) -> str:
    days = ", ".join(f"{cell.value}.{day}" for day in WEEKDAYS)
    each = f"SELECT {KEYS}, unnest(range(1, 8)) AS day, unnest([{days}]) AS said FROM {frame.source}"
    hours = "CASE WHEN said LIKE '{%' THEN (said->>'from') || '-' || (said->>'to') ELSE said END"
    inner = f"(SELECT *, {_quoted(cell.address)} AS item_id, {hours} AS hours FROM ({each}) WHERE said IS NOT NULL)"
    return _row("day", "NULL", _HOURS_OPEN, "hours", "NULL", "NULL", inner)


_FROM = "(hours[1:2]::INTEGER * 60 + hours[4:5]::INTEGER)"
_TO = "(hours[7:8]::INTEGER * 60 + hours[10:11]::INTEGER)"
# Closing at or before opening means past midnight: 1 to 1440 minutes.
_HOURS_OPEN = f"CASE hours WHEN 'closed' THEN 0 WHEN '24h' THEN 24 ELSE (({_TO} - {_FROM} + 1439) % 1440 + 1) / 60 END"


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
