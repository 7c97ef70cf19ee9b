"""A later year made from an earlier one: the changes of a definition file applied to the outline it builds on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from surveys.faults import Fault, fault, nearest
from surveys.marked_yaml import Map, Mark, Seq, kind_of
from surveys.outline import check_homes, id_of, items_of, tidy_item, tidy_section

VERBS: dict[str, tuple[str, ...]] = {
    "add_section": ("after",),
    "remove_section": (),
    "add_item": ("section", "roster", "after", "lineage"),
    "remove_item": ("note",),
    "change_item": ("to", "lineage"),
    "add_check": (),
    "remove_check": (),
    "change_check": ("to",),
    "add_indicator": (),
    "remove_indicator": (),
    "change_indicator": ("to",),
}
"""Each change there is, and what may stand beside it."""

_ONLY_BY_CHANGES = ("sections", "checks", "indicators")
_NOT_A_PROPERTY = ("items", "checks", "lineage")


@dataclass
class Edition:
    """An outline on its way from one year to the next.

    `touched` is where each id or address was last added, changed, renamed or removed; `concepts` are last year's.
    """

    outline: Map
    year: str
    faults: list[Fault] = field(default_factory=list)
    touched: dict[str, Mark] = field(default_factory=dict)
    concepts: dict[str, str] = field(default_factory=dict)

    def report(self, code: str, mark: Mark, /, **facts: str) -> None:
        self.faults.append(fault(code, mark, **facts))


def edition_of(base: Map, change: Map) -> Edition:
    """What a change file makes of the outline it builds on; neither of the two is altered."""
    concepts = {address: concept_of(item, address) for address, item, _ in items_of(base)}
    edition = Edition(_next_year(base, change), str(base.get("year")), concepts=concepts)
    edition.touched |= _touched_by_options(edition.outline, change)
    for key in _ONLY_BY_CHANGES:
        if key in change:
            edition.report("S186", change.at(key), key=key, known=_verbs_for(key))
    for entry in _entries(change, edition):
        verb = _verb(entry, edition)
        if verb is not None:
            _CHANGES[verb](edition, entry)
    return edition


def _next_year(base: Map, change: Map) -> Map:
    """The base with the file's own properties, everything in it the same as the year before."""
    own = change.without("changes", "options", *_ONLY_BY_CHANGES)
    carried = Map(dict(base), change.mark, dict(base.marks))
    outline = carried.having(own, own.marks)
    if "reference_year" not in change:
        outline = outline.having({"reference_year": _moved_on(base, change)}, {"reference_year": change.at("year")})
    options = change.get("options")
    if isinstance(options, Map):
        before = base.get("options")
        merged = before.having(options, options.marks) if isinstance(before, Map) else options
        outline = outline.having({"options": merged})
    return _same_again(outline)


def _touched_by_options(outline: Map, change: Map) -> dict[str, Mark]:
    """Where each item's options were replaced by replacing the list it names."""
    options = change.get("options")
    lists = options if isinstance(options, Map) else Map({}, change.mark, {})
    named = [(address, item.get("options")) for address, item, _ in items_of(outline)]
    return {address: lists.at(name) for address, name in named if isinstance(name, str) and name in lists}


def _moved_on(base: Map, change: Map) -> Any:
    """As far from the survey's year as it was before."""
    about, before, now = base.get("reference_year"), base.get("year"), change.get("year")
    if isinstance(about, int) and isinstance(before, int) and isinstance(now, int):
        return about + now - before
    return about


def _same_again(outline: Map) -> Map:
    sections = [
        section.having({"items": section["items"].copy_with([_same_item(item, "") for item in section["items"]])})
        for section in outline["sections"]
    ]
    return outline.having(
        {
            "sections": outline["sections"].copy_with(sections),
            "checks": outline["checks"].copy_with(list(outline["checks"])),
            "indicators": outline["indicators"].copy_with(list(outline["indicators"])),
            "removed": Map({}, outline.mark, {}),
        }
    )


