"""kill -9 of collector, pipeline and broker at moments drawn from a seed: nothing acknowledged is lost or doubled.

The kills here are 46 + 24 + 6; those in tests/pipeline/test_kill.py, in the middle of batches, are 24 more.
"""

import random
import time
from pathlib import Path

import pytest

from infra.kafka.broker import Broker
from tests.collectors.build import served
from tests.conftest import require_kafka
from tests.faults.chain import assert_each_is_published_once
from tests.faults.load import load, prepared
from tests.faults.processes import killed_again

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SEED = 2023
OF_COLLECTOR, OF_PIPELINE, OF_BROKER = 46, 24, 6


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


def test_a_pipeline_killed_while_it_lands_audits_and_publishes_publishes_each_once(tmp_path: Path) -> None:
    log_url = embedded(tmp_path)
    secrets = prepared(tmp_path, log_url)
    with (
        served(tmp_path, opened=False, log_url=log_url) as collector,
        load(str(collector.http.base_url), secrets, pause=0.5) as answering,
        killed_again("tests.faults.killed_pipeline", tmp_path, log_url, SEED, OF_PIPELINE) as pipeline,
    ):
        pipeline.wait_for("going on", 150)
        pipeline.wait_for("published", 60)
    assert pipeline.count("killed") == OF_PIPELINE
    assert_each_is_published_once(tmp_path, log_url, answering.acknowledged, SEED)


@pytest.mark.kafka
def test_a_broker_killed_under_load_loses_and_doubles_nothing(tmp_path: Path) -> None:
    require_kafka()
    draw = random.Random(SEED)
    with Broker() as broker:
        secrets = prepared(tmp_path, broker.url)
        with (
            served(tmp_path, opened=False, log_url=broker.url) as collector,
            load(str(collector.http.base_url), secrets) as answering,
        ):
            for _ in range(OF_BROKER):
                answering.wait_for(draw.randint(1, 40))
                time.sleep(draw.uniform(0, 0.1))
                broker.kill(1)
                broker.start(1)
            answering.wait_for(10)
        assert answering.refused > 0
        assert_each_is_published_once(tmp_path, broker.url, answering.acknowledged, SEED)
