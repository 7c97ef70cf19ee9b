"""From Kafka to committed rows, measured: ours, what a user would otherwise write, and what nobody can outdo.

`python -m benchmarks.from_kafka NAME COUNT BOOTSTRAP` runs one way over a topic that `filled` has put COUNT responses
on, and prints `{"per_second", "peak_mb"}`.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.landing import BATCH, OneSurvey, publish_nothing, warm
from benchmarks.responses import AT, Responses
from benchmarks.rivals.answer_rows import INSERT, TABLE, rows
from infra.event_log import RESPONSES
from infra.kafka_log import KafkaLog
from infra.settings import Settings
from pipeline.consume import Consumer, opened_warehouse, quick_switching
from surveys.events import decode

Way = Callable[[int, str, Path], None]
AT_ONCE = 2_000


def ours(count: int, bootstrap: str, folder: Path) -> None:
    """The pipeline as it runs: polled, parsed, checked, landed with positions."""
    with opened_warehouse(Settings(data_dir=folder)) as connection, closing(_log(bootstrap, folder)) as log:
        consumer = Consumer(log, connection, OneSurvey(), publish_nothing, lambda: AT, batch_events=BATCH)
        with quick_switching():
            totals = consumer.drain()
        consumer.close()
    assert totals.accepted == count


def plain_loop(count: int, bootstrap: str, folder: Path) -> None:
    """kafka-python polled, the envelope's model, and executemany with a commit for each poll: no checks."""
    import duckdb

    with closing(duckdb.connect(str(folder / "plain.duckdb"))) as connection:
        connection.execute(TABLE)
        for values in _polled(count, bootstrap):
            connection.begin()
            connection.executemany(INSERT, [row for value in values for row in rows(decode(value))])
            connection.commit()


def raw_poll(count: int, bootstrap: str, _folder: Path) -> None:
    """Polled, and thrown away."""
    for _ in _polled(count, bootstrap):
        pass


WAYS: dict[str, Way] = {way.__name__: way for way in (ours, plain_loop, raw_poll)}


def filled(count: int, bootstrap: str, folder: Path) -> None:
    """Puts `count` responses on the topic."""
    responses = Responses(count)
    with closing(_log(bootstrap, folder)) as log:
        for first in range(0, count, AT_ONCE):
            events = (responses.event(offset) for offset in range(first, min(first + AT_ONCE, count)))
            log.append(RESPONSES, [(event.key, event.value) for event in events])


def measure(name: str, count: int, bootstrap: str) -> dict[str, float]:
    """Responses a second from the broker on, and the process's largest memory."""
    warm(Responses(1))
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        WAYS[name](count, bootstrap, Path(folder))
        seconds = time.perf_counter() - began
    return {"per_second": count / seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _log(bootstrap: str, folder: Path) -> KafkaLog:
    return KafkaLog(bootstrap, Settings(data_dir=folder, log_url=f"kafka://{bootstrap}"))


def _polled(count: int, bootstrap: str) -> Iterator[list[bytes]]:
    from kafka import KafkaConsumer, TopicPartition

    consumer: Any = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest")
    with closing(consumer):
        consumer.assign([TopicPartition(RESPONSES, each) for each in consumer.partitions_for_topic(RESPONSES)])
        while count > 0:
            polled = consumer.poll(timeout_ms=1000, max_records=BATCH)
            values = [record.value for records in polled.values() for record in records]
            count -= len(values)
            yield values


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), sys.argv[3])))  # noqa: T201 - read by benchmarks.run
