"""Three nodes, the leader killed with -9 while answers come in: nothing acknowledged is lost or doubled."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from infra.errors import LogUnavailable
from infra.event_log import ADMINISTRATION, EventLog, StoredEvent, open_log
from infra.kafka.broker import Broker
from infra.settings import Settings
from tests.conftest import require_kafka

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

# One partition, so one leader.
TOPIC = ADMINISTRATION


@pytest.fixture(scope="module")
def cluster() -> Iterator[Broker]:
    require_kafka()
    with Broker(nodes=3) as running:
        yield running


def leader(cluster: Broker) -> int:
    from kafka import KafkaAdminClient

    with closing(KafkaAdminClient(bootstrap_servers=cluster.bootstrap.split(","))) as admin:
        return int(admin.describe_topics([TOPIC])[0]["partitions"][0]["leader_id"])


def append_until_taken(log: EventLog, value: str) -> int:
    """As a client does: the same again until it is acknowledged. How often it was told to try again."""
    for tries in range(30):
        try:
            log.append(TOPIC, [("14", value.encode())])
            return tries
        except LogUnavailable:
            time.sleep(0.2)
    raise AssertionError("the cluster never came back")


def everything(log: EventLog) -> list[StoredEvent]:
    events: list[StoredEvent] = []
    while more := log.read(TOPIC, {0: events[-1].offset if events else -1}, 10_000):
        events += more
    return events


def test_a_killed_leader_loses_and_doubles_nothing_acknowledged(cluster: Broker) -> None:
    with closing(open_log(Settings(log_url=cluster.url))) as log:
        append_until_taken(log, "0")
        killer = threading.Thread(target=cluster.kill, args=[leader(cluster)])
        tries = []
        for number in range(1, 400):
            if number == 100:
                killer.start()
            tries.append(append_until_taken(log, str(number)))
        killer.join()
        assert sum(tries) > 0
        read = [event.value.decode() for event in everything(log)]
    once = [str(number) for number in range(400) if number == 0 or tries[number - 1] == 0]
    assert sorted(set(read), key=int) == [str(number) for number in range(400)]
    assert all(read.count(value) == 1 for value in once)
