"""What the definitions declare, as tables that SQL can join: parts, items, options, indicators, conditions."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import blake2s
from typing import TYPE_CHECKING

from pipeline.condition_sql import holds, known
from pipeline.parse import Definitions
from pipeline.sources import sources
from pipeline.tables import Row, table
from pipeline.texts import base_text
from pipeline.uses import uses
from surveys.check_kinds import SumEqualsTotal
from surveys.conditions import Condition, items_in
from surveys.indicators import CountDistinct, CountRows, CountUnits, Indicator, Population, SumItems, SumOfItems
from surveys.model import Text
from surveys.operands import operands
from surveys.questionnaire import Item, Questionnaire, Section
from surveys.routing import both

if TYPE_CHECKING:
    import pyarrow as pa

Pair = tuple[Questionnaire, Questionnaire | None]
# Answers are comparable over these steps; the first year a survey was made has nothing to break from.
UNBROKEN = frozenset({"same", "reworded"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition that many rows of the tables name by `condition`: SQL for the years of one survey.

    `roster` is set when it is asked of the rows of a roster. `known` leaves open what a missing answer leaves open.
    """

    condition: str
    survey: str
    roster: str | None
    items: tuple[str, ...]
    holds: str
    known: str


@dataclass(frozen=True, slots=True)
class Declarations:
    """`tables` by name (each column typed as in SCHEMAS), and the conditions they name.

    `digest` changes whenever anything that is declared does.
    """

    tables: "dict[str, pa.Table]"
    clauses: tuple[Clause, ...]
    digest: str


SCHEMAS: dict[str, dict[str, str]] = {
    "declared_part": {
        "survey": "text", "year": "whole", "status": "text", "title_sv": "text", "title_en": "text",
        "reference_year": "whole", "reference_period_sv": "text", "reference_period_en": "text",
        "perspective": "text", "fingerprint": "text", "respondents": "texts", "lineage_from": "whole",
    },
    "declared_section": {
        "survey": "text", "year": "whole", "section": "text", "position": "whole",
        "title_sv": "text", "title_en": "text",
    },
    "declared_item": {
        "survey": "text", "year": "whole", "item_id": "text", "top_id": "text", "concept": "text",
        "section": "text", "position": "whole", "type": "text", "unit_of_measure_sv": "text",
        "unit_of_measure_en": "text", "label_sv": "text", "label_en": "text", "definition_sv": "text",
        "definition_en": "text", "help_sv": "text", "help_en": "text", "perspective": "text",
        "split_by_sex": "truth", "required": "truth", "suppress_below": "whole", "lineage": "text",
        "lineage_items": "texts", "lineage_note_sv": "text", "lineage_note_en": "text", "comparable": "truth",
        "kinds": "texts", "sexes": "texts", "path": "text", "threshold": "number",
    },
    "declared_option": {
        "survey": "text", "year": "whole", "item_id": "text", "code": "text", "position": "whole",
        "label_sv": "text", "label_en": "text",
    },
    "declared_indicator": {
        "survey": "text", "year": "whole", "indicator_id": "text", "position": "whole", "label_sv": "text",
        "label_en": "text", "definition_sv": "text", "definition_en": "text", "source_sv": "text",
        "source_en": "text", "unit_of_measure_sv": "text", "unit_of_measure_en": "text", "direction": "text",
        "decimals": "whole", "scale": "number", "base": "text", "by_sex": "truth", "breakdown": "text",
        "base_sv": "text", "base_en": "text",
        "unit_kinds": "texts", "sexes": "texts", "numerator": "text", "condition": "text", "roster": "text",
        "of": "text", "base_condition": "text", "base_roster": "text", "base_of": "text", "from_age": "whole",
        "to_age": "whole", "reference_year": "whole", "threshold": "number", "comparable": "truth",
    },
    "declared_term": {
        "survey": "text", "year": "whole", "indicator_id": "text", "side": "text", "item_id": "text",
    },
    "declared_look": {
        "survey": "text", "year": "whole", "indicator_id": "text", "item_id": "text", "must_be_on_path": "truth",
    },
    "declared_sum": {"survey": "text", "year": "whole", "part": "text", "total": "text"},
    "declared_source": {
        "survey": "text", "year": "whole", "indicator_id": "text", "side": "text", "role": "text", "item_id": "text",
        "sex": "text",
    },
    "declared_check_item": {"survey": "text", "year": "whole", "check_id": "text", "item_id": "text"},
    "declared_use": {
        "survey": "text", "year": "whole", "item_id": "text", "use": "text", "indicators": "texts", "checks": "texts",
        "routes": "texts",
    },
}  # fmt: skip


