"""Conditions of a definition as SQL over rows of answers, grouped by what they are asked of (a unit, or a row).

The expressions are aggregates over the columns item_id, sex, value_number, value_text, value_code and missing, and
decide as `surveys.routing` does: missing and absent items make every comparison false, of a split item the total
decides.
"""

from collections.abc import Mapping

from surveys.conditions import All, Answered, Any_, AtLeast, AtMost, Condition, In, Includes, Is, Not
from surveys.questionnaire import NUMERIC, Item
from surveys.response import SEXES

COUNTABLE = NUMERIC | {"boolean"}
WRITTEN = frozenset({"text", "date"})
LISTS = frozenset({"several_of", "kommuner"})
UNKNOWN = "missing IN ('item_nonresponse', 'dont_know', 'not_applicable')"
Comparison = Is | In | Includes | AtLeast | AtMost | Answered
Items = Mapping[str, Item]


def holds(condition: Condition, items: Items, prefix: str = "") -> str:
    """TRUE or FALSE, never NULL. `items` are those the condition may look at, by its own names; `prefix` leads from
    such a name to the address in item_id (`roster.` for a condition over a row)."""
    return _joined(condition, items, prefix, known_only=False)


def known(condition: Condition, items: Items, prefix: str = "") -> str:
    """As `holds`, but NULL where a missing answer leaves it open: of a unit that does not know, nothing is said.

    What is off path is known not to be so.
    """
    return _joined(condition, items, prefix, known_only=True)


def _joined(condition: Condition, items: Items, prefix: str, *, known_only: bool) -> str:
    match condition:
        case All(all=parts):
            return " AND ".join(["TRUE", *(f"({_joined(p, items, prefix, known_only=known_only)})" for p in parts)])
        case Any_(any=parts):
            return " OR ".join(["FALSE", *(f"({_joined(p, items, prefix, known_only=known_only)})" for p in parts)])
        case Not(not_=part):
            return f"NOT ({_joined(part, items, prefix, known_only=known_only)})"
        case _:
            return _known_leaf(condition, items, prefix) if known_only else _leaf(condition, items, prefix)


def _known_leaf(condition: Comparison, items: Items, prefix: str) -> str:
    leaf = _leaf(condition, items, prefix)
    if isinstance(condition, Answered):
        return leaf
    row = _row(condition.item, items, prefix)
    return f"CASE WHEN coalesce(bool_or({row} AND {UNKNOWN}), FALSE) AND NOT {leaf} THEN NULL ELSE {leaf} END"


def _leaf(condition: Comparison, items: Items, prefix: str) -> str:
    test = _test(condition, items)
    found = f"coalesce(bool_or({_row(condition.item, items, prefix)} AND {test}), FALSE)"
    return f"NOT {found}" if isinstance(condition, Answered) and not condition.answered else found


def _row(name: str, items: Items, prefix: str) -> str:
    item_id, sex = _member(name, items)
    which = f"sex = {literal(sex)}" if sex else "(sex IS NULL OR sex = 'T')"
    return f"item_id = {literal(prefix + item_id)} AND {which}"


def _member(name: str, items: Items) -> tuple[str, str | None]:
    """`visits__K` is the members of an item split by sex."""
    item_id, _, sex = name.rpartition("__")
    is_member = name not in items and sex in SEXES and item_id in items
    return (item_id, sex) if is_member else (name, None)


def _test(condition: Comparison, items: Items) -> str:
    item = items.get(_member(condition.item, items)[0])
    if item is None:
        return "FALSE"
    match condition:
        case Is(is_=wanted):
            return _equal(item, wanted)
        case In(in_=wanted_any):
            return "(" + " OR ".join(["FALSE", *(_equal(item, wanted) for wanted in wanted_any)]) + ")"
        case Includes(includes=code):
            return f"value_code = {literal(code)}" if item.type in LISTS else "FALSE"
        case AtLeast(at_least=least):
            return f"value_number >= {float(least)!r}" if item.type in NUMERIC else "FALSE"
        case AtMost(at_most=most):
            return f"value_number <= {float(most)!r}" if item.type in NUMERIC else "FALSE"
        case Answered():
            return "missing IS NULL"


def _equal(item: Item, wanted: bool | int | float | str) -> str:
    if isinstance(wanted, str):
        column = "value_text" if item.type in WRITTEN else "value_code" if item.type == "one_of" else None
        return f"{column} = {literal(wanted)}" if column else "FALSE"
    return f"value_number = {float(wanted)!r}" if item.type in COUNTABLE else "FALSE"


def literal(text: str) -> str:
    """The text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
