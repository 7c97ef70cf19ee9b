"""The event log on Apache Kafka: partitioned by key, replicated, acknowledged by all in-sync replicas."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any

from infra.errors import LogUnavailable
from infra.event_log import Position, StoredEvent, refuse_too_large
from infra.kafka_clients import KafkaClients, end_producer
from infra.kafka_reader import TopicReader
from infra.settings import Settings

HEADERS = [("content-type", b"application/cloudevents+json")]
# What is on its way at once, so that a large append does not outlive its own time limit in the queue.
CHUNK_EVENTS = 1_000
CHUNK_BYTES = 4_000_000

Event = tuple[str, bytes]


class KafkaLog:
    """An EventLog on the cluster behind `bootstrap` (host:port,…); connects when first used.

    Missing topics are made. No call waits longer than about twice `longest_wait` seconds without progress; then
    it raises LogUnavailable. Events of one append go to several partitions: when it raises, some may be in the log.
    """

    def __init__(self, bootstrap: str, settings: Settings, longest_wait: float = 3.0) -> None:
        self._clients = KafkaClients(bootstrap, settings, longest_wait)
        self._setting_up = threading.Lock()
        self._topics: set[str] = set()
        self._producer: Any = None
        self._readers: dict[str, TopicReader] = {}

    def append(self, topic: str, events: Sequence[Event]) -> list[Position]:
        """See EventLog."""
        refuse_too_large(events)
        if not events:
            return []
        with self._clients.faults():
            return [position for chunk in _chunks(events) for position in self._send(topic, chunk)]

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        """See EventLog."""
        with self._clients.faults():
            return self._reader_of(topic).read(after, limit, wait_seconds)

    def ends(self, topic: str) -> dict[int, int]:
        """See EventLog; what an unfinished transaction of another writer holds back is not counted."""
        with self._clients.faults():
            return self._reader_of(topic).ends()

    def close(self) -> None:
        """See EventLog."""
        with self._setting_up, self._clients.faults():
            for reader in self._readers.values():
                reader.close()
            if self._producer is not None:
                end_producer(self._producer, self._clients.longest_wait)
            self._readers.clear()
            self._producer = None

    def _send(self, topic: str, events: Sequence[Event]) -> list[Position]:
        from kafka.errors import KafkaError

        producer = self._producer_for(topic)
        try:
            sent = [producer.send(topic, value, key.encode(), HEADERS) for key, value in events]
            # The producer itself gives up after longest_wait; the second more lets it say why.
            return [self._position(future.get(timeout=self._clients.longest_wait + 1)) for future in sent]
        except KafkaError:
            self._replace(producer)
            raise

    def _replace(self, producer: Any) -> None:
        """Lets the next append start with a new producer.

        After a batch expired on its way (a leader killed, say), kafka-python 3.0's may look for a producer id on the
        dead node for ever. Ending it can take seconds, which the caller does not have.
        """
        with self._alone():
            if self._producer is not producer:
                return  # another thread was quicker
            self._producer = None
            self._topics.clear()
        threading.Thread(target=end_producer, args=(producer, self._clients.longest_wait * 3), daemon=True).start()

    def _position(self, metadata: Any) -> Position:
        if metadata.offset < 0:
            raise LogUnavailable(self._clients.log, "stored, but the broker did not say where")
        return Position(metadata.topic, metadata.partition, metadata.offset)

    def _producer_for(self, topic: str) -> Any:
        if self._producer is None or topic not in self._topics:
            with self._alone():
                self._ensure(topic)
                self._producer = self._producer or self._clients.producer()
        return self._producer

    def _reader_of(self, topic: str) -> TopicReader:
        if topic not in self._readers:
            with self._alone():
                self._ensure(topic)
                if topic not in self._readers:
                    self._readers[topic] = self._new_reader(topic)
        return self._readers[topic]

    def _new_reader(self, topic: str) -> TopicReader:
        with ExitStack() as on_failure:
            consumer, lookup = (on_failure.enter_context(closing(self._clients.consumer())) for _ in range(2))
            on_failure.pop_all()
        return TopicReader(consumer, lookup, topic, self._clients.longest_wait)

    def _ensure(self, topic: str) -> None:
        if topic not in self._topics:
            self._clients.ensure_topic(topic)
            self._topics.add(topic)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Bounded: a hundred requests behind a broker that is down must not queue up for three seconds each.
        if not self._setting_up.acquire(timeout=self._clients.longest_wait):
            raise LogUnavailable(self._clients.log, "still connecting")
        try:
            yield
        finally:
            self._setting_up.release()


def _chunks(events: Sequence[Event]) -> Iterator[list[Event]]:
    chunk: list[Event] = []
    size = 0
    for event in events:
        if chunk and (len(chunk) == CHUNK_EVENTS or size + len(event[1]) > CHUNK_BYTES):
            yield chunk
            chunk, size = [], 0
        chunk.append(event)
        size += len(event[1])
    yield chunk
