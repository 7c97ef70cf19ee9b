"""A pipeline that is killed with -9 at moments drawn from a seed, again and again: run as a process of its own.

`python -m tests.pipeline.killed DATA_DIR SEED TIMES` prints, for each run, the offset it began after. Everything is
imported before the first fork, so that a run begins in milliseconds. A run is killed some milliseconds after it has
read a drawn number of batches, so that it comes on and is in the middle of its work, however busy the machine is.
"""

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb
import numpy  # noqa: F401  # pyarrow loads it when it first makes an array
import pandas  # noqa: F401  # likewise
import pyarrow  # noqa: F401  # likewise

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES, StoredEvent
from pipeline.consume import Consumer, opened_warehouse, utc_now
from pipeline.land import positions
from tests.pipeline.build import Definitions, every_kind, settings

BATCH = 4  # so that a batch is a few tens of milliseconds, and a kill falls anywhere in it
# A batch is landed for certain when the second one after it is read.
READ = (3, 5)


def main(data_dir: Path, seed: int, times: int) -> None:
    draw = random.Random(seed)
    Definitions(every_kind())
    for _ in range(times):
        reads, tells = os.pipe()
        child = os.fork()
        if child == 0:
            consume(data_dir, tells)
            os._exit(1)  # it follows the log until it is killed
        for _ in range(draw.randint(*READ)):
            os.read(reads, 1)
        time.sleep(draw.uniform(0.0, 0.04))
        os.kill(child, signal.SIGKILL)
        os.close(reads)
        os.close(tells)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL


class Telling(EmbeddedLog):
    """Writes a byte to `tells` each time that responses are asked for."""

    def __init__(self, path: Path, tells: int) -> None:
        super().__init__(path)
        self._tells = tells

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        if topic == RESPONSES:
            os.write(self._tells, b".")
        return super().read(topic, after, limit, wait_seconds)


def consume(data_dir: Path, tells: int) -> None:
    log = Telling(data_dir / "log.sqlite", tells)
    with opened_warehouse(settings(data_dir)) as connection:
        os.write(1, b"%d\n" % positions(connection, RESPONSES).get(0, -1))
        Consumer(log, connection, Definitions(every_kind()), nothing, utc_now, batch_events=BATCH).follow(
            threading.Event()
        )


def nothing(_connection: duckdb.DuckDBPyConnection, _now: datetime) -> None:
    """Publishes nothing."""


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
