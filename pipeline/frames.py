"""The tables that the audit looks at: what is about to be published of one part, as pandas frames from DuckDB."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from surveys.check_kinds import ChangeAgainstLastYear
from surveys.frames import columns_of, frame, missing_column, previous_column, response_columns
from surveys.operands import predecessor
from surveys.questionnaire import NUMERIC, Item, Questionnaire
from surveys.response import MISSING_REASONS, of_sex

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]
Place = tuple[str, int | None]
PART = "survey = $survey AND year = $year"


@dataclass(frozen=True, slots=True)
class Tables:
    """One unit kind's tables of a part: `responses`, a row for each current response, and the rows of each roster."""

    kind: str
    responses: "pd.DataFrame"
    rosters: "dict[str, pd.DataFrame]"


def tables(work: "DuckDBPyConnection", q: Questionnaire, kind: str) -> Tables:
    """The current answers of one kind of unit, in the shape that expectations are written for.

    Reads `counted`, `fact` and `known_population`.
    """
    asked = q.for_unit_kind(kind)
    rows = _answers(work, asked, kind)
    facts = {"survey": q.survey, "year": q.year, "kind": kind}
    units = work.execute(
        f"SELECT unit_id FROM counted WHERE {PART} AND kind = $kind ORDER BY unit_id", facts
    ).fetchall()
    around = _around(work, asked)
    responses = [{"unit_id": unit, **around[unit], **rows[unit, None]} for (unit,) in units]
    rosters = {
        item.id: frame(response_columns(asked, item.id), _roster_rows(rows, item.id))
        for item in asked.items.values()
        if item.type == "roster"
    }
    return Tables(kind, frame(response_columns(asked), responses), rosters)


def _answers(work: "DuckDBPyConnection", q: Questionnaire, kind: str) -> defaultdict[Place, Row]:
    """The cells of each response (row number None) and of each row of its rosters."""
    cells: defaultdict[Place, Row] = defaultdict(dict)
    reasons = ", ".join(f"'{reason}'" for reason in MISSING_REASONS)
    found = work.execute(
        f"SELECT unit_id, row_no, item_id, sex, value_number, value_text, value_code, missing FROM fact WHERE {PART} "
        f"AND kind = $kind AND (missing IS NULL OR missing IN ({reasons})) ORDER BY unit_id, item_id, value_code",
        {"survey": q.survey, "year": q.year, "kind": kind},
    ).fetchall()
    for unit, row_no, address, sex, *value in found:
        item = q.items.get(address)
        if item is not None:
            place = (unit, row_no if "." in address else None)
            _put(cells[place], address, item, sex, row_no, *value)
    return cells


def _put(
    row: Row,
    address: str,
    item: Item,
    sex: str | None,
    row_no: int,
    number: float | None,
    text: str | None,
    code: str | None,
    missing: str | None,
) -> None:
    name = of_sex(address, sex) if sex else address
    if missing is not None:
        row[missing_column(address)] = missing
    elif item.type in ("several_of", "kommuner"):
        row[name] = "|".join(filter(None, (row.get(name), code)))
    elif item.type == "opening_hours":
        row[name] = json.dumps({**json.loads(row.get(name, "{}")), str(row_no): text}, sort_keys=True)
    elif item.type == "boolean":
        row[name] = number == 1
    elif item.type in NUMERIC or item.type == "roster":
        row[name] = number
    else:
        row[name] = code if item.type == "one_of" else text


def _roster_rows(cells: defaultdict[Place, Row], roster: str) -> Iterable[Row]:
    for (unit, row_no), row in cells.items():
        own = {name: value for name, value in row.items() if name.startswith(f"{roster}.")}
        if row_no is not None and own:
            yield {"unit_id": unit, "row_no": row_no, **own}


def _around(work: "DuckDBPyConnection", q: Questionnaire) -> defaultdict[str, Row]:
    """What stands beside the answers of each unit: inhabitants, and last time's numbers."""
    around: defaultdict[str, Row] = defaultdict(dict)
    inhabitants = work.execute(
        "SELECT unit_id, persons FROM known_population WHERE year = $year AND sex = 'T' AND age_group = 'all'",
        {"year": q.reference_year},
    ).fetchall()
    for unit, persons in inhabitants:
        around[unit]["population"] = persons
    for unit, column, number in _previous(work, q):
        around[unit][column] = number
    return around


def _previous(work: "DuckDBPyConnection", q: Questionnaire) -> list[tuple[str, str, float]]:
    """Unit, column and number of what each unit answered the last earlier year, where the item is comparable."""
    import pandas as pd

    columns = pd.DataFrame(_compared(q), columns=["item_id", "sex", "name"])
    if columns.empty:
        return []
    return work.execute(
        """
        WITH earlier AS (
            SELECT unit_id, max(year) AS year FROM counted WHERE survey = $survey AND year < $year GROUP BY unit_id
        )
        SELECT f.unit_id, c.name, f.value_number
        FROM earlier e
        JOIN fact f ON f.survey = $survey AND f.year = e.year AND f.unit_id = e.unit_id AND f.value_number IS NOT NULL
        JOIN columns c ON c.item_id = f.item_id AND c.sex = coalesce(f.sex, 'T')
        """,
        {"survey": q.survey, "year": q.year},
    ).fetchall()


def _compared(q: Questionnaire) -> list[tuple[str, str, str]]:
    found = []
    for check in q.checks:
        item = q.items.get(check.item) if isinstance(check, ChangeAgainstLastYear) else None
        then = predecessor(item) if item else None
        if isinstance(check, ChangeAgainstLastYear) and item and then:
            sexes = ("K", "M", "T") if item.split_by_sex else ("T",)
            names = columns_of(check.item, item)
            found += [(then, sex, previous_column(name)) for sex, name in zip(sexes, names, strict=True)]
    return sorted(set(found))
