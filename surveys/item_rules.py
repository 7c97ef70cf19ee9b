"""What must hold for the header, the sections and each item by itself."""

import re
from collections.abc import Iterable
from typing import Any

from surveys.draft import Draft
from surveys.marked_yaml import Map, Mark
from surveys.questionnaire import NUMERIC, Item

_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")  # `__` parts an item from a sex in tables
_CODE = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_REGISTERS = {"programme": "program"}  # the register, and the column that holds the name
_WITH_OPTIONS = ("one_of", "several_of")
_ONLY_ON: dict[str, frozenset[str]] = {
    "options": frozenset(_WITH_OPTIONS),
    "items": frozenset({"roster"}),
    "register": frozenset({"roster"}),
    "split_by_sex": frozenset({"integer", "decimal"}),
    "unit_of_measure": NUMERIC | {"opening_hours", "kommuner", "several_of"},
    "multiline": frozenset({"text"}),
    "decimals": frozenset({"decimal", "percent"}),
    "suppress_below": frozenset({"integer", "decimal"}),
}
"""Keys that mean something on some types only."""
_NOT_ON_NOTE = ("required", "missing_allowed", "checks")
_NOT_A_COLUMN = ("roster", "note")


def judge_items(draft: Draft) -> None:
    """Report what is wrong with the header, with sections, and with single items."""
    _judge_header(draft)
    _judge_sections(draft)
    for address, item, source in draft.known_items():
        _judge_id(draft, item.id, source.at("id"))
        _judge_keys(draft, address, item, source)
        _judge_options(draft, address, item, source)
        _judge_column(draft, address, item, source)
        if item.type == "roster" and "." not in address:
            _judge_roster(draft, address, item, source)
        _judge_numbers(draft, item, source)
        _judge_respondents(draft, address, item.respondents, draft.section(address).source, source)
    _judge_concepts(draft)


def _judge_header(draft: Draft) -> None:
    header, outline = draft.header.model, draft.outline
    if header is None:
        return
    _judge_id(draft, header.survey, outline.at("survey"))
    if not header.year - 2 <= header.reference_year <= header.year:
        value, year = str(header.reference_year), str(header.year)
        draft.report("S124", outline.at("reference_year"), value=value, year=year)
    if not header.respondents and not draft.header.doubtful:
        draft.report("S119", outline.at("respondents"), key="respondents", value="[]", bound="≥ 1")
    for key in ("title", "intro", "reference_period"):
        _judge_stale(draft, key, str(header.year))
    if not draft.outline["sections"]:
        draft.report("S125", outline.at("sections"), name=header.survey)
    previous = draft.previous
    if previous is not None and previous.status == "open" and header.status == "published":
        draft.report("S187", outline.at("status"), year=str(header.year), base=str(previous.year))


def _judge_stale(draft: Draft, key: str, year: str) -> None:
    """An inherited text that names a year names the wrong one."""
    text = draft.outline.get(key)
    if not isinstance(text, Map) or text.mark.file == draft.file:
        return
    named = {found for one in text.values() if isinstance(one, str) for found in _YEAR.findall(one)}
    if named:
        draft.report("S188", draft.outline.at("year"), key=key, named=", ".join(sorted(named)), year=year)


def _judge_sections(draft: Draft) -> None:
    for place, part in enumerate(draft.sections):
        if part.model is None:
            continue
        _judge_id(draft, part.model.id, part.source.at("id"))
        if not draft.outline["sections"][place]["items"]:
            draft.report("S125", part.source.at("items"), name=part.model.id)
        _judge_respondents(draft, part.model.id, part.model.respondents, draft.outline, part.source)


def _judge_id(draft: Draft, name: str, mark: Mark) -> None:
    if not _ID.fullmatch(name):
        draft.report("S120", mark, id=name)


def _judge_keys(draft: Draft, address: str, item: Item, source: Map) -> None:
    for key, types in _ONLY_ON.items():
        if source.get(key) and item.type not in types:
            draft.report("S131", source.at(key), item=address, type=item.type, key=key)
    for key in _NOT_ON_NOTE:
        if item.type == "note" and source.get(key):
            draft.report("S131", source.at(key), item=address, type=item.type, key=key)


def _judge_options(draft: Draft, address: str, item: Item, source: Map) -> None:
    if item.type not in _WITH_OPTIONS or draft.items[address].doubtful:
        return
    if len(item.options) < 2:
        mark = source.at("options") if "options" in source else source.at("type")
        draft.report("S130", mark, item=address, type=item.type, count=str(len(item.options)))
    marks = _option_marks(draft, source)
    codes: dict[str, Mark] = {}
    labels: set[str] = set()
    for option, mark in zip(item.options, marks, strict=True):
        if not _CODE.fullmatch(option.code):
            draft.report("S120", mark, id=option.code)
        first = codes.setdefault(option.code, mark)
        if first is not mark:
            draft.report("S121", mark, id=option.code, kind="option", first=str(first.line), file=first.file)
        elif option.label.sv in labels:
            shared = source.get("options")
            draft.report("S134", mark, item=shared if isinstance(shared, str) else address, label=option.label.sv)
        labels.add(option.label.sv)


def _option_marks(draft: Draft, source: Map) -> list[Mark]:
    """Where each option of an item stands: with the item, or in the list it names."""
    options = source.get("options", [])
    shared: Any = draft.outline["options"][options] if isinstance(options, str) else options
    return [Mark(*one.mark) for one in shared]


def _judge_column(draft: Draft, address: str, item: Item, source: Map) -> None:
    if "." in address and item.type in _NOT_A_COLUMN:
        draft.report("S136", source.at("type"), item=address, type=item.type)


def _judge_roster(draft: Draft, address: str, item: Item, source: Map) -> None:
    if not source.get("items"):
        draft.report("S135", source.at("items") if "items" in source else source.at("type"), item=address)
        return
    register = item.register_name
    if register is not None and register not in _REGISTERS:
        draft.report("S137", source.at("register"), register=register, known=", ".join(_REGISTERS))
    elif register is not None:
        column = _REGISTERS[register]
        part = draft.items.get(f"{address}.{column}")
        if part is None or (part.model is not None and part.model.type != "text"):
            draft.report("S138", source.at("register"), item=address, column=column)


def _judge_numbers(draft: Draft, item: Item, source: Map) -> None:
    if not 0 <= item.decimals <= 6:
        draft.report("S119", source.at("decimals"), key="decimals", value=str(item.decimals), bound="0–6")
    if item.suppress_below is not None and item.suppress_below < 1:
        value = str(item.suppress_below)
        draft.report("S119", source.at("suppress_below"), key="suppress_below", value=value, bound="≥ 1")


def _judge_respondents(draft: Draft, name: str, respondents: Iterable[str] | None, around: Map, source: Map) -> None:
    """That a part is asked of some of those its surroundings are asked of."""
    header = draft.header.model
    own = around.get("respondents")
    outer = [one for one in header.respondents if not isinstance(own, list) or one in own] if header else []
    if respondents is None or not outer:
        return
    others = [one for one in respondents if one not in outer]
    if others or not list(respondents):
        names, asked = ", ".join(others) or "–", ", ".join(outer)
        draft.report("S126", source.at("respondents"), name=name, respondents=names, asked=asked)


def _judge_concepts(draft: Draft) -> None:
    first: dict[str, str] = {}
    for address, item, source in draft.known_items():
        other = first.setdefault(item.concept, address)
        if other != address:
            draft.report("S123", source.at("concept"), item=address, other=other, concept=item.concept)
