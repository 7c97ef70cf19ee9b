"""Which items a check compares, and under which names their values stand."""

from typing import NamedTuple

from surveys.check_kinds import (
    AnyCheck,
    DatesInOrder,
    LessOrEqual,
    RatioBounds,
    RequiredWhen,
    RowCount,
    SumEqualsTotal,
    UniqueRows,
)
from surveys.conditions import items_in
from surveys.messages import rule
from surveys.model import Text
from surveys.questionnaire import Item, Questionnaire
from surveys.response import SEXES, of_sex


class Operand(NamedTuple):
    """One value a check looks at: the item's address, its name among plain values, and how to call it."""

    address: str
    key: str
    label: Text
    item: Item
    sex: str | None = None


def operands(check: AnyCheck) -> tuple[str, ...]:
    """The addresses a check compares, in the order its kind names them (the total last)."""
    match check:
        case SumEqualsTotal(parts=parts, total=total):
            return (*parts, total)
        case LessOrEqual(smaller=first, larger=second) | DatesInOrder(earlier=first, later=second):
            return (first, second)
        case RatioBounds(numerator=first, denominator=second):
            return (first, second)
        case UniqueRows(roster=roster) | RowCount(roster=roster):
            return (roster,)
        case _:
            return (check.item,)


def roster_of(check: AnyCheck) -> str | None:
    """The roster whose rows a check looks at one by one, None when it looks at the response as a whole.

    A check over both columns and items outside is made on each row.
    """
    rosters = [address.partition(".")[0] for address in operands(check) if "." in address]
    return rosters[0] if rosters else None


def is_asked(check: AnyCheck, q: Questionnaire) -> bool:
    """Whether the questionnaire has every item the check compares (a unit kind may be asked fewer)."""
    return all(address in q.items for address in operands(check))


def variants(check: AnyCheck, q: Questionnaire) -> list[tuple[Operand, ...]]:
    """The check's operands: once, or once for each sex when every one of them is split by sex."""
    addresses = operands(check)
    split = [q.items[address].split_by_sex for address in addresses]
    if all(split) and not isinstance(check, RequiredWhen):
        return [tuple(_of_sex(address, q.items[address], sex) for address in addresses) for sex in SEXES]
    return [tuple(_whole(address, q.items[address]) for address in addresses)]


def _whole(address: str, item: Item) -> Operand:
    return Operand(address, address.rpartition(".")[2], item.label, item, "T" if item.split_by_sex else None)


def _of_sex(address: str, item: Item, sex: str) -> Operand:
    label = rule(f"of_{sex}", label=item.label)
    return Operand(address, of_sex(address.rpartition(".")[2], sex), label, item, sex)


def predecessor(item: Item) -> str | None:
    """The address of the same question last time; None when there was none, or the answers are not comparable."""
    comparable = item.lineage.kind in ("same", "reworded") and len(item.lineage.items) == 1
    return item.lineage.items[0] if comparable else None


def names_inside(roster: Item) -> frozenset[str]:
    """What a roster's columns are called by checks and conditions: by id within a row, by address anywhere."""
    return frozenset(name for column in roster.items for name in (column.id, f"{roster.id}.{column.id}"))


def looks_outside(check: AnyCheck, roster: Item) -> bool:
    """Whether a check made on a roster's rows needs anything that does not stand in the row itself."""
    compared = () if isinstance(check, UniqueRows) else operands(check)
    conditions = () if check.when is None else items_in(check.when)
    return not names_inside(roster).issuperset((*compared, *conditions))
