"""Dead letters put back into the log: each once, wherever that is killed; and what rehearsals say of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import ADMINISTRATION, DEAD_LETTERS, RESPONSES, Position
from pipeline.consume import Consumer
from pipeline.dead_letters import DeadLetter, dead_letter, dead_letters
from pipeline.errors import AlreadyReplayed, AnotherReplay, BeingReplayed
from pipeline.rehearse import rehearse
from pipeline.replay import LEASE, alone, replay
from surveys.letter_records import ReplayingRecord
from tests.pipeline.build import NOON, Definitions, event, every_kind, response, warehouse
from tests.surveys.build import item, questionnaire

# The same bytes twice, and one of another unit: as many as show whether letters are taken for one another.
POISON = [("14", b"poison"), ("14", b"poison"), ("01", b"more")]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = warehouse(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    opened = EmbeddedLog(tmp_path / "log.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def parked(log: EmbeddedLog, connection: duckdb.DuckDBPyConnection) -> EmbeddedLog:
    """A log whose events are all dead letters."""
    log.append(RESPONSES, POISON)
    consumed(log, connection)
    return log


def consumed(log: EmbeddedLog, connection: duckdb.DuckDBPyConnection, *more: Definitions) -> None:
    known = more[0] if more else Definitions(every_kind())
    consumer = Consumer(log, connection, known, lambda _connection, _now: None, lambda: NOON)
    consumer.drain()
    consumer.close()


def replayed(log: EmbeddedLog, by: str = "here", now: datetime = NOON) -> list[int]:
    """Replays what waits; the offsets where it went."""
    waiting = [one for one in dead_letters(log) if one.replayed is None]
    return [position.offset for _, position in replay(log, waiting, by, lambda: now)]


class KilledError(BaseException):
    """As if the process had been killed there."""


class Killing(EmbeddedLog):
    """A log whose user is killed at its n-th append: before it, when some of it is in, or right after it."""

    def __init__(self, path: Path, at: int, kept: float) -> None:
        super().__init__(path)
        self._left = at
        self._kept = kept

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        self._left -= 1
        if self._left:
            return super().append(topic, events)
        # As Kafka does, whose appends are not one transaction.
        super().append(topic, events[: round(len(events) * self._kept)])
        raise KilledError


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("kept", [0.0, 0.4, 0.7, 1.0])
def test_a_replay_killed_at_any_step_is_finished_and_each_event_appended_once(
    parked: EmbeddedLog, at: int, kept: float
) -> None:
    killing = Killing(parked.path, at, kept)
    with pytest.raises(KilledError):
        replayed(killing)
    killing.close()
    replayed(parked)
    assert [one.value for one in parked.read(RESPONSES, {}, 99)][3:] == [value for _, value in POISON]
    assert sorted(one.replayed.offset for one in dead_letters(parked) if one.replayed) == [3, 4, 5]


def test_a_replay_killed_twice_is_still_done_once(parked: EmbeddedLog) -> None:
    for at, kept in ((2, 0.4), (1, 1.0), (2, 0.0), (3, 0.4)):
        killing = Killing(parked.path, at, kept)
        with pytest.raises(KilledError):
            replayed(killing)
        killing.close()
    replayed(parked)
    assert parked.ends(RESPONSES) == {0: 6}


def test_one_letter_replayed_is_not_taken_for_another_of_the_same_bytes(parked: EmbeddedLog) -> None:
    killing = Killing(parked.path, 2, 0.0)
    first, second, _ = dead_letters(parked)
    with pytest.raises(KilledError):
        list(replay(killing, [first], "here", lambda: NOON))
    killing.close()
    assert [place.offset for _, place in replay(parked, [second], "here", lambda: NOON)] == [3]
    assert [place.offset for _, place in replay(parked, [first], "here", lambda: NOON)] == [4]


class Overtaken(EmbeddedLog):
    """A log whose user is slow: somebody else replays right before its n-th append."""

    def __init__(self, path: Path, at: int, other: datetime) -> None:
        super().__init__(path)
        self._left, self._other_at = at, other
        self.refused: type[Exception] | None = None

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        self._left -= 1
        if not self._left:
            other = EmbeddedLog(self.path)
            try:
                replayed(other, "elsewhere", self._other_at)
            except BeingReplayed as fault:
                self.refused = type(fault)
            other.close()
        return super().append(topic, events)


def test_of_two_at_once_the_first_to_say_so_replays(parked: EmbeddedLog) -> None:
    slow = Overtaken(parked.path, 1, NOON)
    with pytest.raises((BeingReplayed, AlreadyReplayed)):
        replayed(slow)
    slow.close()
    assert parked.ends(RESPONSES) == {0: 6}


def test_whoever_comes_second_is_told_and_appends_nothing(parked: EmbeddedLog) -> None:
    slow = Overtaken(parked.path, 2, NOON + LEASE / 2)
    replayed(slow)
    slow.close()
    assert slow.refused is BeingReplayed
    assert parked.ends(RESPONSES) == {0: 6}


def test_a_replay_that_ended_elsewhere_can_be_taken_over_later(parked: EmbeddedLog) -> None:
    killing = Killing(parked.path, 2, 0.4)
    with pytest.raises(KilledError):
        replayed(killing, "elsewhere")
    killing.close()
    with pytest.raises(BeingReplayed, match=r"P007 .*two minutes"):
        replayed(parked, now=NOON + LEASE / 2)
    replayed(parked, now=NOON + LEASE)
    assert parked.ends(RESPONSES) == {0: 6}


class Clock:
    """A clock that a slow process reads."""

    def __init__(self, *moments: datetime) -> None:
        self._moments = list(moments)

    def __call__(self) -> datetime:
        return self._moments.pop(0)


def test_a_replay_held_up_too_long_appends_nothing(parked: EmbeddedLog) -> None:
    waiting = dead_letters(parked)
    with pytest.raises(BeingReplayed):
        list(replay(parked, waiting, "here", Clock(NOON, NOON + LEASE)))
    assert parked.ends(RESPONSES) == {0: 3}


def test_a_replay_begun_by_an_earlier_version_is_finished(parked: EmbeddedLog) -> None:
    old = b'{"kind":"replaying","letter":"responses/0/2","after":{"0":2},"at":"2023-05-31T12:00:00Z"}'
    parked.append(DEAD_LETTERS, [("01", old)])
    parked.append(RESPONSES, [("01", b"more")])
    letter = dead_letter(parked, "responses/0/2")
    assert isinstance(letter.replaying, ReplayingRecord)
    assert [place.offset for _, place in replay(parked, [letter], "here", lambda: NOON)] == [3]
    assert parked.ends(RESPONSES) == {0: 4}


def test_a_letter_replayed_is_refused_before_anything_is_done(parked: EmbeddedLog) -> None:
    before = dead_letters(parked)
    list(replay(parked, before[2:], "here", lambda: NOON))
    with pytest.raises(AlreadyReplayed, match="replayed, as responses/0/3"):
        list(replay(parked, before, "here", lambda: NOON))  # as known before: not yet replayed
    with pytest.raises(AlreadyReplayed):
        list(replay(parked, dead_letters(parked), "here", lambda: NOON))
    assert parked.ends(RESPONSES) == {0: 4}


def test_one_replay_at_a_time_in_a_folder(tmp_path: Path) -> None:
    with alone(tmp_path) as name, pytest.raises(AnotherReplay, match="P008"), alone(tmp_path):
        pass
    with alone(tmp_path) as again:
        assert again == name


def rehearsed(log: EmbeddedLog, letters: Sequence[DeadLetter], definitions: Definitions) -> list[tuple[str, str]]:
    found = rehearse(log, letters, definitions)
    return [(one.becomes, one.refused.code if one.refused else "") for one in found]


def test_a_rehearsal_says_what_would_be_accepted_repeated_or_parked_and_is_right(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    q = questionnaire(item("antal"), survey="ny")

    def new(submission: str, antal: int, unit: str = "14") -> tuple[str, bytes]:
        about: Mapping[str, object] = {"survey": "ny", "questionnaire": q.fingerprint, "answers": {"antal": antal}}
        return unit, event(response(unit, submission, **about))

    log.append(RESPONSES, [new("a", 1), new("a", 1), new("a", 2), new("b", 1), ("14", b"poison"), new("b", 1, "01")])
    log.append(RESPONSES, [("14", event(response(submission="b")))])
    consumed(log, connection)
    waiting = dead_letters(log)
    mended = Definitions(every_kind(), q)
    assert rehearsed(log, waiting, Definitions(every_kind())) == [
        *[("parked", "UNKNOWN_SURVEY")] * 4,
        ("parked", "S301"),
        ("parked", "UNKNOWN_SURVEY"),
    ]
    expected = [
        ("accepted", ""),
        ("repeated", ""),
        ("parked", "SUBMISSION_ID_REUSED"),
        ("parked", "SUBMISSION_ID_REUSED"),
        ("parked", "S301"),
        ("accepted", ""),
    ]
    assert rehearsed(log, waiting, mended) == expected
    assert log.ends(RESPONSES) == {0: 7}, "a rehearsal writes nothing"
    list(replay(log, waiting, "here", lambda: NOON))
    consumed(log, connection, mended)
    accepted = connection.execute("SELECT log_offset FROM landing.event WHERE log_offset > 6 ORDER BY 1").fetchall()
    repeated = connection.execute("SELECT log_offset FROM landing.repeated").fetchall()
    again = connection.execute("SELECT log_offset, code FROM landing.dead_letter WHERE log_offset > 6 ORDER BY 1")
    assert (accepted, repeated) == ([(7,), (12,)], [(8,)])
    assert again.fetchall() == [(9, "SUBMISSION_ID_REUSED"), (10, "SUBMISSION_ID_REUSED"), (11, "S301")]


def test_a_rehearsal_of_administration_lets_later_letters_build_on_it(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    closed = {"survey": "test", "year": 2023, "reason": None}
    envelope = {
        "specversion": "1.0",
        "type": "se.lagesbild.round-closed.v1",
        "source": "/administration",
        "id": "closed",
        "subject": "test/2023",
        "data": closed,
    }
    log.append(ADMINISTRATION, [("test/2023", json.dumps(envelope).encode())])
    consumed(log, connection)
    letters = dead_letters(log)
    assert rehearsed(log, letters, Definitions(every_kind())) == [("parked", "CANNOT_HAPPEN")]
    times = {"opens_at": "2023-01-01T00:00:00Z", "due_at": "2023-06-01T00:00:00Z", "closes_at": "2023-07-01T00:00:00Z"}
    opened = envelope | {"type": "se.lagesbild.round-opened.v1", "id": "opened"}
    opened["data"] = {"survey": "test", "year": 2023, **times}
    log.append(ADMINISTRATION, [("test/2023", json.dumps(opened).encode())])
    assert rehearsed(log, letters, Definitions(every_kind())) == [("accepted", "")]


def test_a_batch_of_many_letters_is_replayed_once_each(log: EmbeddedLog, connection: duckdb.DuckDBPyConnection) -> None:
    log.append(RESPONSES, [("14", b"poison %d" % number) for number in range(120)])
    consumed(log, connection)
    killing = Killing(log.path, 5, 0.5)  # in the middle of the second batch
    with pytest.raises(KilledError):
        replayed(killing)
    killing.close()
    assert len(replayed(log)) == 70
    values = [one.value for one in log.read(RESPONSES, {0: 119}, 999)]
    assert values == [b"poison %d" % number for number in range(120)]


def test_the_lease_is_longer_than_any_wait_of_the_log() -> None:
    assert timedelta(seconds=30) < LEASE / 2