def declarations(definitions: Definitions) -> Declarations:
    """The tables of every survey and year; made once for the same questionnaires."""
    return _declarations(_Quests(tuple(_with_previous(definitions))))


def _with_previous(definitions: Definitions) -> Iterator[Pair]:
    for survey in definitions.surveys():
        previous = None
        for year in definitions.years(survey):
            q = definitions.get(survey, year)
            yield q, previous
            previous = q


class _Quests:
    """Questionnaires as a cache key: the same objects are the same declarations."""

    def __init__(self, pairs: tuple[Pair, ...]) -> None:
        self.pairs = pairs
        self._ids = tuple(id(q) for q, _ in pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Quests) and self._ids == other._ids

    def __hash__(self) -> int:
        return hash(self._ids)


@lru_cache(maxsize=4)
def _declarations(quests: _Quests) -> Declarations:
    clauses = _Clauses()
    rows: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for q, previous in quests.pairs:
        rows["declared_part"].append(_part(q, previous))
        rows["declared_section"] += _sections(q)
        rows["declared_item"] += _items(q, clauses, is_first=previous is None)
        rows["declared_option"] += _options(q)
        rows["declared_indicator"] += [
            _indicator(q, previous, indicator, position, clauses) for position, indicator in enumerate(q.indicators)
        ]
        rows["declared_term"] += [term for indicator in q.indicators for term in _terms(q, indicator)]
        rows["declared_look"] += [look for indicator in q.indicators for look in _looks(q, indicator)]
        rows["declared_sum"] += _sums(q)
        rows["declared_source"] += _sources(q)
        rows["declared_check_item"] += _check_items(q)
        rows["declared_use"] += _uses(q)
    tables = {name: table(schema, rows[name]) for name, schema in SCHEMAS.items()}
    whole = "".join(q.model_dump_json() for q, _ in quests.pairs)
    return Declarations(tables, tuple(clauses.found.values()), blake2s(whole.encode()).hexdigest())


class _Clauses:
    """Gathers the conditions met; the same condition over items of the same types in several years is one."""

    def __init__(self) -> None:
        self.found: dict[str, Clause] = {}

    def name(self, q: Questionnaire, condition: Condition | None, roster: str | None = None) -> str | None:
        if condition is None:
            return None
        prefix = f"{roster}." if roster else ""
        items = _columns(q, roster) if roster else {item.id: item for item in _top_items(q)}
        text = holds(condition, items, prefix)
        name = blake2s(f"{q.survey} {roster} {text}".encode(), digest_size=8).hexdigest()
        addresses = tuple(sorted({prefix + _item_of(item, items) for item in items_in(condition)}))
        clause = Clause(name, q.survey, roster, addresses, text, known(condition, items, prefix))
        self.found.setdefault(name, clause)
        return name


def _item_of(name: str, items: dict[str, Item]) -> str:
    return name if name in items else name.rpartition("__")[0] or name


def _top_items(q: Questionnaire) -> Iterator[Item]:
    return (item for section in q.sections for item in section.items)


def _columns(q: Questionnaire, roster: str) -> dict[str, Item]:
    return {column.id: column for column in q.items[roster].items}


def _part(q: Questionnaire, previous: Questionnaire | None) -> Row:
    return {
        "survey": q.survey, "year": q.year, "status": q.status, **_text("title", q.title),
        "reference_year": q.reference_year, **_text("reference_period", q.reference_period),
        "perspective": q.perspective, "fingerprint": q.fingerprint, "respondents": list(q.respondents),
        "lineage_from": previous.year if previous else None,
    }  # fmt: skip


def _sections(q: Questionnaire) -> Iterator[Row]:
    for position, section in enumerate(q.sections, start=1):
        yield {**_key(q), "section": section.id, "position": position, **_text("title", section.title)}


