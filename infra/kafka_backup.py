"""Kafka's topics in a backup: every committed event with its key, partition, offset, time and headers, a line each."""

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any

from infra.errors import LogUnavailable, RestoreInterrupted, RestoreRefused
from infra.event_log import DEAD_LETTERS, FROM_WRITER, TOPICS
from infra.kafka_clients import KEPT_FOR_EVER, KafkaClients, end_producer
from infra.settings import Settings

LONGEST_WAIT = 10.0
CHUNK_EVENTS = 1_000
TIME_IS = "message.timestamp.type"
# While restoring, events keep the times they had; afterwards the log's own clock says when again.
AS_GIVEN = "CreateTime"
SETTLED_SECONDS = 30.0

Facts = dict[str, Any]


class KafkaBackup:
    """A LogBackup of the topics on the settings' cluster."""

    kind = "kafka"
    member = "log.jsonl"

    def __init__(self, settings: Settings) -> None:
        bootstrap = settings.log_url.removeprefix("kafka://")
        self._clients = KafkaClients(bootstrap, settings, LONGEST_WAIT)

    def dump(self, path: Path) -> Facts:
        """See LogBackup."""
        with self._clients.faults():
            for topic in TOPICS:
                self._clients.ensure_topic(topic)
            of_writers = [name for name in self._clients.topics() if name.startswith(FROM_WRITER)]
            with closing(self._clients.consumer()) as consumer, path.open("w", encoding="utf-8") as file:
                # What a response builds on was appended before it, and what names an event after it.
                every = (*of_writers, *TOPICS)
                return {topic: self._dump_topic(consumer, topic, file) for topic in every}

    def refuse_unless_empty(self, topics: Mapping[str, Any]) -> None:
        """See LogBackup."""
        with self._clients.faults(), closing(self._clients.consumer()) as consumer:
            for topic, ends in topics.items():
                self._refuse(consumer, topic, len(ends))

    def restore(self, path: Path, topics: Mapping[str, Any]) -> Facts:
        """See LogBackup. Raises RestoreInterrupted.

        Where events were missing (taken back by their writer, or expired) those behind them move up. The dead letters
        name places, so when any event moved they are left out: the pipeline parks what it parked once more.
        """
        with self._clients.faults():
            for topic, ends in topics.items():
                self._clients.prepare_topic(topic, len(ends), {**KEPT_FOR_EVER, TIME_IS: AS_GIVEN})
            moved = self._send_all(path)
            for topic in topics:
                self._clients.configure_topic(topic, {TIME_IS: KEPT_FOR_EVER[TIME_IS]})
        return moved

    def _refuse(self, consumer: Any, topic: str, partitions: int) -> None:
        found = self._clients.partitions(topic)
        if not found:
            return
        wait_ms = int(LONGEST_WAIT * 1000)
        if any(consumer.end_offsets(_numbered(topic, range(found)), timeout_ms=wait_ms).values()):
            now = "Delete the topic, or restore to another cluster."
            raise RestoreRefused(f"{self._clients.log} {topic}", "the topic has, or had, events.", now)
        if found != partitions:
            what = f"the topic has {found} partitions, the backup {partitions}."
            raise RestoreRefused(f"{self._clients.log} {topic}", what, "Delete the topic: it is made anew.")

    def _dump_topic(self, consumer: Any, topic: str, file: IO[str]) -> Facts:
        """Everything up to where the topic ended when its turn came."""
        partitions = _numbered(topic, range(self._clients.partitions(topic)))
        wait_ms = int(LONGEST_WAIT * 1000)
        ends = consumer.end_offsets(partitions, timeout_ms=wait_ms)
        starts = consumer.beginning_offsets(partitions, timeout_ms=wait_ms)
        consumer.assign(partitions)
        for each in partitions:
            consumer.seek(each, starts[each])
        heard = time.monotonic()
        while any(consumer.position(each, timeout_ms=wait_ms) < ends[each] for each in partitions):
            polled = consumer.poll(timeout_ms=1000)
            for each, records in polled.items():
                file.writelines(_line(record) for record in records if record.offset < ends[each])
            heard = time.monotonic() if polled else heard
            if time.monotonic() - heard > LONGEST_WAIT:
                raise LogUnavailable(self._clients.log, f"{topic} has more events, and hands out none")
        return {str(each.partition): ends[each] for each in partitions}

    def _send_all(self, path: Path) -> Facts:
        moved: Facts = {}
        producer = self._clients.producer()
        try:
            with path.open(encoding="utf-8") as lines:
                for topic, events in groupby(map(json.loads, lines), key=lambda event: event["topic"]):
                    while some := list(islice(events, CHUNK_EVENTS)):
                        if topic != DEAD_LETTERS or not moved:
                            self._send(producer, some, moved)
        finally:
            end_producer(producer, LONGEST_WAIT)
        return moved

    def _send(self, producer: Any, events: list[Facts], moved: Facts) -> None:
        from kafka.errors import KafkaError

        try:
            sent = [(event, _sent(producer, event)) for event in events]
            for event, future in sent:
                stored = future.get(timeout=LONGEST_WAIT + 1)
                if stored.timestamp != event["time_ms"]:
                    raise RestoreInterrupted(self._clients.log, f"{event['topic']} does not keep the times of events")
                if stored.offset != event["offset"]:
                    moved[event["topic"]] = moved.get(event["topic"], 0) + 1
        except KafkaError as fault:
            raise RestoreInterrupted(self._clients.log, str(fault)) from fault


def _numbered(topic: str, partitions: range) -> list[Any]:
    from kafka import TopicPartition

    return [TopicPartition(topic, each) for each in partitions]


def _line(record: Any) -> str:
    event = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "time_ms": record.timestamp,
        "key": _text(record.key),
        "value": _text(record.value),
        "headers": [[name, _text(value)] for name, value in record.headers],
    }
    return json.dumps(event, ensure_ascii=False) + "\n"


def _sent(producer: Any, event: Facts) -> Any:
    return producer.send(
        event["topic"],
        _bytes(event["value"]),
        _bytes(event["key"]),
        [(name, _bytes(value)) for name, value in event["headers"]],
        event["partition"],
        event["time_ms"],
    )


def _text(value: bytes | None) -> object:
    """Readable where it is text; a foreign writer may have put anything there, also nothing."""
    if value is None:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(value).decode()}


def _bytes(value: Any) -> bytes | None:
    if isinstance(value, dict):
        return b64decode(value["base64"])
    return None if value is None else str(value).encode()
