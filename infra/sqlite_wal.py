"""Switches a SQLite file to its write-ahead log, also when several processes do so at the same moment."""

import sqlite3
import time

PAUSE_SECONDS = 0.01


def use_wal(connection: sqlite3.Connection, longest_wait: float) -> None:
    """Lets readers and a writer work side by side; the file remembers it.

    Raises sqlite3.OperationalError when another process keeps the file locked for `longest_wait` seconds.
    SQLite's own busy time-out does not cover this one switch: two that switch at once are told "locked" immediately.
    """
    deadline = time.monotonic() + longest_wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)
