"""A pipeline that is killed again and again while it lands, audits, publishes and collects old publications.

`python -m tests.faults.killed_pipeline FOLDER LOG_URL SEED TIMES` reads the trial survey of the collectors' tests.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from infra.settings import Settings
from pipeline import publish
from pipeline.audit import warm
from pipeline.consume import Consumer, opened_log, opened_warehouse, utc_now
from pipeline.refresh import refresh
from tests.collectors.build import trial_catalogue
from tests.faults.again import count_calls, drawn, run_again, tell
from tests.faults.load import filled

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SECONDS = (0.2, 2.0)
STEPS = (1, 110)  # opening takes 20, a batch 20, a publication 40
BATCH = 8


def main(folder: str, log_url: str, seed: str, times: str) -> None:
    publish.YOUNG = timedelta(0)  # harsher than in earnest: all but three publications go at once
    with TemporaryDirectory() as elsewhere:
        filled(Path(elsewhere))
        warm()
        with consuming(Settings(data_dir=Path(elsewhere))) as consumer:
            consumer.drain()
    settings = Settings(data_dir=Path(folder), log_url=log_url)

    def follow() -> None:
        count_calls()
        with consuming(settings) as consumer:
            tell("began")
            consumer.follow(threading.Event())

    run_again(follow, drawn(int(seed), int(times), SECONDS, STEPS))


@contextmanager
def consuming(settings: Settings) -> Iterator[Consumer]:
    """A pipeline of the trial survey that says when it has published."""
    catalogue = trial_catalogue()

    def publish_now(connection: "DuckDBPyConnection", now: datetime) -> None:
        if refresh(connection, settings, now, catalogue):
            tell("published")

    with opened_log(settings) as log, opened_warehouse(settings) as connection:
        consumer = Consumer(log, connection, catalogue, publish_now, utc_now, batch_events=BATCH)
        try:
            yield consumer
        finally:
            consumer.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
