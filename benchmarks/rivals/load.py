"""`python -m benchmarks.rivals.load NAME COUNT BOOTSTRAP`: one tool from Kafka to committed rows, by our event model.

Prints `{"per_second", "peak_mb"}`. Runs in the environment of benchmarks/rivals/constraints.txt.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.rivals.answer_rows import TABLE, rows
from surveys.event_data import ResponseSubmitted
from surveys.events import decode

TOPIC = "lagesbild.responses.v1"
BATCH = 4_000


def dlt(count: int, bootstrap: str, folder: Path) -> None:
    """dlt: a resource of events validated by the model, loaded into DuckDB with its file loader."""
    os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}
    import dlt as tool

    @tool.resource(name="response", columns=ResponseSubmitted, write_disposition="append")  # type: ignore[untyped-decorator]
    def responses() -> Iterator[list[dict[str, Any]]]:
        for values in _polled(count, bootstrap):
            yield [decode(value).data.model_dump() for value in values]

    destination = tool.destinations.duckdb(str(folder / "dlt.duckdb"))
    pipeline = tool.pipeline("rival", destination=destination, dataset_name="landing", pipelines_dir=str(folder))
    pipeline.run(responses())


def quixstreams(count: int, bootstrap: str, folder: Path) -> None:
    """quix-streams: its consumer and batching sink, rows appended to DuckDB as Arrow, offsets committed by Kafka."""
    import duckdb
    import pyarrow
    from quixstreams import Application
    from quixstreams.models import BytesDeserializer
    from quixstreams.sinks import BatchingSink, SinkBatch

    connection = duckdb.connect(str(folder / "quix.duckdb"))
    connection.execute(TABLE)
    names = ["survey", "year", "unit", "item", "part", "value"]

    class Landing(BatchingSink):  # type: ignore[misc]
        def write(self, batch: SinkBatch) -> None:
            columns = zip(*(row for one in batch for row in rows(decode(one.value))), strict=True)
            table = pyarrow.table(dict(zip(names, map(list, columns), strict=True)))
            connection.begin()
            connection.register("arrived", table)
            connection.execute("INSERT INTO answer SELECT * FROM arrived")
            connection.unregister("arrived")
            connection.commit()

    app = Application(
        bootstrap,
        consumer_group=f"rival-{time.time_ns()}",
        auto_offset_reset="earliest",
        commit_every=BATCH,
        loglevel="ERROR",
        state_dir=folder / "state",
    )
    frame = app.dataframe(app.topic(TOPIC, value_deserializer=BytesDeserializer()))
    frame.sink(Landing())
    app.run(count=count)
    connection.close()


WAYS: dict[str, Callable[[int, str, Path], None]] = {way.__name__: way for way in (dlt, quixstreams)}


def _polled(count: int, bootstrap: str) -> Iterator[list[bytes]]:
    from kafka import KafkaConsumer, TopicPartition

    consumer: Any = KafkaConsumer(bootstrap_servers=bootstrap, group_id=None, auto_offset_reset="earliest")
    consumer.assign([TopicPartition(TOPIC, each) for each in consumer.partitions_for_topic(TOPIC)])
    while count > 0:
        polled = consumer.poll(timeout_ms=1000, max_records=min(BATCH, count))
        values = [record.value for records in polled.values() for record in records]
        count -= len(values)
        yield values
    consumer.close()


def main(name: str, count: int, bootstrap: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        WAYS[name](count, bootstrap, Path(folder))
        seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"per_second": count / seconds, "peak_mb": peak}))  # noqa: T201 - read by benchmarks.run


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
