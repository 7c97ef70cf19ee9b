"""Indicators as a definition declares them: numerator, denominator (base), direction, definition and source.

The country's value is the numerator summed over answering units divided by the denominator summed over
the same base, never a mean of the units' values. How they are computed is in `pipeline`.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from surveys.conditions import Condition
from surveys.model import Frozen, Text

Direction = Literal["higher_better", "lower_better", "none"]
Sex = Literal["K", "M", "T"]


class CountUnits(Frozen):
    """1 for a unit whose response fulfils `where` (all answering units when it is left out), else 0."""

    kind: Literal["count_units"]
    where: Condition | None = None


class SumItems(Frozen):
    """The sum of numeric items (addresses `item` or `roster.item`).

    Missing when any of them that is on path has no value; one that is off path or not applicable counts as not there.
    By sex likewise, for each sex. Missing too when there is none of them.
    Opening hours count as hours a week; `kommuner` and `several_of` count as the number chosen.
    """

    kind: Literal["sum"]
    items: tuple[str, ...]


class CountRows(Frozen):
    """Rows of a roster that fulfil `where` (a condition over the row's own items, unprefixed)."""

    kind: Literal["count_rows"]
    roster: str
    where: Condition | None = None


class CountDistinct(Frozen):
    """Distinct values of `of` among the rows that fulfil `where`; for the country, distinct over all units."""

    kind: Literal["count_distinct"]
    roster: str
    of: str
    where: Condition | None = None


Numerator = Annotated[CountUnits | SumItems | CountRows | CountDistinct, Field(discriminator="kind")]


class AllUnits(Frozen):
    """Every unit the survey is asked of that year, answered or not."""

    kind: Literal["all_units"]


class AnsweringUnits(Frozen):
    """Units with a current response in which the numerator is not missing."""

    kind: Literal["answering_units"]


class RespondingUnits(Frozen):
    """Every unit with a current response, whether or not it answered the item in question."""

    kind: Literal["responding_units"]


class Population(Frozen):
    """Inhabitants on 31 December of the reference year, ages `from_age`..`to_age` inclusive (None = open)."""

    kind: Literal["population"]
    from_age: int | None = None
    to_age: int | None = None


class KommunCount(Frozen):
    """The number of kommuner in the region."""

    kind: Literal["kommun_count"]


class SumOfItems(Frozen):
    """Another item (or items) of the same responses, summed; missing as SumItems is."""

    kind: Literal["sum"]
    items: tuple[str, ...]


Denominator = Annotated[
    AllUnits | AnsweringUnits | RespondingUnits | Population | KommunCount | SumOfItems | CountDistinct,
    Field(discriminator="kind"),
]


class Indicator(Frozen):
    """One figure a mapping is compared by.

    value = scale × numerator / denominator, or the numerator alone when there is no denominator.
    Distinct values as the denominator: rows per value, e.g. regions per programme for the country.
    `unit_of_measure` says what the value is counted in: `percent`, `per 100 000`, `programmes`, `hours a week` …
    `breakdown`: one value per option of that item (address), e.g. programmes by area; the largest is the first.
    `respondents`: the unit kinds it is computed for (None = all of the survey's).
    """

    id: str
    label: Text
    definition: Text
    source: Text
    unit_of_measure: Text
    numerator: Numerator
    denominator: Denominator | None = None
    scale: float = 1
    decimals: int = 1
    direction: Direction = "none"
    by_sex: bool = False
    breakdown: str | None = None
    respondents: tuple[str, ...] | None = None
    suppress_below: int | None = None

    @model_validator(mode="after")
    def _a_share_has_a_base(self) -> "Indicator":
        if self.scale != 1 and self.denominator is None:
            raise PydanticCustomError("scale_without_base", "an indicator with a scale needs a denominator")
        return self
