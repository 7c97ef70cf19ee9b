"""What a condition may say: about items that are there, that can have such an answer, and that are asked before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from surveys.conditions import All, Answered, Any_, AtLeast, AtMost, Condition, In, Includes, Is, Not
from surveys.draft import Draft
from surveys.faults import nearest
from surveys.marked_yaml import Map, Mark
from surveys.questionnaire import NUMERIC, Item

_EQUAL = ("is", "in", "answered")
TESTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(NUMERIC, (*_EQUAL, "at_least", "at_most")),
    **dict.fromkeys(("boolean", "one_of", "text", "date"), _EQUAL),
    **dict.fromkeys(("several_of", "kommuner"), ("includes", "answered")),
    **dict.fromkeys(("opening_hours", "roster"), ("answered",)),
}
"""What can be tested of each type of item. A note has no answer to test."""

Leaf = Is | In | Includes | AtLeast | AtMost | Answered


@dataclass(frozen=True)
class Scope:
    """From where a condition looks: the part it belongs to, and the roster whose rows it is made on, if any.

    `prefixed` tells whether columns of that roster may be written `roster.column` too.
    """

    owner: str
    roster: str | None = None
    prefixed: bool = True


def resolve(draft: Draft, name: str, mark: Mark, scope: Scope) -> str | None:
    """The address an item's name stands for from there; None, and a fault, when it stands for nothing."""
    own = f"{scope.roster}.{name}"
    if scope.roster and own in draft.items:
        return own
    of_own_row = scope.roster is not None and scope.prefixed and name.startswith(f"{scope.roster}.")
    if name in draft.items and ("." not in name or of_own_row):
        return name
    columns = [address.partition(".")[2] for address in draft.items if address.startswith(f"{scope.roster}.")]
    if name in draft.items or any(address.endswith(f".{name}") for address in draft.items):
        bare = name.partition(".")[2]
        draft.report("S152", mark, name=name, **({"nearest": bare} if bare in columns else {}))
        return None
    known = [*columns, *(address for address in draft.items if "." not in address)]
    draft.report("S150", mark, name=name, **nearest(name, known))
    return None


def judge_condition(draft: Draft, condition: Condition, raw: Any, scope: Scope) -> list[str]:
    """The addresses of the items a condition looks at, its faults reported. `raw` is the condition as written."""
    found = []
    for leaf, source in _leaves(draft, condition, raw):
        address = resolve(draft, leaf.item, source.at("item"), scope)
        if address is not None:
            found.append(address)
            _judge_leaf(draft, leaf, source, address, scope)
    return found


def _leaves(draft: Draft, condition: Condition, raw: Any) -> Iterator[tuple[Leaf, Map]]:
    """The comparisons in a condition, each with what was written; empty groups are reported on the way."""
    if not isinstance(raw, Map):
        return
    match condition:
        case All(all=parts) | Any_(any=parts):
            key = "all" if isinstance(condition, All) else "any"
            if not parts:
                draft.report("S160", raw.at(key), key=key)
            for part, written in zip(parts, raw[key], strict=True):
                yield from _leaves(draft, part, written)
        case Not(not_=part):
            yield from _leaves(draft, part, raw["not"])
        case leaf:
            yield leaf, raw


def _judge_leaf(draft: Draft, leaf: Leaf, source: Map, address: str, scope: Scope) -> None:
    item = draft.item(address)
    key = next(key for key in ("is", "in", "includes", "at_least", "at_most", "answered") if key in source)
    if item is None:
        return
    if item.type == "note":
        draft.report("S151", source.at("item"), name=address)
        return
    if key not in TESTS[item.type]:
        known = ", ".join(TESTS[item.type])
        draft.report("S159", source.at(key), key=key, name=address, type=item.type, known=known)
        return
    values = _values_of(leaf)
    if isinstance(leaf, In) and not values:
        draft.report("S160", source.at(key), key=key)
    for value in values:
        judge_value(draft, value, item, address, source.at(key), scope.owner)


def _values_of(leaf: Leaf) -> tuple[Any, ...]:
    match leaf:
        case Is(is_=value) | Includes(includes=value):
            return (value,)
        case In(in_=values):
            return values
        case _:
            return ()


def judge_value(draft: Draft, value: Any, item: Item, address: str, mark: Mark, place: str) -> None:
    """Report a value that an item can never have as its answer."""
    doubtful = draft.items[address].doubtful
    if item.type in ("one_of", "several_of"):
        codes = [option.code for option in item.options]
        if value not in codes and not doubtful:
            known = ", ".join(dict.fromkeys(codes))
            draft.report("S133", mark, option=str(value), item=address, known=known, **nearest(str(value), codes))
    elif not _can_be(value, item.type):
        draft.report("S168", mark, value=str(value), place=place, item=address, type=item.type)


def _can_be(value: Any, kind: str) -> bool:
    if kind in ("integer", "year"):
        return type(value) is int
    if kind in NUMERIC:
        return type(value) in (int, float)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "kommuner":
        return isinstance(value, str) and len(value) == 4 and value.isdigit()
    return isinstance(value, str) and (kind != "date" or _is_date(value))


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def judge_routing(draft: Draft) -> None:
    """Report conditions of sections and items, and those that look at what is not asked before."""
    looks = _looks(draft)
    order = {address: place for place, address in enumerate(draft.items)}
    told: set[frozenset[str]] = set()
    for address, item, source in draft.known_items():
        own = looks.get(address, []) if item.when is not None else []
        for target in dict.fromkeys(own):
            if target in (address, address.partition(".")[0]):
                draft.report("S156", source.at("when"), item=address)
            elif order[target] > order[address]:
                _judge_later(draft, address, target, looks, told)
            _judge_asked(draft, address, target, source.at("when"))


def _looks(draft: Draft) -> dict[str, list[str]]:
    """The items that each item's own condition looks at; those of its section are judged here and now."""
    found: dict[str, list[str]] = {}
    for place, part in enumerate(draft.sections):
        if part.model is not None and part.model.when is not None:
            targets = judge_condition(draft, part.model.when, part.source["when"], Scope(part.model.id))
            for target in dict.fromkeys(targets):
                if draft.section_of[target] >= place:
                    draft.report("S155", part.source.at("when"), item=part.model.id, name=target)
    for address, item, source in draft.known_items():
        if item.when is not None:
            scope = Scope(address, address.rpartition(".")[0] or None)
            found[address] = judge_condition(draft, item.when, source["when"], scope)
    return found


def _judge_later(
    draft: Draft, address: str, target: str, looks: dict[str, list[str]], told: set[frozenset[str]]
) -> None:
    mark = draft.items[address].source.at("when")
    circle = _way(target, address, looks)
    if circle is None:
        draft.report("S155", mark, item=address, name=target)
    elif frozenset(circle) not in told:
        told.add(frozenset(circle))
        draft.report("S157", mark, circle=" → ".join((address, *circle)))


def _way(start: str, goal: str, looks: dict[str, list[str]]) -> list[str] | None:
    """The conditions followed from one item to another, None when they do not lead there."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == goal:
            return way
        for following in looks.get(way[-1], []):
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return None


def _judge_asked(draft: Draft, address: str, target: str, mark: Mark) -> None:
    one, other = draft.asked(address), draft.asked(target)
    if one and other and not one & other:
        draft.report("S158", mark, item=address, name=target)
