"""The cost of landing an event while the warehouse grows: `python -m benchmarks.growth SMALL LARGE`.

Lands LARGE responses in one go and takes the time of every batch. Prints the seconds a response costs around SMALL
and around LARGE responses in the warehouse, each the median of some batches.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.landing import BATCH, OneSurvey, publish_nothing, warm
from benchmarks.responses import AT, Responses
from infra.event_log import StoredEvent
from infra.settings import Settings
from pipeline.consume import Consumer, opened_warehouse, quick_switching

# An odd number: the median is one of them.
BATCHES = 9


class Timed(Responses):
    """Says when each batch was asked for."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.asked: list[float] = []

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        """See EventLog."""
        if after.get(0, -1) + 1 == len(self.asked) * BATCH:
            self.asked.append(time.perf_counter())
        return super().read(topic, after, limit, wait_seconds)


def measure(small: int, large: int) -> dict[str, float]:
    """Seconds a response, with `small` and with `large` responses in the warehouse."""
    log = Timed(large)
    warm(log)
    with tempfile.TemporaryDirectory() as folder, opened_warehouse(Settings(data_dir=Path(folder))) as connection:
        consumer = Consumer(log, connection, OneSurvey(), publish_nothing, lambda: AT, batch_events=BATCH)
        with quick_switching():
            consumer.drain()
        consumer.close()
    took = [later - earlier for earlier, later in zip(log.asked, log.asked[1:], strict=False)]
    around = {"small": small // BATCH, "large": len(took) - BATCHES // 2 - 1}
    return {name: _median(took, place) / BATCH for name, place in around.items()}


def _median(took: list[float], place: int) -> float:
    first = max(place - BATCHES // 2, 0)
    return statistics.median(took[first : first + BATCHES])


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201 - read by benchmarks.run
