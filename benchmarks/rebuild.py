"""Everything made anew from the log, measured: `python -m benchmarks.rebuild COUNT` rebuilds COUNT responses.

They have 40 answers each and lie in an embedded log on disk. A rebuild reads, checks and lands them, audits, publishes:
21 units have sent them, so nearly all are corrections, and the history of every value is published. Prints `{"seconds",
"landing_seconds", "peak_mb"}`, of the rebuild and of landing alone; the log is made by another process.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.landing import BATCH, OneSurvey, publish_nothing
from benchmarks.responses import AT, Responses
from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES
from infra.settings import Settings
from pipeline.consume import Consumer, opened_warehouse, quick_switching
from pipeline.rebuild import rebuild

AT_ONCE = 4_000


def fill(folder: Path, count: int) -> None:
    """Puts `count` responses into the log of a data folder."""
    responses = Responses(count)
    log = EmbeddedLog(folder / "log.sqlite")
    for first in range(0, count, AT_ONCE):
        events = (responses.event(offset) for offset in range(first, min(first + AT_ONCE, count)))
        log.append(RESPONSES, [(event.key, event.value) for event in events])
    log.close()


def measure(folder: Path, count: int) -> dict[str, float]:
    """How long it takes from the log to warehouse and publication in place, and the process's largest memory."""
    landing_seconds = _landing_seconds(folder, count)
    began = time.perf_counter()
    with quick_switching():
        totals = rebuild(Settings(data_dir=folder), folder / "anew", OneSurvey())
    seconds = time.perf_counter() - began
    assert totals.accepted == count
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "landing_seconds": landing_seconds, "peak_mb": peak_mb}


def _landing_seconds(folder: Path, count: int) -> float:
    """Lands the same log elsewhere, and publishes nothing."""
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as aside,
        opened_warehouse(Settings(data_dir=Path(aside))) as connection,
        closing(EmbeddedLog(folder / "log.sqlite")) as log,
        quick_switching(),
    ):
        consumer = Consumer(log, connection, OneSurvey(), publish_nothing, lambda: AT, batch_events=BATCH)
        totals = consumer.drain()
        consumer.close()
    assert totals.accepted == count
    return time.perf_counter() - began


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.rebuild", str(count), folder]
        subprocess.run([*command, "fill"], check=True)
        subprocess.run([*command, "measure"], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(int(sys.argv[1]))
    elif sys.argv[3] == "fill":
        fill(Path(sys.argv[2]), int(sys.argv[1]))
    else:
        print(json.dumps(measure(Path(sys.argv[2]), int(sys.argv[1]))))  # noqa: T201 - read by benchmarks.run
