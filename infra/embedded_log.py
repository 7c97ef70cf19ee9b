"""The event log as one SQLite file: durable on return, no server, open to many processes at once."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from zlib import crc32

from infra.errors import LogDamaged, LogPositionLost, LogUnavailable
from infra.event_log import Position, StoredEvent, refuse_too_large
from infra.sqlite_wal import use_wal

# "Läge" in SQLite's application_id, so that another database is never taken for a log; the version is of the table.
APPLICATION_ID = 0x4C414745
FORMAT = 1
POLL_SECONDS = 0.02  # asking for data_version takes microseconds; a waiting reader sees an event well within 0.1 s

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    "offset" INTEGER NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    crc32 INTEGER NOT NULL,
    appended_at_us INTEGER NOT NULL,
    UNIQUE (topic, "offset")
);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {FORMAT};
COMMIT;
"""
INSERT = 'INSERT INTO event (topic, "offset", key, value, crc32, appended_at_us) VALUES (?, ?, ?, ?, ?, ?)'
SELECT = (
    'SELECT id, "offset", key, value, crc32, appended_at_us FROM event'
    ' WHERE topic = ? AND "offset" > ? ORDER BY "offset" LIMIT ?'
)
# The end by the index, and the offset of the table's last row where it is of this topic: a torn index shows.
END = """
SELECT
    (SELECT coalesce(max("offset") + 1, 0) FROM event WHERE topic = ?1),
    (SELECT iif(topic = ?1, "offset", -1) FROM event ORDER BY id DESC LIMIT 1)
"""
LAST_APPENDED = "SELECT appended_at_us FROM event ORDER BY id DESC LIMIT 1"
PASSING = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_AUTH,
    }
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    return datetime.now(UTC)


class EmbeddedLog:
    """An EventLog in the file `path`, made when missing; every topic has the one partition 0."""

    def __init__(self, path: Path, longest_wait: float = 2.0, clock: Callable[[], datetime] = now) -> None:
        self.path = path
        self._clock = clock
        self._write_lock = threading.Lock()
        self._read_lock = threading.Lock()
        with self._faults():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = _connect(path, longest_wait)
            self._reader = _connect(path, longest_wait)

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        """See EventLog: all of `events` are stored in one transaction, or none."""
        refuse_too_large(events)
        if not events:
            return []
        with self._write_lock, self._faults(), _transaction(self._writer):
            first = self._end(self._writer, topic)
            at = self._later_than_the_last(_microseconds(self._clock()))
            rows = [
                (topic, offset, key, value, crc32(value), at)
                for offset, (key, value) in zip(count(first), events, strict=False)
            ]
            self._writer.executemany(INSERT, rows)
        return [Position(topic, 0, row[1]) for row in rows]

    def _later_than_the_last(self, at: int) -> int:
        """What came later bears a later time, in whatever topic, also when the clock was set back meanwhile."""
        last = self._writer.execute(LAST_APPENDED).fetchone()
        return at if last is None else max(at, last[0] + 1)

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        """See EventLog."""
        deadline = time.monotonic() + wait_seconds
        while True:
            version = self._data_version()
            events = self._read_now(topic, after, limit)
            if events or limit < 1 or not self._changed_since(version, deadline):
                return events

    def ends(self, topic: str) -> dict[int, int]:
        """See EventLog."""
        with self._read_lock, self._faults():
            return {0: self._end(self._reader, topic)}

    def close(self) -> None:
        """See EventLog; waits for an append or a read that is under way."""
        with self._write_lock, self._read_lock:
            self._writer.close()
            self._reader.close()

    def _read_now(self, topic: str, after: Mapping[int, int], limit: int) -> list[StoredEvent]:
        start, most = after.get(0, -1), max(limit, 0)
        with self._read_lock, self._faults():
            end = self._end(self._reader, topic)
            rows = self._reader.execute(SELECT, (topic, start, most)).fetchall()
        self._refuse_lost(topic, after, end)
        self._refuse_gap(topic, start + 1, [row[:2] for row in rows], min(end - start - 1, most))
        return [self._event(topic, row) for row in rows]

    def _refuse_gap(self, topic: str, first: int, found: list[tuple[int, int]], expected: int) -> None:
        """A torn page hides or mixes rows and leaves the rest readable; but offsets have no gaps, and ids grow."""
        offsets = [offset for _, offset in found]
        ordered = all(one < following for (one, _), (following, _) in pairwise(found))
        if len(found) < expected or not ordered or offsets != list(range(first, first + len(found))):
            raise LogDamaged(str(self.path), f"{topic} lacks or mixes events after offset {first - 1}")

    def _event(self, topic: str, row: tuple[int, int, str, bytes, int, int]) -> StoredEvent:
        _, offset, key, value, checksum, at = row
        try:
            if crc32(value) == checksum:
                return StoredEvent(topic, 0, offset, key, value, EPOCH + timedelta(microseconds=at))
        except (TypeError, OverflowError) as fault:
            raise LogDamaged(str(self.path), f"{topic} offset {offset} cannot be read: {fault}") from fault
        raise LogDamaged(str(self.path), f"{topic} offset {offset} fails its checksum")

    def _refuse_lost(self, topic: str, after: Mapping[int, int], end: int) -> None:
        for partition, offset in after.items():
            has = end if partition == 0 else 0
            if offset >= has:
                raise LogPositionLost(topic, partition, offset, f"{has} events there")

    def _end(self, connection: sqlite3.Connection, topic: str) -> int:
        end, last = connection.execute(END, (topic,)).fetchone()
        if last is not None and not (isinstance(last, int) and last < end):
            raise LogDamaged(str(self.path), f"{topic} ends at offset {end - 1}, and has offset {last}")
        return int(end)

    def _data_version(self) -> int:
        with self._read_lock, self._faults():
            return int(self._reader.execute("PRAGMA data_version").fetchone()[0])

    def _changed_since(self, version: int, deadline: float) -> bool:
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(POLL_SECONDS, left))
            if self._data_version() != version:
                return True
        return False

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as fault:
            if _passes(fault):
                raise LogUnavailable(str(self.path), str(fault)) from fault
            raise LogDamaged(str(self.path), str(fault)) from fault
        except UnicodeDecodeError as fault:  # of a message about what it found in the file
            raise LogDamaged(str(self.path), str(fault)) from fault
        except OSError as fault:
            raise LogUnavailable(str(self.path), fault.strerror or str(fault)) from fault


def _passes(fault: sqlite3.DatabaseError) -> bool:
    """Whether the same may go well later: somebody else has the file locked, or the disk refuses."""
    # The lowest byte is the kind; a text that is no UTF-8 has no code at all.
    return (getattr(fault, "sqlite_errorcode", 0) & 0xFF) in PASSING


def _connect(path: Path, longest_wait: float) -> sqlite3.Connection:
    # isolation_level None: transactions begin where this module says so, and nowhere else.
    connection = sqlite3.connect(path, timeout=longest_wait, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection, longest_wait)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, longest_wait: float) -> None:
    # Tables before kind: another process may be making the file at this moment, and makes both at once.
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    kind = connection.execute("PRAGMA application_id").fetchone()[0]
    if tables and kind != APPLICATION_ID:
        raise sqlite3.DatabaseError("the file is another SQLite database, not an event log")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > FORMAT:
        raise sqlite3.DatabaseError(f"its format is {found}, this version knows {FORMAT}")
    use_wal(connection, longest_wait)
    connection.execute("PRAGMA synchronous = FULL")
    if not tables:
        connection.executescript(SCHEMA)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
