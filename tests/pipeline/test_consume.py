import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from infra.embedded_log import EmbeddedLog
from infra.errors import LogUnavailable, WarehouseLocked
from infra.event_log import ADMINISTRATION, DEAD_LETTERS, RESPONSES, EventLog, Position, StoredEvent
from infra.kafka.broker import Broker
from infra.kafka_log import KafkaLog
from infra.settings import Settings
from infra.warehouse import connect
from pipeline.consume import Consumer, opened_warehouse
from pipeline.errors import PipelineGaveUp
from pipeline.land import positions
from surveys.event_data import RoundClosed, UnitAdded
from surveys.events import AdministrationData, encode, new_administration_event
from tests.pipeline.build import NOON, Definitions, clinics, event, every_kind, response, settings, warehouse
from tests.pipeline.processes import held_by_another


def nothing(_connection: duckdb.DuckDBPyConnection, _now: datetime) -> None:
    """Publishes nothing."""


@contextmanager
def consuming(log: EventLog, connection: duckdb.DuckDBPyConnection, **properties: object) -> Iterator[Consumer]:
    facts: dict[str, object] = {"definitions": Definitions(every_kind(), clinics()), "refresh": nothing}
    consumer = Consumer(log, connection, clock=lambda: NOON, **{**facts, **properties})  # type: ignore[arg-type]
    try:
        yield consumer
    finally:
        consumer.close()