def _same_item(item: Map, roster: str) -> Map:
    address = roster + id_of(item)
    marks = {key: mark for key, mark in item.marks.items() if key != "lineage"}
    own = {"lineage": {"kind": "same", "items": [address]}, "concept": concept_of(item, address)}
    copy = Map({**item, **own}, item.mark, marks)
    for key in ("items", "checks"):
        if key in item:
            parts = [_same_item(one, f"{address}.") for one in item[key]] if key == "items" else list(item[key])
            copy[key] = item[key].copy_with(parts)
    return copy


def concept_of(item: Map, address: str) -> Any:
    """What stays the same when an item is renamed: its concept, or else its address."""
    return item.get("concept") or address


def _entries(change: Map, edition: Edition) -> Iterator[Map]:
    entries = change.get("changes")
    if entries is not None and not isinstance(entries, Seq):
        edition.report("S104", change.at("changes"), name="changes", found=kind_of(entries), expected="list")
        return
    for entry, mark in zip(entries or (), entries.marks if entries else (), strict=True):
        if isinstance(entry, Map):
            yield entry
        else:
            edition.report("S104", mark, name="changes", found=kind_of(entry), expected="mapping")


def _verb(entry: Map, edition: Edition) -> str | None:
    """The one change an entry makes, when it is well-formed: the right kind of value and nothing unknown beside it."""
    verbs = [key for key in entry if key in VERBS]
    unknown = [key for key in entry if key not in VERBS and key not in {k for keys in VERBS.values() for k in keys}]
    if len(verbs) != 1:
        close = nearest(unknown[0], VERBS) if unknown and not verbs else {}
        edition.report("S182", entry.mark, known=", ".join(VERBS), found=", ".join(verbs) or ", ".join(entry), **close)
        return None
    verb = verbs[0]
    for key in entry:
        if key != verb and key not in VERBS[verb]:
            known = VERBS[verb]
            edition.report("S111", entry.at(key), key=key, known=", ".join((verb, *known)), **nearest(key, known))
    return verb if _well_formed(entry, verb, edition) else None


def _well_formed(entry: Map, verb: str, edition: Edition) -> bool:
    wanted = [(verb, Map if verb.startswith("add_") else str)]
    if "to" in VERBS[verb]:
        wanted.append(("to", Map))
    wanted += [(key, str) for key in ("after", "section", "roster") if key in entry]
    for key, kind in wanted:
        if key not in entry:
            edition.report("S112", entry.mark, key=key)
        elif not isinstance(entry[key], kind):
            expected = "mapping" if kind is Map else "text"
            edition.report("S104", entry.at(key), name=key, found=kind_of(entry[key]), expected=expected)
    return all(isinstance(entry.get(key), kind) for key, kind in wanted)


def _verbs_for(key: str) -> str:
    return ", ".join(verb for verb in VERBS if verb.endswith(f"_{key.rstrip('s')}"))


def _add_section(edition: Edition, entry: Map) -> None:
    section = tidy_section(entry["add_section"], edition.faults)
    edition.touched[id_of(section)] = entry.mark
    _insert(edition, edition.outline["sections"], section, entry, "sections")


def _remove_section(edition: Edition, entry: Map) -> None:
    sections, wanted = edition.outline["sections"], entry["remove_section"]
    place = _place(sections, wanted)
    if place is None:
        _no_target(edition, entry, "remove_section", wanted, [id_of(one) for one in sections])
        return
    gone = [address for address, _, home in items_of(edition.outline) if home is sections[place]]
    edition.touched |= dict.fromkeys(gone, entry.mark)
    edition.touched[wanted] = entry.mark
    sections.drop(place)


def _add_item(edition: Edition, entry: Map) -> None:
    item = tidy_item(entry["add_item"], edition.faults)
    if "lineage" in entry:
        concept = _inherited_concept(edition, entry["lineage"])
        item = item.having({**concept, **item, "lineage": entry["lineage"]}, {"lineage": entry.at("lineage")})
    roster = entry.get("roster")
    edition.touched[f"{roster}.{id_of(item)}" if roster else id_of(item)] = entry.mark
    siblings, place = _siblings(edition, entry, id_of(item))
    if siblings is not None:
        _insert(edition, siblings, item, entry, place)


