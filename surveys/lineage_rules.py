"""What must hold between an item and the ones of the year before that it is said to come from."""

from typing import get_args

from surveys.draft import Draft
from surveys.faults import nearest
from surveys.marked_yaml import Map
from surveys.questionnaire import Item, LineageKind

KINDS: tuple[str, ...] = get_args(LineageKind)
_RECODING = ("split", "merged", "recoded")


def judge_lineage(draft: Draft) -> None:
    """Report lineages that lead nowhere, and changes of meaning that no lineage tells."""
    for address, item, source in draft.known_items():
        kind, items = item.lineage.kind, item.lineage.items
        if (kind == "new") == bool(items):
            mark, count = source.at("lineage"), str(len(items))
            draft.report("S191", mark, item=address, kind=kind, count=count)
            continue
        old = _old_items(draft, address, item, source)
        if old and draft.previous is not None:
            _judge_sameness(draft, address, item, old[0], source)
            _judge_recode(draft, address, item, old, source)


def _old_items(draft: Draft, address: str, item: Item, source: Map) -> list[Item]:
    """The items of the year before, none when any of them could not be found."""
    previous = draft.previous
    if previous is None and "based_on" in draft.outline:
        return []
    known = previous.items if previous is not None else {}
    year = str(previous.year) if previous is not None else ""
    for name in item.lineage.items:
        if name not in known and previous is None:
            draft.report("S195", source.at("lineage"), item=address, name=name)
        elif name not in known:
            draft.report("S190", source.at("lineage"), item=address, name=name, year=year, **nearest(name, known))
    return [known[name] for name in item.lineage.items if name in known]


def _judge_sameness(draft: Draft, address: str, item: Item, old: Item, source: Map) -> None:
    """The same question is asked in the same words, a reworded one has the same answers."""
    kind = item.lineage.kind
    if kind not in ("same", "reworded") or draft.items[address].doubtful:
        return
    year = str(draft.previous.year) if draft.previous is not None else "–"
    for key in _differences(item, old, kind):
        draft.report("S192", source.at(key), item=address, kind=kind, key=key, year=year, known=", ".join(KINDS))


def _differences(item: Item, old: Item, kind: str) -> list[str]:
    keys = ["type", "split_by_sex"]
    if kind == "same":
        keys += ["label", "definition", "unit_of_measure"]
    found = [key for key in keys if getattr(item, key) != getattr(old, key)]
    if kind == "same" and _worded(item) != _worded(old):
        found.append("options")
    return found


def _worded(item: Item) -> list[tuple[str, str]]:
    return [(option.code, option.label.sv) for option in item.options]


def _judge_recode(draft: Draft, address: str, item: Item, old: list[Item], source: Map) -> None:
    before, after = _codes(old), _codes([item])
    year, last = str(draft.outline.get("year")), str(draft.previous.year if draft.previous else "–")
    mark = source.at("lineage")
    for code, became in item.lineage.recode.items():
        if code not in before:
            known = ", ".join(before) or "–"
            draft.report("S193", mark, item=address, option=code, year=last, known=known, **nearest(code, before))
        for new in became:
            if new not in after:
                known = ", ".join(after) or "–"
                draft.report("S193", mark, item=address, option=new, year=year, known=known, **nearest(new, after))
    if item.lineage.kind != "same" and item.options and not draft.items[address].doubtful:
        for code in before:
            if code not in after and code not in item.lineage.recode and old[0].options:
                draft.report("S194", mark, item=address, option=code)


def _codes(items: list[Item]) -> list[str]:
    """The options of some items; those of a yes-or-no question are `true` and `false`."""
    found = [code for one in items for code in (["true", "false"] if one.type == "boolean" else [])]
    return list(dict.fromkeys(found + [option.code for one in items for option in one.options]))
