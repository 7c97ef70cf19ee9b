"""What is known around the answers, as tables that SQL can join: units, rounds, programmes, inhabitants, figures."""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.administration import Administration
from pipeline.tables import Row, table
from surveys.model import Text
from surveys.population import NoPopulation, PopulationTable
from surveys.population_file import Sex, age_group
from surveys.published_figures import published_figures
from surveys.units import COUNTRY

if TYPE_CHECKING:
    import pyarrow as pa

Band = tuple[int | None, int | None]
SEXES: tuple[Sex, ...] = ("K", "M", "T")
UNIT = {
    "unit_id": "text", "kind": "text", "name": "text", "region_code": "text", "parent_id": "text",
    "valid_from": "day", "valid_to": "day",
}  # fmt: skip
ROUND = {
    "survey": "text", "year": "whole", "opens_at": "time", "due_at": "time", "closes_at": "time", "state": "text",
}  # fmt: skip
POPULATION = {
    "unit_id": "text", "year": "whole", "sex": "text", "from_age": "whole", "to_age": "whole", "age_group": "text",
    "persons": "number", "estimated": "truth", "note": "text", "note_en": "text",
}  # fmt: skip
FIGURE = {
    "mapping": "text", "measure": "text", "measure_en": "text", "period": "text", "year": "whole", "value": "number",
    "text_value": "text", "text_value_en": "text", "precision": "text", "base": "text", "base_en": "text",
    "source": "text", "indicator_id": "text", "category": "text", "sex": "text", "unit_kind": "text",
    "treated": "text", "as_of": "day", "unit_of_measure": "text", "unit_of_measure_en": "text",
}  # fmt: skip


def known_tables(administration: Administration) -> "dict[str, pa.Table]":
    """known_unit, known_kommuner, known_merge and known_figure."""
    return {
        "known_unit": table(UNIT, (unit.model_dump() for unit in administration.units)),
        "known_kommuner": table({"region_code": "text", "kommuner": "whole"}, _kommuner(administration)),
        "known_merge": table({"programme": "text", "into_id": "text"}, _merges(administration)),
        "known_figure": _figures(),
    }


@lru_cache(maxsize=8)
def population_table(
    population: PopulationTable, units: tuple[str, ...], bands: tuple[Band, ...], years: tuple[int, ...]
) -> "pa.Table":
    """known_population: inhabitants of the country and these units, as far as they are known or can be estimated."""
    cells = ((unit, year, band, sex) for unit in (COUNTRY, *units) for year in years for band in bands for sex in SEXES)
    rows = (_inhabitants(population, *cell) for cell in cells)
    return table(POPULATION, [row for row in rows if row is not None])


def _inhabitants(population: PopulationTable, unit: str, year: int, band: Band, sex: Sex) -> Row | None:
    try:
        found = population.of(unit, year, *band, sex)
    except NoPopulation:
        return None
    place = {"unit_id": unit, "year": year, "sex": sex, "from_age": band[0], "to_age": band[1]}
    told = {"persons": found.persons, "estimated": found.estimated, "age_group": age_group(*band)}
    return {**place, **told, **_text("note", found.note)}


def _kommuner(administration: Administration) -> list[Row]:
    regions = administration.units.of_kind("region")
    counts: dict[str, int] = {}
    for kommun in administration.units.of_kind("kommun"):
        counts[kommun.region_code] = counts.get(kommun.region_code, 0) + 1
    return [{"region_code": unit.unit_id, "kommuner": counts.get(unit.unit_id, 0)} for unit in regions]


def round_table(administration: Administration, moment: datetime) -> "pa.Table":
    """known_round: the rounds as they stand at `moment`."""
    return table(ROUND, ({**one.model_dump(), "state": one.state(moment)} for one in administration.rounds))


def _merges(administration: Administration) -> list[Row]:
    return [{"programme": old, "into_id": new} for old, new in administration.programmes.merges().items()]


@lru_cache(maxsize=1)
def _figures() -> "pa.Table":
    rows = [
        {
            **one.model_dump(), "year": one.year, **_text("measure", one.measure), **_text("base", one.base),
            **_text("text_value", one.text_value), **_text("unit_of_measure", one.unit_of_measure),
        }
        for one in published_figures()
    ]  # fmt: skip
    return table(FIGURE, rows)


def _text(name: str, text: Text | None) -> Row:
    return {name: text.sv if text else None, f"{name}_en": text.en if text else None}
