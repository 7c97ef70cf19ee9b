"""A pipeline that is killed again and again while it lands, audits, publishes and collects old publications.

`python -m tests.faults.killed_pipeline FOLDER LOG_URL SEED TIMES` reads the trial survey of the collectors' tests.
"""

import sys
import threading
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.settings import Settings
from pipeline import publish
from pipeline.audit import warm
from tests.faults.again import count_calls, drawn, run_again, tell
from tests.faults.chain import consuming, drained
from tests.faults.load import filled

SECONDS = (0.2, 2.0)
STEPS = (1, 110)  # opening takes 20, a batch 20, a publication 40
BATCH = 8


def main(folder: str, log_url: str, seed: str, times: str) -> None:
    publish.YOUNG = timedelta(0)  # harsher than in earnest: all but three publications go at once
    with TemporaryDirectory() as elsewhere:
        filled(Path(elsewhere))
        warm()
        drained(Settings(data_dir=Path(elsewhere)))
    settings = Settings(data_dir=Path(folder), log_url=log_url)

    def follow() -> None:
        count_calls()
        with consuming(settings, lambda: tell("published"), batch_events=BATCH) as consumer:
            tell("began")
            consumer.follow(threading.Event())

    run_again(follow, drawn(int(seed), int(times), SECONDS, STEPS))


if __name__ == "__main__":
    main(*sys.argv[1:])
