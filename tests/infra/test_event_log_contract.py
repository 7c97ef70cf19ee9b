"""What every event log promises, held against each of them."""

import itertools
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.errors import EventTooLarge, LogPositionLost, LogUnavailable
from infra.event_log import LARGEST_EVENT_BYTES, RESPONSES, EventLog, Position, StoredEvent, open_log
from infra.kafka.broker import Broker
from infra.settings import Settings, sqlite_path

REGIONS = ("01", "03", "09", "14", "25")


@dataclass(frozen=True)
class Store:
    """Where a log keeps its events: opened as often as wanted, and taken away for a while."""

    settings: Settings
    unavailable: Callable[[], AbstractContextManager[None]]

    def open(self) -> EventLog:
        return open_log(self.settings)


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "embedded":
        url = f"sqlite:///{tmp_path}/log.sqlite"
        return Store(Settings(log_url=url), lambda: write_lock(sqlite_path(url)))
    broker: Broker = request.getfixturevalue("broker")
    return Store(Settings(log_url=broker.url), lambda: killed(broker))


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def killed(broker: Broker) -> Iterator[None]:
    broker.kill(1)
    try:
        yield
    finally:
        broker.start(1)


@pytest.fixture
def log(store: Store) -> Iterator[EventLog]:
    with closing(store.open()) as opened:
        yield opened


@pytest.fixture
def topic() -> str:
    """A topic of its own, with one partition on either log."""
    return f"test.{uuid.uuid4()}"


def now(log: EventLog, topic: str) -> dict[int, int]:
    """The positions after which only later events are read."""
    return {partition: end - 1 for partition, end in log.ends(topic).items()}


def everything_after(log: EventLog, topic: str, after: dict[int, int], limit: int = 1000) -> list[StoredEvent]:
    """Reads as the pipeline does: batch by batch, until there is no more."""
    events: list[StoredEvent] = []
    reached = dict(after)
    while batch := log.read(topic, reached, limit):
        events += batch
        reached.update((event.partition, event.offset) for event in batch)
    return events


def values(events: Sequence[StoredEvent], key: str | None = None) -> list[str]:
    return [event.value.decode() for event in events if key in (None, event.key)]


def test_what_was_appended_is_read_with_its_position_key_and_time(log: EventLog, topic: str) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    positions = log.append(topic, [("14", b"first"), ("01", b"second")])
    events = log.read(topic, {}, 10)
    assert [(event.key, event.value) for event in events] == [("14", b"first"), ("01", b"second")]
    assert [Position(event.topic, event.partition, event.offset) for event in events] == positions
    assert all(before < event.appended_at < datetime.now(UTC) + timedelta(seconds=1) for event in events)


def test_positions_are_given_in_the_order_of_the_events(log: EventLog) -> None:
    after = now(log, RESPONSES)
    given = [(key, f"{key}/{number}".encode()) for number in range(20) for key in REGIONS]
    positions = log.append(RESPONSES, given)
    lying = {
        Position(e.topic, e.partition, e.offset): (e.key, e.value) for e in everything_after(log, RESPONSES, after)
    }
    assert [lying[position] for position in positions] == given


def test_events_of_one_key_lie_in_one_partition_in_order(log: EventLog) -> None:
    after = now(log, RESPONSES)
    for number in range(10):
        log.append(RESPONSES, [(key, str(number).encode()) for key in REGIONS])
    events = everything_after(log, RESPONSES, after, limit=7)
    for key in REGIONS:
        assert values(events, key) == [str(number) for number in range(10)]
        assert len({event.partition for event in events if event.key == key}) == 1


def test_offsets_grow_within_each_partition(log: EventLog) -> None:
    after = now(log, RESPONSES)
    log.append(RESPONSES, [(key, b"x") for key in REGIONS * 10])
    events = everything_after(log, RESPONSES, after, limit=3)
    assert len(events) == 10 * len(REGIONS)
    for partition, end in log.ends(RESPONSES).items():
        offsets = [event.offset for event in events if event.partition == partition]
        assert offsets == list(range(after[partition] + 1, end))


