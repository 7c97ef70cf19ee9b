"""One row for each current response, one column for each question through the years: the form that people sort.

A column holds answers that may be compared: it goes on from year to year only over a step that says so (same,
reworded), whatever the item was called or where it stood. After any other step a new column begins, named for the year.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.condition_sql import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WIDE = "wide"
# That year, or of that kind of unit.
NOT_ASKED = "not_asked"
SEXES = ("K", "M", "T")
NUMBERS = frozenset({"integer", "decimal", "percent", "year", "roster"})
SEVERAL = frozenset({"several_of", "kommuner", "opening_hours"})


@dataclass(slots=True)
class Question:
    """A question through the years in which its answers compare: its address in each, and its form."""

    name: str
    type: str
    split: bool
    address: dict[int, str]


def make_wide(connection: "DuckDBPyConnection", survey: str, years: Sequence[int]) -> None:
    """Makes the temporary view `wide`. Columns of rosters are left out: their rows stand in `answer`.

    A value that is missing is empty, and `<column>.missing` says why. Several chosen are joined by `;`.
    """
    asked = connection.execute(
        "SELECT year, item_id, concept, type, split_by_sex, comparable, lineage_items FROM item "
        "WHERE survey = $survey AND type <> 'note' AND NOT contains(item_id, '.') ORDER BY year, position",
        {"survey": survey},
    ).fetchall()
    columns = [column for one in questions(asked) for column in _columns(one, years)]
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW {WIDE} AS
        SELECT
            r.survey, r.year, r.unit_id, any_value(u.name) AS unit, any_value(u.kind) AS unit_kind,
            any_value(u.region_code) AS region_code, any_value(r.submitted_at) AS submitted_at,
            any_value(r.mode) AS mode, any_value(r.revision) AS revision, any_value(r.event_id) AS event_id
            {"".join(f", {column}" for column in columns)}
        FROM response r
        JOIN unit u USING (unit_id)
        LEFT JOIN answer a ON a.survey = r.survey AND a.year = r.year AND a.unit_id = r.unit_id
        WHERE r.current AND r.survey = {literal(survey)} AND r.year IN ({", ".join(map(str, years))})
        GROUP BY r.survey, r.year, r.unit_id
        """
    )


def questions(asked: Iterable[tuple[Any, ...]]) -> list[Question]:
    """The questions, in the order in which each was first asked, from rows of the published `item` by year."""
    found: list[Question] = []
    last: dict[str, Question] = {}
    this: dict[str, Question] = {}
    at: int | None = None
    for year, address, concept, kind, split, comparable, origins in asked:
        if year != at:
            last, this, at = this, {}, year
        going_on = last.get(origins[0]) if comparable and len(origins) == 1 else None
        if going_on is None or (going_on.type, going_on.split) != (kind, split) or year in going_on.address:
            going_on = Question(_free(concept or address, year, found), kind, split, {})
            found.append(going_on)
        going_on.address[year] = address
        this[address] = going_on
    return found


def _free(name: str, year: int, found: Iterable[Question]) -> str:
    """The name, with the year it begins when another question had it before."""
    return f"{name}@{year}" if any(one.name == name for one in found) else name


def _columns(question: Question, years: Sequence[int]) -> Iterator[str]:
    addresses = {year: address for year, address in question.address.items() if year in years}
    if not addresses:
        return
    pairs = ", ".join(f"({year}, {literal(address)})" for year, address in addresses.items())
    own = f"(r.year, a.item_id) IN ({pairs})"
    for sex in SEXES if question.split else (None,):
        name = question.name if sex is None else f"{question.name}.{sex}"
        here = own if sex is None else f"{own} AND a.sex = '{sex}'"
        yield f'{_value(question.type)} FILTER ({here} AND a.missing IS NULL) AS "{name}"'
        why = f"CASE WHEN count(*) FILTER ({here}) = 0 THEN '{NOT_ASKED}' ELSE any_value(a.missing) FILTER ({here}) END"
        yield f'{why} AS "{name}.missing"'


def _value(kind: str) -> str:
    if kind in NUMBERS:
        return "any_value(a.value_number)"
    if kind in SEVERAL:
        return "string_agg(coalesce(a.value_code, a.value_text), ';' ORDER BY a.row_no)"
    return "any_value(coalesce(a.value_code, a.value_text))"
