"""What must hold for each indicator, so that it can be computed for every unit and for the country."""

import re
from collections.abc import Iterable, Iterator

from surveys import indicators as bases
from surveys.check_rules import unit_in_words
from surveys.condition_rules import Scope, judge_condition
from surveys.draft import Draft
from surveys.faults import nearest
from surveys.indicators import Indicator
from surveys.marked_yaml import Map, Mark, Seq
from surveys.questionnaire import Item
from surveys.shape import Part

SUMMED = ("integer", "decimal", "percent", "opening_hours", "kommuner", "several_of")
"""The types of item that can be summed; opening hours as hours a week, lists as how many were chosen."""

_DISTINCT = ("text", "one_of", "several_of", "kommuner", "integer", "decimal", "year", "date", "boolean")
_WITH_POPULATION = frozenset({"region", "kommun"})
_ID = re.compile(r"[a-z][a-z0-9_]*")
_OLDEST = 130
Counted = bases.CountRows | bases.CountDistinct


def judge_indicators(draft: Draft) -> None:
    """Report what is wrong with each indicator."""
    for part in draft.indicators:
        if part.model is not None:
            _judge_indicator(draft, part, part.model)


def _judge_indicator(draft: Draft, part: Part[Indicator], indicator: Indicator) -> None:
    source = part.source
    if not _ID.fullmatch(indicator.id):
        draft.report("S120", source.at("id"), id=indicator.id)
    _judge_numbers(draft, indicator, source)
    _judge_respondents(draft, indicator, source)
    for key, measure in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
        written = source.get(key)
        if isinstance(written, Map):
            _judge_measure(draft, indicator, measure, written)
    if indicator.by_sex:
        _judge_by_sex(draft, indicator, source)
    if indicator.breakdown is not None:
        _judge_breakdown(draft, indicator, indicator.breakdown, source.at("breakdown"))


def _judge_numbers(draft: Draft, indicator: Indicator, source: Map) -> None:
    if indicator.scale <= 0:
        draft.report("S119", source.at("scale"), key="scale", value=str(indicator.scale), bound="> 0")
    if not 0 <= indicator.decimals <= 6:
        draft.report("S119", source.at("decimals"), key="decimals", value=str(indicator.decimals), bound="0–6")
    if indicator.suppress_below is not None and indicator.suppress_below < 1:
        value = str(indicator.suppress_below)
        draft.report("S119", source.at("suppress_below"), key="suppress_below", value=value, bound="≥ 1")


def _judge_respondents(draft: Draft, indicator: Indicator, source: Map) -> None:
    header = draft.header.model
    others = [one for one in indicator.respondents or () if header is not None and one not in header.respondents]
    if header is not None and (others or indicator.respondents == ()):
        names, asked = ", ".join(others) or "–", ", ".join(header.respondents)
        draft.report("S126", source.at("respondents"), name=indicator.id, respondents=names, asked=asked)


def _judge_measure(
    draft: Draft, indicator: Indicator, measure: bases.Numerator | bases.Denominator | None, source: Map
) -> None:
    match measure:
        case bases.SumItems(items=items) | bases.SumOfItems(items=items):
            _judge_sum(draft, indicator, items, source)
        case bases.CountUnits(where=where) if where is not None:
            looked_at = judge_condition(draft, where, source.get("where"), Scope(indicator.id))
            _judge_asked(draft, indicator, looked_at, source.at("where"))
        case bases.CountRows() | bases.CountDistinct():
            _judge_rows(draft, indicator, measure, source)
        case bases.Population(from_age=low, to_age=high):
            _judge_ages(draft, low, high, source)
            _judge_base(draft, indicator, "population", _WITH_POPULATION, source)
        case bases.KommunCount():
            _judge_base(draft, indicator, "kommun_count", frozenset({"region"}), source)


def _judge_sum(draft: Draft, indicator: Indicator, items: tuple[str, ...], source: Map) -> None:
    written = source.get("items")
    marks = written.marks if isinstance(written, Seq) else [source.mark] * len(items)
    if not items:
        draft.report("S119", source.at("items"), key="items", value="[]", bound="≥ 1")
    units: dict[str, Mark] = {}
    for address, mark in zip(items, marks, strict=True):
        item = _found(draft, address, mark)
        if item is not None and _fits(draft, indicator, address, item, SUMMED, mark):
            units.setdefault(unit_in_words(item), mark)
    if len(set(items)) < len(items):
        twice = next(one for one in items if items.count(one) > 1)
        draft.report("S167", source.at("items"), item=twice, check=indicator.id)
    if len(units) > 1:
        draft.report("S172", [*units.values()][1], indicator=indicator.id, units=", ".join(units))
    _judge_asked(draft, indicator, [one for one in items if one in draft.items], source.at("items"))


