"""A definition on its way to being a questionnaire: every part read by itself, faults gathered, nothing thrown away."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from surveys.changes import concept_of
from surveys.check_kinds import AnyCheck
from surveys.faults import Fault, fault, nearest
from surveys.indicators import Indicator
from surveys.marked_yaml import Map, Mark, Seq, kind_of
from surveys.model import Frozen
from surveys.outline import checks_of, id_of, items_of, unnamed_items
from surveys.questionnaire import Item, Option, Questionnaire, Section, UnitKind
from surveys.shape import Part, read_part

_HEADER_ELSEWHERE = ("sections", "checks", "indicators", "options", "changes")


class SharedOptions(Frozen):
    """A list of options that items refer to by its name."""

    options: tuple[Option, ...]


@dataclass
class Draft:
    """The parts of one survey and year. Items are keyed by address, in order; the first of two with one id counts.

    `touched` is where this file added, changed or removed something; `previous` is the year it builds on.
    """

    file: str
    outline: Map
    header: Part[Questionnaire]
    previous: Questionnaire | None = None
    touched: Mapping[str, Mark] = field(default_factory=dict)
    sections: list[Part[Section]] = field(default_factory=list)
    items: dict[str, Part[Item]] = field(default_factory=dict)
    section_of: dict[str, int] = field(default_factory=dict)
    checks: list[Part[AnyCheck]] = field(default_factory=list)
    indicators: list[Part[Indicator]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def report(self, code: str, mark: Mark, /, **facts: str) -> None:
        """Add a fault. What an inherited part suffers from is shown at the change in this file that caused it."""
        found = fault(code, self.cause(mark, facts.values()), **facts)
        if found not in self.faults:
            self.faults.append(found)

    def cause(self, mark: Mark, names: Collection[str]) -> Mark:
        """The mark itself when it is in this file, else where the file touched one of the things named."""
        if mark.file == self.file:
            return mark
        own = [*names, *(name.rpartition(".")[0] for name in names)]
        return next((self.touched[name] for name in own if name in self.touched), self.outline.at("year"))

    def known_items(self) -> Iterator[tuple[str, Item, Map]]:
        """(address, item, source) of every item that could be read."""
        for address, part in self.items.items():
            if part.model is not None:
                yield address, part.model, part.source

    def item(self, address: str) -> Item | None:
        part = self.items.get(address)
        return part.model if part else None

    def section(self, address: str) -> Part[Section]:
        return self.sections[self.section_of[address]]

    def asked(self, address: str) -> frozenset[UnitKind] | None:
        """The unit kinds an item is asked of; None when that could not be read."""
        section, header = self.section(address).model, self.header.model
        parts = [self.item(address), self.item(address.partition(".")[0]), section, header]
        if any(part is None for part in parts):
            return None
        named = [set(part.respondents) for part in parts if part is not None and part.respondents is not None]
        return frozenset(set.intersection(*named)) if named else frozenset()

    def questionnaire(self) -> Questionnaire:
        """The whole, from parts that had no fault."""
        assert self.header.model is not None  # a header without faults was read
        sections = tuple(
            part.model.model_copy(update={"items": tuple(self._items_in(place))})
            for place, part in enumerate(self.sections)
            if part.model is not None
        )
        checks = tuple(part.model for part in self.checks if part.model is not None)
        indicators = tuple(part.model for part in self.indicators if part.model is not None)
        return self.header.model.model_copy(update={"sections": sections, "checks": checks, "indicators": indicators})

    def _items_in(self, place: int) -> Iterator[Item]:
        for address, item, _ in self.known_items():
            if self.section_of[address] == place and "." not in address:
                yield item.model_copy(update={"items": tuple(self.columns(address))}) if item.type == "roster" else item

    def columns(self, roster: str) -> Iterator[Item]:
        for address, item, _ in self.known_items():
            if address.startswith(f"{roster}."):
                yield item


_KINDS: dict[str, Any] = {
    "header": Questionnaire,
    "section": Section,
    "item": Item,
    "check": AnyCheck,
    "indicator": Indicator,
    "options": SharedOptions,
}


@lru_cache(maxsize=1)
def _adapters() -> dict[str, TypeAdapter[Any]]:
    """Built on first use: the check and condition unions take a while to compile."""
    return {name: TypeAdapter(kind) for name, kind in _KINDS.items()}


def draft_of(outline: Map, file: str, previous: Questionnaire | None, touched: Mapping[str, Mark]) -> Draft:
    """The draft of an outline, with every fault of shape and every id that stands twice."""
    faults: list[Fault] = []
    stand_in = outline.without(*_HEADER_ELSEWHERE).having({"sections": []})
    header = _read("header", stand_in, faults, _HEADER_ELSEWHERE[1:])
    draft = Draft(file=file, outline=outline, header=header, previous=previous, touched=touched, faults=faults)
    _read_shared_options(draft)
    _read_sections(draft)
    for check in checks_of(outline):
        _keep_new(draft, draft.checks, _read("check", check, faults), "check")
    for indicator in outline["indicators"]:
        _keep_new(draft, draft.indicators, _read("indicator", indicator, faults), "indicator")
    draft.faults = list(dict.fromkeys(faults))
    return draft


def _read(name: str, source: Map, faults: list[Fault], also: tuple[str, ...] = ()) -> Part[Any]:
    part, found = read_part(source, _adapters()[name], _KINDS[name], also)
    faults.extend(found)
    return part


def _read_sections(draft: Draft) -> None:
    for section in draft.outline["sections"]:
        part: Part[Section] = _read("section", section.having({"items": []}), draft.faults)
        first = next((one.source for one in draft.sections if id_of(one.source) == id_of(section) != ""), None)
        if first is not None:
            _report_twice(draft, id_of(section), "section", section, first)
        draft.sections.append(part)
    homes = {id(section): place for place, section in enumerate(draft.outline["sections"])}
    for source in unnamed_items(draft.outline):
        _read("item", source, draft.faults, ("items", "checks"))
    seen: dict[str, Map] = {}
    for address, source, section in items_of(draft.outline):
        first = seen.setdefault(address, source)
        if first is not source:
            _report_twice(draft, address, "item", source, first)
            continue
        draft.items[address] = _read_item(draft, address, source)
        draft.section_of[address] = homes[id(section)]


def _read_item(draft: Draft, address: str, source: Map) -> Part[Item]:
    body = source.having({"concept": concept_of(source, address)})
    doubtful = False
    if isinstance(source.get("options"), str):
        shared = _shared(draft, source)
        body, doubtful = body.having({"options": shared or []}), shared is None
    part: Part[Item] = _read("item", body, draft.faults, ("items", "checks"))
    return Part(source, part.model, part.doubtful or doubtful)


def _shared(draft: Draft, item: Map) -> Seq | None:
    """The shared list an item names."""
    lists = draft.outline.get("options")
    known = lists if isinstance(lists, Map) else {}
    name: str = item["options"]
    if name not in known:
        draft.report("S132", item.at("options"), name=name, **nearest(name, known))
    found = known.get(name)
    return found if isinstance(found, Seq) else None


def _read_shared_options(draft: Draft) -> None:
    lists = draft.outline.get("options")
    if lists is None:
        return
    if not isinstance(lists, Map):
        draft.report("S104", draft.outline.at("options"), name="options", found=kind_of(lists), expected="mapping")
        return
    for name, options in lists.items():
        mark = lists.at(name)
        _read("options", Map({"options": options}, mark, {"options": mark}), draft.faults)


def _keep_new(draft: Draft, parts: list[Part[Any]], part: Part[Any], kind: str) -> None:
    """Add a part unless its id is taken; say so when it is."""
    name = id_of(part.source)
    first = next((one.source for one in parts if name and id_of(one.source) == name), None)
    if first is not None:
        _report_twice(draft, name, kind, part.source, first)
    else:
        parts.append(part)


def _report_twice(draft: Draft, name: str, kind: str, second: Map, first: Map) -> None:
    place = first.at("id")
    draft.report("S121", second.at("id"), id=name, kind=kind, first=str(place.line), file=place.file)
