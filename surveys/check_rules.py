"""What must hold for each declared check, so that it can be made of every response in every place."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from surveys import check_kinds as kinds
from surveys.check_kinds import AnyCheck
from surveys.condition_rules import Scope, judge_condition, judge_value
from surveys.draft import Draft
from surveys.faults import nearest
from surveys.marked_yaml import Map, Mark, Seq
from surveys.questionnaire import NUMERIC, Item
from surveys.shape import Part

_AMOUNTS = ("integer", "decimal", "percent")
_REGEX_PARTS = (
    "(?P",
    "(?<",
    "(?i",
    "(?m",
    "(?s",
    "(?x",
    "(?a",
    "(?u",
    "(?L",
    "(?#",
    "(?(",
    r"\A",
    r"\Z",
    "*+",
    "++",
    "?+",
)
_IMPLIED = ("shape", "required", "options", "sum", "off_path")
_CHECK_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")

FITS: dict[str, tuple[str, ...]] = {
    "range": (*sorted(NUMERIC), "date"),
    "in_set": (*sorted(NUMERIC), "text", "one_of"),
    "pattern": ("text",),
    "length": ("text",),
    "sum_equals_total": _AMOUNTS,
    "less_or_equal": (*_AMOUNTS, "year"),
    "ratio_bounds": _AMOUNTS,
    "change_against_last_year": _AMOUNTS,
    "per_inhabitant": ("integer", "decimal"),
    "dates_in_order": ("date", "year"),
    "unique_rows": ("roster",),
    "row_count": ("roster",),
    "exclusive_option": ("several_of",),
}
"""The types of item each kind of check can be made of; any that is answered where nothing is said."""

_ITEM_KEYS = ("item", "parts", "total", "smaller", "larger", "numerator", "denominator", "earlier", "later", "roster")
_BOUNDED = dict.fromkeys(("range", "length", "ratio_bounds", "per_inhabitant", "row_count"), ("min", "max"))
_NEEDS = {**_BOUNDED, "in_set": ("values",), "unique_rows": ("by",), "exclusive_option": ("options",)}
_ABOVE_ZERO = {"change_against_last_year": ("ratio",), "per_inhabitant": ("per",), "less_or_equal": ("factor",)}
_NOT_NEGATIVE = {
    "change_against_last_year": ("floor",),
    "sum_equals_total": ("tolerance",),
    "length": ("min", "max"),
    "row_count": ("min", "max"),
}
_SAME_UNIT = ("sum_equals_total", "less_or_equal", "ratio_bounds")


class Reference(NamedTuple):
    """An item a check is made of: the key that names it, its address, and where that stands."""

    key: str
    address: str
    mark: Mark


def judge_checks(draft: Draft) -> None:
    """Report what is wrong with each check."""
    for part in draft.checks:
        if part.model is not None:
            _judge_check(draft, part, part.model)


def _judge_check(draft: Draft, part: Part[AnyCheck], check: AnyCheck) -> None:
    _judge_id(draft, check, part.source)
    references = list(_known(draft, check, part.source))
    _judge_items(draft, check, references, part)
    _judge_bounds(draft, check, part)
    _judge_own(draft, check, part.source, references)
    if check.when is not None:
        rosters = [one.address.partition(".")[0] for one in references if "." in one.address]
        if isinstance(check, kinds.UniqueRows):
            rosters = [check.roster]
        judge_condition(draft, check.when, part.source.get("when"), Scope(check.id, rosters[0] if rosters else None))


def _judge_id(draft: Draft, check: AnyCheck, source: Map) -> None:
    item, _, kind = check.id.rpartition(".")
    if check.id == "unknown_item" or (kind in _IMPLIED and item in draft.items):
        draft.report("S122", source.at("id"), id=check.id)
    elif not _CHECK_ID.fullmatch(check.id):
        draft.report("S120", source.at("id"), id=check.id)


def _known(draft: Draft, check: AnyCheck, source: Map) -> Iterator[Reference]:
    """The items a check is made of that are there and have an answer; the others are reported."""
    for one in _references(check, source):
        item = draft.item(one.address)
        if one.address not in draft.items:
            close = next((name for name in draft.items if name.endswith(f".{one.address}")), None)
            found = {"nearest": close} if close else nearest(one.address, draft.items)
            draft.report("S150", one.mark, name=one.address, **found)
        elif item is not None and item.type == "note":
            draft.report("S151", one.mark, name=one.address)
        else:
            yield one


def _references(check: AnyCheck, source: Map) -> Iterator[Reference]:
    for key in _ITEM_KEYS:
        value = getattr(check, key, None)
        if isinstance(value, str):
            yield Reference(key, value, source.at(key))
        elif isinstance(value, tuple):
            written = source.get(key)
            marks = written.marks if isinstance(written, Seq) else [source.at(key)] * len(value)
            yield from (Reference(key, one, mark) for one, mark in zip(value, marks, strict=True))


def _judge_items(draft: Draft, check: AnyCheck, references: list[Reference], part: Part[AnyCheck]) -> None:
    fits = FITS.get(check.kind)
    fitting: list[tuple[Reference, Item]] = []
    for place, one in enumerate(references):
        item = draft.item(one.address)
        if item is None:
            continue
        if any(one.address == other.address for other in references[:place]):
            draft.report("S167", one.mark, item=one.address, check=check.id)
        elif fits == ("roster",) and item.type != "roster":
            draft.report("S154", one.mark, name=one.address, type=item.type)
        elif fits is not None and item.type not in fits:
            known = ", ".join(fits)
            draft.report(
                "S161", one.mark, check=check.id, kind=check.kind, item=one.address, type=item.type, known=known
            )
        else:
            fitting.append((one, item))
    if len(fitting) == len(references) > 1:
        _judge_together(draft, check, fitting)


def _judge_together(draft: Draft, check: AnyCheck, fitting: list[tuple[Reference, Item]]) -> None:
    """What holds between the items of one check: same rows, same respondents, same unit of measure, same type."""
    addresses = [one.address for one, _ in fitting]
    mark = draft.cause(fitting[-1][0].mark, addresses)
    if len({address.partition(".")[0] for address in addresses if "." in address}) > 1:
        draft.report("S153", mark, items=", ".join(f"`{address}`" for address in addresses))
        return
    asked = [draft.asked(address) for address in addresses]
    for address, own in zip(addresses, asked, strict=True):
        if asked[0] and own and not own & asked[0]:
            draft.report("S158", mark, item=addresses[0], name=address)
            return
    units = {unit_in_words(item): None for _, item in fitting}
    if check.kind in _SAME_UNIT and len(units) > 1 and not getattr(check, "units_differ", False):
        draft.report("S162", mark, check=check.id, units=", ".join(units))
    if check.kind == "dates_in_order" and fitting[0][1].type != fitting[1][1].type:
        item, kind = addresses[1], fitting[1][1].type
        known = fitting[0][1].type
        draft.report("S161", mark, check=check.id, kind=check.kind, item=item, type=kind, known=known)


def unit_in_words(item: Item) -> str:
    """What an item counts, as it is told to an author; the type where that says it."""
    if item.unit_of_measure is not None:
        return item.unit_of_measure.sv
    return {"percent": "%", "opening_hours": "timmar per vecka"}.get(item.type, "–")


def _judge_bounds(draft: Draft, check: AnyCheck, part: Part[AnyCheck]) -> None:
    source, keys = part.source, _NEEDS.get(check.kind, ())
    if keys and not part.doubtful and all(getattr(check, key) in (None, ()) for key in keys):
        draft.report("S163", source.mark, check=check.id, keys=" / ".join(keys))
    if check.kind in _BOUNDED:
        low, high = getattr(check, "min", None), getattr(check, "max", None)
        if type(low) is type(high) and low is not None and high is not None and low > high:
            draft.report("S164", source.at("min"), low="min", low_value=str(low), high="max", high_value=str(high))
    for key in _ABOVE_ZERO.get(check.kind, ()):
        if getattr(check, key) <= 0:
            draft.report("S119", source.at(key), key=key, value=str(getattr(check, key)), bound="> 0")
    for key in _NOT_NEGATIVE.get(check.kind, ()):
        value = getattr(check, key)
        if value is not None and value < 0:
            draft.report("S119", source.at(key), key=key, value=str(value), bound="≥ 0")


def _judge_own(draft: Draft, check: AnyCheck, source: Map, references: list[Reference]) -> None:
    """What only one kind of check has."""
    item = draft.item(references[0].address) if references else None
    match check:
        case kinds.Range() if item is not None and item.type in FITS["range"]:
            _judge_range(draft, check, source, item)
        case kinds.InSet() if item is not None and item.type in FITS["in_set"]:
            for value in check.values:
                judge_value(draft, value, item, check.item, source.at("values"), check.id)
        case kinds.ExclusiveOption() if item is not None and item.type == "several_of":
            for value in check.options:
                judge_value(draft, value, item, check.item, source.at("options"), check.id)
        case kinds.Pattern():
            _judge_regex(draft, check, source)
        case kinds.UniqueRows() if item is not None and item.type == "roster":
            _judge_columns(draft, check, source)
        case kinds.PerInhabitant() if item is not None:
            _judge_population(draft, check, source)


def _judge_range(draft: Draft, check: kinds.Range, source: Map, item: Item) -> None:
    for key in ("min", "max"):
        value = getattr(check, key)
        if value is not None and isinstance(value, date) != (item.type == "date"):
            mark = source.at(key)
            draft.report("S168", mark, value=str(value), place=check.id, item=check.item, type=item.type)


def _judge_regex(draft: Draft, check: kinds.Pattern, source: Map) -> None:
    try:
        re.compile(check.regex)
    except re.error as error:
        draft.report("S165", source.at("regex"), regex=check.regex, problem=str(error))
        return
    part = next((part for part in _REGEX_PARTS if part in check.regex), None)
    if part is not None:
        draft.report("S166", source.at("regex"), part=part)


def _judge_columns(draft: Draft, check: kinds.UniqueRows, source: Map) -> None:
    columns = [address.partition(".")[2] for address in draft.items if address.startswith(f"{check.roster}.")]
    for name in check.by:
        bare = name.removeprefix(f"{check.roster}.")
        if bare not in columns:
            draft.report("S150", source.at("by"), name=f"{check.roster}.{bare}", **nearest(bare, columns))


def _judge_population(draft: Draft, check: kinds.PerInhabitant, source: Map) -> None:
    asked = draft.asked(check.item)
    if asked and "mottagning" in asked:
        draft.report("S169", source.at("item"), check=check.id, respondents="mottagning")
