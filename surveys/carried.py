"""Last year's answers as answers to a later year: what each becomes, by the lineage that the later year declares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from surveys.lineage import is_break
from surveys.questionnaire import Item, Questionnaire
from surveys.response import Answers, is_missing
from surveys.routing import on_path

Fate = Literal["kept", "recoded", "lost", "off_path"]


@dataclass(slots=True)
class Carried:
    """The answers that go on, and the fate of every old answer that the later year has an item for, by its address.

    `kept`: as it was; `recoded`: under another code of the same; `lost`: no answer of the later year says the same;
    `off_path`: no longer asked, given the other answers. `gone` are old addresses that no item goes on from.
    A cell of a roster has no fate of its own: the roster is `lost` when all its rows are.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    fates: dict[str, Fate] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


def carry(answers: Answers, old: Questionnaire, new: Questionnaire) -> Carried:
    """What `answers` to `old` are in `new`, which builds on it."""
    carried = Carried()
    items = [item for section in new.sections for item in section.items if item.type != "note"]
    for item in items:
        _carry_item(item, answers, old, carried)
    claimed = {origin for item in new.items.values() for origin in item.lineage.items}
    carried.gone = tuple(name for name in answers if name not in claimed and name in old.items)
    asked = on_path(new, carried.answers)
    for name in [name for name in carried.answers if name not in asked]:
        del carried.answers[name]
        carried.fates[name] = "off_path"
    return carried


def _carry_item(item: Item, answers: Answers, old: Questionnaire, carried: Carried) -> None:
    origins = [name for name in item.lineage.items if name in answers]
    if not origins:
        return
    former = old.items.get(origins[0])
    if former is None or len(item.lineage.items) > 1 or not _same_form(former, item):
        carried.fates[item.id] = "lost"
        return
    fate, value = _value(former, item, answers[origins[0]])
    carried.fates[item.id] = fate
    if fate != "lost":
        carried.answers[item.id] = value


def _same_form(former: Item, item: Item) -> bool:
    """Whether an answer to the one has the form, and counts the unit, of an answer to the other."""
    alike = (former.type, former.split_by_sex) == (item.type, item.split_by_sex)
    return alike and item.lineage.kind not in ("split", "merged", "unit_changed")


def _value(former: Item, item: Item, value: Any) -> tuple[Fate, Any]:
    if is_missing(value):
        return ("kept", value) if value["missing"] in item.missing_allowed else ("lost", None)
    if item.type == "roster":
        return _rows(former, item, value)
    if item.type == "several_of":
        return _codes(item, value)
    if item.type == "one_of":
        fate, codes = _codes(item, [value])
        return fate, codes[0] if codes else None
    return "kept", value


def _codes(item: Item, codes: list[str]) -> tuple[Fate, list[str]]:
    """The codes as the item has them now; one that became several, or none, says nothing for certain."""
    now = [item.lineage.recode.get(code, (code,)) for code in codes]
    if any(len(to) != 1 or item.option(to[0]) is None for to in now):
        return "lost", []
    carried = list(dict.fromkeys(to[0] for to in now))
    return ("kept" if carried == codes and not is_break(item.lineage.kind) else "recoded"), carried


def _rows(former: Item, item: Item, rows: list[Mapping[str, Any]]) -> tuple[Fate, list[dict[str, Any]]]:
    before = {f"{former.id}.{column.id}": column for column in former.items}
    carried = [_row(before, item, row) for row in rows]
    if rows and not any(carried):
        return "lost", []
    same = all(dict(old) == new for old, new in zip(rows, carried, strict=True))
    return ("kept" if same else "recoded"), carried


def _row(before: Mapping[str, Item], roster: Item, row: Mapping[str, Any]) -> dict[str, Any]:
    carried: dict[str, Any] = {}
    for column in roster.items:
        origin = next(iter(column.lineage.items), "")
        name, former = origin.rpartition(".")[2], before.get(origin)
        if former is None or name not in row or len(column.lineage.items) > 1 or not _same_form(former, column):
            continue
        fate, value = _value(former, column, row[name])
        if fate != "lost":
            carried[column.id] = value
    return carried
