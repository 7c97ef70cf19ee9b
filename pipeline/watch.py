"""What a running pipeline tells Prometheus and those who ask whether it is ready: kept up to date by the loop.

docs/metrics.md is made from this module, as it is scraped.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from infra.errors import Error
from infra.event_log import ADMINISTRATION, RESPONSES, EventLog
from pipeline.lag import lag
from pipeline.snapshot import Snapshot, leave, left, take

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.land import Landed

# A publication of every survey takes seconds, the first one with its imports some more.
STALE_SECONDS = 60.0
# From one small survey to a backlog of millions of answers.
PUBLISH_SECONDS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0)
PREFIX = "lagesbild_pipeline"


class Watch:
    """Counts, gauges and durations of one pipeline process. Safe to read from any thread while the loop writes.

    `data_dir` is where the latest snapshot is left; None leaves none.
    """

    def __init__(self, clock: Callable[[], datetime], data_dir: Path | None = None) -> None:
        self.registry = CollectorRegistry()
        self.snapshot: Snapshot | None = None
        self._clock = clock
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._looked: float | None = None
        self._why: str | None = None
        self._publish_seconds: float | None = None
        self._events = Counter(
            f"{PREFIX}_events", "Events of the response topic since the start.", ["outcome"], registry=self.registry
        )
        for outcome in ("accepted", "repeated", "parked"):
            self._events.labels(outcome)
        self._retries = Counter(f"{PREFIX}_retries", "Times the loop had to wait and try.", registry=self.registry)
        self._retrying = self._gauge("retrying", "1 while the loop waits to try again, else 0.")
        self._looked_at = self._gauge("last_look_timestamp_seconds", "When a look at the log last ended well.")
        self._publishing = Histogram(
            f"{PREFIX}_publish_duration_seconds",
            "Time to audit what changed and to publish.",
            buckets=PUBLISH_SECONDS,
            registry=self.registry,
        )
        self._published_at = self._gauge("last_publication_timestamp_seconds", "When the last publication was made.")
        self.registry.register(_OfSnapshot(self))

    def started(self, connection: "DuckDBPyConnection", published_at: datetime | None) -> None:
        """The warehouse is open; what is in force was published at `published_at`."""
        before = left(self._data_dir) if self._data_dir is not None else None
        self._publish_seconds = before.publish_seconds if before else None
        if published_at is not None:
            self._published_at.set(published_at.timestamp())
        self._take(connection)

    def looked(self) -> None:
        """A look at the log ended well, and what it brought is landed."""
        self._looked = time.monotonic()
        self._looked_at.set(self._clock().timestamp())
        if self._why is not None:
            self._say(None)

    def landed(self, connection: "DuckDBPyConnection", landed: "Landed") -> None:
        """A batch has been landed."""
        self._events.labels("accepted").inc(landed.accepted)
        self._events.labels("repeated").inc(landed.repeated)
        self._events.labels("parked").inc(landed.parked)
        self._take(connection)

    def published(self, connection: "DuckDBPyConnection", seconds: float) -> None:
        """A new publication is in force; auditing and publishing took `seconds`."""
        self._publishing.observe(seconds)
        self._published_at.set(self._clock().timestamp())
        self._publish_seconds = seconds
        self._take(connection)

    def retrying(self, cause: str) -> None:
        """The loop waits before it tries again, because of `cause`."""
        self._retries.inc()
        self._say(cause)

    def unready(self, log: EventLog) -> str | None:
        """Why nothing can be landed now; None when it can. Asks the log, for as long as a call of it takes."""
        if self._why is not None:
            return f"the pipeline waits to try again: {self._why}"
        if self.snapshot is None or self._looked is None:
            return "the pipeline is starting"
        silent = time.monotonic() - self._looked
        if silent > STALE_SECONDS:
            return f"the loop has not come round for {silent:.0f} seconds"
        try:
            log.ends(RESPONSES)
        except Error as fault:
            return str(fault)
        return None

    def follow(self, log: EventLog) -> None:
        """Tells the lag from now on, by asking this log at each scrape: a client of the watcher's own."""
        self.registry.register(_OfLog(self, log, self._clock))

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(f"{PREFIX}_{name}", about, registry=self.registry)

    def _take(self, connection: "DuckDBPyConnection") -> None:
        with self._lock:
            more = {"retrying": self._why, "publish_seconds": self._publish_seconds}
            self.snapshot = take(connection, self._clock()).model_copy(update=more)
            self._leave()

    def _say(self, cause: str | None) -> None:
        with self._lock:
            self._why = cause
            self._retrying.set(cause is not None)
            if self.snapshot is not None:
                self.snapshot = self.snapshot.model_copy(update={"retrying": cause, "taken_at": self._clock()})
                self._leave()

    def _leave(self) -> None:
        if self._data_dir is None or self.snapshot is None:
            return
        # On a full disk the former one stays: what is landed and published does not depend on it.
        with suppress(OSError):
            leave(self._data_dir, self.snapshot)


class _OfSnapshot(Collector):
    """What the warehouse held at the last landing or publication."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def collect(self) -> Iterable[Metric]:
        parked = GaugeMetricFamily(f"{PREFIX}_parked_letters", "Dead letters that wait, by code.", labels=["code"])
        held = GaugeMetricFamily(f"{PREFIX}_held_parts", "Surveys and years that keep their last good content.")
        failed = GaugeMetricFamily(
            f"{PREFIX}_failed_expectations", "Expectations that do not hold, by severity.", labels=["severity"]
        )
        snapshot = self._watch.snapshot
        if snapshot is not None:
            for code, count in snapshot.parked.items():
                parked.add_metric([code], count)
            for severity in ("critical", "warning"):
                failed.add_metric([severity], snapshot.failed.get(severity, 0))
            held.add_metric([], len(snapshot.held))
        return parked, held, failed


class _OfLog(Collector):
    """What waits in the log; nothing but `log_reachable` 0 while the log does not answer."""

    def __init__(self, watch: Watch, log: EventLog, clock: Callable[[], datetime]) -> None:
        self._watch = watch
        self._log = log
        self._clock = clock

    def collect(self) -> Iterable[Metric]:
        behind = GaugeMetricFamily(
            f"{PREFIX}_lag_events", "Events in the log that are not landed.", labels=["topic", "partition"]
        )
        age = GaugeMetricFamily(
            f"{PREFIX}_oldest_unprocessed_age_seconds",
            "How long the oldest event that is not landed has waited; 0 when none waits.",
            labels=["topic"],
        )
        reachable = GaugeMetricFamily(f"{PREFIX}_log_reachable", "1 when the log answers, else 0.")
        snapshot = self._watch.snapshot
        try:
            lags = [lag(self._log, topic, snapshot.landed[topic]) for topic in _FOLLOWED] if snapshot else []
            reachable.add_metric([], 1)
        except Error:
            lags = []
            reachable.add_metric([], 0)
        for one in lags:
            for partition, events in one.by_partition.items():
                behind.add_metric([one.topic, str(partition)], events)
            age.add_metric([one.topic], one.age_seconds(self._clock()))
        return behind, age, reachable

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not ask the log."""
        return []


_FOLLOWED = (RESPONSES, ADMINISTRATION)
