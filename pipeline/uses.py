"""What each question is used for, read from the definition: figures, other questions that figures are made of, nothing.

Every question can be looked up by itself, in the dashboards and in exports. What counts here is whether a figure is
made of it, directly or because a check or the routing needs it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.sources import sources
from surveys.burden import Use
from surveys.check_kinds import AnyCheck
from surveys.conditions import Condition, items_in
from surveys.operands import operands, roster_of
from surveys.questionnaire import Questionnaire
from surveys.response import SEXES


@dataclass(slots=True)
class Used:
    """How a question is used: by which indicators, by which checks that look at other questions too, and which
    questions are asked depending on it. `helps` are the questions that need it, by address."""

    indicators: list[str] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    helps: set[str] = field(default_factory=set)
    use: Use = "listed"


def uses(q: Questionnaire) -> dict[str, Used]:
    """How each question is used, by address; notes are no questions.

    A roster is used as its columns are. A check that looks at one question alone is no use of it: it guards the answer.
    """
    found = {address: Used() for address, item in q.items.items() if item.type != "note"}
    # 1. What figures are made of.
    for indicator in q.indicators:
        looked_at = dict.fromkeys(
            address for source in sources(q, indicator) for address in _with_roster(source.item_id)
        )
        for address in looked_at:
            found[address].indicators.append(indicator.id)
    # 2. What checks and the routing need.
    for check in q.checks:
        _note_check(check, q, found)
    for target, decides in _paths(q):
        for address in found.keys() & decides:
            found[address].routes.append(target)
            found[address].helps.add(target)
    # 3. What that is for.
    for address, used in found.items():
        used.use = _use(address, found)
    return found


def _note_check(check: AnyCheck, q: Questionnaire, found: Mapping[str, Used]) -> None:
    compared = set(operands(check))
    decides = _looked_at(check.when, roster_of(check), q)
    for address in found.keys() & (compared | decides):
        if helped := compared - {address}:
            found[address].checks.append(check.id)
            found[address].helps |= helped


def _paths(q: Questionnaire) -> Iterator[tuple[str, set[str]]]:
    """Each question with those that decide whether it is asked."""
    for section in q.sections:
        of_section = _looked_at(section.when, None, q)
        for item in section.items:
            if item.type != "note":
                yield item.id, of_section | _looked_at(item.when, None, q)
            for column in item.items:
                yield f"{item.id}.{column.id}", _looked_at(column.when, item.id, q)


def _looked_at(condition: Condition | None, roster: str | None, q: Questionnaire) -> set[str]:
    """What a condition looks at: in a roster's row its own columns first, and of a split item one sex or the total."""
    found = set()
    for name in items_in(condition) if condition is not None else ():
        item_id, _, sex = name.rpartition("__")
        bare = item_id if sex in SEXES and name not in q.items else name
        inside = f"{roster}.{bare}"
        found.add(inside if inside in q.items else bare)
    return found


def _with_roster(address: str) -> Iterable[str]:
    return dict.fromkeys((address.partition(".")[0], address))


def _use(address: str, found: Mapping[str, Used]) -> Use:
    own = {each for each in found if each == address or each.startswith(f"{address}.")}
    if any(found[each].indicators for each in own):
        return "figure"
    helped = _helped(own, found)
    if any(found[each].indicators for each in helped):
        return "support"
    return "circle" if helped else "listed"


def _helped(own: set[str], found: Mapping[str, Used]) -> set[str]:
    """The other questions that need these, and those that need them in turn."""
    reached, waiting = set(own), list(own)
    while waiting:
        new = found[waiting.pop()].helps - reached
        reached |= new
        waiting.extend(new)
    return reached - own
