"""What each indicator is made of: which items it looks at, for its numerator or its base, and how."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from surveys.conditions import items_in
from surveys.indicators import CountDistinct, CountRows, CountUnits, Indicator, SumItems, SumOfItems
from surveys.questionnaire import Questionnaire
from surveys.response import SEXES

Side = Literal["numerator", "denominator"]
# sum: its value is added. condition: decides whether a unit counts; row_condition: whether a row of the roster does.
# rows: its rows are counted. value: its distinct values are counted. category: says which category counts.
Role = Literal["sum", "condition", "row_condition", "rows", "value", "category"]


@dataclass(frozen=True, slots=True)
class Source:
    """An item that an indicator looks at; `sex` when only that member of a split item is looked at."""

    side: Side
    role: Role
    item_id: str
    sex: str | None = None


def sources(q: Questionnaire, indicator: Indicator) -> list[Source]:
    """The items behind an indicator, numerator first, each once for every role it has."""
    found = [*_of("numerator", indicator.numerator, q), *_of("denominator", indicator.denominator, q)]
    if indicator.breakdown:
        found.append(Source("numerator", "category", indicator.breakdown))
    return list(dict.fromkeys(found))


def _of(side: Side, counted: object, q: Questionnaire) -> Iterator[Source]:
    match counted:
        case SumItems(items=items) | SumOfItems(items=items):
            yield from (Source(side, "sum", address) for address in items)
        case CountUnits(where=where) if where is not None:
            yield from (_looked_at(side, "condition", name, q) for name in items_in(where))
        case CountRows(roster=roster, where=where) | CountDistinct(roster=roster, where=where):
            yield Source(side, "rows", roster)
            if isinstance(counted, CountDistinct):
                yield Source(side, "value", f"{roster}.{counted.of}")
            for name in items_in(where) if where is not None else ():
                yield _looked_at(side, "row_condition", f"{roster}.{name}", q)


def _looked_at(side: Side, role: Role, name: str, q: Questionnaire) -> Source:
    """`visits__K` looks at one sex of an item that is split."""
    item_id, _, sex = name.rpartition("__")
    if name not in q.items and sex in SEXES and item_id in q.items:
        return Source(side, role, item_id, sex)
    return Source(side, role, name)
