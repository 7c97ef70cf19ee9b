"""Routing: which items are on path, given the answers. Conditions compiled once into plain functions."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeGuard

from surveys.conditions import All, Answered, Any_, AtLeast, AtMost, Condition, In, Includes, Is, Not
from surveys.questionnaire import Item, Questionnaire
from surveys.response import Answers, is_missing, plain_values, take_away

Values = Mapping[str, Any]
Holds = Callable[[Values], bool]
Route = tuple[Holds, tuple[str, ...]]


def compiled(condition: Condition) -> Holds:
    """A function that tells whether the condition holds over plain values; it never raises, whatever they are.

    Missing and absent items make every comparison false; of an item split by sex the total decides.
    """
    match condition:
        case All(all=parts):
            return _all([compiled(part) for part in parts])
        case Any_(any=parts):
            return _any([compiled(part) for part in parts])
        case Not(not_=part):
            return _not(compiled(part))
        case _:
            return _comparison(condition, condition.item)


def _comparison(condition: Is | In | Includes | AtLeast | AtMost | Answered, key: str) -> Holds:
    match condition:
        case Is(is_=wanted):
            return lambda values: bool(values.get(key) == wanted)
        case In(in_=wanted_any):
            return lambda values: values.get(key) in wanted_any
        case Includes(includes=code):
            return lambda values: type(chosen := values.get(key)) is list and code in chosen
        case AtLeast(at_least=least):
            return lambda values: _is_number(number := values.get(key)) and bool(number >= least)
        case AtMost(at_most=most):
            return lambda values: _is_number(number := values.get(key)) and bool(number <= most)
        case Answered(answered=wanted_answer):
            return lambda values: (key in values and not is_missing(values[key])) is wanted_answer


def _is_number(value: Any) -> TypeGuard[float]:
    return type(value) is int or type(value) is float


def _all(parts: list[Holds]) -> Holds:
    return lambda values: all(part(values) for part in parts)


def _any(parts: list[Holds]) -> Holds:
    return lambda values: any(part(values) for part in parts)


def _not(part: Holds) -> Holds:
    return lambda values: not part(values)


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """A condition that holds when both do, None being one that always holds."""
    if first is None or second is None:
        return first or second
    return All(all=(first, second))


def of_row(condition: Condition, roster: str) -> Condition:
    """The condition with `roster.column` written as `column`, the name it has within a row."""
    match condition:
        case All(all=parts):
            return All(all=tuple(of_row(part, roster) for part in parts))
        case Any_(any=parts):
            return Any_(any=tuple(of_row(part, roster) for part in parts))
        case Not(not_=part):
            return Not.model_validate({"not": of_row(part, roster)})
        case _:
            return condition.model_copy(update={"item": condition.item.removeprefix(f"{roster}.")})


def path_conditions(q: Questionnaire) -> dict[str, Condition]:
    """The condition each routed top-level item hangs on: its section's and its own. Others are always on path."""
    joined = ((item.id, both(section.when, item.when)) for section in q.sections for item in section.items)
    return {item: condition for item, condition in joined if condition is not None}


def routes(conditions: Mapping[str, Condition]) -> list[Route]:
    """Each distinct condition, compiled, with the items that hang on it, in the order the items stand.

    Walking the routes in order and taking away what is off path before the next one makes routing follow on
    routing, since a condition only looks backwards.
    """
    grouped: dict[str, tuple[Condition, list[str]]] = {}
    for item, condition in conditions.items():
        grouped.setdefault(condition.model_dump_json(), (condition, []))[1].append(item)
    return [(compiled(condition), tuple(items)) for condition, items in grouped.values()]


def on_path(q: Questionnaire, answers: Answers) -> frozenset[str]:
    """The top-level items that are on path, notes included. Never raises, however odd the answers are."""
    items = {item.id for section in q.sections for item in section.items}
    return _kept(items, _routes_of(q), plain_values(answers))


def row_on_path(roster: Item, row: Mapping[str, Any], answers: Answers) -> frozenset[str]:
    """The ids of the columns that are on path in one row of a roster.

    A column's condition looks at columns of its own row first, then at top-level answers.
    """
    columns = {column.id for column in roster.items}
    values = beside(plain_values(answers), columns) | plain_values(row)
    return _kept(columns, routes(column_conditions(roster)), values)


def _kept(items: set[str], ways: Iterable[Route], values: dict[str, Any]) -> frozenset[str]:
    for holds, routed in ways:
        if not holds(values):
            items.difference_update(routed)
            take_away(values, routed)
    return frozenset(items)


def column_conditions(roster: Item) -> dict[str, Condition]:
    """The condition each routed column of a roster hangs on."""
    return {column.id: of_row(column.when, roster.id) for column in roster.items if column.when is not None}


def beside(values: Values, columns: Iterable[str]) -> dict[str, Any]:
    """The top-level values a row can see: those no column of its own has the name of."""
    hidden = set(columns)
    return {key: value for key, value in values.items() if key.partition("__")[0] not in hidden}


_ROUTES: dict[tuple[str, tuple[str, ...]], list[Route]] = {}


def _routes_of(q: Questionnaire) -> list[Route]:
    """Compiled once for each questionnaire and unit kind: a form asks at every keystroke."""
    key = (q.fingerprint, tuple(q.items))
    if key not in _ROUTES:
        _ROUTES[key] = routes(path_conditions(q))
    return _ROUTES[key]
