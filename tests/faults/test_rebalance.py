"""What moves partitions elsewhere: a foreign group's rebalance, a second pipeline, partitions that are added."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.event_log import RESPONSES
from infra.kafka.broker import Broker
from infra.kafka_clients import KafkaClients
from infra.published import connect_current
from infra.settings import Settings
from surveys.catalogue import load_catalogue
from tests.conftest import require_kafka
from tests.faults.chain import assert_each_is_published_once
from tests.faults.load import load
from tests.faults.whole import ASKED, collector, opened, pipeline, until

pytestmark = [pytest.mark.kafka, pytest.mark.slow, pytest.mark.timeout(300)]

# With eight partitions the first two units write to added ones, the next two to other ones than before.
REGIONS = ("01", "14", "17", "25", "04")
AT_ONCE = {"group.initial.rebalance.delay.ms": "0"}
GROUP, PARTITIONS, MORE = "lagesbild", 6, 8


class Member:
    """Of a consumer group that somebody else has made, with the same settings as our own clients but for the group."""

    def __init__(self, common: dict[str, Any]) -> None:
        from kafka import KafkaConsumer

        self.has: set[int] = set()
        self._consumer = KafkaConsumer(**common, group_id=GROUP, heartbeat_interval_ms=300)
        self._consumer.subscribe([RESPONSES])
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def leave(self) -> None:
        self._done.set()
        self._thread.join()

    def _read(self) -> None:
        with closing(self._consumer):
            while not self._done.is_set():
                self._consumer.poll(timeout_ms=200)
                self._consumer.commit()
                self.has = {each.partition for each in self._consumer.assignment()}


@contextmanager
def member(broker: Broker) -> Iterator[Member]:
    one = Member(KafkaClients(broker.bootstrap, Settings(log_url=broker.url), 3.0)._common)
    try:
        yield one
    finally:
        one.leave()


def newest_of_each(folder: Path) -> dict[str, str]:
    with closing(connect_current(folder)[1]) as publication:
        return dict(publication.execute("SELECT unit_id, submission_id FROM response WHERE current").fetchall())


def test_whatever_moves_partitions_each_answer_is_published_once(tmp_path: Path) -> None:
    from kafka import KafkaAdminClient

    require_kafka()
    folder, other = tmp_path / "data", tmp_path / "other"
    with Broker(properties=AT_ONCE) as broker, closing(KafkaAdminClient(bootstrap_servers=broker.bootstrap)) as admin:
        secrets = opened(folder, broker.url, REGIONS)
        with (
            collector(folder, broker.url) as (_, address),
            pipeline(folder, broker.url) as first,
            load(address, secrets, 0.5, ASKED) as answering,
        ):
            first.wait_for("landed")
            assert admin.list_groups() == [], "nobody of ours is in a group"
            # 1. Members of a group come and go, each time with a rebalance.
            with member(broker) as one:
                until(lambda: len(one.has) == PARTITIONS)
                with member(broker) as another:
                    until(lambda: len(one.has) == len(another.has) == PARTITIONS // 2)
                    assert len(admin.describe_groups([GROUP])[GROUP]["members"]) == 2
                    first.forget()
                    first.wait_for("landed")
                until(lambda: len(one.has) == PARTITIONS)
            # 2. A second pipeline on the same warehouse is refused; on another warehouse it reads everything too.
            with pipeline(folder, broker.url) as mistaken, pipeline(other, broker.url) as second:
                assert mistaken.wait() == 1
                assert "I012" in mistaken.said[-1]
                second.wait_for("landed")
                # 3. Partitions are added, and units' answers come to lie in others than before.
                admin.create_partitions({RESPONSES: MORE})
                until(lambda: all(_answers_in(admin, each) for each in range(PARTITIONS, MORE)))
                first.forget()
                first.wait_for("landed")
                assert (first.end(), second.end()) == (0, 0)
            assert first.said == second.said == []
        for each in (folder, other):
            assert_each_is_published_once(each, broker.url, answering.acknowledged, 0, load_catalogue())
            # The answers of a unit keep their order also where they lie in two partitions.
            assert newest_of_each(each) == {one[5:7]: one for one in answering.acknowledged}


def _answers_in(admin: Any, partition: int) -> int:
    """How many answers lie in that partition."""
    from kafka import TopicPartition
    from kafka.admin import OffsetSpec

    place = TopicPartition(RESPONSES, partition)
    return int(admin.list_partition_offsets({place: OffsetSpec.LATEST})[place].offset)