def administration(data: AdministrationData, event_id: str) -> tuple[str, bytes]:
    return data.key, encode(new_administration_event(data, event_id=event_id, time=NOON))


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return connection.execute(sql).fetchall()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    opened = EmbeddedLog(tmp_path / "log.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = warehouse(tmp_path)
    yield opened
    opened.close()


def some(count: int, first: int = 0) -> list[tuple[str, bytes]]:
    return [("14", event(response(submission=f"s-{number}"))) for number in range(first, first + count)]


def test_what_is_appended_is_landed_once_however_often_the_pipeline_starts(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    log.append(RESPONSES, some(7))
    for _ in range(2):
        with consuming(log, connection, batch_events=3) as consumer:
            consumer.drain()
    assert rows(connection, "SELECT log_offset, submission_id FROM landing.event ORDER BY 1") == [
        (number, f"s-{number}") for number in range(7)
    ]
    assert positions(connection, RESPONSES) == {0: 6}


def test_a_unit_registered_before_its_response_was_sent_is_known(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    clinic = UnitAdded(unit_id="um-1", kind="mottagning", name="Hisingen", region_code="14", parent_id="1480")
    q = clinics()
    data = response(unit="um-1", survey=q.survey, questionnaire=q.fingerprint, answers={"besok": 4})
    with consuming(log, connection) as consumer:
        log.append(ADMINISTRATION, [administration(clinic, "a-1")])
        log.append(RESPONSES, [("um-1", event(data))])
        assert consumer.drain().accepted == 1


def test_an_administration_event_that_cannot_be_is_parked_and_the_next_one_happens(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    clinic = UnitAdded(unit_id="um-1", kind="mottagning", name="Hisingen", region_code="14")
    misplaced = UnitAdded(unit_id="um-2", kind="mottagning", name="Ingenstans", region_code="99")
    events = [
        administration(misplaced, "a-1"),
        ("x", b"not an event"),
        administration(RoundClosed(survey="test", year=2023), "a-2"),
        administration(clinic, "a-3"),
        administration(clinic, "a-3"),
    ]
    log.append(ADMINISTRATION, events)
    with consuming(log, connection) as consumer:
        consumer.drain()
    assert rows(connection, "SELECT log_offset, subject FROM landing.administration") == [(3, "um-1")]
    assert rows(connection, "SELECT log_offset, code FROM landing.dead_letter ORDER BY log_offset") == [
        (0, "CANNOT_HAPPEN"),
        (1, "S301"),
        (2, "CANNOT_HAPPEN"),
    ]
    assert positions(connection, ADMINISTRATION) == {0: 4}


class Unreliable:
    """A log whose reads fail the first `failures` times, as a broker does that is away for a while."""

    def __init__(self, log: EventLog, failures: int) -> None:
        self._log = log
        self.failures = failures

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        if self.failures:
            self.failures -= 1
            raise LogUnavailable("test", "away")
        return self._log.read(topic, after, limit, wait_seconds)

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        return self._log.append(topic, events)

    def ends(self, topic: str) -> dict[int, int]:
        return self._log.ends(topic)

    def close(self) -> None:
        self._log.close()


def test_a_log_that_is_away_for_a_while_is_waited_for(log: EmbeddedLog, connection: duckdb.DuckDBPyConnection) -> None:
    log.append(RESPONSES, some(2))
    with consuming(Unreliable(log, 2), connection, backoff_seconds=(0.01, 0.01)) as consumer:
        assert consumer.drain().accepted == 2


def test_a_log_that_stays_away_stops_the_pipeline_with_what_was_the_cause(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    with (
        consuming(Unreliable(log, 4), connection, backoff_seconds=(0.01, 0.01)) as consumer,
        pytest.raises(PipelineGaveUp, match=r"P001 .* after 3 attempts .*I002"),
    ):
        consumer.follow(threading.Event())


def test_a_running_pipeline_lands_and_publishes_what_comes_until_it_is_stopped(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    published: list[int] = []
    stop = threading.Event()

    def publish(warehouse: duckdb.DuckDBPyConnection, _now: datetime) -> None:
        published.append(rows(warehouse, "SELECT count(*) FROM landing.event")[0][0])  # type: ignore[arg-type]

    with consuming(log, connection, refresh=publish) as consumer:
        thread = threading.Thread(target=consumer.follow, args=[stop])
        thread.start()
        log.append(RESPONSES, some(3))
        wait_until(lambda: published and published[-1] == 3)
        log.append(RESPONSES, some(2, first=3))
        wait_until(lambda: published[-1] == 5)
        quiet = len(published)
        time.sleep(0.8)
        stop.set()
        thread.join(60)
    assert not thread.is_alive()
    assert len(published) == quiet, "nothing new, nothing published"


def test_one_that_is_asked_to_end_while_the_log_goes_away_ends_well_and_the_next_one_goes_on(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    stop = threading.Event()

    def away(*_told: object) -> None:
        stop.set()
        raise LogUnavailable("log", "the broker is away")

    log.append(RESPONSES, some(3))
    with consuming(log, connection, tell=away) as consumer:
        consumer.follow(stop)
    log.append(RESPONSES, some(2, first=3))
    with consuming(log, connection) as consumer:
        consumer.drain()
    assert rows(connection, "SELECT count(*), count(DISTINCT submission_id) FROM landing.event") == [(5, 5)]


def test_a_publication_has_all_that_came_while_the_last_one_was_made(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.consume.WAIT_SECONDS", 3.0)  # the reader looks for more all the while
    collector = EmbeddedLog(tmp_path / "log.sqlite")
    log.append(RESPONSES, some(1))
    published: list[int] = []

    def refresh(connection: duckdb.DuckDBPyConnection, _now: datetime) -> None:
        if not published:
            collector.append(RESPONSES, some(2, first=1))
            time.sleep(1)  # it has those, and waits
            collector.append(RESPONSES, some(3, first=3))
        [(landed,)] = connection.execute("SELECT count(*) FROM landing.event").fetchall()
        published.append(landed)

    stop = threading.Event()
    with consuming(log, connection, refresh=refresh) as consumer:
        following = threading.Thread(target=consumer.follow, args=(stop,))
        following.start()
        wait_until(lambda: len(published) > 1)
        stop.set()
        following.join()
    collector.close()
    assert published[:2] == [1, 6]


def test_publishing_that_needs_more_memory_is_done_once_more_with_it(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    log.append(RESPONSES, some(1))
    attempts: list[object] = []

    def refresh(connection: duckdb.DuckDBPyConnection, now: datetime) -> object:
        attempts.append(connection.execute("SELECT current_setting('memory_limit')").fetchone())
        return connection.execute("SELECT len(list(i)) FROM range(40_000_000) t(i)").fetchone()

    with consuming(log, connection, refresh=refresh) as consumer:
        assert consumer.drain().accepted == 1
        assert len(set(attempts)) == len(attempts) == 2
        log.append(RESPONSES, some(1, first=1))
        consumer.drain()
    assert attempts[2:] == attempts[1:2]  # the lesson is kept


def wait_until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_a_second_pipeline_on_the_same_warehouse_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    refused = pytest.raises(WarehouseLocked, match=r"I012 .*Only one pipeline may run")
    with held_by_another(path), refused, opened_warehouse(settings(tmp_path)):
        pass
    connect(path).close()


def begin_at_the_ends(connection: duckdb.DuckDBPyConnection, log: EventLog) -> dict[str, int]:
    """Lets the warehouse begin after what other tests have left on the broker; how much that is, by topic."""
    before = {topic: log.ends(topic) for topic in (RESPONSES, ADMINISTRATION, DEAD_LETTERS)}
    for topic in (RESPONSES, ADMINISTRATION):
        for partition, end in before[topic].items():
            connection.execute("INSERT INTO landing.position VALUES (?, ?, ?)", [topic, partition, end - 1])
    return {topic: sum(ends.values()) for topic, ends in before.items()}


@pytest.mark.kafka
def test_everything_on_a_real_broker_is_landed_or_parked_once(
    broker: Broker, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    log = KafkaLog(broker.bootstrap, Settings(data_dir=tmp_path, log_url=broker.url))
    units = [f"{unit:02d}" for unit in (1, 3, 4, 5, 6, 7, 8, 9, 10, 12)]
    values = [(unit, event(response(unit, f"s-{unit}-{number}"))) for unit in units for number in range(20)]
    before = begin_at_the_ends(connection, log)
    log.append(RESPONSES, [*values, ("14", b"not an event"), values[0]])
    for _ in range(2):
        with consuming(log, connection, batch_events=64) as consumer:
            consumer.drain()
    assert rows(connection, "SELECT count(*), count(DISTINCT submission_id) FROM landing.event") == [(200, 200)]
    assert rows(connection, "SELECT count(*) FROM landing.repeated") == [(1,)]
    assert rows(connection, "SELECT code, event_key, announced_at IS NOT NULL FROM landing.dead_letter") == [
        ("S301", "14", True)
    ]
    assert {topic: sum(log.ends(topic).values()) - before[topic] for topic in before} == {
        RESPONSES: 202,
        ADMINISTRATION: 0,
        DEAD_LETTERS: 1,
    }
    log.close()
