"""The event log in a backup: the embedded one as its file, Kafka's as lines with partition, offset and time."""

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from infra.embedded_log import EmbeddedLog
from infra.errors import LogDamaged, LogUnavailable, RestoreRefused
from infra.settings import Settings, sqlite_path

Facts = dict[str, Any]


class LogBackup(Protocol):
    """One kind of log, as a backup takes it and gives it back."""

    kind: str
    member: str

    def dump(self, path: Path) -> Facts:
        """Writes everything appended so far to `path`, while others append; returns the topics' ends.

        Raises LogUnavailable, LogDamaged.
        """

    def refuse_unless_empty(self, topics: Mapping[str, Any]) -> None:
        """Raises RestoreRefused when the log has anything already, LogUnavailable."""

    def restore(self, path: Path, topics: Mapping[str, Any]) -> Facts:
        """Puts what `dump` wrote into the empty log; returns how many events lie elsewhere than before, by topic."""


def log_backup(settings: Settings) -> LogBackup:
    """That of the log which the settings name."""
    if settings.log_url.startswith("kafka://"):
        from infra.kafka_backup import KafkaBackup

        return KafkaBackup(settings)
    return EmbeddedBackup(sqlite_path(settings.log_url))


class EmbeddedBackup:
    """A LogBackup of the SQLite file: one moment of it, as SQLite's own backup copies it."""

    kind = "embedded"
    member = "log.sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path

    def dump(self, path: Path) -> Facts:
        """See LogBackup."""
        if not self._path.exists():
            raise LogUnavailable(str(self._path), "there is no such file")
        try:
            with closing(sqlite3.connect(path)) as into:
                with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as source:
                    source.backup(into)
                _refuse_damaged(into, self._path)
                # One file, without a write-ahead log beside it.
                into.execute("PRAGMA journal_mode = DELETE")
                return _ends(into)
        except sqlite3.OperationalError as fault:
            raise LogUnavailable(str(self._path), str(fault)) from fault
        except sqlite3.DatabaseError as fault:
            raise LogDamaged(str(self._path), str(fault)) from fault

    def refuse_unless_empty(self, topics: Mapping[str, Any]) -> None:
        """See LogBackup."""
        if self._path.exists():
            now = "Move it away, or let LAGESBILD_LOG_URL name another file."
            raise RestoreRefused(str(self._path), "there is a log already.", now)

    def restore(self, path: Path, topics: Mapping[str, Any]) -> Facts:
        """See LogBackup: every event is where it was."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        being_made = self._path.with_name(self._path.name + ".restoring")
        shutil.copyfile(path, being_made)
        with closing(EmbeddedLog(being_made)) as log:
            found = {topic: {str(each): end for each, end in log.ends(topic).items()} for topic in topics}
        if found != topics:
            being_made.unlink()
            raise LogDamaged(str(path), f"its topics end at {found}, not at {dict(topics)}")
        being_made.replace(self._path)
        return {}


def _ends(copy: sqlite3.Connection) -> Facts:
    """The ends of each topic that has events; every topic has the one partition 0."""
    rows = copy.execute('SELECT topic, max("offset") + 1 FROM event GROUP BY topic ORDER BY topic').fetchall()
    return {topic: {"0": end} for topic, end in rows}


def _refuse_damaged(copy: sqlite3.Connection, path: Path) -> None:
    found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise LogDamaged(str(path), str(found).splitlines()[0])
