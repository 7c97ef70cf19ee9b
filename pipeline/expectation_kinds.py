"""What a hand-written expectation may say of a mapping: one model for each kind that `pipeline/expected/*.yaml` has.

Shares are 0 to 1 and percentages 0 to 100, as the words of each field say. Years are the mapping's.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from surveys.model import Frozen, Text

Severity = Literal["critical", "warning"]
Kind = Literal["region", "kommun", "mottagning"]


class Expected(Frozen):
    """What every expectation tells: what it means, why it is expected (and who says so), how grave it is.

    It is asked of the mapping's years from `since` and until `until`; of all where they are left out.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Severity
    meaning: Text
    reason: Text
    since: int | None = None
    until: int | None = None

    @model_validator(mode="after")
    def _some_year(self) -> "Expected":
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError("since is after until: no year is asked")
        return self

    def is_asked(self, year: int) -> bool:
        """Whether it is asked of that year's answers."""
        return (self.since or year) <= year <= (self.until or year)


class Bounded(Expected):
    """Something that lies between `min` and `max`; one of them may be left out."""

    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _bounds_something(self) -> "Bounded":
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both: without them nothing is expected")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is above max: nothing can lie between them")
        return self


class NationalLevel(Bounded):
    """The country's figure lies between bounds, once `least_answered` (share) of the units are behind it."""

    kind: Literal["national_level"]
    indicator: str
    category: str = ""
    least_answered: float = Field(0.6, ge=0, le=1)


class NearPublished(Expected):
    """The country's figure is within a share of what was published of the nearest year, earlier or later."""

    kind: Literal["near_published"]
    indicator: str
    within: float = Field(gt=0)
    years_apart: int = Field(3, ge=0)
    least_answered: float = Field(0.6, ge=0, le=1)


class CategoriesAddUp(Bounded):
    """The categories of an indicator come to so much together, in the country."""

    kind: Literal["categories_add_up"]
    indicator: str


class PartsAddUp(Expected):
    """The figures of regions (or of the units themselves) add up to the country's; exactly, but for rounding."""

    kind: Literal["parts_add_up"]
    indicator: str


class Ratio(Bounded):
    """In each unit, the number of one item divided by that of another; where the other is 0 nothing is asked."""

    kind: Literal["ratio"]
    of: str
    to: str


class PerInhabitant(Bounded):
    """In each unit, the number of an item for each `per` inhabitants."""

    kind: Literal["per_inhabitant"]
    item: str
    per: int = Field(1000, gt=0)


class ShareOfCountry(Bounded):
    """One unit's share (0 to 1) of the sum over all units that answered, once `least_units` have."""

    kind: Literal["share_of_country"]
    unit: str
    item: str
    least_units: int = Field(15, gt=1)


class Distribution(Expected):
    """No option has gained or lost more than so many percentage points since the year before.

    Looked at are units that answered both years, when there are at least `least_units`, and comparable items.
    """

    kind: Literal["distribution"]
    item: str
    max_points: float = Field(gt=0, le=100)
    least_units: int = Field(10, gt=1)


class NoStepBack(Expected):
    """No unit that chose one of `before` the year before chooses one of `now`."""

    kind: Literal["no_step_back"]
    item: str
    before: tuple[str, ...] = Field(min_length=1)
    now: tuple[str, ...] = Field(min_length=1)


class KnownProgrammes(Expected):
    """Every programme that so many units name stands in the programme register."""

    kind: Literal["known_programmes"]
    item: str
    named_by: int = Field(gt=0)


class Coverage(Bounded):
    """The share (0 to 1) of the units of a kind that have answered, in each region, once the round has closed.

    Looked at are regions with at least `least_units` of them. For units that are regions: the country.
    """

    kind: Literal["coverage"]
    units: Kind
    least_units: int = Field(3, gt=0)


class KeptAnswering(Bounded):
    """The share (0 to 1) of the units that answered the year before and answer now, once the round has closed."""

    kind: Literal["kept_answering"]
    units: Kind


class RoundNumbers(Bounded):
    """The share (0 to 1) of the units whose number is a whole multiple of something: estimates more than counts."""

    kind: Literal["round_numbers"]
    item: str
    multiple_of: int = Field(gt=1)
    least_units: int = Field(10, gt=1)


AnyExpected = Annotated[
    NationalLevel
    | NearPublished
    | CategoriesAddUp
    | PartsAddUp
    | Ratio
    | PerInhabitant
    | ShareOfCountry
    | Distribution
    | NoStepBack
    | KnownProgrammes
    | Coverage
    | KeptAnswering
    | RoundNumbers,
    Field(discriminator="kind"),
]
