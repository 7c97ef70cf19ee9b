"""The report of one unit, and of every unit: the figures that are published, in files that are whole or not there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards import format
from dashboards.errors import ReportInTheWay, UnitNotAsked
from dashboards.profiles import line_of, say_before
from dashboards.reading import rows_of
from dashboards.report.asked import unit_of, units_of_report
from dashboards.report.files import must_be_empty, name_of, write_all
from infra.published import connect_current
from surveys.units import UnknownUnit
from tests.dashboards.build import survey
from tests.dashboards.reported import book, pages, run

FIGURES = """
SELECT d.label_sv AS label, i.unit_id, i.value, i.missing
FROM indicator i JOIN indicator_definition d USING (survey, year, indicator_id)
WHERE i.survey = $survey AND i.year = $year AND i.sex = 'T' AND d.breakdown IS NULL
    AND i.unit_id IN ($unit, '00', $region)
"""
CASES = [
    ("prehospital", 2025, "12", "12", "Region Skåne"),
    ("psykiatrin", 2023, "09", "09", "Region Gotland"),
    ("handlingsplaner", 2023, "1480", "14", "Göteborg"),
    ("ungdomsmottagningar", 2022, "um-0114-1", "01", "Ungdomsmottagningen Upplands Väsby"),
    ("ungdomsmottagningar", 2022, "12", "12", "Region Skåne"),
]


@pytest.mark.parametrize(("mapping", "year", "unit", "region", "name"), CASES)
def test_a_units_bars_are_its_own_its_regions_and_the_countrys_published_figures(
    demonstration: Path, tmp_path: Path, mapping: str, year: int, unit: str, region: str, name: str
) -> None:
    path = tmp_path / "unit.pptx"
    run(demonstration, mapping, str(year), "--unit", unit, "--output", str(path))
    with connect_current(demonstration)[1] as connection:
        rows = rows_of(connection, FIGURES, survey=mapping, year=year, unit=unit, region=region)
    values = {(row["label"], row["unit_id"]): row["value"] for row in rows if row["value"] is not None}
    made = pages(path)
    assert made[0].text.startswith(f"{made[0].title}\nRapport för {name}")
    table = "\n".join(page.text for page in made[1:5])
    drawn = 0
    for label in {label for label, of_unit in values if of_unit == unit}:
        assert label in table
        page = next((page for page in made[1:] if f"· {label}, " in page.title), None)
        assert page is not None, label
        for chart in (chart for chart in page.charts if chart.kind == "bars"):
            shown = {bar.partition(" (")[0]: value for bar, value in chart.values.items()}
            known = {name: unit, format.short_name(name): unit, "Riket": "00"}
            for bar, of_unit in known.items():
                if bar in shown:
                    assert shown[bar] == pytest.approx(values[label, of_unit]), (label, bar)
                    drawn += 1
            if unit == region:
                assert chart.series[name] == [(bar, value) for bar, value in chart.values.items() if name.endswith(bar)]
    assert drawn > 3


def test_a_units_table_has_its_value_its_place_and_that_of_last_time(demonstration: Path, tmp_path: Path) -> None:
    path = tmp_path / "unit.pptx"
    run(demonstration, "prehospital", "2025", "--unit", "12", "--output", str(path))
    with connect_current(demonstration)[1] as connection:
        found = book(connection, "prehospital", 2025)
        measure = next(each for each in found.measures if each.name == "timmar_per_vecka")
        years = found.years(measure)
        line = line_of(measure, 2025, "12", "unit", years, lambda year: found.figures(measure, year, "region"))
        rank = found.places(measure, "region", "unit")["12"]
    assert line.own is not None and line.own.value is not None
    row = next(each for each in pages(path)[1].text.split("\n") if each.startswith(measure.label))
    cells = row.split(" | ")
    assert cells[1] == format.number(line.own.value, 1, "sv")
    assert f"plats {rank.first} av {rank.of}" in cells[3]
    assert cells[4] == say_before(line, found.words)
    assert cells[4].startswith("2024: ")


def test_a_unit_that_has_not_answered_is_said_not_to_have_and_has_no_zero(demonstration: Path, tmp_path: Path) -> None:
    with connect_current(demonstration)[1] as connection:
        silent = book(connection, "handlingsplaner", 2023).silent("kommun")[0]
    path = tmp_path / "unit.pptx"
    run(demonstration, "handlingsplaner", "2023", "--unit", silent.unit_id, "--output", str(path))
    made = pages(path)
    assert made[1].title.endswith(f"{silent.name} har inte svarat.")
    rows = [line.split(" | ") for line in made[1].text.split("\n") if " | " in line][1:]
    assert len(rows) > 3 and {row[1] for row in rows} == {"har inte svarat"}
    assert not [page for page in made if page.charts]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["prehospital", "2023", "--unit", "1480"], UnitNotAsked),
        (["ungdomsmottagningar", "2022", "--unit", "1480"], UnitNotAsked),
        (["prehospital", "2023", "--unit", "99"], UnknownUnit),
    ],
)
def test_a_unit_without_figures_is_refused(
    demonstration: Path, tmp_path: Path, words: list[str], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        run(demonstration, *words, "--output", str(tmp_path / "r.pptx"))
    assert list(tmp_path.iterdir()) == []


def test_one_unit_and_all_units_are_not_asked_for_at_once(demonstration: Path, tmp_path: Path) -> None:
    words = ["prehospital", "2023", "--unit", "12", "--all-units", "--output", str(tmp_path / "all")]
    run(demonstration, *words, code=2)


def test_every_unit_gets_a_file_of_its_own(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    said = run(demonstration, "prehospital", "2025", "--all-units", "--output", str(folder))
    assert "21 of 21 reports" in said
    files = sorted(path.name for path in folder.iterdir())
    assert len(files) == 21
    assert files[0] == "prehospital-2025-01-Region-Stockholm.pptx"
    assert "prehospital-2025-23-Region-Jämtland-Härjedalen.pptx" in files
    for name in files:
        unit = name.removesuffix(".pptx").split("-", 3)[3].replace("-", " ")
        assert f"Rapport för {unit}" in pages(folder / name)[0].text
    assert list(tmp_path.iterdir()) == [folder]
    alone = tmp_path / "alone.pptx"
    run(demonstration, "prehospital", "2025", "--unit", "12", "--output", str(alone))
    together = folder / "prehospital-2025-12-Region-Skåne.pptx"
    assert [(page.title, page.text, page.charts) for page in pages(together)] == [
        (page.title, page.text, page.charts) for page in pages(alone)
    ]


def test_all_units_are_those_asked_and_the_regions_they_are_in_a_region_before_its_units(demonstration: Path) -> None:
    with connect_current(demonstration)[1] as connection:
        kommuner, clinics, regions = (
            units_of_report(book(connection, mapping, year))
            for mapping, year in (("handlingsplaner", 2023), ("ungdomsmottagningar", 2022), ("sob", 2023))
        )
    assert [len(kommuner), len(clinics), len(regions)] == [311, 290, 21]
    names = [name_of(survey(), each) for each in kommuner]
    assert names == sorted(names)
    assert len(set(names)) == 311
    assert names.index("liten-2023-14-Västra-Götalandsregionen.pptx") + 1 == names.index("liten-2023-1401-Härryda.pptx")


def test_a_folder_with_anything_in_it_is_left_as_it_is(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    must_be_empty(folder)
    (folder / "mine.txt").write_text("mine")
    for output in (folder, folder / "mine.txt"):
        with pytest.raises(ReportInTheWay):
            run(demonstration, "prehospital", "2025", "--all-units", "--output", str(output))
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_what_stops_half_way_leaves_nothing(tmp_path: Path) -> None:
    def stopped() -> Iterator[tuple[str, bytes]]:
        yield "first.pptx", b"first"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        write_all(stopped(), tmp_path / "all")
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_is_told_to_programs(demonstration: Path, tmp_path: Path) -> None:
    path = tmp_path / "unit.pptx"
    told = json.loads(
        run(demonstration, "sob", "2023", "--unit", "14", "--output", str(path), "--json", "--language", "en")
    )
    assert told["files"] == [{"file": str(path), "unit": "14", "slides": len(pages(path))}]
    assert "Report for Västra Götalandsregionen" in pages(path)[0].text


def test_a_unit_of_another_year_is_looked_up_in_that_year(demonstration: Path) -> None:
    with connect_current(demonstration)[1] as connection:
        found = book(connection, "ungdomsmottagningar", 2016)
        assert unit_of(found, "um-0114-1").name == "Ungdomsmottagningen Upplands Väsby"
        asked = {each.unit_id for each in units_of_report(found)}
        later = {each.unit_id for each in units_of_report(book(connection, "ungdomsmottagningar", 2022))}
    assert later - asked and asked - later