def _inherited_concept(edition: Edition, lineage: Any) -> dict[str, str]:
    """An item that is last year's under a new name keeps the concept, unless it names one of its own."""
    items = lineage.get("items") if isinstance(lineage, Map) and lineage.get("kind") in ("same", "reworded") else None
    known = [edition.concepts[name] for name in items if name in edition.concepts] if isinstance(items, Seq) else []
    return {"concept": known[0]} if len(known) == 1 else {}


def _siblings(edition: Edition, entry: Map, name: str) -> tuple[Seq | None, str]:
    """The list a new item goes into, and what that list is called."""
    sections = edition.outline["sections"]
    if "roster" in entry:
        return _columns_of(edition, entry)
    if "section" in entry:
        place = _place(sections, entry["section"])
        if place is not None:
            return sections[place]["items"], entry["section"]
        _no_target(edition, entry, "section", entry["section"], [id_of(one) for one in sections])
        return None, ""
    for section in sections:
        if "after" in entry and _place(section["items"], entry["after"]) is not None:
            return section["items"], id_of(section)
    edition.report("S185", entry.mark, name=name)
    return None, ""


def _columns_of(edition: Edition, entry: Map) -> tuple[Seq | None, str]:
    found = {address: item for address, item, _ in items_of(edition.outline)}
    roster = found.get(entry["roster"])
    if roster is not None and isinstance(roster.get("items"), Seq):
        return roster["items"], entry["roster"]
    _no_target(edition, entry, "roster", entry["roster"], [name for name, one in found.items() if "items" in one])
    return None, ""


def _remove_item(edition: Edition, entry: Map) -> None:
    wanted = entry["remove_item"]
    home = _home(edition, wanted)
    if home is None:
        _no_item(edition, entry, "remove_item")
        return
    siblings, place = home
    columns = siblings[place].get("items", ())
    edition.touched |= {f"{wanted}.{id_of(column)}": entry.mark for column in columns}
    edition.touched[wanted] = entry.mark
    if "note" in entry:
        removed = edition.outline["removed"]
        edition.outline["removed"] = removed.having({wanted: entry["note"]}, {wanted: entry.at("note")})
    siblings.drop(place)


def _change_item(edition: Edition, entry: Map) -> None:
    wanted, to = entry["change_item"], entry["to"]
    home = _home(edition, wanted)
    if home is None:
        _no_item(edition, entry, "change_item")
        return
    for key in _NOT_A_PROPERTY:
        if key in to:
            known = "lineage: {…}" if key == "lineage" else _verbs_for("items" if key == "items" else key)
            edition.report("S186", to.at(key), key=key, known=known)
    siblings, place = home
    item: Map = siblings[place]
    changed = Map({**item, **to.without(*_NOT_A_PROPERTY)}, entry.mark, {**item.marks, **to.marks})
    changed = changed.having({"lineage": _lineage(entry, wanted)}, {"lineage": entry.at("lineage")})
    renamed = wanted.rpartition(".")[0] + "." * ("." in wanted) + id_of(changed)
    edition.touched |= {wanted: entry.mark, renamed: entry.mark}
    siblings[place] = changed


def _lineage(entry: Map, address: str) -> Any:
    """The lineage as written, from the item itself unless it says otherwise."""
    written = entry.get("lineage")
    if written is None:
        return {"kind": "same", "items": [address]}
    if isinstance(written, Map) and "items" not in written and written.get("kind") != "new":
        return written.having({"items": [address]})
    return written


def _home(edition: Edition, address: str) -> tuple[Seq, int] | None:
    """The list an item or column stands in, and its place there."""
    roster, _, name = address.rpartition(".")
    for section in edition.outline["sections"]:
        lists = [item["items"] for item in section["items"] if id_of(item) == roster and "items" in item]
        for siblings in lists if roster else [section["items"]]:
            place = _place(siblings, name)
            if place is not None:
                return siblings, place
    return None


