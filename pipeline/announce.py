"""Dead letters of the warehouse, told on the dead-letter topic: after the commit, once each.

The topic itself says what it has been told, and is read before anything is told: so a process that ends between
commit, append and mark neither loses nor doubles one.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json, to_json

from infra.event_log import (
    ADMINISTRATION,
    DEAD_LETTERS,
    LARGEST_EVENT_BYTES,
    RESPONSES,
    EventLog,
    StoredEvent,
    is_from_writer,
)
from pipeline.columns import moment
from pipeline.dead_letters import DeadLetter, payload
from pipeline.land import move_position, positions, transaction
from pipeline.letters import letter_id, letter_place
from pipeline.reading import batches_to_end
from surveys.letter_records import ParkedRecord, ReplayedRecord, read_record
from surveys.model import Text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SOME = 500  # with their payloads in memory at once
UNTOLD = """
SELECT topic, topic_partition, log_offset, event_key, payload, code, reason_sv, reason_en, pointer, rule, failures,
       unit_id, survey, year, epoch_us(appended_at), epoch_us(parked_at)
FROM landing.dead_letter WHERE announced_at IS NULL ORDER BY topic, topic_partition, log_offset LIMIT ?
"""
TAKEN_IN = (
    "topic, topic_partition, log_offset, event_key, payload, code, reason_sv, reason_en, pointer, rule, failures, "
    "unit_id, survey, year, appended_at, parked_at"
)


class CaughtUp(NamedTuple):
    """How many letters were replayed or parked by collectors, and whether the `whole` topic was read."""

    news: int
    whole: bool


def announce(connection: "DuckDBPyConnection", log: EventLog, now: datetime) -> int:
    """Tells the topic of the dead letters it has not been told of; returns how many others it told us of meanwhile.

    1. read what the topic says, 2. append what it lacks, 3. mark that. Raises LogUnavailable: call it again.
    """
    caught_up = _catch_up(connection, log, now)
    while caught_up.whole and (letters := connection.execute(UNTOLD, [SOME]).fetchall()):
        log.append(DEAD_LETTERS, [_record(letter) for letter in letters])
        with transaction(connection, DEAD_LETTERS, DEAD_LETTERS):
            _mark(connection, "announced_at", [(now, *letter[:3]) for letter in letters])
    return caught_up.news


def catch_up(connection: "DuckDBPyConnection", log: EventLog, now: datetime) -> int:
    """Takes into the warehouse what the topic says: which letters were told and replayed, and what collectors parked.

    It ends before the first record of an event that is still to be landed: what it says would be lost. So a warehouse
    made anew, batch by batch, comes to the same. Returns how many letters were replayed or parked by collectors.
    """
    return _catch_up(connection, log, now).news


def _catch_up(connection: "DuckDBPyConnection", log: EventLog, now: datetime) -> CaughtUp:
    news = 0
    for events in batches_to_end(log, DEAD_LETTERS, positions(connection, DEAD_LETTERS), SOME):
        ready = list(takewhile(_Landed(connection, log).has, events))
        records = [read_record(event.value) for event in ready]
        parked = [one for one in records if isinstance(one, ParkedRecord)]
        from_writers = [one for one in parked if is_from_writer(letter_place(one.letter)[0])]
        replayed = [one for one in records if isinstance(one, ReplayedRecord)]
        with transaction(connection, DEAD_LETTERS, DEAD_LETTERS):
            _take_in(connection, log, from_writers)
            _mark(connection, "announced_at", [(now, *letter_place(one.letter)) for one in parked])
            _mark(connection, "replayed_at", [(one.at, *letter_place(one.letter)) for one in replayed])
            move_position(connection, ready)
        news += len(from_writers) + len(replayed)
        if len(ready) < len(events):
            return CaughtUp(news, whole=False)
    return CaughtUp(news, whole=True)


class _Landed:
    """What has been landed of the topics that the pipeline reads itself."""

    def __init__(self, connection: "DuckDBPyConnection", log: EventLog) -> None:
        topics = (RESPONSES, ADMINISTRATION)
        self._landed = {topic: positions(connection, topic) for topic in topics}
        self._ends = {topic: log.ends(topic) for topic in topics}

    def has(self, event: StoredEvent) -> bool:
        """False when the record is about an event that will be landed later; one that is nowhere is passed over."""
        record = read_record(event.value)
        if record is None:
            return True
        topic, partition, offset = letter_place(record.letter)
        if topic not in self._landed:
            return True
        return not self._landed[topic].get(partition, -1) < offset < self._ends[topic].get(partition, 0)


def _take_in(connection: "DuckDBPyConnection", log: EventLog, letters: Sequence[ParkedRecord]) -> None:
    """Dead letters of topics that the collectors read: they judge, and what they say stands on this topic alone."""
    for one in letters:
        values = (*letter_place(one.letter), one.key, payload(log, DeadLetter(one)), one.code, one.reason.sv)
        more = (one.reason.en, one.pointer, one.rule, to_json([each.model_dump() for each in one.failures]).decode())
        about = (one.unit, one.survey, one.year, one.appended_at, one.parked_at)
        connection.execute(
            f"INSERT INTO landing.dead_letter ({TAKEN_IN}) VALUES ({', '.join('?' * 16)}) ON CONFLICT DO NOTHING",
            [*values, *more, *about],
        )


def _mark(connection: "DuckDBPyConnection", column: str, marks: Sequence[tuple[Any, ...]]) -> None:
    for mark in marks:
        connection.execute(
            f"UPDATE landing.dead_letter SET {column} = ? "
            f"WHERE topic = ? AND topic_partition = ? AND log_offset = ? AND {column} IS NULL",
            mark,
        )


def _record(row: tuple[Any, ...]) -> tuple[str, bytes]:
    topic, partition, offset, key, payload, code, sv, en, pointer, rule, failures, unit, survey, year, at, parked = row
    record = ParkedRecord(
        letter=letter_id(topic, partition, offset),
        key=key,
        code=code,
        reason=Text(sv=sv, en=en),
        pointer=pointer,
        rule=rule,
        failures=from_json(failures),
        unit=unit,
        survey=survey,
        year=year,
        appended_at=moment(at),
        parked_at=moment(parked),
    )
    whole = record.with_payload(payload).encoded()
    # The payload stands on its own topic in any case; what does not fit here is read from there.
    return key, whole if len(whole) <= LARGEST_EVENT_BYTES else record.encoded()
