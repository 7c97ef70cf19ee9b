"""A pipeline in a box: events posted, what became of them and the figures read, in one process and without a broker.

For tests, ours and those of whoever sends us events. It lands, audits and publishes as `lagesbild pipeline run` does.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from infra.event_log import RESPONSES, EventLog
from infra.published import connect_current
from infra.settings import Settings
from pipeline.consume import Consumer, opened_log, opened_warehouse, utc_now
from pipeline.letters import letter_id
from pipeline.parse import Definitions
from pipeline.refresh import refresh
from pipeline.trace import trace_figure
from pipeline.trace_event import Around, trace_event
from pipeline.trace_names import NamedFigure, named, unknown
from pipeline.trace_queries import rows
from pipeline.traced import EventTrace, FigureTrace
from surveys.catalogue import load_catalogue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Box:
    """An embedded log with its pipeline; each `post` is landed and published before it returns."""

    def __init__(
        self, settings: Settings, log: EventLog, definitions: Definitions, clock: Callable[[], datetime]
    ) -> None:
        self.settings = settings
        self.log = log
        self._definitions = definitions
        self._clock = clock

    def post(self, *events: tuple[str, bytes]) -> list[EventTrace]:
        """What became of each of these responses (key, event): its `state`, and its `letter` where it was parked."""
        positions = self.log.append(RESPONSES, events)
        self.run()
        return [self.event(letter_id(*position)) for position in positions]

    def run(self) -> None:
        """Lands and publishes what the log has by now."""
        with opened_warehouse(self.settings) as connection:
            consumer = Consumer(self.log, connection, self._definitions, self._publish, self._clock)
            try:
                consumer.drain()
            finally:
                consumer.close()

    def event(self, name: str) -> EventTrace:
        """The event with that id, submission id, checksum or position, as `lagesbild trace` tells it."""
        with self._publication() as publication:
            around = Around(publication, self.log, self._definitions, lambda _id: {}, lambda _id: None)
            return trace_event(around, name)

    def figure(self, name: str) -> FigureTrace:
        """The figure `survey/year/indicator/unit`, as `lagesbild trace` tells it. Raises UnknownOrigin."""
        with self._publication() as publication:
            one = named(name, publication)
            if not isinstance(one, NamedFigure):
                raise unknown(name, "figure", name, [])
            return trace_figure(publication, one, lambda _id: {})

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """What a query of the published tables gives."""
        with self._publication() as publication:
            return rows(publication, sql, **parameters)

    def _publish(self, connection: "DuckDBPyConnection", now: datetime) -> object | None:
        return refresh(connection, self.settings, now, self._definitions)

    def _publication(self) -> "closing[DuckDBPyConnection]":
        return closing(connect_current(self.settings.data_dir)[1])


@contextmanager
def boxed(
    folder: Path | None = None, definitions: Definitions | None = None, clock: Callable[[], datetime] = utc_now
) -> Iterator[Box]:
    """A box in the folder, or in one that goes with it; of every questionnaire there is, or of other definitions."""
    with TemporaryDirectory(prefix="lagesbild-box-") as own:
        settings = Settings(data_dir=folder or Path(own))
        with opened_log(settings) as log:
            yield Box(settings, log, definitions or load_catalogue(), clock)
