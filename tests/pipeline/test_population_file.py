"""An imported population file: what is published is counted by it, and a wrong one stops the start."""

from pathlib import Path

import pytest

from infra.settings import Settings
from pipeline.consume import run_once
from pipeline.publish import Published
from pipeline.refresh import refresh
from surveys.population_file import COLUMNS, PopulationFileFaults
from surveys.questionnaire import Questionnaire
from tests.pipeline.published import NOON, Landing, figures, indicator, opened
from tests.surveys.build import item, questionnaire

FIGURE = indicator("n", numerator={"kind": "sum", "items": ["a"]}, denominator={"kind": "population"}, scale=1000)
PERSONS = "SELECT DISTINCT persons FROM population WHERE unit_id = '1480' AND sex = 'T'"


def asked_of(kind: str) -> Questionnaire:
    return questionnaire(item("a"), indicators=[FIGURE], respondents=[kind])


def file_of(folder: Path, *lines: str) -> Path:
    path = folder / "folkmangd.csv"
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    return path


def refreshed(landing: Landing, file: Path | None) -> Published | None:
    settings = Settings(data_dir=landing.folder, population_file=file)
    return refresh(landing.connection, settings, NOON, landing.definitions)


def test_a_file_takes_the_place_of_the_packaged_figures_and_is_published_anew(tmp_path: Path) -> None:
    q = asked_of("region")
    landing = Landing(tmp_path, q)
    landing.sent(q, "14", {"a": 5})
    assert refreshed(landing, None) is not None
    assert refreshed(landing, None) is None
    published = refreshed(landing, file_of(tmp_path, f"14,{q.reference_year},T,,,1000,Egen"))
    assert published is not None
    region = figures(published, "n")["14", "T", ""]
    assert (region.value, region.denominator) == (5, 1000)


def test_kommuner_have_inhabitants_when_the_file_has_them(tmp_path: Path) -> None:
    q = asked_of("kommun")
    landing = Landing(tmp_path, q)
    landing.sent_all(q, {"1480": {"a": 5}, "1481": {"a": 5}})
    published = refreshed(landing, file_of(tmp_path, f"1480,{q.reference_year},T,,,500,Egen"))
    assert published is not None
    found = figures(published, "n", unit_kind="kommun")
    assert (found["1480", "T", ""].value, found["1481", "T", ""].value) == (10.0, None)
    with opened(published) as publication:
        assert publication.execute(PERSONS).fetchall() == [(500,)]


def test_a_wrong_file_stops_the_pipeline_before_it_starts(tmp_path: Path) -> None:
    wrong = file_of(tmp_path, "14,2022,X,,,1000,Egen")
    with pytest.raises(PopulationFileFaults, match=r"S331 .*folkmangd\.csv"):
        run_once(Settings(data_dir=tmp_path / "data", population_file=wrong))
    assert not (tmp_path / "data").exists()