def _add_check(edition: Edition, entry: Map) -> None:
    checks = edition.outline["checks"]
    checks.put(len(checks), entry["add_check"])
    edition.touched[id_of(entry["add_check"])] = entry.mark


def _remove_check(edition: Edition, entry: Map) -> None:
    found = _check_home(edition, entry, "remove_check")
    if found is not None:
        siblings, place = found
        siblings.drop(place)


def _change_check(edition: Edition, entry: Map) -> None:
    found = _check_home(edition, entry, "change_check")
    if found is not None:
        siblings, place = found
        siblings[place] = _changed(siblings[place], entry, "change_check")


def _check_home(edition: Edition, entry: Map, verb: str) -> tuple[Seq, int] | None:
    homes = list(check_homes(edition.outline))
    for name, parent, key, place in homes:
        if name == entry[verb]:
            edition.touched[name] = entry.mark
            return parent[key], place
    _no_target(edition, entry, verb, entry[verb], [name for name, *_ in homes])
    return None


def _changed(part: Map, entry: Map, verb: str) -> Map:
    to: Map = entry["to"]
    return Map({**part, "id": entry[verb], **to}, entry.mark, {**part.marks, **to.marks})


def _add_indicator(edition: Edition, entry: Map) -> None:
    indicators = edition.outline["indicators"]
    indicators.put(len(indicators), entry["add_indicator"])
    edition.touched[id_of(entry["add_indicator"])] = entry.mark


def _remove_indicator(edition: Edition, entry: Map) -> None:
    place = _indicator_place(edition, entry, "remove_indicator")
    if place is not None:
        edition.outline["indicators"].drop(place)


def _change_indicator(edition: Edition, entry: Map) -> None:
    place = _indicator_place(edition, entry, "change_indicator")
    if place is not None:
        indicators = edition.outline["indicators"]
        indicators[place] = _changed(indicators[place], entry, "change_indicator")


def _indicator_place(edition: Edition, entry: Map, verb: str) -> int | None:
    indicators = edition.outline["indicators"]
    place = _place(indicators, entry[verb])
    edition.touched[entry[verb]] = entry.mark
    if place is None:
        _no_target(edition, entry, verb, entry[verb], [id_of(one) for one in indicators])
    return place


def _place(parts: Iterable[Map], name: str) -> int | None:
    return next((place for place, part in enumerate(parts) if id_of(part) == name), None)


def _insert(edition: Edition, parts: Seq, part: Map, entry: Map, home: str) -> None:
    after = entry.get("after")
    place: int | None = len(parts) - 1
    if after is not None:
        place = _place(parts, after.removeprefix(f"{home}."))
    if place is None:
        close = nearest(after or "", [id_of(one) for one in parts])
        edition.report("S184", entry.at("after"), after=str(after), place=home, **close)
        place = len(parts) - 1
    parts.put(place + 1, part)


def _no_item(edition: Edition, entry: Map, verb: str) -> None:
    _no_target(edition, entry, verb, entry[verb], [address for address, *_ in items_of(edition.outline)])


def _no_target(edition: Edition, entry: Map, key: str, name: str, known: Iterable[str]) -> None:
    kind = key.partition("_")[2] or key
    edition.report("S183", entry.at(key), name=name, kind=kind, year=edition.year, **nearest(name, known))


_CHANGES: dict[str, Callable[[Edition, Map], None]] = {
    "add_section": _add_section,
    "remove_section": _remove_section,
    "add_item": _add_item,
    "remove_item": _remove_item,
    "change_item": _change_item,
    "add_check": _add_check,
    "remove_check": _remove_check,
    "change_check": _change_check,
    "add_indicator": _add_indicator,
    "remove_indicator": _remove_indicator,
    "change_indicator": _change_indicator,
}
