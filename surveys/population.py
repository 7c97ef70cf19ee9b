"""How many live where on 31 December: SCB's figures, and what is estimated from them, always said.

Regions are known by year; age bands (0-17, 18+) nationally by year; women and men nationally for 2022. From reference
year 2025 SCB perturbs its cells (Cell Key Method): kommuner are never summed to a region here.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from hashlib import blake2s
from importlib import resources
from pathlib import Path

from surveys.errors import SurveyError
from surveys.model import Frozen, Text
from surveys.population_file import PopulationRow, Sex, age_group, read_population_file
from surveys.units import COUNTRY

Band = tuple[int | None, int | None]
ALL_AGES: Band = (None, None)


class NoPopulation(SurveyError):
    """No table says how many live there, and nothing to estimate it from."""

    code = "S330"

    def __init__(self, unit_id: str, year: int, ages: str) -> None:
        now = "Import a population file that has it; packaged are the country and the regions from 2017, 0-17 and 18+."
        super().__init__(f"population of {unit_id} {year}", f"no table has it (ages {ages}).", now)
        self.unit_id = unit_id
        self.year = year
        self.ages = ages


class Population(Frozen):
    """`persons` on 31 December of `year`. `estimated`: not SCB's own figure for it; the `note` says why."""

    persons: float
    year: int
    estimated: bool
    note: Text | None = None


class PopulationTable:
    """Population rows by unit, year, sex and age band; a later row of the same cell takes the place of an earlier."""

    def __init__(self, rows: Iterable[PopulationRow]) -> None:
        self._cells = {row.cell: row for row in rows}
        self._years = sorted({row.year for row in self._cells.values()}, reverse=True)

    def rows(self) -> tuple[PopulationRow, ...]:
        """The figures as they are in the tables, nothing estimated."""
        return tuple(self._cells.values())

    @cached_property
    def digest(self) -> str:
        """The same for the same figures, whatever file they came from."""
        return blake2s(repr(self.rows()).encode()).hexdigest()

    def with_file(self, path: Path) -> "PopulationTable":
        """The table with an imported file's rows before its own; raises PopulationFileFaults."""
        return PopulationTable([*self.rows(), *read_population_file(path)])

    def of(
        self, unit_id: str, year: int, from_age: int | None = None, to_age: int | None = None, sex: Sex = "T"
    ) -> Population:
        """Those inhabitants of the unit (`00`: the country), of the newest known year up to `year`.

        Estimated when the year is a later one, when a region's age band is the country's share of it, or when the
        sexes are divided by the country's shares. Raises NoPopulation (a kommun without an imported file, a clinic,
        years before the first, other age bands).
        """
        band = _band(from_age, to_age)
        for known in (known for known in self._years if known <= year):
            found = self._in_year(unit_id, known, band, sex)
            if found is not None:
                return _told(*found, known, year)
        raise NoPopulation(unit_id, year, age_group(*band))

    def _in_year(self, unit_id: str, year: int, band: Band, sex: Sex) -> tuple[float, list[Text]] | None:
        exact = self._exact(unit_id, year, band, sex)
        if exact is not None:
            return exact, []
        if sex == "T":
            return self._by_band(unit_id, year, band)
        both = self._in_year(unit_id, year, band, "T")
        share = self._share_of(sex, band)
        if both is None or share is None:
            return None
        return both[0] * share[0], [*both[1], _by_sex(share[1])]

    def _by_band(self, unit_id: str, year: int, band: Band) -> tuple[float, list[Text]] | None:
        """The unit's total times the country's share of that age band in the same year."""
        all_ages = self._exact(unit_id, year, ALL_AGES, "T")
        country = self._exact(COUNTRY, year, band, "T"), self._exact(COUNTRY, year, ALL_AGES, "T")
        if unit_id == COUNTRY or all_ages is None or country[0] is None or not country[1]:
            return None
        return all_ages * country[0] / country[1], [_by_age(age_group(*band), year)]

    def _share_of(self, sex: Sex, band: Band) -> tuple[float, int] | None:
        """That sex's share of the band in the country, and the newest year in which it is known."""
        for year in self._years:
            part, whole = self._exact(COUNTRY, year, band, sex), self._exact(COUNTRY, year, band, "T")
            if part is not None and whole:
                return part / whole, year
        return None

    def _exact(self, unit_id: str, year: int, band: Band, sex: Sex) -> int | None:
        row = self._cells.get((unit_id, year, sex, *band))
        if row is not None:
            return row.persons
        women, men = (self._cells.get((unit_id, year, each, *band)) for each in ("K", "M"))
        return women.persons + men.persons if sex == "T" and women and men else None


@lru_cache(maxsize=1)
def packaged_population() -> PopulationTable:
    """SCB's figures as they come with the product."""
    folder = resources.files("surveys") / "reference"
    rows: list[PopulationRow] = []
    for name in ("population.csv", "population_age.csv"):
        with resources.as_file(folder / name) as path:
            rows += read_population_file(path)
    return PopulationTable(rows)


@lru_cache(maxsize=4)
def population_in_force(path: Path | None) -> PopulationTable:
    """The packaged figures, and before them those of the file when one is given, as it is when first read.

    Raises PopulationFileFaults.
    """
    return packaged_population() if path is None else packaged_population().with_file(path)


def population(
    unit_id: str, year: int, from_age: int | None = None, to_age: int | None = None, sex: Sex = "T"
) -> Population:
    """Inhabitants by the packaged figures; as PopulationTable.of."""
    return packaged_population().of(unit_id, year, from_age, to_age, sex)


def _band(from_age: int | None, to_age: int | None) -> Band:
    """One name for a band: from 0 is from the beginning when it has no end either."""
    if to_age is None:
        return (from_age or None, None)
    return (from_age or 0, to_age)


def _told(persons: float, notes: list[Text], known: int, asked: int) -> Population:
    if known != asked:
        notes = [*notes, _older(known)]
    note = Text(sv=" ".join(n.sv for n in notes), en=" ".join(n.en for n in notes)) if notes else None
    return Population(persons=persons, year=known, estimated=bool(notes), note=note)


def _older(year: int) -> Text:
    return Text(
        sv=f"Senast kända folkmängd: 31 december {year}.",
        en=f"Latest known population: 31 December {year}.",
    )


def _by_age(ages: str, year: int) -> Text:
    ages = ages.replace("-", "\N{EN DASH}")
    return Text(
        sv=f"Uppskattad: rikets andel i åldern {ages} år {year}, tillämpad på hela folkmängden.",
        en=f"Estimated: the country's share aged {ages} in {year}, applied to the whole population.",
    )


def _by_sex(year: int) -> Text:
    return Text(
        sv=f"Uppskattad: könsfördelningen i riket {year} har använts.",
        en=f"Estimated: divided between the sexes as in the country in {year}.",
    )
