"""The wide table that expectations look at: one row per current response, one column per item address.

An item split by sex stands as `item__K`, `item__M` and `item__T`; several_of and kommuner as their codes, sorted and
joined by "|"; a roster as its number of rows; opening hours as JSON. An item that may be missing has a column
`item__missing` with the reason. A roster has a table of its own, one row per roster row, with `unit_id` and `row_no`
and its columns by address (`roster.column`). Missing is NaN or None. Beside the answers stand `unit_id`, `population`
and, for each number that is compared with last time, `previous:<column>`.
"""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from surveys.check_kinds import ChangeAgainstLastYear
from surveys.in_context import previous_value
from surveys.operands import predecessor
from surveys.questionnaire import NUMERIC, Item, Questionnaire
from surveys.response import MISSING, SEXES, Answers, Context, is_missing, of_sex

if TYPE_CHECKING:
    import pandas as pd

NOBODY_KNOWS = Context()


def columns_of(address: str, item: Item) -> tuple[str, ...]:
    """The columns an item's answers stand in, the reason for a missing one apart."""
    return tuple(of_sex(address, sex) for sex in SEXES) if item.split_by_sex else (address,)


def main_column(address: str, item: Item) -> str:
    """The column that is filled whenever the item is answered: the total of a split one."""
    return of_sex(address, "T") if item.split_by_sex else address


def missing_column(address: str) -> str:
    """The column with the reason why an item has no answer."""
    return of_sex(address, MISSING)


def response_columns(q: Questionnaire, roster: str | None = None) -> dict[str, bool]:
    """Every column of the table of responses (or of a roster's rows), and whether it holds numbers."""
    columns = {"unit_id": False} | ({"population": True} if roster is None else {"row_no": True})
    for address, item in q.items.items():
        if item.type != "note" and (address.partition(".")[0] == roster if "." in address else roster is None):
            columns |= dict.fromkeys(columns_of(address, item), item.type in NUMERIC or item.type == "roster")
            columns |= {missing_column(address): False} if item.missing_allowed else {}
    return columns | (dict.fromkeys(_previous_columns(q), True) if roster is None else {})


def previous_column(column: str) -> str:
    """The column with last time's number."""
    return f"previous:{column}"


def _previous_columns(q: Questionnaire) -> list[str]:
    compared = {check.item for check in q.checks if isinstance(check, ChangeAgainstLastYear) and check.item in q.items}
    return [previous_column(c) for address in sorted(compared) for c in columns_of(address, q.items[address])]


def response_row(q: Questionnaire, answers: Answers, context: Context = NOBODY_KNOWS) -> dict[str, Any]:
    """One row of the table of responses, from answers as they were given."""
    row: dict[str, Any] = {"unit_id": context.unit, "population": context.population}
    for section in q.sections:
        for item in section.items:
            row |= _cells(item.id, item, answers.get(item.id))
    for check in q.checks:
        if isinstance(check, ChangeAgainstLastYear) and check.item in q.items:
            row |= _previous_cells(check.item, q.items[check.item], context.previous or {})
    return row


def roster_rows(roster: Item, answers: Answers, context: Context = NOBODY_KNOWS) -> list[dict[str, Any]]:
    """The rows of a roster's own table, from answers as they were given."""
    rows = answers.get(roster.id)
    table = []
    for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        cells: dict[str, Any] = {"unit_id": context.unit, "row_no": number}
        for column in roster.items:
            cells |= _cells(f"{roster.id}.{column.id}", column, row.get(column.id))
        table.append(cells)
    return table


def _cells(address: str, item: Item, answer: Any) -> dict[str, Any]:
    if answer is None or item.type == "note":
        return {}
    if is_missing(answer):
        return {missing_column(address): answer[MISSING]}
    if item.split_by_sex:
        return {of_sex(address, sex): number for sex, number in answer.items() if not is_missing(number)}
    return {address: _cell(item, answer)}


def _cell(item: Item, answer: Any) -> Any:
    match item.type:
        case "several_of" | "kommuner":
            return "|".join(sorted(answer))
        case "roster":
            return len(answer)
        case "opening_hours":
            return json.dumps(answer, sort_keys=True)
        case _:
            return answer


def _previous_cells(address: str, item: Item, previous: Mapping[str, Any]) -> dict[str, Any]:
    then = predecessor(item)
    if then is None:
        return {}
    sexes: list[str | None] = list(SEXES) if item.split_by_sex else [None]
    columns = [previous_column(column) for column in columns_of(address, item)]
    return {column: previous_value(previous, then, sex) for column, sex in zip(columns, sexes, strict=True)}


def frame(columns: Mapping[str, bool], rows: Iterable[Mapping[str, Any]]) -> "pd.DataFrame":
    """A pandas frame with exactly these columns: numbers as float64, the rest as objects with None for missing."""
    import pandas as pd

    table = list(rows)
    return pd.DataFrame(
        {
            name: pd.Series([row.get(name) for row in table], dtype="float64" if numbers else "object")
            for name, numbers in columns.items()
        }
    )
