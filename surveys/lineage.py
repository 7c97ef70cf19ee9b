"""An item's way through the years: what it was called and asked before, and how far back answers compare."""

from dataclasses import dataclass
from typing import Protocol

from surveys.errors import UnknownItem
from surveys.questionnaire import Item, Lineage, LineageKind, Questionnaire

_COMPARABLE: frozenset[LineageKind] = frozenset({"same", "reworded"})


class Editions(Protocol):
    """The years of each survey: a catalogue, or what is kept beside a proposal."""

    def years(self, survey: str) -> list[int]: ...

    def get(self, survey: str, year: int) -> Questionnaire: ...

    def previous(self, survey: str, year: int) -> Questionnaire | None: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One item in one year, and how it relates to the year before it."""

    year: int
    address: str
    lineage: Lineage


def is_break(kind: LineageKind) -> bool:
    """Whether answers on the two sides of a step must not be compared as if they were the same."""
    return kind not in _COMPARABLE


def steps(catalogue: Editions, survey: str, year: int, address: str) -> list[Step]:
    """The item in that year and everything it comes from, newest year first.

    A year has several steps when the item was merged from several. Raises UnknownSurvey, UnknownYear, UnknownItem.
    """
    found = [Step(year, address, _item(catalogue, survey, year, address).lineage)]
    newest = found
    while newest:
        newest = _before(catalogue, survey, newest)
        found.extend(newest)
    return found


def comparable_from(catalogue: Editions, survey: str, address: str) -> int:
    """The first year from which the item's answers compare with the newest year that asks it.

    Raises UnknownSurvey, and UnknownItem when no year asks it.
    """
    years = catalogue.years(survey)
    asked = [year for year in years if address in catalogue.get(survey, year).items]
    if not asked:
        raise UnknownItem(survey, years[-1], address)
    first = asked[-1]
    for step in steps(catalogue, survey, first, address):
        first = step.year
        if is_break(step.lineage.kind):
            break
    return first


def _before(catalogue: Editions, survey: str, newer: list[Step]) -> list[Step]:
    """What the items of one year come from in the nearest earlier one, each once."""
    previous = catalogue.previous(survey, newer[0].year)
    if previous is None:
        return []
    names = dict.fromkeys(name for step in newer for name in step.lineage.items)
    return [Step(previous.year, name, previous.items[name].lineage) for name in names]


def _item(catalogue: Editions, survey: str, year: int, address: str) -> Item:
    items = catalogue.get(survey, year).items
    if address not in items:
        raise UnknownItem(survey, year, address)
    return items[address]
