"""Population: SCB's figures as they are, estimates said, imported files before all."""

from pathlib import Path

import pytest

from surveys.population import NoPopulation, packaged_population, population
from surveys.population_file import COLUMNS, PopulationFileFaults, Sex
from surveys.units import reference_units

HEAD = ",".join(COLUMNS)
YEARS = range(2017, 2025)
REGIONS = [unit.unit_id for unit in reference_units() if unit.kind == "region"]


def file_of(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "befolkning.csv"
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("unit_id", "year", "persons"),
    [("01", 2017, 2308143), ("09", 2022, 61173), ("14", 2024, 1772821), ("25", 2020, 249614), ("00", 2023, 10551707)],
)
def test_known_figures_are_scbs_own(unit_id: str, year: int, persons: int) -> None:
    found = population(unit_id, year)
    assert (found.persons, found.year, found.estimated, found.note) == (persons, year, False, None)


@pytest.mark.parametrize("year", YEARS)
def test_the_tables_add_up(year: int) -> None:
    country = population("00", year).persons
    assert sum(population(region, year).persons for region in REGIONS) == country
    assert population("00", year, 0, 17).persons + population("00", year, 18).persons == country


def test_women_and_men_of_2022_are_known_for_the_country() -> None:
    assert [population("00", 2022, 0, 17, sex).persons for sex in ("K", "M")] == [1065624, 1129161]
    assert [population("00", 2022, 18, None, sex).persons for sex in ("K", "M")] == [4157608, 4169163]
    assert not population("00", 2022, sex="K").estimated


def test_a_regions_children_are_estimated_from_the_country_and_say_so() -> None:
    found = population("14", 2022, 0, 17)
    assert found.persons == pytest.approx(1758656 * 2194785 / 10521556)
    assert found.estimated
    assert found.note is not None
    assert "Uppskattad" in found.note.sv
    assert "Estimated" in found.note.en
    assert sum(population(region, 2022, 0, 17).persons for region in REGIONS) == pytest.approx(2194785)


@pytest.mark.parametrize("unit_id", ["00", "14"])
def test_the_sexes_are_divided_as_in_2022_and_add_up(unit_id: str) -> None:
    parts = [population(unit_id, 2019, 0, 17, sex) for sex in ("K", "M")]
    assert sum(part.persons for part in parts) == pytest.approx(population(unit_id, 2019, 0, 17).persons)
    assert parts[0].persons / parts[1].persons == pytest.approx(1065624 / 1129161)
    assert all(part.estimated and part.note and "2022" in part.note.sv for part in parts)


def test_a_later_year_gives_the_last_known_and_says_so() -> None:
    found = population("14", 2026)
    assert (found.persons, found.year, found.estimated) == (1772821, 2024, True)
    assert found.note is not None
    assert found.note.sv == "Senast kända folkmängd: 31 december 2024."


def test_from_age_0_is_from_the_beginning() -> None:
    assert population("14", 2022, 0) == population("14", 2022)
    assert population("14", 2022, None, 17) == population("14", 2022, 0, 17)


@pytest.mark.parametrize(
    ("unit_id", "year", "ages"),
    [("0180", 2022, (None, None)), ("um-1", 2022, (None, None)), ("14", 2016, (None, None)), ("14", 2022, (12, 23))],
    ids=["a kommun", "a clinic", "before the first year", "an unknown age band"],
)
def test_what_no_table_has_is_an_error(unit_id: str, year: int, ages: tuple[int | None, int | None]) -> None:
    with pytest.raises(NoPopulation, match="S330"):
        population(unit_id, year, *ages)


def test_an_imported_file_takes_precedence(tmp_path: Path) -> None:
    path = file_of(tmp_path, "14,2022,T,0,17,370000,Egen", "0180,2022,T,,,984748,Egen", "14,2025,T,,,1780000,Egen")
    table = packaged_population().with_file(path)
    assert (table.of("14", 2022, 0, 17).persons, table.of("14", 2022, 0, 17).estimated) == (370000, False)
    assert table.of("0180", 2022).persons == 984748
    assert (table.of("14", 2026).persons, table.of("14", 2026).year) == (1780000, 2025)
    assert table.of("14", 2023, 0, 17).estimated
    assert packaged_population().of("14", 2022, 0, 17).estimated


def test_women_and_men_of_a_file_are_summed(tmp_path: Path) -> None:
    table = packaged_population().with_file(file_of(tmp_path, "14,2022,K,0,17,10,Egen", "14,2022,M,0,17,11,Egen"))
    assert (table.of("14", 2022, 0, 17).persons, table.of("14", 2022, 0, 17).estimated) == (21, False)


def test_a_file_from_swedish_excel_is_read(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_text(f"{HEAD.replace(',', ';')}\r\n14;2022;T;0;17;370000;Egen\r\n", encoding="utf-8-sig")
    assert packaged_population().with_file(path).of("14", 2022, 0, 17).persons == 370000


FAULTY = {
    "lost zeros": ("1,2022,T,,,5,Egen", "Line 2: unit_id '1' is not a code of two or four digits"),
    "a year in words": ("14,i fjol,T,,,5,Egen", "Line 2: year 'i fjol' is not a year"),
    "another sex": ("14,2022,F,,,5,Egen", "Line 2: sex 'F' is not K, M or T"),
    "separated thousands": ("14,2022,T,,,1 772 821,Egen", "Line 2: persons '1 772 821' is not a whole number"),
    "negative": ("14,2022,T,,,-5,Egen", "Line 2: persons '-5' is not a whole number"),
    "no source": ("14,2022,T,,,5,", "Line 2: source is empty"),
    "ages backwards": ("14,2022,T,17,0,5,Egen", "Line 2: from_age 17 is above to_age 0"),
    "ages in words": ("14,2022,T,noll,17,5,Egen", "Line 2: ages 'noll' to '17' are not whole numbers"),
    "a short line": ("14,2022", "Line 2: sex '' is not K, M or T"),
}


@pytest.mark.parametrize(("line", "message"), FAULTY.values(), ids=FAULTY.keys())
def test_a_faulty_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(PopulationFileFaults) as caught:
        packaged_population().with_file(file_of(tmp_path, line))
    assert any(fault.startswith(message) for fault in caught.value.faults)


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    path = file_of(tmp_path, "14,2022,T,,,5,Egen", "x,y,T,,,5,Egen", "14,2022,T,,,6,Egen")
    with pytest.raises(PopulationFileFaults) as caught:
        packaged_population().with_file(path)
    assert [fault.split(":")[0] for fault in caught.value.faults] == ["Line 3", "Line 3", "Line 4"]
    assert caught.value.faults[2] == "Line 4: the same unit, year, sex and ages stand on line 2."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "columns unit_id"),
        (b"unit_id,year\n14,2022", "columns sex, from_age, to_age, persons, source are missing"),
        (HEAD.encode(), "no rows"),
        (HEAD.encode() + "\n14,2022,T,,,5,Källa".encode("latin-1"), "cannot be read as UTF-8"),
    ],
)
def test_a_file_that_is_no_population_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "fel.csv"
    path.write_bytes(content)
    with pytest.raises(PopulationFileFaults, match=message):
        packaged_population().with_file(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PopulationFileFaults, match="cannot be read"):
        packaged_population().with_file(tmp_path / "finns-inte.csv")


def test_every_packaged_row_names_its_source_and_its_band() -> None:
    rows = packaged_population().rows()
    assert {row.age_group for row in rows} == {"all", "0-17", "18+"}
    sexes: set[Sex] = {row.sex for row in rows}
    assert sexes == {"K", "M", "T"}
    assert all("SCB" in row.source for row in rows)
