"""Every metric as a scrape gives it: of a collector that has answered once, of a pipeline that is an event behind."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from prometheus_client import Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from collectors.metrics import Metrics
from infra.event_log import TOPICS, Position, StoredEvent
from pipeline.snapshot import Snapshot
from pipeline.watch import Watch

AT = datetime(2026, 5, 31, 12, tzinfo=UTC)
HEAD = """<!-- made by `make docs` from the code -->

# Metrics

Prometheus reads them at `/metrics` of each process: the collector on its own port, the pipeline on the one that
`--metrics-port` or `LAGESBILD_METRICS_PORT` names. `/readyz` and `/healthz` stand beside them. Example alerts:
`infra/deploy/alerts.yaml`; what to do about each: [operations](operations.md).
"""


def metrics_page() -> str:
    """docs/metrics.md."""
    parts = [HEAD]
    for title, families in (("Collector", collector_metrics()), ("Pipeline", pipeline_metrics())):
        rows = [f"| `{name(one)}` | {one.type} | {_labels(one)} | {one.documentation} |" for one in families]
        parts.append(f"## {title}\n\n| metric | kind | labels | tells |\n|---|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def name(family: Metric) -> str:
    """As a query names it: a counter ends in _total."""
    return f"{family.name}_total" if family.type == "counter" else family.name


def collector_metrics() -> list[Metric]:
    metrics = Metrics()
    metrics.count_response("web", "accepted")
    metrics.observe_request("GET", 200, 0.01)
    return _families(metrics.text())


def pipeline_metrics() -> list[Metric]:
    watch = Watch(lambda: AT)
    watch.snapshot = Snapshot(
        taken_at=AT,
        landed={topic: {} for topic in TOPICS},
        accepted=1,
        repeated=0,
        parked={"S301": 1},
        held=(),
        failed={},
    )
    watch.follow(_OneEvent())
    return _families(generate_latest(watch.registry).decode())


class _OneEvent:
    """A log with one event in each topic."""

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        raise NotImplementedError

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        return [StoredEvent(topic, 0, 0, "14", b"", AT)]

    def ends(self, topic: str) -> dict[int, int]:
        return {0: 1}

    def close(self) -> None:
        pass


def _families(text: str) -> list[Metric]:
    found = text_string_to_metric_families(text)
    return sorted((one for one in found if not one.name.endswith("_created")), key=lambda one: one.name)


def _labels(family: Metric) -> str:
    labels = {label for sample in family.samples for label in sample.labels} - {"le"}
    return ", ".join(f"`{label}`" for label in sorted(labels))


def names() -> Iterator[str]:
    """Every series that a query may name."""
    for family in (*collector_metrics(), *pipeline_metrics()):
        yield from {sample.name for sample in family.samples}
