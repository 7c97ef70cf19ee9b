"""Conditions over a whole table at once: which rows of a frame (`surveys.frames`) a condition holds in."""

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from surveys.conditions import All, Answered, Any_, AtLeast, AtMost, Condition, In, Includes, Is, Not
from surveys.frames import main_column
from surveys.questionnaire import Questionnaire

if TYPE_CHECKING:
    import pandas as pd

Mask = Callable[["pd.DataFrame"], "pd.Series[bool]"]


def mask(condition: Condition, q: Questionnaire, roster: str | None = None) -> Mask:
    """A function from a frame to the rows in which the condition holds; over a roster's own table when one is given."""
    match condition:
        case All(all=parts):
            return _combined(and_, [mask(part, q, roster) for part in parts])
        case Any_(any=parts):
            return _combined(or_, [mask(part, q, roster) for part in parts])
        case Not(not_=part):
            inner = mask(part, q, roster)
            return lambda frame: ~inner(frame)
        case _:
            address = f"{roster}.{condition.item}" if f"{roster}.{condition.item}" in q.items else condition.item
            if address not in q.items:
                return _never(isinstance(condition, Answered) and not condition.answered)
            return _comparison(condition, main_column(address, q.items[address]))


def _never(otherwise: bool) -> Mask:
    """An item that is not asked of this kind of unit is unanswered in every row."""
    return lambda frame: frame["unit_id"].map(lambda _: otherwise).astype(bool)


def _combined(operator: Callable[[Any, Any], Any], parts: list[Mask]) -> Mask:
    return lambda frame: reduce(operator, (part(frame) for part in parts))


def _comparison(condition: Is | In | Includes | AtLeast | AtMost | Answered, name: str) -> Mask:
    match condition:
        case Is(is_=wanted):
            return lambda frame: frame[name] == wanted
        case In(in_=wanted_any):
            return lambda frame: frame[name].isin(list(wanted_any))
        case Includes(includes=code):
            return lambda frame: frame[name].map(lambda chosen: isinstance(chosen, str) and code in chosen.split("|"))
        case AtLeast(at_least=least):
            return lambda frame: frame[name] >= least
        case AtMost(at_most=most):
            return lambda frame: frame[name] <= most
        case Answered(answered=answered):
            return lambda frame: frame[name].notna() == answered
