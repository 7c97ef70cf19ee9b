"""What only Kafka has: other writers, transactions, retention, accounts, topics that must be made right."""

import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from infra.errors import LogPositionLost, LogUnavailable
from infra.event_log import ADMINISTRATION, DEAD_LETTERS, RESPONSES, EventLog, open_log
from infra.kafka.broker import Broker
from infra.kafka_log import KafkaLog
from infra.kafka_reader import TopicReader
from infra.settings import Settings

pytestmark = pytest.mark.kafka


@pytest.fixture
def log(broker: Broker) -> Iterator[EventLog]:
    with closing(open_log(Settings(log_url=broker.url))) as opened:
        yield opened


@pytest.fixture
def topic() -> str:
    return f"test.{uuid.uuid4()}"


@pytest.fixture
def admin(broker: Broker) -> Iterator[Any]:
    from kafka import KafkaAdminClient

    with closing(KafkaAdminClient(bootstrap_servers=broker.bootstrap)) as client:
        yield client


def test_topics_are_made_to_last_for_ever_with_the_log_s_own_time(log: EventLog, admin: Any) -> None:
    from kafka.admin import ConfigResource, ConfigResourceType

    for topic, partitions in ((RESPONSES, 6), (DEAD_LETTERS, 1), (ADMINISTRATION, 1)):
        assert set(log.ends(topic)) == set(range(partitions))
    settings = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, RESPONSES)], config_filter="all")
    values = {name: config["value"] for name, config in settings["topic"][RESPONSES].items()}
    assert values["message.timestamp.type"] == "LogAppendTime"
    assert (values["retention.ms"], values["retention.bytes"]) == ("-1", "-1")
    assert values["cleanup.policy"] == "delete"


def test_a_look_at_a_quiet_topic_does_not_wait_behind_the_last_fetch(log: EventLog, topic: str) -> None:
    position = log.append(topic, [("14", b"first")])[-1]
    assert log.read(topic, {}, 10)
    took = []
    for _ in range(20):
        started = time.monotonic()
        assert log.read(topic, {position.partition: position.offset}, 10) == []
        took.append(time.monotonic() - started)
    assert min(took) < 0.09, "every look took 0.1 s when it shared the fetch's connection"


def test_the_number_of_partitions_is_a_setting(broker: Broker, admin: Any) -> None:
    admin.delete_topics([RESPONSES])
    with closing(open_log(Settings(log_url=broker.url, kafka_partitions=2))) as log:
        assert set(log.ends(RESPONSES)) == {0, 1}
    admin.delete_topics([RESPONSES])


def test_an_event_is_a_cloudevent_in_structured_mode_keyed_by_unit(log: EventLog, broker: Broker, topic: str) -> None:
    from kafka import KafkaConsumer, TopicPartition

    log.append(topic, [("14", b"{}")])
    with closing(KafkaConsumer(bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")) as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        [[record]] = consumer.poll(timeout_ms=5000).values()
    assert record.key == b"14"
    assert record.headers == [("content-type", b"application/cloudevents+json")]


def test_a_foreign_event_without_key_or_value_or_with_a_broken_key_is_read_all_the_same(
    log: EventLog, broker: Broker, topic: str
) -> None:
    from kafka import KafkaProducer

    log.ends(topic)
    with closing(KafkaProducer(bootstrap_servers=broker.bootstrap)) as producer:
        for key, value in ((None, b"no key"), (b"14", None), (b"\xff", b"broken key")):
            producer.send(topic, value, key)
    events = log.read(topic, {}, 10)
    assert [(event.key, event.value) for event in events] == [("", b"no key"), ("14", b""), ("\ufffd", b"broken key")]


def test_another_writer_s_transaction_is_read_when_committed_and_its_marks_do_not_stop_the_reader(
    log: EventLog, broker: Broker, topic: str
) -> None:
    from kafka import KafkaProducer

    log.append(topic, [("14", b"before")])
    with closing(KafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id=topic)) as producer:
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(topic, b"withdrawn", b"14")
        producer.flush()
        producer.abort_transaction()
        producer.begin_transaction()
        producer.send(topic, b"in transaction", b"14")
        producer.flush()
        assert [event.value for event in log.read(topic, {}, 10)] == [b"before"]
        producer.commit_transaction()
    events = log.read(topic, {0: 0}, 10, wait_seconds=5)
    assert [event.value for event in events] == [b"in transaction"]
    assert log.read(topic, {0: events[-1].offset}, 10) == []
    log.append(topic, [("14", b"after")])
    assert [event.value for event in log.read(topic, {0: events[-1].offset}, 10)] == [b"after"]


def test_a_position_whose_events_were_deleted_is_an_error(log: EventLog, admin: Any, topic: str) -> None:
    from kafka import TopicPartition

    log.append(topic, [("14", str(number).encode()) for number in range(6)])
    assert len(log.read(topic, {}, 2)) == 2
    admin.delete_records({TopicPartition(topic, 0): 4})
    with pytest.raises(LogPositionLost, match="offsets 4 to 5"):
        log.read(topic, {0: 2}, 10)
    assert [event.value for event in log.read(topic, {0: 3}, 10)] == [b"4", b"5"]
    assert [event.value for event in log.read(topic, {}, 10)] == [b"4", b"5"]


def test_a_broker_that_falls_silent_between_its_ends_and_its_events_is_not_an_empty_log(
    broker: Broker, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [("14", str(number).encode()) for number in range(6)]
    with closing(KafkaLog(broker.bootstrap, Settings(), longest_wait=1)) as log:
        log.append(topic, given)
        look, poll = TopicReader._behind, TopicReader._poll

        def look_and_fall_silent(reader: TopicReader) -> int:
            behind = look(reader)
            broker.pause(1)
            return behind

        monkeypatch.setattr(TopicReader, "_behind", look_and_fall_silent)
        # Nothing has been fetched before it looks.
        monkeypatch.setattr(TopicReader, "_poll", lambda reader, limit, wait: poll(reader, limit, wait) if wait else [])
        try:
            with pytest.raises(LogUnavailable):
                log.read(topic, {}, 10)
        finally:
            broker.resume(1)
        monkeypatch.undo()
        assert [(event.key, event.value) for event in log.read(topic, {}, 10)] == given


def test_a_cluster_that_is_not_there_is_named_at_once() -> None:
    with closing(open_log(Settings(log_url="kafka://127.0.0.1:1"))) as log:
        with pytest.raises(LogUnavailable, match=r"kafka://127\.0\.0\.1:1.*refused"):
            log.append(RESPONSES, [("14", b"x")])
        with pytest.raises(LogUnavailable):
            log.read(RESPONSES, {}, 1)
        with pytest.raises(LogUnavailable):
            log.ends(RESPONSES)
