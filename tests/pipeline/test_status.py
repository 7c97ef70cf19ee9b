"""What is told of the pipeline while it runs and when it is stopped, on both logs; and what Prometheus reads."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.event_log import ADMINISTRATION, RESPONSES, open_log
from infra.kafka.broker import Broker
from infra.settings import Settings
from pipeline.consume import run_once
from pipeline.status import Status, status
from tests.conftest import require_kafka
from tests.pipeline.processes import held_by_another
from tests.pipeline.test_commands import response
from tests.scraped import names

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 60.0


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """A log of its own: counts are told of everything in it."""
    if request.param == "embedded":
        yield Settings(data_dir=tmp_path)
        return
    require_kafka()
    with Broker() as broker:
        yield Settings(data_dir=tmp_path, log_url=broker.url)


def append(settings: Settings, *events: tuple[str, bytes]) -> None:
    with closing(open_log(settings)) as log:
        log.append(RESPONSES, list(events))


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """`lagesbild pipeline run`, and where it tells its metrics."""
    environment = {"LAGESBILD_LOG_URL": settings.log_url, "LAGESBILD_LOG_FORMAT": "json", "PYTHONPATH": str(ROOT)}
    words = ["pipeline", "run", "--metrics-port", "0", "--data-dir", str(settings.data_dir)]
    command = [sys.executable, "-m", "lagesbild", *words]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            told = next(line for line in map(json.loads, process.stderr) if line["event"] == "watchable")
            yield f"http://127.0.0.1:{told['port']}"
        finally:
            process.terminate()
            process.communicate(timeout=LONGEST_SECONDS)


def until(ask: Callable[[], Any]) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not ask():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.1)


def scraped(address: str) -> dict[str, float]:
    with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {series: float(value) for series, _, value in pairs}


def test_status_while_running_and_stopped_and_the_scrape_say_the_same(settings: Settings) -> None:
    append(settings, response("1480"), ("1481", b"{}"))
    before = status(settings)
    assert (before.running, before.topics[0].lag, before.publish_seconds) == (False, 2, None)
    assert before.topics[0].waiting_since is not None
    assert before.topics[0].oldest_age_seconds > 0
    with running(settings) as address:
        until(lambda: status(settings).publish_seconds)
        append(settings, response("1481"), response("1481"))
        until(lambda: (status(settings).accepted, status(settings).repeated) == (2, 1))
        found = status(settings)
        assert found.running
        assert_all_landed(found)
        until(lambda: scraped(address)['lagesbild_pipeline_events_total{outcome="accepted"}'] == 2)
        series = scraped(address)
        with urllib.request.urlopen(f"{address}/readyz", timeout=10) as answer:
            assert answer.status == 200
    assert series['lagesbild_pipeline_parked_letters{code="S302"}'] == 1
    assert sum(value for name, value in series.items() if name.startswith("lagesbild_pipeline_lag_events")) == 0
    assert series[f'lagesbild_pipeline_oldest_unprocessed_age_seconds{{topic="{RESPONSES}"}}'] == 0
    assert series["lagesbild_pipeline_publish_duration_seconds_count"] >= 1
    assert series["lagesbild_pipeline_held_parts"] == 0
    stopped = status(settings)
    assert not stopped.running
    assert stopped.publish_seconds is not None
    assert_all_landed(stopped)


def assert_all_landed(found: Status) -> None:
    assert (found.accepted, found.repeated, found.parked, found.parked_by_code) == (2, 1, 1, {"S302": 1})
    assert [(one.topic, one.lag, one.waiting_since) for one in found.topics] == [
        (RESPONSES, 0, None),
        (ADMINISTRATION, 0, None),
    ]
    assert found.publish_id is not None


def test_what_waits_behind_a_held_warehouse_is_told_with_its_age(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    append(settings, response("1480"))
    run_once(settings)
    append(settings, response("1481"))
    with held_by_another(tmp_path / "warehouse.duckdb"):
        found = status(settings)
    assert (found.running, found.accepted, found.topics[0].lag) == (True, 1, 1)
    assert found.topics[0].oldest_age_seconds > 0


def test_an_alert_asks_for_what_is_told() -> None:
    rules = yaml.safe_load((ROOT / "infra/deploy/alerts.yaml").read_text(encoding="utf-8"))
    asked = {name for group in rules["groups"] for rule in group["rules"] for name in _series(rule["expr"])}
    assert asked
    assert asked - set(names()) == set()
    alerts = [rule["alert"] for group in rules["groups"] for rule in group["rules"]]
    runbooks = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert [alert for alert in alerts if f"`{alert}`" not in runbooks] == []


def _series(expression: str) -> list[str]:
    return re.findall(r"lagesbild_\w+", expression)
