"""A second pipeline started by mistake: it is told so and ends with 1, and the first one goes on as if nothing was."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.event_log import RESPONSES
from infra.settings import Settings
from pipeline.consume import opened_log
from tests.faults.chain import assert_each_is_published_once, events_of
from tests.faults.load import filled
from tests.faults.processes import ROOT, killed_again

pytestmark = [pytest.mark.slow]


def the_same(folder: Path) -> Path:
    return folder


def through_a_link(folder: Path) -> Path:
    link = folder.with_name("linked")
    link.symlink_to(folder)
    return link


def in_another_folder(folder: Path) -> Path:
    """Only the warehouse is the same file."""
    other = folder.with_name("other")
    other.mkdir()
    os.link(folder / "warehouse.duckdb", other / "warehouse.duckdb")
    return other


def test_a_second_pipeline_is_refused_under_every_name_and_the_first_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    filled(folder)
    settings = Settings(data_dir=folder)
    with killed_again("tests.faults.killed_pipeline", folder, settings.log_url, seed=0, times=0) as first:
        first.wait_for("published", 90)
        for named, command in [(the_same, "run"), (through_a_link, "rebuild"), (in_another_folder, "run")]:
            asked = [sys.executable, "-m", "lagesbild", "pipeline", command, "--data-dir", str(named(folder))]
            second = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
            assert second.returncode == 1, second.stderr
            assert "I012" in second.stderr and "Only one pipeline may run" in second.stderr
            assert "Traceback" not in second.stderr
        filled(folder, 2)
        first.wait_for("published", 90)
    with opened_log(settings) as log:
        acknowledged = events_of(log).keys()
        assert log.ends(RESPONSES) == {0: 5}
    assert_each_is_published_once(folder, settings.log_url, acknowledged, seed=0)
