"""What a mapping's demonstration consists of: who answered what each year, and what they corrected later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from surveys.units import Unit, reference_units

Answers = dict[str, Any]
DONT_KNOW: dict[str, str] = {"missing": "dont_know"}
NOT_APPLICABLE: dict[str, str] = {"missing": "not_applicable"}
# The open round of this year, whatever the questionnaires call it.
OPEN_YEAR = 2026
GOTLAND = "09"


@dataclass(frozen=True, slots=True)
class Correction:
    """A whole new response of a unit to a year it had answered, and why."""

    year: int
    unit: str
    day: date
    answers: Answers
    reason: str


class MadeUp(Protocol):
    """What makes up the answers of one mapping: a module of this package."""

    def first_answers(self, year: int) -> Mapping[str, Answers]:
        """What each unit that answered said at first, by unit."""

    def corrections(self) -> list[Correction]:
        """What was corrected later, in no order."""


def regions() -> list[str]:
    """The codes of the 21 regions."""
    return [unit.unit_id for unit in reference_units() if unit.kind == "region"]


def kommuner() -> list[Unit]:
    """The 290 kommuner by code."""
    return sorted((unit for unit in reference_units() if unit.kind == "kommun"), key=lambda unit: unit.unit_id)
