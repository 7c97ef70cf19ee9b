"""The ledger of publications: never one in force without its record, whatever moment a process ends at."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from infra.published import current_publish_id, marts_dir, replace_current
from infra.settings import Settings
from pipeline.ledger import Record, digests_of, product, record, records, settle
from pipeline.refresh import refresh
from tests.pipeline.published import NOON, Landing
from tests.pipeline.trickle import THIS_YEAR, audit_by_sum, each_part


@pytest.fixture
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Landing:
    monkeypatch.setattr("pipeline.refresh.audit_beside", each_part(audit_by_sum))
    landing = Landing(tmp_path, THIS_YEAR)
    landing.sent(THIS_YEAR, "14", {"a": 3})
    return landing


def refreshed(landing: Landing) -> None:
    refresh(landing.connection, Settings(data_dir=landing.folder), NOON, landing.definitions)


def only(landing: Landing) -> Record:
    (one,) = records(landing.folder)
    return one


def stopped(*_: Any) -> None:
    raise KeyboardInterrupt


def test_a_publication_is_recorded_with_what_makes_it_again(landing: Landing) -> None:
    refreshed(landing)
    one = only(landing)
    path = marts_dir(landing.folder) / f"{one.publish_id}.duckdb"
    assert one.publish_id == current_publish_id(landing.folder)
    assert one.positions["lagesbild.responses.v1"] == {0: 0}
    assert [(part.survey, part.year, part.good) for part in one.parts] == [("ett", 2023, {0: 0})]
    assert one.digests == digests_of(path)


def test_a_publication_that_never_came_in_force_is_withdrawn(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as kill:
        kill.setattr("pipeline.publish.replace_current", stopped)
        with pytest.raises(KeyboardInterrupt):
            refreshed(landing)
    withdrawn = only(landing).publish_id
    settle(landing.folder)
    assert records(landing.folder) == []
    landing.sent(THIS_YEAR, "01", {"a": 2})
    refresh(landing.connection, Settings(data_dir=landing.folder), NOON.replace(hour=13), landing.definitions)
    assert only(landing).publish_id == current_publish_id(landing.folder) != withdrawn


def test_a_stop_before_the_digests_is_made_good_at_the_next_start(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as kill:
        kill.setattr("pipeline.refresh.digest", stopped)
        with pytest.raises(KeyboardInterrupt):
            refreshed(landing)
    assert only(landing).digests is None
    refreshed(landing)  # nothing is new
    assert only(landing).digests is not None


def test_a_line_that_was_not_written_whole_hides_no_other(landing: Landing) -> None:
    refreshed(landing)
    before = only(landing)
    ledger = marts_dir(landing.folder) / "publications.jsonl"
    with ledger.open("ab") as file:
        file.write(b'{"publish_id": "torn')
    assert records(landing.folder) == [before]
    later = before.model_copy(update={"publish_id": "later"})
    record(landing.folder, later)
    assert records(landing.folder) == [before, later]


def test_a_lost_pointer_takes_no_publication_off_the_record(landing: Landing) -> None:
    refreshed(landing)
    (marts_dir(landing.folder) / "CURRENT").unlink()
    settle(landing.folder)
    assert len(records(landing.folder)) == 1


def test_one_in_force_that_is_not_recorded_is_published_anew(landing: Landing) -> None:
    refreshed(landing)
    former = only(landing).publish_id
    (marts_dir(landing.folder) / "publications.jsonl").unlink()
    refreshed(landing)
    assert only(landing).publish_id == current_publish_id(landing.folder) != former


def test_settling_looks_at_the_end_only(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    refreshed(landing)
    first = only(landing)
    monkeypatch.setattr("pipeline.ledger.TAIL_BYTES", 4_000)
    for number in range(50):
        record(landing.folder, first.model_copy(update={"publish_id": f"p-{number:02}"}))
    replace_current(landing.folder, "p-49")
    settle(landing.folder)
    assert len(records(landing.folder)) == 51


def test_with_other_published_figures_it_is_another_product(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Path(__file__).parents[2]
    for room in ("pipeline", "surveys"):
        shutil.copytree(here / room, tmp_path / room)
    monkeypatch.setattr("pipeline.ledger.resources.files", tmp_path.joinpath)
    assert product.__wrapped__() == product()
    with (tmp_path / "surveys" / "reference" / "published_figures.csv").open("a", encoding="utf-8") as figures:
        figures.write("\n")
    assert product.__wrapped__() != product()
