"""The pipeline's metrics and readiness on a port, with a client of the log that is the watchers' own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infra.event_log import open_log
from infra.log import get_logger
from infra.settings import Settings
from infra.watch_server import watchable
from pipeline.consume import utc_now
from pipeline.watch import Watch

if TYPE_CHECKING:
    from infra.event_log import EventLog


@contextmanager
def watched(settings: Settings, port: int | None = None) -> Iterator[Watch]:
    """A watch for a pipeline, told on `port` or else on the settings' for as long as the block lasts.

    Without either it is told nowhere. Raises WatchPortTaken.
    """
    watch = Watch(utc_now, settings.data_dir)
    port = settings.metrics_port if port is None else port
    if port is None:
        yield watch
        return
    # Not the pipeline's own client: looking up the oldest event must not move where the loop reads.
    log = open_log(settings)
    try:
        with _told(settings.metrics_host, port, watch, log):
            yield watch
    finally:
        log.close()


@contextmanager
def _told(host: str, port: int, watch: Watch, log: "EventLog") -> Iterator[None]:
    watch.follow(log)
    with watchable(host, port, watch.registry, lambda: watch.unready(log)) as (_, bound):
        get_logger("pipeline").info("watchable", host=host, port=bound)
        yield
