"""From append to visible, measured: `python -m benchmarks.latency RATE SECONDS FOLDER SURVEY` on a demonstration.

A pipeline runs as a process of its own; responses are appended at a steady rate, whatever becomes of the earlier ones,
and each is visible when the publication in force has it. They are the newest ones of the open round, sent again; of
all open rounds by turns when SURVEY is all. Prints `{"p50", "p95", "p99", "publications"}`, seconds.
"""

import json
import signal
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

from infra.event_log import RESPONSES, EventLog, open_log
from infra.published import connect_current, current_publish_id
from infra.settings import Settings
from pipeline.reading import batches_to_end
from surveys.events import ResponseSubmittedEvent, decode, encode, new_response_event

OPEN_YEAR = 2026
ALL = "all"
LOOK_SECONDS = 0.005
# Everything is imported, compiled and audited once before the clock starts.
WARM_SECONDS = 20.0
PATIENCE_SECONDS = 60.0


def measure(rate: float, seconds: float, folder: Path, survey: str) -> dict[str, float]:
    """Appends `rate` responses a second for so long, and waits for each to be seen."""
    settings = Settings(data_dir=folder)
    log = open_log(settings)
    responses = _responses(log, survey)
    command = [sys.executable, "-m", "lagesbild", "pipeline", "run", "--data-dir", str(folder)]
    pipeline = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        watcher = Watcher(folder)
        _send(log, responses, 1.0, WARM_SECONDS, watcher)
        watcher.wait_for_all()
        warm, before = len(watcher.latencies), watcher.publications
        _send(log, responses, rate, seconds, watcher)
        watcher.wait_for_all()
    finally:
        pipeline.send_signal(signal.SIGTERM)
        pipeline.wait(PATIENCE_SECONDS)
        log.close()
    latencies = sorted(watcher.latencies[warm:])
    cuts = statistics.quantiles(latencies, n=100)
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "publications": watcher.publications - before}


class Watcher:
    """Looks at the publication in force, in a thread of its own, and takes the time of every event first seen in it."""

    def __init__(self, folder: Path) -> None:
        self.latencies: list[float] = []
        self.publications = 0
        self._folder = folder
        self._sent: dict[str, float] = {}
        self._last = current_publish_id(folder)
        self._offset = self._newest(-1)[0]
        threading.Thread(target=self._look, daemon=True).start()

    def sent(self, event_id: str) -> None:
        """The event has been appended now."""
        self._sent[event_id] = time.perf_counter()

    def wait_for_all(self) -> None:
        """Returns when every event has been seen."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._sent:
            assert time.monotonic() < deadline, f"{len(self._sent)} events are not visible"
            time.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        while True:
            if current_publish_id(self._folder) != self._last:
                self._last = current_publish_id(self._folder)
                self._offset, events = self._newest(self._offset)
                seen = time.perf_counter()
                self.publications += 1
                self.latencies += [seen - self._sent.pop(one) for one in events if one in self._sent]
            time.sleep(LOOK_SECONDS)

    def _newest(self, offset: int) -> tuple[int, list[str]]:
        _, connection = connect_current(self._folder)
        with connection:
            rows = connection.execute(
                "SELECT log_offset, event_id FROM response WHERE log_offset > ?", [offset]
            ).fetchall()
        return max((one for one, _ in rows), default=offset), [event for _, event in rows]


def _responses(log: EventLog, survey: str) -> Iterator[ResponseSubmittedEvent]:
    """The responses of the open rounds, over and over, by turns of the surveys."""
    by_survey: dict[str, list[ResponseSubmittedEvent]] = {}
    for batch in batches_to_end(log, RESPONSES, {}):
        for stored in batch:
            event = decode(stored.value)
            if (
                isinstance(event, ResponseSubmittedEvent)
                and event.data.year == OPEN_YEAR
                and survey in (event.data.survey, ALL)
            ):
                by_survey.setdefault(event.data.survey, []).append(event)
    turns = cycle([cycle(responses) for responses in by_survey.values()])
    return (next(turn) for turn in turns)


def _send(
    log: EventLog, responses: Iterator[ResponseSubmittedEvent], rate: float, seconds: float, watcher: Watcher
) -> None:
    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        # Open loop: the next one is due whether or not the last one was quick.
        time.sleep(max(began + number / rate - time.perf_counter(), 0))
        data = next(responses).data.model_copy(update={"submission_id": str(uuid.uuid4()), "corrects": None})
        event = new_response_event(data, event_id=str(uuid.uuid4()), time=datetime.now(UTC))
        watcher.sent(event.id)
        log.append(RESPONSES, [(data.unit, encode(event))])


if __name__ == "__main__":
    found = measure(float(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])
    print(json.dumps(found))  # noqa: T201 - read by benchmarks.run
