"""Which published files stay, and what killed processes left."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from infra.published import current_publish_id, marts_dir, replace_current
from infra.settings import Settings
from pipeline.consume import run_once, utc_now
from pipeline.leftovers import clear_leftovers
from pipeline.publish import Kept, publish
from tests.pipeline.published import NOON, Landing
from tests.surveys.build import item, questionnaire

Q = questionnaire(item("enheter"))


def left(folder: Path) -> int:
    return len(list(marts_dir(folder).glob("*.duckdb")))


def published(landing: Landing, minutes: int, kept: Kept) -> None:
    """A publication of so many minutes after noon, its file as old as that."""
    now = NOON + timedelta(minutes=minutes)
    made = publish(landing.connection, landing.folder, landing.definitions, now, kept=kept)
    os.utime(made.path, (now.timestamp(), now.timestamp()))


@pytest.mark.parametrize(
    ("kept", "stay"),
    [(Kept(), 3), (Kept(1), 1), (Kept(5), 5), (Kept(1, timedelta(minutes=35)), 4), (Kept(6, timedelta(minutes=15)), 6)],
)
def test_so_many_publications_stay_and_every_one_for_so_long(tmp_path: Path, kept: Kept, stay: int) -> None:
    landing = Landing(tmp_path, Q)
    for minutes in range(0, 80, 10):
        published(landing, minutes, kept)
    assert left(tmp_path) == stay
    assert (marts_dir(tmp_path) / f"{current_publish_id(tmp_path)}.duckdb").exists()


@pytest.mark.parametrize(("days", "stay"), [(0, {}), (9, {"two-days-old.duckdb"})])
def test_the_settings_say_how_many_stay_and_how_long(tmp_path: Path, days: int, stay: set[str]) -> None:
    settings = Settings(data_dir=tmp_path, publications_kept=1, publications_kept_days=days)
    marts_dir(tmp_path).mkdir()
    for name, age in (("two-days-old", 2), ("twenty-days-old", 20)):
        file = marts_dir(tmp_path) / f"{name}.duckdb"
        file.write_bytes(b"")
        then = (utc_now() - timedelta(days=age)).timestamp()
        os.utime(file, (then, then))
    replace_current(tmp_path, "two-days-old")
    run_once(settings)
    in_force = f"{current_publish_id(tmp_path)}.duckdb"
    assert {file.name for file in marts_dir(tmp_path).glob("*.duckdb")} == {in_force, *stay}


def test_what_killed_processes_left_goes_and_nothing_in_use(tmp_path: Path) -> None:
    marts = marts_dir(tmp_path)
    marts.mkdir()
    now = utc_now().timestamp()
    for name, age in (("old", 50), ("in_force", 40), ("half", 10), ("half.duckdb", 10)):
        file = marts / (f"{name}.duckdb" if "." not in name else f"{name}.wal")
        file.write_bytes(b"")
        os.utime(file, (now - age, now - age))
    replace_current(tmp_path, "in_force")
    (marts / "CURRENT.17.tmp").write_text("half")
    (tmp_path / "pipeline.json.17.tmp").write_text("{")
    for name, age in (("anew-quiet", 7200), ("anew-busy", 7200), (".backup-quiet", 7200), ("anew-new", 5)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "made").write_bytes(b"")
        for each in (tmp_path / name / "made", tmp_path / name):
            os.utime(each, (now - age, now - age))
    (tmp_path / "anew-busy" / "made").touch()
    (tmp_path / "log.sqlite").write_bytes(b"")
    assert sorted(clear_leftovers(tmp_path, utc_now())) == [
        ".backup-quiet",
        "anew-quiet",
        "marts/CURRENT.17.tmp",
        "marts/half.duckdb",
        "marts/half.duckdb.wal",
        "pipeline.json.17.tmp",
    ]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["anew-busy", "anew-new", "log.sqlite", "marts"]
    assert sorted(each.name for each in marts.iterdir()) == ["CURRENT", "in_force.duckdb", "old.duckdb"]
    assert clear_leftovers(tmp_path, utc_now()) == []


def test_beside_a_pointer_to_nothing_nothing_is_removed(tmp_path: Path) -> None:
    marts_dir(tmp_path).mkdir()
    (marts_dir(tmp_path) / "only.duckdb").write_bytes(b"")
    replace_current(tmp_path, "gone")
    assert clear_leftovers(tmp_path, utc_now()) == []