def _judge_rows(draft: Draft, indicator: Indicator, measure: Counted, source: Map) -> None:
    roster = _found(draft, measure.roster, source.at("roster"))
    if roster is None:
        return
    if roster.type != "roster":
        draft.report("S154", source.at("roster"), name=measure.roster, type=roster.type)
        return
    if isinstance(measure, bases.CountDistinct):
        columns = [address.partition(".")[2] for address in draft.items if address.startswith(f"{measure.roster}.")]
        column = draft.item(f"{measure.roster}.{measure.of}")
        if measure.of not in columns:
            close = nearest(measure.of.partition(".")[2] or measure.of, columns)
            draft.report("S150", source.at("of"), name=f"{measure.roster}.{measure.of}", **close)
        elif column is not None:
            _fits(draft, indicator, f"{measure.roster}.{measure.of}", column, _DISTINCT, source.at("of"))
    if measure.where is not None:
        scope = Scope(indicator.id, measure.roster, prefixed=False)
        looked_at = judge_condition(draft, measure.where, source.get("where"), scope)
        for address in looked_at:
            if not address.startswith(f"{measure.roster}."):
                draft.report("S153", source.at("where"), items=f"`{measure.roster}`, `{address}`")
    _judge_asked(draft, indicator, [measure.roster], source.at("roster"))


def _found(draft: Draft, address: str, mark: Mark) -> Item | None:
    if address not in draft.items:
        draft.report("S150", mark, name=address, **nearest(address, draft.items))
    return draft.item(address)


def _fits(draft: Draft, indicator: Indicator, name: str, item: Item, types: Iterable[str], mark: Mark) -> bool:
    if item.type in types:
        return True
    known = ", ".join(types)
    draft.report("S171", mark, indicator=indicator.id, item=name, type=item.type, known=known)
    return False


def _judge_ages(draft: Draft, low: int | None, high: int | None, source: Map) -> None:
    for key, age in (("from_age", low), ("to_age", high)):
        if age is not None and not 0 <= age <= _OLDEST:
            draft.report("S119", source.at(key), key=key, value=str(age), bound=f"0–{_OLDEST}")
    if low is not None and high is not None and low > high:
        mark = source.at("from_age")
        draft.report("S164", mark, low="from_age", low_value=str(low), high="to_age", high_value=str(high))


def _computed_for(draft: Draft, indicator: Indicator) -> frozenset[str]:
    asked = frozenset(draft.header.model.respondents if draft.header.model is not None else ())
    return asked & frozenset(indicator.respondents) if indicator.respondents is not None else asked


def _judge_base(draft: Draft, indicator: Indicator, base: str, having: frozenset[str], source: Map) -> None:
    others = _computed_for(draft, indicator) - having
    if others:
        names = ", ".join(sorted(others))
        draft.report("S176", source.at("kind"), indicator=indicator.id, base=base, respondents=names)


def _judge_asked(draft: Draft, indicator: Indicator, addresses: list[str], mark: Mark) -> None:
    """That some unit the indicator is computed for is asked each of the items."""
    computed_for = _computed_for(draft, indicator)
    for address in addresses:
        asked = draft.asked(address)
        if asked and computed_for and not asked & computed_for:
            draft.report("S158", mark, item=indicator.id, name=address)


def _judge_by_sex(draft: Draft, indicator: Indicator, source: Map) -> None:
    for key, measure in (("numerator", indicator.numerator), ("denominator", indicator.denominator)):
        for name in _unsplit(draft, measure):
            draft.report("S173", source.at("by_sex"), indicator=indicator.id, item=name or key)


def _unsplit(draft: Draft, measure: bases.Numerator | bases.Denominator | None) -> Iterator[str]:
    """What of a numerator or denominator has no women and men in it; empty for a count."""
    match measure:
        case bases.SumItems(items=items) | bases.SumOfItems(items=items):
            found = [(address, draft.item(address)) for address in items]
            yield from (f"`{address}`" for address, item in found if item is not None and not item.split_by_sex)
        case bases.CountUnits() | bases.CountRows() | bases.CountDistinct():
            yield ""


def _judge_breakdown(draft: Draft, indicator: Indicator, address: str, mark: Mark) -> None:
    item = _found(draft, address, mark)
    if item is None:
        return
    roster = address.partition(".")[0] if "." in address else None
    counted = getattr(indicator.numerator, "roster", None)
    if item.type not in ("one_of", "several_of") or (roster is not None and roster != counted):
        draft.report("S175", mark, indicator=indicator.id, item=address)
