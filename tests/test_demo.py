"""`lagesbild demo --no-serve` from nothing: every published figure reproduced, on either log."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from infra.event_log import RESPONSES
from infra.kafka.broker import Broker
from infra.kafka_log import KafkaLog
from infra.published import connect_current
from infra.settings import Settings
from surveys.published_figures import published_figures

COMPUTED = sum(figure.treated == "computed" for figure in published_figures())
ALL_HOLD = f"{COMPUTED} of {COMPUTED} published figures reproduced"
FIVE_MAPPINGS = ["handlingsplaner", "prehospital", "psykiatrin", "sob", "ungdomsmottagningar"]


def demo(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command as a newcomer runs it, with no settings but these."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LAGESBILD_")}
    command = [sys.executable, "-m", "lagesbild", "demo", "--no-serve", "--data-dir", str(folder / "data")]
    return subprocess.run(command, env={**own, **settings}, capture_output=True, text=True, timeout=170, check=False)


def publication(folder: Path) -> tuple[int, int, list[str]]:
    """Accepted, parked and held of the publication in force."""
    _, connection = connect_current(folder / "data")
    with connection:
        row = connection.execute("SELECT accepted, parked, held FROM publication").fetchone()
    assert row is not None
    return row[0], row[1], row[2]


@pytest.mark.slow
def test_the_demo_reproduces_every_published_figure_and_a_second_run_adds_nothing(tmp_path: Path) -> None:
    first = demo(tmp_path)
    assert first.returncode == 0, first.stderr
    assert first.stdout.rstrip().endswith(ALL_HOLD)
    assert "2017 (t.o.m. 2021-01-31)" in re.sub(r"\s+", " ", first.stdout)
    accepted, parked, held = publication(tmp_path)
    assert (parked, held) == (0, [])
    assert _surveys(tmp_path) == FIVE_MAPPINGS

    second = demo(tmp_path)
    assert second.returncode == 0, second.stderr
    assert second.stdout.rstrip().endswith(ALL_HOLD)
    assert publication(tmp_path) == (accepted, 0, [])


def _surveys(folder: Path) -> list[str]:
    _, connection = connect_current(folder / "data")
    with connection:
        rows = connection.execute("SELECT DISTINCT survey FROM response ORDER BY survey").fetchall()
    return [survey for (survey,) in rows]


@pytest.mark.slow
@pytest.mark.kafka
def test_the_demo_reproduces_every_published_figure_from_a_real_broker(broker: Broker, tmp_path: Path) -> None:
    done = demo(tmp_path, LAGESBILD_LOG_URL=broker.url)
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip().endswith(ALL_HOLD)
    assert not (tmp_path / "data" / "log.sqlite").exists()
    log = KafkaLog(broker.bootstrap, Settings(data_dir=tmp_path, log_url=broker.url))
    try:
        assert sum(log.ends(RESPONSES).values()) >= publication(tmp_path)[0]
    finally:
        log.close()
