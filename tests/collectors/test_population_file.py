"""An imported population file: the checks per inhabitant count by it, and a wrong one stops the start."""

from pathlib import Path

import pytest

from collectors.app import create_app
from collectors.gate import open_gate
from collectors.receive import asked, context_of
from infra.settings import Settings
from surveys.population_file import COLUMNS, PopulationFileFaults
from tests.collectors.build import SURVEY, UNIT, YEAR, trial_catalogue


def settings_with(folder: Path, line: str) -> Settings:
    path = folder / "folkmangd.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{line}\n", encoding="utf-8")
    return Settings(data_dir=folder / "data", population_file=path)


@pytest.mark.parametrize("unit", [UNIT, "1480"])
def test_checks_count_by_the_inhabitants_of_the_file(tmp_path: Path, unit: str) -> None:
    year = trial_catalogue().get(SURVEY, YEAR).reference_year
    gate = open_gate(settings_with(tmp_path, f"{unit},{year},T,,,1234,Egen"), trial_catalogue())
    try:
        assert gate.population.of(unit, year).persons == 1234
        assert (context_of(asked(SURVEY, YEAR, UNIT, gate), gate).population == 1234) is (unit == UNIT)
    finally:
        gate.close()


def test_a_wrong_file_stops_the_collector_before_it_starts(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, "14,2022,T,,,många,Egen")
    for start in (create_app, open_gate):
        with pytest.raises(PopulationFileFaults, match=r"S331 .*folkmangd\.csv"):
            start(settings)
    assert not settings.data_dir.exists()
