"""The closed set of edit checks as a definition declares them (decision 1). What they do is in `surveys.checks`.

An address is an item id, or `roster.item` for an item of a roster's rows (checked row by row).
On an item split by sex a check holds for each of K, M and T.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from surveys.conditions import Condition
from surveys.model import Frozen, Text

Severity = Literal["hard", "soft"]


class Check(Frozen):
    """What every check has. `message` replaces the check's own sentence; `when` limits it to some answers."""

    id: str
    severity: Severity = "hard"
    message: Text | None = None
    when: Condition | None = None


class Range(Check):
    """min ≤ value ≤ max, for numbers, dates and years."""

    kind: Literal["range"]
    item: str
    min: float | date | None = None
    max: float | date | None = None


class InSet(Check):
    """The value is one of `values`."""

    kind: Literal["in_set"]
    item: str
    values: tuple[str | int | float, ...]


class Pattern(Check):
    """The text matches `regex` from beginning to end; `means` says what that is in words."""

    kind: Literal["pattern"]
    item: str
    regex: str
    means: Text


class Length(Check):
    """min ≤ number of characters of a text, or of options chosen, ≤ max."""

    kind: Literal["length"]
    item: str
    min: int | None = None
    max: int | None = None


class RequiredWhen(Check):
    """`item` must be answered when `when` holds."""

    kind: Literal["required_when"]
    item: str
    when: Condition


class SumEqualsTotal(Check):
    """The parts add up to the total, give or take `tolerance`."""

    kind: Literal["sum_equals_total"]
    parts: tuple[str, ...]
    total: str
    tolerance: float = 0


class LessOrEqual(Check):
    """smaller ≤ larger × factor. `units_differ` declares that the factor bridges two units (days and places)."""

    kind: Literal["less_or_equal"]
    smaller: str
    larger: str
    factor: float = 1
    units_differ: bool = False


class RatioBounds(Check):
    """min ≤ numerator / denominator ≤ max; silent when the denominator is 0. `units_differ` as for less_or_equal."""

    kind: Literal["ratio_bounds"]
    numerator: str
    denominator: str
    min: float | None = None
    max: float | None = None
    units_differ: bool = False


class ChangeAgainstLastYear(Check):
    """Fails when the value differs from the last earlier year's by more than `ratio` and by more than `floor`.

    `ratio` is a share of last year's value (0.5 = 50 per cent), `floor` is in the item's own unit.
    """

    kind: Literal["change_against_last_year"]
    item: str
    ratio: float
    floor: float = 0
    severity: Severity = "soft"


class PerInhabitant(Check):
    """min ≤ value × per / population of the unit ≤ max."""

    kind: Literal["per_inhabitant"]
    item: str
    per: int
    min: float | None = None
    max: float | None = None
    severity: Severity = "soft"


class DatesInOrder(Check):
    """earlier ≤ later; holds for dates and years."""

    kind: Literal["dates_in_order"]
    earlier: str
    later: str


class UniqueRows(Check):
    """No two rows of the roster are alike in the columns `by`; capitals and outer blanks do not count."""

    kind: Literal["unique_rows"]
    roster: str
    by: tuple[str, ...]


class RowCount(Check):
    """min ≤ number of rows ≤ max."""

    kind: Literal["row_count"]
    roster: str
    min: int | None = None
    max: int | None = None


class ExclusiveOption(Check):
    """None of `options` may stand together with another option."""

    kind: Literal["exclusive_option"]
    item: str
    options: tuple[str, ...]


AnyCheck = Annotated[
    Range
    | InSet
    | Pattern
    | Length
    | RequiredWhen
    | SumEqualsTotal
    | LessOrEqual
    | RatioBounds
    | ChangeAgainstLastYear
    | PerInhabitant
    | DatesInOrder
    | UniqueRows
    | RowCount
    | ExclusiveOption,
    Field(discriminator="kind"),
]
