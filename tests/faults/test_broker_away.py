"""Brokers away from a running pipeline process: a new leader is waited for; when nobody comes it ends, and goes on."""

from contextlib import closing
from pathlib import Path

import pytest

from infra.event_log import ADMINISTRATION, RESPONSES
from infra.kafka.broker import Broker
from pipeline.consume import BACKOFF_SECONDS
from surveys.catalogue import load_catalogue
from tests.conftest import require_kafka
from tests.faults.chain import assert_each_is_published_once
from tests.faults.load import UNITS, load
from tests.faults.whole import ASKED, collector, opened, pipeline

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(300)]

# Kafka's own: a node that is killed is missed after nine seconds, and who leads instead is known some seconds later.
DEFAULT = {"broker.session.timeout.ms": "9000", "broker.heartbeat.interval.ms": "2000"}
PAUSE = 0.3


def leaders(cluster: Broker, topic: str) -> list[int]:
    from kafka import KafkaAdminClient

    with closing(KafkaAdminClient(bootstrap_servers=cluster.bootstrap.split(","))) as admin:
        return [int(each["leader_id"]) for each in admin.describe_topics([topic])[0]["partitions"]]


def test_a_pipeline_waits_for_a_new_leader(tmp_path: Path) -> None:
    require_kafka()
    with Broker(nodes=3, properties=DEFAULT) as cluster:
        secrets = opened(tmp_path, cluster.url, UNITS)
        [killed] = leaders(cluster, ADMINISTRATION)
        with (
            collector(tmp_path, cluster.url) as (_, address),
            pipeline(tmp_path, cluster.url) as running,
            load(address, secrets, PAUSE, ASKED) as answering,
        ):
            running.wait_for("landed")
            answering.wait_for(8)
            cluster.kill(killed)
            running.wait_for("retrying")
            answering.wait_for(8)
            running.forget()
            running.wait_for("landed")
            assert killed not in leaders(cluster, RESPONSES)
            assert answering.refused > 0
            assert running.end() == 0
        assert_each_is_published_once(tmp_path, cluster.url, answering.acknowledged, 0, load_catalogue())


def test_a_pipeline_gives_up_on_a_broker_that_is_gone_and_goes_on_when_it_is_started_again(tmp_path: Path) -> None:
    require_kafka()
    folder, other = tmp_path / "data", tmp_path / "other"
    with Broker() as broker:
        secrets = opened(folder, broker.url, UNITS)
        with (
            collector(folder, broker.url) as (_, address),
            pipeline(folder, broker.url) as first,
            pipeline(other, broker.url) as told_to_end,
            load(address, secrets, PAUSE, ASKED) as answering,
        ):
            first.wait_for("landed")
            told_to_end.wait_for("landed")
            answering.wait_for(8)
            broker.kill(1)
            told_to_end.wait_for("retrying")
            assert told_to_end.end() == 0, told_to_end.said
            assert first.wait() == 1
            attempts = len(BACKOFF_SECONDS) + 1
            assert any(line.startswith(f"P001 pipeline: stopped after {attempts} attempts") for line in first.said)
            assert "Traceback" not in "".join(first.said)
            with pipeline(folder, broker.url) as second:
                second.wait_for("retrying")  # started too early, it waits as well
                broker.start(1)
                answering.wait_for(8)
                second.wait_for("landed")
                assert second.end() == 0
            assert answering.refused > 0
        # Another warehouse, whose pipeline did not give up but was asked to end, has the same.
        for each in (folder, other):
            assert_each_is_published_once(each, broker.url, answering.acknowledged, 0, load_catalogue())
