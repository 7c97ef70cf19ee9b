"""A response: its answers, why one is missing, and what is known around it when it is checked.

`answers` maps top-level item ids to values (shapes in `surveys.shapes`), on-path items only. Checks and conditions
work on *plain values*: a flat mapping without missing answers where an item split by sex stands as `item__K`,
`item__M` and `item__T` (the names of the columns of a table with one column per item) and its total as `item` too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, get_args

from surveys.questionnaire import AllowedMissing, Item

Answers = Mapping[str, Any]

MISSING: Final = "missing"
MISSING_REASONS: Final[tuple[str, ...]] = get_args(AllowedMissing)
SEXES: Final = ("K", "M", "T")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LARGEST: Final = 9_000_000_000_000_000  # whole numbers up to here are exact in JSON, in a double and in Excel's cells
LONGEST_TEXT: Final = 10_000  # about four pages; an Excel cell holds 32 767
FIRST_YEAR: Final = 1900  # Excel knows no earlier date
LAST_YEAR: Final = 2100
SLACK: Final = 1e-9  # 0.1 + 0.2 is not 0.3 in a computer: smaller differences, relative to the size, are none


@dataclass(frozen=True, slots=True)
class Context:
    """What some checks need beside the answers; a check whose part is None is silent.

    `kommuner`: codes of the unit's own region. `previous`: the answers of the last earlier year as they were
    given, by that year's ids (each item's lineage tells which). `population`: inhabitants of the unit.
    """

    unit: str | None = None
    kommuner: frozenset[str] | None = None
    previous: Answers | None = None
    population: int | None = None


def slack(size: float) -> float:
    """How far two computed numbers of that size may differ and still be the same."""
    return SLACK * max(1.0, abs(size))


def is_missing(value: Any) -> bool:
    """Whether an answer only tells why there is none."""
    return isinstance(value, dict) and MISSING in value


def of_sex(item: str, sex: str) -> str:
    """The name of one member of an item split by sex among plain values and in tables."""
    return f"{item}__{sex}"


def plain_keys(name: str, item: Item) -> tuple[str, ...]:
    """The names an item's answer stands under among plain values: one, or three when split by sex."""
    return tuple(of_sex(name, sex) for sex in SEXES) if item.split_by_sex else (name,)


def lay_out_sexes(values: dict[str, Any], name: str) -> None:
    """Replace a split answer by its total and lay its members beside it, those that are missing left out."""
    answer = values[name]
    for sex, member_name in _members(name):
        member = answer.get(sex)
        if member is not None and not is_missing(member):
            values[member_name] = member
    values[name] = answer.get("T")


@lru_cache(maxsize=4096)
def _members(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((sex, of_sex(name, sex)) for sex in SEXES)


def plain_values(answers: Answers) -> dict[str, Any]:
    """Plain values of answers nobody has checked: missing ones left out, split ones laid out. Never raises."""
    values = {key: value for key, value in answers.items() if not is_missing(value)}
    for key in [key for key, value in values.items() if isinstance(value, Mapping) and "T" in value]:
        lay_out_sexes(values, key)
    return values


def take_away(values: dict[str, Any], ids: Iterable[str]) -> None:
    """Drop items, and their members by sex, from plain values."""
    for item in ids:
        values.pop(item, None)
        for sex in SEXES:
            values.pop(of_sex(item, sex), None)
