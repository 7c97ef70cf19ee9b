"""kill -9 of collector, pipeline and broker at moments drawn from a seed: nothing acknowledged is lost or doubled.

The kills here are 46 + 24 + 6; those in tests/pipeline/test_kill.py, in the middle of batches, are 24 more.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from infra.kafka.broker import Broker
from infra.settings import Settings
from tests.collectors.build import served
from tests.conftest import require_kafka
from tests.faults.chain import assert_each_is_published_once, consuming
from tests.faults.load import load, prepared
from tests.faults.processes import ROOT, killed_again
from tests.faults.reader import reading

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SEED = 2023
APP = str(ROOT / "dashboards" / "app.py")
OF_COLLECTOR, OF_PIPELINE, OF_BROKER = 46, 24, 6


@contextmanager
def following(settings: Settings) -> Iterator[threading.Thread]:
    """A pipeline beside it all, with more patience than a busy machine needs to start a broker."""
    stop = threading.Event()
    with consuming(settings, backoff_seconds=(1.0,) * 120) as consumer:
        thread = threading.Thread(target=consumer.follow, args=[stop])
        thread.start()
        try:
            yield thread
        finally:
            stop.set()
            thread.join()


def embedded(folder: Path) -> str:
    return f"sqlite:///{folder}/log.sqlite"


def test_a_collector_killed_at_any_statement_loses_and_doubles_nothing(tmp_path: Path) -> None:
    log_url = embedded(tmp_path)
    secrets = prepared(tmp_path, log_url)
    with (
        killed_again("tests.faults.killed_collector", tmp_path, log_url, SEED, OF_COLLECTOR) as collector,
        load(f"http://127.0.0.1:{collector.next_line()}", secrets) as answering,
    ):
        collector.wait_for("going on", 150)
        answering.wait_for(10)
    assert collector.count("killed") == OF_COLLECTOR
    assert collector.count("killed at step") >= OF_COLLECTOR // 4, f"seed {SEED}: {collector.lines}"
    assert_each_is_published_once(tmp_path, log_url, answering.acknowledged, SEED)


def test_a_pipeline_killed_while_it_lands_audits_and_publishes_publishes_each_once_and_no_page_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAGESBILD_DATA_DIR", str(tmp_path))
    log_url = embedded(tmp_path)
    secrets = prepared(tmp_path, log_url)
    with (
        served(tmp_path, opened=False, log_url=log_url) as collector,
        load(str(collector.http.base_url), secrets, pause=0.5) as answering,
        reading() as reader,
        killed_again("tests.faults.killed_pipeline", tmp_path, log_url, SEED, OF_PIPELINE) as pipeline,
    ):
        pages = 0
        while not pipeline.count("going on"):
            page = AppTest.from_file(APP, default_timeout=120).run()
            assert [each.message for each in page.exception] == [], f"seed {SEED}"
            pages += 1
        pipeline.wait_for("going on", 150)
        pipeline.wait_for("published", 60)
    assert pages > 3
    assert len(set(reader.seen)) > 3, f"seed {SEED}"
    assert pipeline.count("killed") == OF_PIPELINE
    assert_each_is_published_once(tmp_path, log_url, answering.acknowledged, SEED)


@pytest.mark.kafka
def test_a_broker_killed_under_load_loses_and_doubles_nothing(tmp_path: Path) -> None:
    require_kafka()
    draw = random.Random(SEED)
    with Broker() as broker:
        secrets = prepared(tmp_path, broker.url)
        settings = Settings(data_dir=tmp_path, log_url=broker.url)
        with (
            served(tmp_path, opened=False, log_url=broker.url) as collector,
            following(settings) as pipeline,
            load(str(collector.http.base_url), secrets) as answering,
        ):
            for _ in range(OF_BROKER):
                answering.wait_for(draw.randint(1, 40))
                time.sleep(draw.uniform(0, 0.1))
                broker.kill(1)
                broker.start(1)
            answering.wait_for(10)
            assert pipeline.is_alive(), "it waits for the broker, and goes on"
        assert answering.refused > 0
        assert_each_is_published_once(tmp_path, broker.url, answering.acknowledged, SEED)