def test_events_survive_closing_and_opening(store: Store, topic: str) -> None:
    with closing(store.open()) as first:
        first.append(topic, [("14", b"kept")])
    with closing(store.open()) as second:
        assert values(second.read(topic, {}, 10)) == ["kept"]
        assert second.append(topic, [("14", b"next")]) == [Position(topic, 0, 1)]


def test_reading_goes_on_after_the_given_position_and_back_again(log: EventLog, topic: str) -> None:
    log.append(topic, [("14", str(number).encode()) for number in range(6)])
    assert values(log.read(topic, {0: 3}, 10)) == ["4", "5"]
    assert values(log.read(topic, {0: 5}, 10)) == []
    assert values(log.read(topic, {0: 0}, 2)) == ["1", "2"]
    assert values(log.read(topic, {0: -1}, 1)) == ["0"]


def test_a_limit_holds(log: EventLog, topic: str) -> None:
    log.append(topic, [("14", str(number).encode()) for number in range(6)])
    assert values(log.read(topic, {}, 4)) == ["0", "1", "2", "3"]
    assert log.read(topic, {}, 0) == []


def test_topics_are_apart(log: EventLog, topic: str) -> None:
    log.append(topic, [("14", b"here")])
    assert log.read(topic + ".other", {}, 10) == []
    assert log.append(topic + ".other", [("14", b"there")]) == [Position(topic + ".other", 0, 0)]
    assert values(log.read(topic, {}, 10)) == ["here"]


def test_ends_tell_the_next_offset(log: EventLog, topic: str) -> None:
    assert set(log.ends(topic).values()) <= {0}
    log.append(topic, [("14", b"x"), ("01", b"y")])
    assert log.ends(topic) == {0: 2}


def test_an_empty_log_answers_at_once_without_a_wait(log: EventLog, topic: str) -> None:
    log.ends(topic)
    took = []
    for _ in range(5):
        started = time.monotonic()
        assert log.read(topic, {}, 10) == []
        took.append(time.monotonic() - started)
    assert min(took) < 1.0


def test_a_wait_ends_without_an_event(log: EventLog, topic: str) -> None:
    log.ends(topic)
    started = time.monotonic()
    assert log.read(topic, {}, 10, wait_seconds=0.5) == []
    assert 0.45 < time.monotonic() - started < 30


@pytest.mark.parametrize("same_process", [True, False])
def test_a_waiting_reader_gets_an_event_soon(store: Store, log: EventLog, topic: str, same_process: bool) -> None:
    log.ends(topic)
    other = log if same_process else store.open()
    appended: list[float] = []

    def append() -> None:
        other.append(topic, [("14", b"news")])
        appended.append(time.monotonic())

    timer = threading.Timer(0.4, append)
    timer.start()
    assert values(log.read(topic, {}, 10, wait_seconds=20)) == ["news"]
    read_at = time.monotonic()
    timer.join()
    assert read_at - appended[0] < 10, "it waited its time out"
    if not same_process:
        other.close()


def test_nothing_to_append_appends_nothing(log: EventLog, topic: str) -> None:
    assert log.append(topic, []) == []
    assert set(log.ends(topic).values()) <= {0}


def test_any_text_and_any_bytes_come_back_as_they_were(log: EventLog, topic: str) -> None:
    given = [("Åre ✓ 𝄞", "åäö 😀\u0000".encode()), ("14", bytes(range(256))), ("x", b"")]
    log.append(topic, given)
    assert [(event.key, event.value) for event in log.read(topic, {}, 10)] == given


