"""One piece of work, killed with -9 again and again and begun anew each time, in forks of a process made for it.

Everything is imported and has been done once before the first fork, so that a run begins in milliseconds and its
steps, not the machine's load, decide where it is killed.
"""

import os
import random
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

POLL_SECONDS = 0.005
# Where what is kept changes: statements and transactions of DuckDB, and what is done with files.
CALLS = frozenset({"execute", "begin", "commit", "fsync", "open", "unlink", "replace"})


@dataclass(frozen=True, slots=True)
class Kill:
    """When a run ends: `seconds` after it began, or before that at a step (one SQL statement, say)."""

    seconds: float
    steps: int | None = None


def drawn(seed: int, times: int, seconds: tuple[float, float], steps: tuple[int, int] | None = None) -> Iterator[Kill]:
    """Kills at moments drawn from the seed; with `steps` every other one at a step."""
    draw = random.Random(seed)
    for number in range(times):
        by_step = steps is not None and number % 2 == 0
        yield Kill(draw.uniform(*seconds), draw.randint(*steps) if by_step and steps else None)


def run_again(work: Callable[[], None], kills: Iterator[Kill]) -> None:
    """Prints how each run ended; after the last kill the work goes on, until standard input is closed."""
    for kill in kills:
        child = _begun(work, kill.steps)
        at_step = _wait_or_kill(child, kill.seconds if kill.steps is None else kill.seconds + 5)
        tell(f"killed at step {kill.steps}" if at_step else "killed in time")
    child = _begun(work, None)
    tell("going on")
    sys.stdin.read()
    _wait_or_kill(child, 0)


def step() -> None:
    """Counts one step of this run, and ends it when that was the one."""
    if _Steps.left is not None:
        _Steps.left -= 1
        if _Steps.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def count_statements() -> None:
    """Makes every SQL statement of SQLite a step: the kill comes as it begins."""
    connect = sqlite3.connect

    def counted(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **named)
        connection.set_trace_callback(lambda _: step())
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = counted  # type: ignore[assignment]  # SQLAlchemy asks for the latter


def count_calls() -> None:
    """Makes every call named in CALLS a step of this run, in the threads it begins too: the kill comes before it."""

    def look(_frame: FrameType, event: str, called: Any) -> None:
        if event == "c_call" and called.__name__ in CALLS and not isinstance(getattr(called, "__self__", ""), str):
            step()

    sys.setprofile(look)
    threading.setprofile(look)


def tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


class _Steps:
    left: int | None = None


def _begun(work: Callable[[], None], steps: int | None) -> int:
    child = os.fork()
    if child == 0:
        _Steps.left = steps
        try:
            work()
        except BaseException as fault:
            sys.stderr.write(f"it ended by itself: {fault!r}\n")
        os._exit(1)  # it goes on until it is killed
    return child


def _wait_or_kill(child: int, seconds: float) -> bool:
    """Whether it killed itself before the time was up."""
    deadline = time.monotonic() + seconds
    ended, status = os.waitpid(child, os.WNOHANG)
    while not ended and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL, "the work ended by itself"
    return bool(ended)
