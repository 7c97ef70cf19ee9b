"""When a survey is collected: rounds that open, pause and close, in Swedish time.

The rounds are what the administration events say, in the order of the log; they can be made anew from it at any time.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, field_validator, model_validator

from surveys.errors import SurveyError
from surveys.events import (
    Event,
    RoundClosedEvent,
    RoundOpenedEvent,
    RoundPausedEvent,
    RoundResumedEvent,
)
from surveys.model import Frozen

State = Literal["not_yet_open", "open", "paused", "closed"]


class UnknownRound(SurveyError):
    """A round is paused, resumed or closed that was never opened."""

    code = "S340"

    def __init__(self, survey: str, year: int) -> None:
        super().__init__(f"round {survey}/{year}", "was never opened.", "Open it with `lagesbild rounds open`.")
        self.survey = survey
        self.year = year


class NoSuchTime(SurveyError):
    """The clocks in Sweden skip this time, or show it twice."""

    code = "S341"

    def __init__(self, wall: datetime, why: str) -> None:
        super().__init__(wall.isoformat(" ", "minutes"), why, "Choose another time, or write it with its offset.")
        self.wall = wall


class Round(Frozen):
    """One survey and year being collected.

    `opens_at` ≤ open < `closes_at`; a response after `due_at` is late but received. Times are kept in UTC: aware
    times of one zone would be compared by the clock on the wall, which repeats an hour each October.
    `status` is what was last said of the round; `state` is what holds at a moment.
    """

    survey: str
    year: int
    opens_at: AwareDatetime
    due_at: AwareDatetime
    closes_at: AwareDatetime
    status: Literal["open", "paused", "closed"] = "open"

    @field_validator("opens_at", "due_at", "closes_at")
    @classmethod
    def _in_utc(cls, moment: datetime) -> datetime:
        return moment.astimezone(UTC)

    @model_validator(mode="after")
    def _the_window_is_not_inverted(self) -> Self:
        if not self.opens_at < self.due_at <= self.closes_at:
            raise ValueError("a round opens before it is due, and is due no later than it closes")
        return self

    def state(self, now: datetime) -> State:
        """What holds at that moment. A round paused over its closing stays paused until it is resumed or closed."""
        if self.status == "closed":
            return "closed"
        if now < self.opens_at:
            return "not_yet_open"
        if self.status == "paused":
            return "paused"
        return "open" if now < self.closes_at else "closed"

    def accepts(self, now: datetime, is_correction: bool) -> bool:
        """Whether a response is received now: open takes all, closed only corrections that say why, else none."""
        state = self.state(now)
        return state == "open" or (state == "closed" and is_correction)

    def is_late(self, submitted_at: datetime) -> bool:
        return submitted_at > self.due_at


class Rounds:
    """Every round by survey and year, as the administration events applied so far leave it."""

    def __init__(self) -> None:
        self._rounds: dict[tuple[str, int], Round] = {}
        self._applied: set[tuple[str, str]] = set()

    def __iter__(self) -> Iterator[Round]:
        """By survey and year."""
        return iter(sorted(self._rounds.values(), key=lambda round_: (round_.survey, round_.year)))

    def get(self, survey: str, year: int) -> Round | None:
        """That round, None when it was never opened."""
        return self._rounds.get((survey, year))

    def apply(self, event: Event) -> None:
        """Lets the event happen; one that was applied before, or is about something else, changes nothing.

        Events are the same when source and id are (CloudEvents 1.0.2). Opening a known round gives it new times and
        opens it again. Raises UnknownRound for a round that was never opened, and nothing changes.
        """
        if (event.source, event.id) in self._applied:
            return
        self._applied.add((event.source, event.id))
        match event:
            case RoundOpenedEvent(data=data):
                self._put(Round(**data.model_dump()))
            case RoundPausedEvent(data=data):
                self._say(data.survey, data.year, "paused")
            case RoundResumedEvent(data=data):
                self._say(data.survey, data.year, "open")
            case RoundClosedEvent(data=data):
                self._say(data.survey, data.year, "closed")

    def _say(self, survey: str, year: int, status: Literal["open", "paused", "closed"]) -> None:
        known = self.get(survey, year)
        if known is None:
            raise UnknownRound(survey, year)
        if known.status != "closed":  # a closed round is opened anew, not paused or resumed
            self._put(known.model_copy(update={"status": status}))

    def _put(self, round_: Round) -> None:
        self._rounds[round_.survey, round_.year] = round_


@lru_cache(maxsize=1)
def stockholm() -> ZoneInfo:
    return ZoneInfo("Europe/Stockholm")


def swedish_time(wall: datetime) -> datetime:
    """The moment, in UTC, when clocks in Sweden show `wall` (naive); raises NoSuchTime when that is none or two."""
    first, second = (wall.replace(tzinfo=stockholm(), fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    skipped = first.astimezone(stockholm()).replace(tzinfo=None) != wall
    raise NoSuchTime(wall, "is skipped when summer time begins." if skipped else "comes twice when summer time ends.")


def start_of(day: date) -> datetime:
    """The moment, in UTC, when that day begins in Sweden."""
    return swedish_time(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """The moment, in UTC, when that day has ended in Sweden: the first that is not of it."""
    return start_of(day + timedelta(days=1))


def on_swedish_clock(moment: datetime) -> datetime:
    """The moment as clocks in Sweden show it, for reading aloud."""
    return moment.astimezone(stockholm())
