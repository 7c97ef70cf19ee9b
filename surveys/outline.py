"""The outline of a definition as written: its sections, items, columns, checks and indicators, before any is read.

An outline is a `Map` whose `sections`, `items`, `checks` and `indicators` are lists of mappings, whatever the file
said; what was something else is reported and left out.
"""

from collections.abc import Iterator
from typing import Any

from surveys.faults import Fault, fault
from surveys.marked_yaml import Map, Seq, kind_of

_FIRST_ITEM = {
    "sum_equals_total": "parts",
    "less_or_equal": "smaller",
    "ratio_bounds": "numerator",
    "dates_in_order": "earlier",
    "unique_rows": "roster",
    "row_count": "roster",
}
_OWN_ITEM = _FIRST_ITEM | {"sum_equals_total": "total"}


def tidy_document(document: Map, faults: list[Fault]) -> Map:
    """The outline of a first year's file."""
    sections = _maps(document, "sections", faults)
    return document.having(
        {
            "sections": sections.copy_with([tidy_section(section, faults) for section in sections]),
            "checks": _maps(document, "checks", faults),
            "indicators": _maps(document, "indicators", faults),
        }
    )


def tidy_section(section: Map, faults: list[Fault]) -> Map:
    items = _maps(section, "items", faults)
    return section.having({"items": items.copy_with([tidy_item(item, faults) for item in items])})


def tidy_item(item: Map, faults: list[Fault]) -> Map:
    parts: dict[str, Any] = {}
    if "items" in item:
        columns = _maps(item, "items", faults)
        parts["items"] = columns.copy_with([tidy_item(column, faults) for column in columns])
    if "checks" in item:
        parts["checks"] = _maps(item, "checks", faults)
    return item.having(parts)


def _maps(parent: Map, key: str, faults: list[Fault]) -> Seq:
    """The mappings in a list; nothing when the key is absent or left empty."""
    value = parent.get(key)
    if value is None:
        return Seq([], parent.at(key), [])
    if not isinstance(value, Seq):
        faults.append(fault("S104", parent.at(key), name=key, found=kind_of(value), expected="list"))
        return Seq([], parent.at(key), [])
    for one, mark in zip(value, value.marks, strict=True):
        if not isinstance(one, Map):
            faults.append(fault("S104", mark, name=key, found=kind_of(one), expected="mapping"))
    return value.copy_with([one for one in value if isinstance(one, Map)])


def id_of(part: Map) -> str:
    """The id as written; empty when there is none or it is no text."""
    found = part.get("id")
    return found if isinstance(found, str) else ""


def items_of(document: Map) -> Iterator[tuple[str, Map, Map]]:
    """(address, item, section) for every item and column, in order. Items without an id are left out."""
    for section in document["sections"]:
        for item in section["items"]:
            if id_of(item):
                yield id_of(item), item, section
                for column in item.get("items", ()):
                    if id_of(column):
                        yield f"{id_of(item)}.{id_of(column)}", column, section


def unnamed_items(document: Map) -> Iterator[Map]:
    """The items and columns without an id that can be used."""
    for section in document["sections"]:
        for item in section["items"]:
            yield from (one for one in (item, *item.get("items", ())) if not id_of(one))


def checks_of(document: Map) -> Iterator[Map]:
    """Every check with what goes without saying filled in: under an item its item, and everywhere an id."""
    for address, item, _ in items_of(document):
        for check in item.get("checks", ()):
            yield _named(_of_item(check, address), address)
    for check in document["checks"]:
        yield _named(check, _first_item(check))


def _of_item(check: Map, address: str) -> Map:
    key = _OWN_ITEM.get(str(check.get("kind")), "item")
    return check if key in check else check.having({key: address})


def _first_item(check: Map) -> str:
    found = check.get(_FIRST_ITEM.get(str(check.get("kind")), "item"))
    first = found[0] if isinstance(found, list) and found else found
    return first if isinstance(first, str) else ""


def _named(check: Map, item: str) -> Map:
    """A check of no known item is wrong otherwise; a name by its line keeps it apart from the others."""
    name = f"{item}.{check.get('kind')}" if item else f"?{check.mark.line}"
    return check if "id" in check else check.having({"id": name})


def check_homes(document: Map) -> Iterator[tuple[str, Map, str, int]]:
    """(id, the mapping it stands in, key, place in that list) of every check, for changing or removing it."""
    for address, item, _ in items_of(document):
        for place, check in enumerate(item.get("checks", ())):
            yield id_of(_named(check, address)), item, "checks", place
    for place, check in enumerate(document["checks"]):
        yield id_of(_named(check, _first_item(check))), document, "checks", place
