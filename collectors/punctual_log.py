"""The log, for somebody who waits for an answer: a request is told in time when the log does not answer.

What stands behind may go on for longer (a broker elects a new leader for twelve seconds): it is left to its thread,
and what it appends late is known by its submission id.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from infra.errors import LogUnavailable
from infra.event_log import EventLog, Position, StoredEvent

# Of the three seconds that are promised; the rest is for the queue before it and the answer after, on a busy machine.
PATIENCE_SECONDS = 2.0
# What a request still gets that spent its patience on its own work (a large workbook) or in the queue for a thread.
LEAST_SECONDS = 0.4
# As many calls may be left to themselves; more wait for a thread and are forgotten when their request gives up.
THREADS = 64

Answer = TypeVar("Answer")
Message = TypeVar("Message")


@dataclass(slots=True)
class _Patience:
    ends_at: float


_patience: ContextVar[_Patience | None] = ContextVar("patience", default=None)


def patient(receive: Callable[[], Awaitable[Message]]) -> Callable[[], Awaitable[Message]]:
    """Lets this request's patience with the log begin now, and anew with every part that `receive` brings of it."""
    patience = _Patience(time.monotonic() + PATIENCE_SECONDS)
    _patience.set(patience)

    async def receiving() -> Message:
        message = await receive()
        patience.ends_at = time.monotonic() + PATIENCE_SECONDS
        return message

    return receiving


def seconds_left() -> float:
    """How long this request may still wait for the log; outside a request as long as a whole one may."""
    patience = _patience.get()
    return PATIENCE_SECONDS if patience is None else max(patience.ends_at - time.monotonic(), LEAST_SECONDS)


class PunctualLog:
    """`log` as an EventLog that raises LogUnavailable when a request's patience ends; outside a request, as it is."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._threads = ThreadPoolExecutor(THREADS, "log")

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        """See EventLog."""
        return self._in_time(lambda: self._log.append(topic, events), topic)

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        """See EventLog."""
        return self._in_time(lambda: self._log.read(topic, after, limit, wait_seconds), topic)

    def ends(self, topic: str) -> dict[int, int]:
        """See EventLog."""
        return self._in_time(lambda: self._log.ends(topic), topic)

    def close(self) -> None:
        """See EventLog."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._log.close()

    def _in_time(self, call: Callable[[], Answer], topic: str) -> Answer:
        if _patience.get() is None:
            return call()
        answer = self._threads.submit(call)
        try:
            return answer.result(seconds_left())
        except TimeoutError as fault:
            answer.cancel()
            raise LogUnavailable(topic, "no answer in time for the request") from fault
