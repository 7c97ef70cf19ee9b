"""The report of a mapping: the same figures as are published, as charts that can be edited."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards import format
from dashboards.errors import NothingToReport, ReportInTheWay
from dashboards.reading import rows_of
from infra.published import connect_current
from surveys.errors import UnknownSurvey, UnknownYear
from tests.dashboards.reported import Page, page_of, pages, parts, run

SURVEYS = [
    ("handlingsplaner", 2023),
    ("handlingsplaner", 2026),
    ("prehospital", 2025),
    ("psykiatrin", 2023),
    ("sob", 2022),
    ("ungdomsmottagningar", 2022),
]
# The level at which the regions are compared, as the pages have it.
FIGURES = """
SELECT i.unit_id, coalesce(u.name, '') AS name, i.level, i.category_sv AS category, i.value, d.decimals
FROM indicator i JOIN indicator_definition d USING (survey, year, indicator_id) LEFT JOIN unit u USING (unit_id)
WHERE i.survey = $survey AND i.year = $year AND d.label_sv = $label AND i.sex = 'T' AND i.value IS NOT NULL
"""


@pytest.fixture(scope="module")
def reports(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], Path]:
    folder = tmp_path_factory.mktemp("reports")
    for survey, year in SURVEYS:
        run(demonstration, survey, str(year), "--output", str(folder / f"{survey}-{year}.pptx"))
    return {(survey, year): folder / f"{survey}-{year}.pptx" for survey, year in SURVEYS}


def labels(demonstration: Path, survey: str, year: int) -> list[str]:
    sql = (
        "SELECT label_sv AS label FROM indicator_definition d WHERE survey = $survey AND year = $year AND EXISTS ("
        "FROM indicator i WHERE i.survey = d.survey AND i.year = d.year AND i.indicator_id = d.indicator_id "
        "AND i.level = 'country' AND i.sex = 'T' AND i.value IS NOT NULL) ORDER BY position"
    )
    with connect_current(demonstration)[1] as connection:
        return [row["label"] for row in rows_of(connection, sql, survey=survey, year=year)]


@pytest.mark.parametrize(("survey", "year"), SURVEYS)
def test_every_bar_is_a_published_figure_and_every_region_with_one_has_a_bar(
    demonstration: Path, reports: dict[tuple[str, int], Path], survey: str, year: int
) -> None:
    level = "unit" if survey in ("prehospital", "psykiatrin", "sob") else "region"
    compared = 0
    for label in labels(demonstration, survey, year):
        with connect_current(demonstration)[1] as connection:
            rows = rows_of(connection, FIGURES, survey=survey, year=year, label=label)
        regions = [row for row in rows if row["level"] in (level, "unit") and len(row["unit_id"]) == 2]
        country = {row["category"]: row["value"] for row in rows if row["level"] == "country"}
        (bars,) = (chart for chart in page_of(reports[survey, year], label).charts if chart.kind == "bars")
        if None not in country:
            for (category, name), value in cells(bars.series, list(country)):
                known = country if name is None else {r["category"]: r["value"] for r in regions if called(r, name)}
                assert known[category] == pytest.approx(value, abs=1e-9), (label, name)
            continue
        # Places that can still change stand after the name.
        drawn = {name.partition(" (")[0]: value for name, value in bars.values.items()}
        median = drawn.pop("Medianen", None)
        assert median is None or "Riket" not in drawn
        if "Riket" in drawn:
            assert drawn.pop("Riket") == pytest.approx(country[None], abs=1e-9)
        assert drawn == {format.short_name(row["name"]): pytest.approx(row["value"]) for row in regions}, label
        compared += len(drawn)
    assert compared > 20


def called(row: dict[str, object], name: str) -> bool:
    return format.short_name(str(row["name"])) == name


def cells(
    series: dict[str, list[tuple[str, float]]], categories: list[str]
) -> Iterator[tuple[tuple[str, str | None], float]]:
    """The cells of a chart of categories as ((category, region or None for the country), value)."""
    for name, points in series.items():
        for at, value in points:
            if at in categories:
                yield (at, None), value
            else:
                yield (name, None if at == "Riket" else at), value


@pytest.mark.parametrize(("survey", "year"), SURVEYS)
def test_every_indicator_with_figures_has_a_slide_that_says_what_belongs_to_a_figure(
    demonstration: Path, reports: dict[tuple[str, int], Path], survey: str, year: int
) -> None:
    made = pages(reports[survey, year])
    for label in labels(demonstration, survey, year):
        page = page_of(reports[survey, year], label)
        assert len(page.title.split("\n")[1]) > 10
        for part in ("Täckning: ", " av ", "Bas: ", "Definition: ", "Källa: ", "Uppgifter per "):
            assert part in page.text, (label, part)
        assert all(chart.told for chart in page.charts)
    assert "alla svar är påhittade" in made[0].text
    assert len({page.title for page in made}) == len(made)


def test_the_line_over_the_years_is_the_countrys_published_figures(
    demonstration: Path, reports: dict[tuple[str, int], Path]
) -> None:
    page = page_of(reports["handlingsplaner", 2023], "Kommuner med handlingsplan, av alla kommuner")
    (lines,) = (chart for chart in page.charts if chart.kind == "lines")
    sql = (
        "SELECT year, value FROM indicator WHERE survey = 'handlingsplaner' AND indicator_id = 'andel_med_plan_alla' "
        "AND unit_id = '00' AND year <= 2023 ORDER BY year"
    )
    with connect_current(demonstration)[1] as connection:
        known = {row["year"]: row["value"] for row in rows_of(connection, sql)}
    assert list(lines.series) == ["Riket"]
    assert lines.values == pytest.approx(known)


def test_an_open_round_is_preliminary_and_each_name_has_the_places_that_are_possible(
    reports: dict[tuple[str, int], Path],
) -> None:
    made = pages(reports["handlingsplaner", 2026])
    assert "preliminär" in made[0].title
    page = page_of(reports["handlingsplaner", 2026], "Kommuner med handlingsplan, av alla kommuner")
    assert page.title.startswith("Preliminär · ")
    assert "Hittills: " in page.title
    assert "Ingen plats är säker än" in page.text
    names = [name for name in page.charts[0].values if name != "Riket"]
    assert names and all(" (1–" in name or "–21)" in name for name in names)
    closed = pages(reports["handlingsplaner", 2023])
    assert not [each for each in closed if "Preliminär" in each.text or "Hittills" in each.text]


def test_those_who_have_not_answered_are_named(demonstration: Path, reports: dict[tuple[str, int], Path]) -> None:
    silent = [each for each in pages(reports["handlingsplaner", 2023]) if each.title.startswith("De som inte har")]
    named = "\n".join(each.text for each in silent)
    sql = (
        "SELECT unit_id, name, unit_id IN (SELECT unit_id FROM response WHERE survey = 'handlingsplaner' "
        "AND year = 2023) AS has_answered FROM unit WHERE kind = 'kommun'"
    )
    with connect_current(demonstration)[1] as connection:
        kommuner = rows_of(connection, sql)
    missing = [row["name"] for row in kommuner if not row["has_answered"]]
    assert f"{len(missing)} av 290 kommuner har inte svarat." in named
    listed = {name.strip() for line in named.split("\n") if "): " in line for name in line.split(": ")[1].split(",")}
    assert listed == set(missing)


def test_the_charts_are_native_and_carry_their_numbers_in_a_sheet(reports: dict[tuple[str, int], Path]) -> None:
    found = parts(reports["psykiatrin", 2023])
    charts = [name for name in found if name.startswith("ppt/charts/chart") and name.endswith(".xml")]
    sheets = [name for name in found if name.startswith("ppt/embeddings/") and "worksheets/sheet1.xml" in name]
    assert len(charts) == len(sheets) > 40
    assert not [name for name in found if "media/" in name]


def test_numbers_are_written_in_the_reports_language(demonstration: Path, tmp_path: Path) -> None:
    for language, share, code in (("sv", "61,4\u00a0%", "sv-SE"), ("en", "61.4%", "en-GB")):
        path = tmp_path / f"{language}.pptx"
        run(demonstration, "handlingsplaner", "2023", "--output", str(path), "--language", language)
        label = {"sv": "Kommuner med handlingsplan", "en": "Kommuner with an action plan"}[language]
        page = next(page for page in pages(path) if page.title.startswith(label))
        assert share in page.text
        assert f'lang="{code}"' in parts(path)["ppt/slides/slide2.xml"]


def test_a_report_of_a_past_moment_shows_what_was_published_then(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    shown = {}
    for name, then in (("now", []), ("then", ["--as-of", "2021-02-01"])):
        path = tmp_path / f"{name}.pptx"
        run(folder, "psykiatrin", "2017", "--output", str(path), *then)
        page = page_of(path, "Barn 0–17 år i kontakt med BUP")
        shown[name] = round(page.charts[0].values["Riket"], 1)
        moment = "Uppgifter per 1\u00a0februari\u00a02021"
        assert (moment in page.text) == (name == "then")
    assert shown == {"now": 5.5, "then": 5.7}


def test_a_report_of_a_recorded_publication_is_the_one_that_was_made_of_it(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(demonstration, folder)
    told = json.loads(run(folder, "sob", "2023", "--output", str(tmp_path / "now.pptx"), "--json"))
    run(folder, "sob", "2023", "--output", str(tmp_path / "then.pptx"), "--as-of", told["publish_id"])
    now, then = (pages(tmp_path / f"{name}.pptx") for name in ("now", "then"))
    assert [page.charts for page in now] == [page.charts for page in then]
    assert [without_publication(page) for page in now] == [without_publication(page) for page in then]


def without_publication(page: Page) -> list[str]:
    return [line for line in page.text.split("\n") if "ublicering " not in line]


def test_who_has_no_value_has_no_bar_and_is_named_with_the_reason(reports: dict[tuple[str, int], Path]) -> None:
    page = page_of(reports["psykiatrin", 2023], "Medelvårdtid i vuxenpsykiatri")
    (bars,) = (chart for chart in page.charts if chart.kind == "bars")
    assert {"Gotland", "Stockholm"} & set(bars.values) == set()
    assert len(bars.values) == 20  # 19 regions and the country
    assert "Saknas: Gotland, Stockholm (vet inte)" in page.text


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["finns-inte", "2023"], UnknownSurvey),
        (["prehospital", "1999"], UnknownYear),
    ],
)
def test_what_is_not_there_is_told_as_everywhere(
    demonstration: Path, tmp_path: Path, words: list[str], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        run(demonstration, *words, "--output", str(tmp_path / "r.pptx"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over_and_nothing_is_left_half_written(demonstration: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.pptx"
    mine.write_text("mine")
    for output in (mine, tmp_path / "report.pdf", tmp_path):
        with pytest.raises(ReportInTheWay):
            run(demonstration, "sob", "2023", "--output", str(output))
    assert mine.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [mine]


def test_a_wrong_report_ends_with_2_and_one_line(demonstration: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lagesbild", "report", "sob", "2023", "--output", str(tmp_path / "x.ppt")]
    done = subprocess.run(
        [*command, "--data-dir", str(demonstration)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.startswith("D031 ") and done.stderr.count("\n") == 1


def test_a_mapping_that_nobody_has_answered_gives_no_report(tmp_path: Path) -> None:
    from tests.dashboards.reported import book
    from tests.pipeline.published import Landing, indicator, opened
    from tests.surveys.build import item, questionnaire

    landing = Landing(tmp_path, questionnaire(item("antal"), indicators=[indicator("andel")]))
    with opened(landing.published()) as connection, pytest.raises(NothingToReport):
        book(connection, "test", 2023)