def test_a_payload_of_900_kb_comes_back_whole(log: EventLog, topic: str) -> None:
    large = bytes(itertools.islice(itertools.cycle(range(251)), 900_000))
    log.append(topic, [("14", large), ("14", b"after")])
    assert [event.value for event in everything_after(log, topic, {})] == [large, b"after"]


def test_an_event_too_large_for_any_log_is_refused_with_all_given_with_it(log: EventLog, topic: str) -> None:
    with pytest.raises(EventTooLarge, match="I005 event of 14"):
        log.append(topic, [("01", b"small"), ("14", b"x" * (LARGEST_EVENT_BYTES + 1))])
    assert log.read(topic, {}, 10) == []


def test_the_largest_event_fits(log: EventLog, topic: str) -> None:
    log.append(topic, [("14", b"x" * LARGEST_EVENT_BYTES)])
    assert [len(event.value) for event in log.read(topic, {}, 10)] == [LARGEST_EVENT_BYTES]


def test_a_position_beyond_the_end_is_an_error_not_an_empty_answer(log: EventLog, topic: str) -> None:
    log.append(topic, [("14", b"only")])
    assert log.read(topic, {0: 0}, 10) == []
    with pytest.raises(LogPositionLost, match="after offset 1"):
        log.read(topic, {0: 1}, 10)
    with pytest.raises(LogPositionLost):
        log.read(topic, {7: 0}, 10)
    assert values(log.read(topic, {}, 10)) == ["only"]


def test_threads_append_at_once_without_loss(log: EventLog) -> None:
    after = now(log, RESPONSES)

    def append(key: str) -> None:
        for number in range(15):
            log.append(RESPONSES, [(key, f"{key}-{number}".encode())])

    keys = [f"thread-{number}" for number in range(8)]
    with ThreadPoolExecutor(len(keys)) as pool:
        list(pool.map(append, keys))
    events = everything_after(log, RESPONSES, after)
    for key in keys:
        assert values(events, key) == [f"{key}-{number}" for number in range(15)]


def test_processes_append_at_once_without_loss(store: Store, topic: str) -> None:
    writers = [start_writer(store, topic, f"process-{number}", 20) for number in range(3)]
    for writer in writers:
        assert writer.communicate(timeout=60)[0].count("\n") == 20
    with closing(store.open()) as log:
        events = everything_after(log, topic, {})
    assert len(events) == 60
    for number in range(3):
        assert values(events, f"process-{number}") == [f"process-{number}-{each}" for each in range(20)]


def test_a_killed_writer_loses_nothing_that_was_acknowledged(store: Store, topic: str) -> None:
    writer = start_writer(store, topic, "14", 1_000_000)
    assert writer.stdout is not None
    acknowledged = [next(writer.stdout).strip() for _ in range(40)]
    writer.kill()
    acknowledged += [line.strip() for line in writer.communicate(timeout=60)[0].splitlines()]
    with closing(store.open()) as log:
        kept = values(everything_after(log, topic, {}))
        assert kept[: len(acknowledged)] == acknowledged
        assert len(kept) <= len(acknowledged) + 1
        assert log.append(topic, [("14", b"goes on")])[0].offset == len(kept)


def start_writer(store: Store, topic: str, key: str, count: int) -> subprocess.Popen[str]:
    arguments = [store.settings.log_url, topic, key, str(count)]
    return subprocess.Popen([sys.executable, "-m", "tests.infra.writer", *arguments], stdout=subprocess.PIPE, text=True)


def test_an_unavailable_log_says_so_within_seconds_and_comes_back(store: Store, log: EventLog, topic: str) -> None:
    log.append(topic, [("14", b"before")])
    with store.unavailable():
        started = time.monotonic()
        with pytest.raises(LogUnavailable, match=r"I002 .*Try again"):
            log.append(topic, [("14", b"lost")])
        assert time.monotonic() - started < 30, "kafka-python by itself would wait for two minutes"
    log.append(topic, [("14", b"after")])
    assert values(everything_after(log, topic, {})) == ["before", "after"]
