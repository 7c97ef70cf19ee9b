"""One survey of one year: sections, items, response domains, checks and indicators. Pure data, frozen."""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from pydantic import Field

from surveys.check_kinds import AnyCheck
from surveys.conditions import Condition
from surveys.indicators import Indicator
from surveys.model import Frozen, Text

ItemType = Literal[
    "integer",
    "decimal",
    "percent",
    "boolean",
    "one_of",
    "several_of",
    "text",
    "date",
    "year",
    "opening_hours",
    "kommuner",
    "roster",
    "note",
]
NUMERIC: frozenset[str] = frozenset({"integer", "decimal", "percent", "year"})
UnitKind = Literal["region", "kommun", "mottagning"]
AllowedMissing = Literal["dont_know", "not_applicable"]
LineageKind = Literal["same", "reworded", "split", "merged", "unit_changed", "recoded", "new"]


class Option(Frozen):
    code: str
    label: Text
    help: Text | None = None


class Lineage(Frozen):
    """How an item relates to earlier ones. `items` are addresses in the nearest earlier year (empty for new).

    `recode` maps an old option code to the new one(s) when the kind is split, merged or recoded.
    Answers are comparable over the step for same and reworded; any other kind is a break.
    """

    kind: LineageKind
    items: tuple[str, ...] = ()
    note: Text | None = None
    recode: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Item(Frozen):
    """One question, or a note between questions.

    `concept` is what stays the same when an item is renamed; it defaults to the id.
    `items` and `register_name` belong to a roster: its columns, and the register its rows are drawn from.
    `unit_of_measure` is what a number counts, in words ("årsarbetare", "kronor", "besök").
    """

    id: str
    type: ItemType
    label: Text
    help: Text | None = None
    definition: Text | None = None
    unit_of_measure: Text | None = None
    perspective: Literal["production", "consumption"] | None = None
    reference_period: Text | None = None
    required: bool = False
    missing_allowed: tuple[AllowedMissing, ...] = ()
    when: Condition | None = None
    options: tuple[Option, ...] = ()
    split_by_sex: bool = False
    decimals: int = 2
    items: tuple["Item", ...] = ()
    register_name: str | None = Field(default=None, alias="register")
    suppress_below: int | None = None
    concept: str = ""
    lineage: Lineage = Lineage(kind="new")
    multiline: bool = False
    respondents: tuple[UnitKind, ...] | None = None

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)


class Section(Frozen):
    id: str
    title: Text
    intro: Text | None = None
    when: Condition | None = None
    respondents: tuple[UnitKind, ...] | None = None
    items: tuple[Item, ...]


class Questionnaire(Frozen):
    """Everything that is asked in one survey and year, and what is made of the answers.

    `respondents` are the kinds of unit asked; a section or item with `respondents` of its own is asked of those only.
    `reference_year` is the year the answers are about (31 December's population goes with it).
    `based_on` is the nearest earlier year, which every lineage refers to; None for the first.
    `removed` says why items of the year before are gone, by their old addresses, where the author said it.
    """

    survey: str
    year: int
    status: Literal["published", "open"]
    reference_year: int
    title: Text
    intro: Text | None = None
    respondents: tuple[UnitKind, ...]
    reference_period: Text
    perspective: Literal["production", "consumption"] = "production"
    sections: tuple[Section, ...]
    checks: tuple[AnyCheck, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    based_on: int | None = None
    removed: dict[str, Text] = Field(default_factory=dict)

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits over everything that decides what an answer means: changes whenever the definition does.

        Indicators are left out: they are what we make of answers, not what was asked.
        """
        body = self.model_dump_json(by_alias=True, exclude_defaults=True, exclude=_NOT_ASKED)
        return hashlib.sha256(body.encode()).hexdigest()[:16]

    @cached_property
    def items(self) -> dict[str, Item]:
        """Items by address, in order: `item`, and `roster.item` for the columns of a roster. Notes included."""
        return dict(self._addresses())

    def _addresses(self) -> Iterator[tuple[str, Item]]:
        for section in self.sections:
            for item in section.items:
                yield item.id, item
                for column in item.items:
                    yield f"{item.id}.{column.id}", column

    def for_unit_kind(self, kind: str) -> "Questionnaire":
        """The questionnaire as that kind of unit meets it: sections and items asked of others left out.

        Its fingerprint is the whole questionnaire's, since that is what an event names.
        """
        sections = tuple(
            section.model_copy(update={"items": tuple(i for i in section.items if _asked(i.respondents, kind))})
            for section in self.sections
            if _asked(section.respondents, kind)
        )
        asked = self.model_copy(update={"sections": sections})
        # A copy brings along what was cached: the items would still be those of every unit kind.
        vars(asked).pop("items", None)
        vars(asked)["fingerprint"] = self.fingerprint
        return asked


_NOT_ASKED = {"status", "indicators", "removed", "based_on"}


def _asked(respondents: tuple[UnitKind, ...] | None, kind: str) -> bool:
    return respondents is None or kind in respondents