def _items(q: Questionnaire, clauses: _Clauses, *, is_first: bool) -> Iterator[Row]:
    limits = thresholds(q)
    places = {address: place for place, address in enumerate(q.items, start=1)}
    for section in q.sections:
        for item in section.items:
            path = clauses.name(q, both(section.when, item.when))
            kinds = _kinds(q, section, item)
            for address, part in _addresses(item):
                row = _item(q, section, address, part, is_first=is_first)
                parent = {"top_id": item.id, "kinds": kinds, "path": path, "position": places[address]}
                yield {**row, **parent, "threshold": limits.get(address)}


def _addresses(item: Item) -> Iterator[tuple[str, Item]]:
    yield item.id, item
    for column in item.items:
        yield f"{item.id}.{column.id}", column


def _item(q: Questionnaire, section: Section, address: str, item: Item, *, is_first: bool) -> Row:
    return {
        **_key(q), "item_id": address, "concept": item.concept or address, "section": section.id, "type": item.type,
        **_text("unit_of_measure", item.unit_of_measure), **_text("label", item.label),
        **_text("definition", item.definition), **_text("help", item.help),
        "perspective": item.perspective or q.perspective, "split_by_sex": item.split_by_sex,
        "required": item.required, "suppress_below": item.suppress_below, "lineage": item.lineage.kind,
        "lineage_items": list(item.lineage.items), **_text("lineage_note", item.lineage.note),
        "comparable": is_first or item.lineage.kind in UNBROKEN,
        "sexes": ["K", "M", "T"] if item.split_by_sex else [None],
    }  # fmt: skip


def _kinds(q: Questionnaire, section: Section, item: Item) -> list[str]:
    asked = set(q.respondents)
    for narrower in (section.respondents, item.respondents):
        asked &= set(narrower or asked)
    return sorted(asked)


def thresholds(q: Questionnaire) -> dict[str, float]:
    """Below what an item is hidden: its own limit, that of a figure made of it, or of a sum it is part of.

    One must not tell the other.
    """
    limits = {address: float(item.suppress_below) for address, item in q.items.items() if item.suppress_below}
    for indicator in q.indicators:
        for address in _summed(indicator) if indicator.suppress_below else ():
            limits[address] = max(limits.get(address, 0.0), float(indicator.suppress_below or 0))
    for check in q.checks:
        if isinstance(check, SumEqualsTotal) and (
            limit := max(limits.get(a, 0.0) for a in (*check.parts, check.total))
        ):
            limits |= dict.fromkeys((*check.parts, check.total), limit)
    return limits


def _summed(indicator: Indicator) -> tuple[str, ...]:
    numerator = indicator.numerator.items if isinstance(indicator.numerator, SumItems) else ()
    base = indicator.denominator.items if isinstance(indicator.denominator, SumOfItems) else ()
    return (*numerator, *base)


def _options(q: Questionnaire) -> Iterator[Row]:
    for address, item in q.items.items():
        for position, option in enumerate(item.options, start=1):
            place = {"item_id": address, "code": option.code, "position": position}
            yield {**_key(q), **place, **_text("label", option.label)}


def _indicator(
    q: Questionnaire, previous: Questionnaire | None, indicator: Indicator, position: int, clauses: _Clauses
) -> Row:
    base = indicator.denominator
    ages = base if isinstance(base, Population) else None
    return {
        **_key(q), "indicator_id": indicator.id, "position": position, **_text("label", indicator.label),
        **_text("definition", indicator.definition), **_text("source", indicator.source),
        **_text("unit_of_measure", indicator.unit_of_measure), "direction": indicator.direction,
        "decimals": indicator.decimals, "scale": indicator.scale, "base": base.kind if base else None,
        "by_sex": indicator.by_sex, "breakdown": indicator.breakdown,
        "unit_kinds": [kind for kind in q.respondents if kind in (indicator.respondents or q.respondents)],
        "sexes": ["K", "M", "T"] if indicator.by_sex else ["T"], "numerator": indicator.numerator.kind,
        "condition": _where(q, indicator.numerator, clauses), **_rows_of("", indicator.numerator),
        "base_condition": _where(q, base, clauses), **_rows_of("base_", base),
        "from_age": ages.from_age if ages else None, "to_age": ages.to_age if ages else None,
        "reference_year": q.reference_year, "threshold": indicator.suppress_below,
        "comparable": _comparable(q, previous, indicator), **_text("base", base_text(q, base)),
    }  # fmt: skip


