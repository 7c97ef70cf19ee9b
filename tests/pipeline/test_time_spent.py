"""How long answering took, from events to medians counted by hand; of a unit nothing is published."""

import csv
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.settings import Settings
from pipeline.burden import TimeSpent, burden
from pipeline.export import export_of
from pipeline.export_files import write_csv
from pipeline.refresh import refresh
from tests.pipeline.build import clinics
from tests.pipeline.published import NOON, Landing, opened, regions
from tests.surveys.build import item, questionnaire, text

SECTIONS = [
    {"id": "ett", "title": text("Ett"), "items": [item("a"), item("b"), item("lista", "roster", items=[item("c")])]},
    {"id": "two", "title": text("Två"), "items": [item("d"), item("not", "note")]},
]
Q = questionnaire(sections=SECTIONS)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path, Q)


def took(landing: Landing, times: Iterable[str | None], mode: str = "web", units: Sequence[str] = ()) -> None:
    """Region after region answers, and takes so long."""
    told = list(times)
    for unit, spent in zip(units or regions(len(told)), told, strict=True):
        attributes: dict[str, Any] = {} if spent is None else {"secondsspent": spent}
        landing.sent(Q, unit, {"a": 1}, mode=mode, **attributes)


def medians(landing: Landing) -> dict[tuple[str, str], tuple[float, int]]:
    """Minutes and how many units, by how it is known and section."""
    return {(one.how, one.section): (one.minutes, one.units) for one in published(landing)}


def published(landing: Landing) -> Sequence[TimeSpent]:
    landing.published()
    return burden(Settings(data_dir=landing.folder), "test", 2023).time


def test_medians_are_of_the_units_whose_time_is_known(landing: Landing) -> None:
    took(landing, ["60 ett=120 two=240", "ett=120", "ett=300 two=600", "30 ett=240", "ett=180", None, None])
    # Whole: 420, 120, 900, 270, 180. Section ett: 120, 120, 300, 240, 180.
    assert medians(landing) == {("measured", ""): (4.5, 5), ("measured", "ett"): (3.0, 5)}
    assert {one.answered for one in published(landing)} == {7}


def test_of_fewer_than_five_units_nothing_is_said(landing: Landing) -> None:
    took(landing, ["ett=120"] * 4)
    assert medians(landing) == {}
    found = burden(Settings(data_dir=landing.folder), "test", 2023).questions
    assert {one.minutes_estimated for one in found} == {None}


def test_times_are_told_in_half_minutes_and_never_as_none(landing: Landing) -> None:
    took(landing, ["ett=2"] * 5)
    assert medians(landing)["measured", "ett"] == (0.5, 5)
    took(landing, ["ett=164"] * 9, units=regions(14)[5:])
    assert medians(landing)["measured", "ett"] == (2.5, 14)


def test_what_was_measured_and_what_was_stated_are_never_mixed(landing: Landing) -> None:
    took(landing, ["ett=60"] * 5)
    took(landing, ["6000"] * 5, mode="api", units=regions(10)[5:])
    assert medians(landing) == {
        ("measured", ""): (1.0, 5), ("measured", "ett"): (1.0, 5), ("stated", ""): (100.0, 5)
    }  # fmt: skip


def test_a_correction_s_time_is_added_only_where_that_of_the_first_is_known(landing: Landing) -> None:
    took(landing, ["ett=60"] * 5)
    took(landing, [None], units=["25"])
    for unit in (*regions(5), "25"):
        landing.sent(Q, unit, {"a": 2}, NOON + timedelta(hours=1), secondsspent="ett=30")
    assert medians(landing) == {("measured", ""): (1.5, 5), ("measured", "ett"): (1.5, 5)}


def test_a_section_that_is_not_asked_and_a_time_that_cannot_be_read_are_unknown(landing: Landing) -> None:
    took(landing, ["tre=60", "en stund", "ett=60", "ett=60", "ett=60", "ett=60", "ett=60 tre=60000"])
    assert medians(landing) == {("measured", ""): (1.0, 5), ("measured", "ett"): (1.0, 5)}


def test_a_question_s_minutes_are_its_section_s_divided_alike(landing: Landing) -> None:
    took(landing, ["ett=360 two=60"] * 5)
    landing.published()
    found = {one.item_id: one for one in burden(Settings(data_dir=landing.folder), "test", 2023).questions}
    assert {name: one.minutes_estimated for name, one in found.items()} == {
        "a": 2, "b": 2, "lista": 2, "lista.c": None, "d": 1
    }  # fmt: skip
    assert (found["a"].section_minutes, found["a"].section_units) == (6, 5)


def test_nothing_of_one_unit_s_time_is_published_or_exported(landing: Landing, tmp_path: Path) -> None:
    seconds = [1234, 2345, 3456, 4567, 5678, 6789]
    took(landing, [f"ett={one}" for one in seconds])
    traces = {str(each) for one in seconds for each in (one, one / 60, one * 1000, round(one / 30) / 2)}
    with opened(landing.published()) as publication:
        every = publication.execute("SELECT DISTINCT table_name FROM duckdb_columns() WHERE NOT internal").fetchall()
        tables = {name for (name,) in every}
        assert {"time_spent", "item_burden", "response"} <= tables
        cells = {str(cell) for name in tables for row in publication.execute(f"FROM {name}").fetchall() for cell in row}
        (tmp_path / "out").mkdir()
        files = list(write_csv(export_of(publication, "test", 2023, fictitious=False), tmp_path / "out"))
    assert len(files) > 5
    lines = [line for path in (tmp_path / "out").iterdir() for line in path.read_text().splitlines()]
    exported = {cell for row in csv.reader(lines) for cell in row}
    assert not traces & (cells | exported)
    assert not [cell for cell in cells | exported if "secondsspent" in cell or "ett=" in cell]


def test_times_are_kept_where_a_part_is_taken_over_from_the_publication_before(tmp_path: Path) -> None:
    other = clinics()
    landing = Landing(tmp_path, Q, other)
    took(landing, ["ett=60"] * 5)
    settings = Settings(data_dir=landing.folder)
    refresh(landing.connection, settings, NOON, landing.definitions)
    before = burden(settings, "test", 2023).time
    landing.happened(_clinic(), NOON)
    refresh(landing.connection, settings, NOON + timedelta(hours=1), landing.definitions)
    landing.sent(other, "M-1", {"besok": 3}, NOON + timedelta(hours=1))
    assert refresh(landing.connection, settings, NOON + timedelta(hours=2), landing.definitions)
    assert burden(settings, "test", 2023).time == before != ()


def _clinic() -> Any:
    from surveys.event_data import UnitAdded

    return UnitAdded(unit_id="M-1", kind="mottagning", name="Mottagning", region_code="14", parent_id="1480")
