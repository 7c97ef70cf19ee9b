"""Landing measured: ours, and what it is to be judged beside. `python -m benchmarks.landing NAME COUNT` runs one.

Each way starts from the same events as polled (bytes in memory) and prints `{"per_second", "peak_mb"}`.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.responses import AT, Responses, questionnaire
from infra.settings import Settings
from pipeline.arrived import insert
from pipeline.consume import Consumer, opened_warehouse, quick_switching
from surveys.checks import checker
from surveys.events import ResponseSubmittedEvent, decode
from surveys.questionnaire import Item, Questionnaire
from surveys.response import is_missing

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 4_000
Row = tuple[Any, ...]
Way = Callable[["DuckDBPyConnection", Responses, Path], None]


class OneSurvey:
    """A catalogue with the benchmark's survey only."""

    def surveys(self) -> list[str]:
        return [questionnaire().survey]

    def years(self, _survey: str) -> list[int]:
        return [questionnaire().year]

    def get(self, _survey: str, _year: int) -> Questionnaire:
        return questionnaire()


def ours(connection: "DuckDBPyConnection", log: Responses, _folder: Path) -> None:
    """The pipeline as it runs: parsed, checked, landed with positions, batch by batch."""
    consumer = Consumer(log, connection, OneSurvey(), publish_nothing, lambda: AT, batch_events=BATCH)
    with quick_switching():
        totals = consumer.drain()
    consumer.close()
    assert totals.accepted == log.count


def row_by_row(connection: "DuckDBPyConnection", log: Responses, _folder: Path) -> None:
    """Parsed and checked, then each response's rows given to executemany, in one transaction for each response."""
    for event in _checked(log):
        connection.begin()
        connection.executemany(f"INSERT INTO landing.answer VALUES ({', '.join('?' * 12)})", list(_rows(event)))
        connection.commit()


def rows_in_python(connection: "DuckDBPyConnection", log: Responses, _folder: Path) -> None:
    """Parsed and checked, the long rows built in Python and appended as Arrow tables."""
    import pyarrow

    schema = connection.sql("SELECT * FROM landing.answer").to_arrow_table().schema
    batch: list[Row] = []
    for place, event in enumerate(_checked(log), start=1):
        batch.extend(_rows(event))
        if place % BATCH == 0 or place == log.count:
            columns = zip(zip(*batch, strict=True), schema.types, strict=True)
            arrays = [pyarrow.array(column, kind) for column, kind in columns]
            connection.begin()
            insert(connection, "answer", pyarrow.Table.from_arrays(arrays, schema=schema))
            connection.commit()
            batch = []


def json_reader(connection: "DuckDBPyConnection", log: Responses, folder: Path) -> None:
    """DuckDB reads the events from a file of JSON lines into one wide table: no checks, no long form, no positions."""
    file = folder / "events.ndjson"
    connection.execute(f"CREATE TABLE landed AS SELECT * FROM read_json('{file}', format = 'newline_delimited')")


def parsing(_connection: "DuckDBPyConnection", log: Responses, _folder: Path) -> None:
    """Parsed by the envelope's and the data's models, and thrown away."""
    for event in events(log):
        decode(event)


WAYS: dict[str, Way] = {way.__name__: way for way in (ours, row_by_row, rows_in_python, json_reader, parsing)}


def measure(name: str, count: int) -> dict[str, float]:
    """Responses a second from bytes to committed rows, and the process's largest memory."""
    log = Responses(count)
    warm(log)
    with tempfile.TemporaryDirectory() as folder:
        if name == json_reader.__name__:
            (Path(folder) / "events.ndjson").write_bytes(b"\n".join(events(log)))
        with opened_warehouse(Settings(data_dir=Path(folder))) as connection:
            began = time.perf_counter()
            WAYS[name](connection, log, Path(folder))
            seconds = time.perf_counter() - began
    return {"per_second": count / seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def warm(log: Responses) -> None:
    """Lets everything be loaded and compiled once, as it is in a process that runs."""
    import pyarrow

    pyarrow.array(["loads pandas when it first makes an array"])
    checker(questionnaire(), "region")
    decode(log.event(0).value)


def events(log: Responses) -> Iterator[bytes]:
    return (log.event(offset).value for offset in range(log.count))


def _checked(log: Responses) -> Iterator[ResponseSubmittedEvent]:
    check = checker(questionnaire(), "region").intrinsic
    for value in events(log):
        event = decode(value)
        assert isinstance(event, ResponseSubmittedEvent)
        assert not check(event.data.answers)
        yield event


def _rows(event: ResponseSubmittedEvent) -> Iterator[Row]:
    """The response as landing.answer has it, value by value."""
    data, items = event.data, questionnaire().items
    for address, value in data.answers.items():
        for row in _values(address, items[address], value):
            yield (data.survey, data.year, data.unit, *row, 0, 0)


def _values(address: str, item: Item, value: Any, row_no: int | None = None) -> Iterator[Row]:
    if is_missing(value):
        yield address, row_no, None, None, None, None, value["missing"]
    elif item.split_by_sex:
        yield from ((address, row_no, sex, float(number), None, None, None) for sex, number in value.items())
    elif item.type == "roster":
        columns = {column.id: column for column in item.items}
        for number, cells in enumerate(value, start=1):
            for column, cell in cells.items():
                yield from _values(f"{address}.{column}", columns[column], cell, number)
        yield address, None, None, float(len(value)), None, None, None
    elif item.type == "opening_hours":
        for day, said in enumerate(value.values(), start=1):
            yield address, day, None, None, said if isinstance(said, str) else "-".join(said.values()), None, None
    elif item.type == "several_of":
        yield from ((address, place, None, None, None, code, None) for place, code in enumerate(value, start=1))
    elif item.type == "one_of":
        yield address, row_no, None, None, None, value, None
    elif item.type in ("text", "date"):
        yield address, row_no, None, None, value, None, None
    else:
        yield address, row_no, None, float(value), None, None, None


def publish_nothing(_connection: "DuckDBPyConnection", _now: datetime) -> None:
    """Landing alone is measured."""


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))  # noqa: T201 - read by benchmarks.run
