"""The administration topic landed: which rounds, units and programmes there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from infra.event_log import ADMINISTRATION, StoredEvent
from pipeline import columns
from pipeline.arrived import insert
from pipeline.land import insert_parked, move_position, place, positions, transaction
from pipeline.links import add_links
from pipeline.parked import Parked, cannot_happen, not_an_event, unexpected, wrong_topic
from surveys.errors import SurveyError
from surveys.events import Event, EventFault, ResponseSubmittedEvent, UnitAddedEvent, agrees, decode, submitted_at
from surveys.registers import ProgrammeRegister
from surveys.rounds import Rounds
from surveys.units import UnitRegister, reference_units

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyarrow import Table

_Row = tuple[int, int, str, bytes, int]  # partition, offset, key, payload, microseconds of the append


@dataclass(frozen=True, slots=True)
class Happened:
    """An administration event that fits what happened before."""

    stored: StoredEvent
    event: Event
    at: datetime


class Administration:
    """Units, rounds and programmes as the events so far leave them."""

    def __init__(self) -> None:
        self.units = UnitRegister(reference_units())
        self.rounds = Rounds()
        self.programmes = ProgrammeRegister()
        self.since: dict[str, datetime] = {}  # when the log took the first word of each unit added
        self._seen: set[tuple[str, str]] = set()

    def judge(self, stored: StoredEvent) -> Happened | Parked | None:
        """Lets the event happen; None for one that has happened before (same source and id)."""
        try:
            event = decode(stored.value)
        except EventFault as fault:
            return not_an_event(stored, fault)
        if isinstance(event, ResponseSubmittedEvent):
            return wrong_topic(stored, event.type, event.data)
        disagreement = agrees(event, stored.key)
        if disagreement is not None:
            return not_an_event(stored, disagreement, event.data)
        if (event.source, event.id) in self._seen:
            return None
        return self._happen(stored, event)

    def _happen(self, stored: StoredEvent, event: Event) -> Happened | Parked:
        try:
            if isinstance(event, UnitAddedEvent):
                self.units = self.units.with_event(event.data)
                self.since.setdefault(event.data.unit_id, stored.appended_at)
            self.rounds.apply(event)
            self.programmes.apply(event)
        except SurveyError as fault:
            return cannot_happen(stored, event.data, str(fault))
        self._seen.add((event.source, event.id))
        return Happened(stored, event, submitted_at(event, stored.appended_at))

    def judge_all(self, events: Iterable[StoredEvent]) -> list[Happened | Parked]:
        """What became of each event, in order, repetitions left out. None of them stops the others."""
        verdicts = (self._judged(stored) for stored in events)
        return [verdict for verdict in verdicts if verdict is not None]

    def _judged(self, stored: StoredEvent) -> Happened | Parked | None:
        try:
            return self.judge(stored)
        except Exception as fault:  # as for a response: parked, our own mistake is seen and can be replayed
            return unexpected(stored, fault)


def landed_administration(connection: "DuckDBPyConnection") -> Administration:
    """Units, rounds and programmes as the warehouse has them."""
    return _replayed(_landed(connection))


def known_administration(connection: "DuckDBPyConnection") -> Administration:
    """As `landed_administration`, shared by all who read it: nothing may happen to it."""
    return _known(tuple(_landed(connection)))


def _landed(connection: "DuckDBPyConnection") -> list[_Row]:
    return connection.execute(
        "SELECT topic_partition, log_offset, event_key, payload, epoch_us(appended_at) FROM landing.administration "
        "ORDER BY topic_partition, log_offset"
    ).fetchall()


@lru_cache(maxsize=1)
def _known(rows: tuple[_Row, ...]) -> Administration:
    return _replayed(rows)


def _replayed(rows: Iterable[_Row]) -> Administration:
    administration = Administration()
    administration.judge_all(
        StoredEvent(ADMINISTRATION, partition, offset, key, payload, columns.moment(appended_us))
        for partition, offset, key, payload, appended_us in rows
    )
    return administration


def land_administration(
    connection: "DuckDBPyConnection",
    events: Sequence[StoredEvent],
    verdicts: Sequence[Happened | Parked],
    now: datetime,
) -> int:
    """Lands what became of these events, and their position; returns how many happened. Raises as `land` does."""
    if not events:
        return 0
    with transaction(connection, place(events[0]), place(events[-1])):
        landed = positions(connection, ADMINISTRATION)
        fresh = [one for one in verdicts if one.stored.offset > landed.get(one.stored.partition, -1)]
        happened = [one for one in fresh if isinstance(one, Happened)]
        if happened:
            insert(connection, "administration", _table(happened))
        insert_parked(connection, [one for one in fresh if isinstance(one, Parked)], now)
        arrived = [one for one in events if one.offset > landed.get(one.partition, -1)]
        add_links(connection, arrived)
        move_position(connection, arrived)
    return len(happened)


def _table(happened: Sequence[Happened]) -> "Table":
    return columns.administration(
        [(one.stored, one.event.id, one.event.type, one.event.data.subject, one.at, one.event.data) for one in happened]
    )