def _where(q: Questionnaire, counted: object, clauses: _Clauses) -> str | None:
    match counted:
        case CountUnits(where=where):
            return clauses.name(q, where)
        case CountRows(roster=roster, where=where) | CountDistinct(roster=roster, where=where):
            return clauses.name(q, where, roster)
        case _:
            return None


def _rows_of(prefix: str, counted: object) -> Row:
    roster = counted.roster if isinstance(counted, CountRows | CountDistinct) else None
    of = f"{roster}.{counted.of}" if isinstance(counted, CountDistinct) else None
    return {f"{prefix}roster": roster, f"{prefix}of": of}


def _comparable(q: Questionnaire, previous: Questionnaire | None, indicator: Indicator) -> bool:
    """Whether the figure may stand beside the nearest earlier year's: same declaration, no break in its items."""
    if previous is None:
        return True
    former = next((old for old in previous.indicators if old.id == indicator.id), None)
    unbroken = all(q.items[source.item_id].lineage.kind in UNBROKEN for source in sources(q, indicator))
    return former is not None and _counted(former, previous.year) == _counted(indicator, q.year) and unbroken


def _counted(indicator: Indicator, year: int) -> str:
    """What the figure is made of; a limit that moves with the year (start year, expiry) is the same figure."""
    told = {"label", "definition", "source", "unit_of_measure", "decimals", "direction", "suppress_below"}
    written = indicator.model_dump_json(exclude=told)
    return re.sub(r"\b(?:19|20)\d\d\b", lambda found: f"year{int(found[0]) - year:+d}", written)


def _terms(q: Questionnaire, indicator: Indicator) -> Iterator[Row]:
    for side, counted in (("numerator", indicator.numerator), ("base", indicator.denominator)):
        for address in counted.items if isinstance(counted, SumItems | SumOfItems) else ():
            yield {**_key(q), "indicator_id": indicator.id, "side": side, "item_id": address}


def _looks(q: Questionnaire, indicator: Indicator) -> Iterator[Row]:
    """The top-level items whose missing answer leaves the figure open. A condition over what is off path is false."""
    counted = indicator.numerator
    where = counted.where if isinstance(counted, CountUnits) else None
    needed = {each.roster for each in (counted, indicator.denominator) if isinstance(each, CountRows | CountDistinct)}
    needed |= {indicator.breakdown.partition(".")[0]} if indicator.breakdown else set()
    looked_at = {_item_of(name, q.items) for name in items_in(where)} if where else set()
    for item_id in sorted(needed | looked_at):
        yield {**_key(q), "indicator_id": indicator.id, "item_id": item_id, "must_be_on_path": item_id in needed}


def _sums(q: Questionnaire) -> Iterator[Row]:
    for check in q.checks:
        if isinstance(check, SumEqualsTotal):
            for part in check.parts:
                yield {**_key(q), "part": part, "total": check.total}


def _sources(q: Questionnaire) -> Iterator[Row]:
    for indicator in q.indicators:
        for source in sources(q, indicator):
            yield {**_key(q), "indicator_id": indicator.id, **asdict(source)}


def _check_items(q: Questionnaire) -> Iterator[Row]:
    for check in q.checks:
        for address in operands(check):
            yield {**_key(q), "check_id": check.id, "item_id": address}


def _uses(q: Questionnaire) -> Iterator[Row]:
    for address, used in uses(q).items():
        facts = {"indicators": used.indicators, "checks": used.checks, "routes": used.routes}
        yield {**_key(q), "item_id": address, "use": used.use, **facts}


def _key(q: Questionnaire) -> Row:
    return {"survey": q.survey, "year": q.year}


def _text(name: str, text: Text | None) -> Row:
    return {f"{name}_sv": text.sv if text else None, f"{name}_en": text.en if text else None}
