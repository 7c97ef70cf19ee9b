"""What differs between two years of a survey, in words, for `lagesbild surveys diff`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from surveys.check_kinds import AnyCheck
from surveys.conditions import Condition
from surveys.descriptions import condition_in_words, describe
from surveys.indicators import Indicator
from surveys.model import Frozen, Text
from surveys.questionnaire import Item, LineageKind, Option, Questionnaire

Part = Literal["survey", "section", "item", "check", "indicator"]
What = Literal["added", "removed", "changed"]

_HEADS: dict[Part, tuple[Text, Text, Text]] = {
    "survey": (
        Text(sv="Ny enkät", en="New survey"),
        Text(sv="Borttagen enkät", en="Removed survey"),
        Text(sv="Ändrad enkät", en="Changed survey"),
    ),
    "section": (
        Text(sv="Nytt avsnitt", en="New section"),
        Text(sv="Borttaget avsnitt", en="Removed section"),
        Text(sv="Ändrat avsnitt", en="Changed section"),
    ),
    "item": (
        Text(sv="Ny fråga", en="New item"),
        Text(sv="Borttagen fråga", en="Removed item"),
        Text(sv="Ändrad fråga", en="Changed item"),
    ),
    "check": (
        Text(sv="Ny kontroll", en="New check"),
        Text(sv="Borttagen kontroll", en="Removed check"),
        Text(sv="Ändrad kontroll", en="Changed check"),
    ),
    "indicator": (
        Text(sv="Ny indikator", en="New indicator"),
        Text(sv="Borttagen indikator", en="Removed indicator"),
        Text(sv="Ändrad indikator", en="Changed indicator"),
    ),
}
_WHAT: tuple[What, ...] = ("added", "removed", "changed")
_LINEAGE: dict[LineageKind | None, Text] = {
    "reworded": Text(sv="omformulerad", en="reworded"),
    "split": Text(sv="uppdelad", en="split"),
    "merged": Text(sv="sammanslagen", en="merged"),
    "unit_changed": Text(sv="ny måttenhet", en="unit changed"),
    "recoded": Text(sv="nya svarsalternativ", en="recoded"),
}
_PROPERTIES: dict[str, Text] = {
    "title": Text(sv="rubrik", en="title"),
    "intro": Text(sv="inledning", en="introduction"),
    "section": Text(sv="avsnitt", en="section"),
    "label": Text(sv="lydelse", en="wording"),
    "help": Text(sv="hjälptext", en="help"),
    "definition": Text(sv="definition", en="definition"),
    "source": Text(sv="källa", en="source"),
    "type": Text(sv="svarstyp", en="type of answer"),
    "unit_of_measure": Text(sv="måttenhet", en="unit of measure"),
    "options": Text(sv="svarsalternativ", en="options"),
    "required": Text(sv="obligatorisk", en="required"),
    "missing_allowed": Text(sv="tillåtna skäl till att svar saknas", en="reasons allowed for no answer"),
    "when": Text(sv="visas när", en="shown when"),
    "split_by_sex": Text(sv="uppdelad på kön", en="split by sex"),
    "decimals": Text(sv="decimaler", en="decimals"),
    "perspective": Text(sv="perspektiv", en="perspective"),
    "reference_period": Text(sv="period", en="reference period"),
    "reference_year": Text(sv="referensår", en="reference year"),
    "respondents": Text(sv="svarande", en="respondents"),
    "register_name": Text(sv="register", en="register"),
    "suppress_below": Text(sv="döljs under", en="suppressed below"),
    "multiline": Text(sv="flera rader", en="several lines"),
    "rule": Text(sv="regel", en="rule"),
    "severity": Text(sv="följd", en="consequence"),
    "numerator": Text(sv="täljare", en="numerator"),
    "denominator": Text(sv="nämnare", en="denominator"),
    "scale": Text(sv="skala", en="scale"),
    "direction": Text(sv="riktning", en="direction"),
    "by_sex": Text(sv="per kön", en="by sex"),
    "breakdown": Text(sv="fördelning", en="breakdown"),
}
Described = dict[str, tuple[Text | None, dict[str, Any]]]
"""Parts by id: what each is called, and its properties."""

_SEVERITY = {
    "hard": Text(sv="stoppar", en="refuses"),
    "soft": Text(sv="frågar", en="asks"),
}
_OF_SURVEY = ("title", "intro", "reference_year", "reference_period", "perspective", "respondents")
_OF_SECTION = ("title", "intro", "when", "respondents")
_NOT_COMPARED = ("id", "items", "lineage", "concept")


@dataclass(frozen=True)
class _Shown:
    """A value that is compared as written and shown in words."""

    value: object
    words: Text = field(compare=False)


class PropertyChange(Frozen):
    """One property before and after, None where it was not said."""

    name: Text
    before: Text | None
    after: Text | None


class Difference(Frozen):
    """One part that is new, gone or changed. `was` is an item's address before when that was another.

    `lineage` says how the item relates to last year's, None when the years are not next to each other.
    """

    part: Part
    what: What
    id: str
    label: Text | None = None
    was: str | None = None
    lineage: LineageKind | None = None
    note: Text | None = None
    properties: tuple[PropertyChange, ...] = ()

    @property
    def sentence(self) -> Text:
        """The whole in one line, for a person."""
        return Text(sv=self._line("sv"), en=self._line("en"))

    def _line(self, language: Literal["sv", "en"]) -> str:
        head = _HEADS[self.part][_WHAT.index(self.what)]
        parts = [f"{head.in_language(language)} `{self.id}`"]
        if self.label is not None:
            parts.append(f" ({self.label.in_language(language)})")
        if self.was is not None:
            parts.append(f", {'förut' if language == 'sv' else 'formerly'} `{self.was}`")
        if self.lineage in _LINEAGE:
            parts.append(f", {_LINEAGE[self.lineage].in_language(language)}")
        if self.properties:
            names = ", ".join(one.name.in_language(language) for one in self.properties)
            parts.append(f": {names}")
        return "".join(parts) + "."


def difference(old: Questionnaire, new: Questionnaire) -> tuple[Difference, ...]:
    """Everything that differs from the old year to the new: survey, sections, items, checks, indicators.

    Items are matched by their lineage when the years are next to each other, else by their concept.
    """
    return (
        *_survey(old, new),
        *_sections(old, new),
        *_items(old, new),
        *_checks(old, new),
        *_indicators(old, new),
    )


def property_names() -> dict[str, Text]:
    """What each property of a definition is called in a difference."""
    return dict(_PROPERTIES)


def _survey(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    moved_on = old.model_copy(update={"reference_year": old.reference_year + new.year - old.year})
    properties = _changed(_picked(moved_on, _OF_SURVEY), _picked(new, _OF_SURVEY))
    if properties:
        yield Difference(part="survey", what="changed", id=new.survey, properties=properties)


def _sections(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    yield from _by_id("section", _described_sections(old), _described_sections(new))


def _described_sections(q: Questionnaire) -> Described:
    return {
        one.id: (one.title, _picked(one, _OF_SECTION) | {"when": _condition(one.when, q, None)}) for one in q.sections
    }


def _items(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    next_to = new.based_on == old.year
    origins = {address: _origins(item, old, next_to) for address, item in new.items.items()}
    for address, item in new.items.items():
        before = origins[address]
        found = _item(old, new, address, before) if before else Difference(part="item", what="added", id=address)
        told = {"lineage": item.lineage.kind, "note": item.lineage.note} if next_to and before else {}
        found = found.model_copy(update={"label": item.label, **told})
        if found.what == "added" or found.properties or found.was or found.lineage not in (None, "same"):
            yield found
    used = {name for names in origins.values() for name in names}
    for address, item in old.items.items():
        if address not in used:
            note = new.removed.get(address) if next_to else None
            yield Difference(part="item", what="removed", id=address, label=item.label, note=note)


def _origins(item: Item, old: Questionnaire, next_to: bool) -> tuple[str, ...]:
    """The old addresses an item comes from: its lineage is about the year just before only."""
    if next_to:
        return item.lineage.items
    return tuple(address for address, one in old.items.items() if one.concept == item.concept)


def _item(old: Questionnaire, new: Questionnaire, address: str, origins: tuple[str, ...]) -> Difference:
    before = _properties(old, origins[0]) | {"section": _home(old, origins[0])}
    properties = _changed(before, _properties(new, address) | {"section": _home(new, address)})
    was = ", ".join(origins) if origins != (address,) else None
    return Difference(part="item", what="changed", id=address, was=was, properties=properties)


def _home(q: Questionnaire, address: str) -> Text:
    """The title of the section an item stands in."""
    top = address.partition(".")[0]
    return next(section.title for section in q.sections if any(item.id == top for item in section.items))


def _properties(q: Questionnaire, address: str) -> dict[str, Any]:
    item = q.items[address]
    when = _condition(item.when, q, address.rpartition(".")[0] or None)
    return _picked(item, tuple(name for name in Item.model_fields if name not in _NOT_COMPARED)) | {"when": when}


def _condition(condition: Condition | None, q: Questionnaire, roster: str | None) -> _Shown | None:
    return None if condition is None else _Shown(condition, condition_in_words(condition, q, roster))


def _checks(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    before: Described = {one.id: (None, _of_check(one, old)) for one in old.checks}
    after: Described = {one.id: (None, _of_check(one, new)) for one in new.checks}
    yield from _by_id("check", before, after)


def _of_check(check: AnyCheck, q: Questionnaire) -> dict[str, Any]:
    written = check.model_copy(update={"severity": "hard"})
    return {"rule": _Shown(written, describe(check, q)), "severity": _SEVERITY[check.severity]}


def _indicators(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    before: Described = {one.id: (one.label, _of_indicator(one)) for one in old.indicators}
    after: Described = {one.id: (one.label, _of_indicator(one)) for one in new.indicators}
    yield from _by_id("indicator", before, after)


def _of_indicator(indicator: Indicator) -> dict[str, Any]:
    return {name: getattr(indicator, name) for name in type(indicator).model_fields if name != "id"}


def _by_id(part: Part, before: Described, after: Described) -> Iterator[Difference]:
    for name, (label, properties) in after.items():
        if name not in before:
            yield Difference(part=part, what="added", id=name, label=label)
        elif changed := _changed(before[name][1], properties):
            yield Difference(part=part, what="changed", id=name, label=label, properties=changed)
    for name, (label, _) in before.items():
        if name not in after:
            yield Difference(part=part, what="removed", id=name, label=label)


def _picked(of: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(of, name) for name in names}


def _changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[PropertyChange, ...]:
    return tuple(
        PropertyChange(name=_PROPERTIES[name], before=_as_text(before[name]), after=_as_text(after[name]))
        for name in after
        if before[name] != after[name]
    )


def _as_text(value: Any) -> Text | None:
    """Any value of a definition as it is shown to a person."""
    match value:
        case None | () | "":
            return None
        case Text():
            return value
        case _Shown():
            return value.words
        case bool():
            return Text(sv="ja" if value else "nej", en="yes" if value else "no")
        case (Option(), *_):
            return Text(sv="; ".join(one.label.sv for one in value), en="; ".join(one.label.en for one in value))
        case tuple():
            return _plain(", ".join(str(one) for one in value))
        case Frozen():
            return _plain(value.model_dump_json(by_alias=True, exclude_defaults=True))
        case _:
            return _plain(str(value))


def _plain(value: str) -> Text:
    return Text(sv=value, en=value)
