"""What the administration topic says: which units and rounds there are, and how that is changed."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from collectors.errors import RoundStateWrong, UnknownRound
from collectors.punctual_log import seconds_left
from infra.errors import LogUnavailable
from infra.event_log import ADMINISTRATION, EventLog, StoredEvent
from infra.log import get_logger
from surveys.errors import SurveyError
from surveys.event_data import (
    ProgrammeMerged,
    ProgrammeRegistered,
    RoundClosed,
    RoundOpened,
    RoundPaused,
    RoundResumed,
    UnitAdded,
)
from surveys.events import AdministrationData, agrees, decode, encode, new_administration_event
from surveys.model import Text
from surveys.rounds import Round, Rounds
from surveys.units import UnitRegister, reference_units

NewId = Callable[[datetime], str]
BATCH = 500


@dataclass(frozen=True, slots=True)
class Administered:
    """Units and rounds as they stand after everything the topic said so far."""

    units: UnitRegister
    rounds: Rounds


class Administration:
    """Reads the administration topic from its start, and then only what is new. Safe in several threads."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._after: dict[int, int] = {}
        self._known = Administered(UnitRegister(reference_units()), Rounds())

    def current(self) -> Administered:
        """Units and rounds up to the newest event; raises LogUnavailable within some seconds."""
        if not self._lock.acquire(timeout=seconds_left()):
            raise LogUnavailable(ADMINISTRATION, "another request is waiting for it")
        try:
            while events := self._log.read(ADMINISTRATION, self._after, BATCH):
                for event in events:
                    self._known = _after(self._known, event)
                    self._after[event.partition] = event.offset
            return self._known
        finally:
            self._lock.release()


def open_round(log: EventLog, opened: RoundOpened, now: datetime, new_id: NewId) -> None:
    """Opens a round, or opens it anew with other times. Raises LogUnavailable."""
    _announce(log, opened, now, new_id)


def pause_round(log: EventLog, survey: str, year: int, reason: str | None, now: datetime, new_id: NewId) -> None:
    """Nothing is received until the round is resumed. Raises UnknownRound, RoundStateWrong, LogUnavailable."""
    _must_be(_round(log, survey, year), now, ("not_yet_open", "open"))
    _announce(log, RoundPaused(survey=survey, year=year, reason=reason), now, new_id)


def resume_round(log: EventLog, survey: str, year: int, now: datetime, new_id: NewId) -> None:
    """A paused round goes on. Raises UnknownRound, RoundStateWrong, LogUnavailable."""
    _must_be(_round(log, survey, year), now, ("paused",))
    _announce(log, RoundResumed(survey=survey, year=year), now, new_id)


def close_round(log: EventLog, survey: str, year: int, reason: str | None, now: datetime, new_id: NewId) -> None:
    """Only corrections are received from now on. Raises UnknownRound, RoundStateWrong, LogUnavailable."""
    _must_be(_round(log, survey, year), now, ("not_yet_open", "open", "paused"))
    _announce(log, RoundClosed(survey=survey, year=year, reason=reason), now, new_id)


def add_unit(log: EventLog, unit: UnitAdded, now: datetime, new_id: NewId) -> None:
    """Adds a unit, or replaces what is known of it. Raises MisplacedUnit, LogUnavailable."""
    Administration(log).current().units.with_event(unit)
    _announce(log, unit, now, new_id)


def register_programme(log: EventLog, programme: ProgrammeRegistered, now: datetime, new_id: NewId) -> None:
    """Enters a programme in the register. Raises LogUnavailable."""
    _announce(log, programme, now, new_id)


def merge_programmes(log: EventLog, merged: ProgrammeMerged, now: datetime, new_id: NewId) -> None:
    """Makes one programme count as another from now on, in every year. Raises LogUnavailable."""
    _announce(log, merged, now, new_id)


def announce(log: EventLog, news: Sequence[tuple[AdministrationData, datetime]], new_id: NewId) -> None:
    """Appends what is known to hold, each with its time and all in one go: a register taken over from elsewhere.

    Nothing is looked up first: readers skip what cannot have happened. Raises LogUnavailable, and nothing is appended.
    """
    events = [(data, new_administration_event(data, event_id=new_id(at), time=at)) for data, at in news]
    log.append(ADMINISTRATION, [(data.key, encode(event)) for data, event in events])


def _announce(log: EventLog, data: AdministrationData, now: datetime, new_id: NewId) -> None:
    announce(log, [(data, now)], new_id)


def _after(known: Administered, stored: StoredEvent) -> Administered:
    """What is known after one more event; one that cannot be read changes nothing and stops nothing."""
    try:
        event = decode(stored.value)
        fault = agrees(event, stored.key)
        if fault is not None:
            raise fault
        if isinstance(event.data, UnitAdded):
            return Administered(known.units.with_event(event.data), known.rounds)
        known.rounds.apply(event)
        return known
    except SurveyError as fault:
        get_logger(__name__).warning("administration_event_skipped", offset=stored.offset, code=fault.code)
        return known


def _round(log: EventLog, survey: str, year: int) -> Round:
    found = Administration(log).current().rounds.get(survey, year)
    if found is None:
        raise UnknownRound(survey, year)
    return found


def _must_be(found: Round, now: datetime, states: tuple[str, ...]) -> None:
    state = found.state(now)
    if state not in states:
        what = Text(sv=f"Insamlingen är i läget {state}.", en=f"The state of the round is {state}.")
        raise RoundStateWrong(f"{found.survey}/{found.year}", what)
