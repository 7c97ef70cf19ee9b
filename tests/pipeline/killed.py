"""A pipeline that is killed with -9 at moments drawn from a seed, again and again: run as a process of its own.

`python -m tests.pipeline.killed DATA_DIR SEED TIMES` prints, for each run, the offset it began after. Everything is
imported before the first fork, so that a run begins in milliseconds.
"""

import os
import random
import signal
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import duckdb
import numpy  # noqa: F401  # pyarrow loads it when it first makes an array
import pandas  # noqa: F401  # likewise
import pyarrow  # noqa: F401  # likewise

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES
from pipeline.consume import Consumer, opened_warehouse, utc_now
from pipeline.land import positions
from tests.pipeline.build import Definitions, every_kind, settings

BATCH = 4  # so that a batch is a few tens of milliseconds, and a kill falls anywhere in it


def main(data_dir: Path, seed: int, times: int) -> None:
    draw = random.Random(seed)
    Definitions(every_kind())
    for _ in range(times):
        child = os.fork()
        if child == 0:
            consume(data_dir)
            os._exit(1)  # it follows the log until it is killed
        time.sleep(draw.uniform(0.05, 0.35))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL


def consume(data_dir: Path) -> None:
    log = EmbeddedLog(data_dir / "log.sqlite")
    with opened_warehouse(settings(data_dir)) as connection:
        os.write(1, b"%d\n" % positions(connection, RESPONSES).get(0, -1))
        Consumer(log, connection, Definitions(every_kind()), nothing, utc_now, batch_events=BATCH).follow(
            threading.Event()
        )


def nothing(_connection: duckdb.DuckDBPyConnection, _now: datetime) -> None:
    """Publishes nothing."""


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
