"""Where each answer stands in a workbook: the cells of an item, the same down a sheet and along a roster's row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveys.questionnaire import Item, Questionnaire, Section
from surveys.response import SEXES, WEEKDAYS
from surveys.units import Unit

FORMAT = "1"  # of the workbook; raised when an older file can no longer be read
FACTS_SHEET = "_lagesbild"
LISTS_SHEET = "_listor"
SECTION_MARK = "lagesbild:section:"
ROSTER_MARK = "lagesbild:roster:"
EXPLANATIONS_MARK = "lagesbild:explanations"
CORRECTION_MARK = "lagesbild:correction"
MISSING_SUFFIX = "?"
# On a sheet of questions: the key (hidden), the question, the answer, why there is none, the unit, last year's answer.
KEY, QUESTION, ANSWER, REASON, MEASURE, BEFORE = range(1, 7)
# On a roster's sheet: the mark and the keys (hidden), the heads; answers from the next row on.
KEY_ROW, HEAD_ROW, FIRST_ROW = 1, 2, 3
SEX_WORDS = {"K": "kvinnor", "M": "män", "T": "totalt"}
DAY_WORDS = dict(zip(WEEKDAYS, ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"), strict=True))


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell to answer in. `part` is which part of the answer: a sex, a weekday, an option, a kommun, or "".

    `reasons` are what may be chosen beside it when there is no answer.
    """

    address: str
    item: Item
    part: str
    label: str
    reasons: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the hidden row or column says of the cell; the reason's cell has MISSING_SUFFIX after it."""
        return f"{self.address}|{self.part}" if self.part else self.address

    @property
    def is_mark(self) -> bool:
        """Whether the cell says Ja or Nej of one option or kommun."""
        return self.item.type in ("several_of", "kommuner")


def slots(address: str, item: Item, kommuner: Iterable[Unit]) -> list[Slot]:
    """The cells of an item, in order; none for a note or a roster."""
    reasons = tuple(item.missing_allowed)
    parts = list(_parts(item, kommuner))
    if item.split_by_sex:
        # The split may be unknown for one sex; the reason beside the total holds for the whole item.
        both = ("dont_know", "not_applicable")
        return [Slot(address, item, sex, label, both if sex != "T" else reasons) for sex, label in parts]
    return [
        Slot(address, item, part, label, reasons if place == 0 else ()) for place, (part, label) in enumerate(parts)
    ]


def rosters(questionnaire: Questionnaire) -> list[Item]:
    """The items that have a sheet of their own."""
    return [item for section in questionnaire.sections for item in section.items if item.type == "roster"]


def column_slots(roster: Item, kommuner: Iterable[Unit]) -> list[Slot]:
    """The cells of one row of a roster, from left to right."""
    known = list(kommuner)
    return [slot for column in roster.items for slot in slots(f"{roster.id}.{column.id}", column, known)]


def sheet_titles(questionnaire: Questionnaire) -> dict[str, str]:
    """Each sheet's title by its mark: what Excel allows, and no two alike."""
    named = [(section_mark(section), section.title.sv) for section in questionnaire.sections]
    named += [(roster_mark(roster), roster.label.sv) for roster in rosters(questionnaire)]
    titles: dict[str, str] = {}
    for mark, title in named:
        titles[mark] = _free(title, {taken.casefold() for taken in titles.values()})
    return titles


def section_mark(section: Section) -> str:
    return SECTION_MARK + section.id


def roster_mark(roster: Item) -> str:
    return ROSTER_MARK + roster.id


def _parts(item: Item, kommuner: Iterable[Unit]) -> Iterator[tuple[str, str]]:
    match item.type:
        case "note" | "roster":
            return
        case "several_of":
            yield from ((option.code, option.label.sv) for option in item.options)
        case "kommuner":
            yield from ((kommun.unit_id, kommun.name) for kommun in kommuner)
        case "opening_hours":
            yield from DAY_WORDS.items()
        case _ if item.split_by_sex:
            yield from ((sex, SEX_WORDS[sex]) for sex in SEXES)
        case _:
            yield "", item.label.sv


def _free(title: str, taken: set[str]) -> str:
    """At most 31 characters, none of Excel's own signs, another one than those taken."""
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in title).strip().strip("'")
    for number in range(1, 1000):
        ending = "" if number == 1 else f" {number}"
        free = plain[: 31 - len(ending)].rstrip() + ending
        if free.casefold() not in taken:
            return free
    raise ValueError(f"a thousand sheets are called {title}")
