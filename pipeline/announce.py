"""Dead letters of the warehouse, told on the dead-letter topic: after the commit, once each.

The topic itself says what it has been told, and is read before anything is told: so a process that ends between
commit, append and mark neither loses nor doubles one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from infra.event_log import DEAD_LETTERS, LARGEST_EVENT_BYTES, EventLog
from pipeline.columns import moment
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


def announce(connection: "DuckDBPyConnection", log: EventLog, now: datetime) -> int:
    """Tells the topic of the dead letters it has not been told of; returns how many.

    1. read what the topic says, 2. append what it lacks, 3. mark that. Raises LogUnavailable: call it again.
    """
    catch_up(connection, log, now)
    told = 0
    while letters := connection.execute(UNTOLD, [SOME]).fetchall():
        log.append(DEAD_LETTERS, [_record(letter) for letter in letters])
        with transaction(connection, DEAD_LETTERS, DEAD_LETTERS):
            _mark(connection, "announced_at", [(now, *letter[:3]) for letter in letters])
        told += len(letters)
    return told


def catch_up(connection: "DuckDBPyConnection", log: EventLog, now: datetime) -> None:
    """Marks in the warehouse what the topic says: which letters it has been told of, which have been replayed."""
    for events in batches_to_end(log, DEAD_LETTERS, positions(connection, DEAD_LETTERS), SOME):
        records = [read_record(event.value) for event in events]
        parked = [one for one in records if isinstance(one, ParkedRecord)]
        replayed = [one for one in records if isinstance(one, ReplayedRecord)]
        with transaction(connection, DEAD_LETTERS, DEAD_LETTERS):
            _mark(connection, "announced_at", [(now, *letter_place(one.letter)) for one in parked])
            _mark(connection, "replayed_at", [(one.at, *letter_place(one.letter)) for one in replayed])
            move_position(connection, events)


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
