"""Rounds: Swedish time, opening and closing, pause; made from events, in the order of the log."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from surveys.event_data import RoundClosed, RoundOpened, RoundPaused, RoundResumed
from surveys.events import AdministrationData, Event, new_administration_event
from surveys.rounds import (
    NoSuchTime,
    Round,
    Rounds,
    UnknownRound,
    end_of,
    on_swedish_clock,
    start_of,
    swedish_time,
)

OPENS, DUE, CLOSES = start_of(date(2026, 3, 1)), end_of(date(2026, 4, 30)), end_of(date(2026, 5, 31))
MIDDLE = datetime(2026, 4, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def round_(**changes: object) -> Round:
    facts = {"survey": "sob", "year": 2026, "opens_at": OPENS, "due_at": DUE, "closes_at": CLOSES}
    return Round.model_validate(facts | changes)


def opened(**changes: datetime) -> RoundOpened:
    return RoundOpened(survey="sob", year=2026, **({"opens_at": OPENS, "due_at": DUE, "closes_at": CLOSES} | changes))


PAUSED, RESUMED, CLOSED = (kind(survey="sob", year=2026) for kind in (RoundPaused, RoundResumed, RoundClosed))


def log(*data: AdministrationData) -> list[Event]:
    return [new_administration_event(each, event_id=f"e-{n}", time=MIDDLE) for n, each in enumerate(data)]


def rounds_after(*data: AdministrationData) -> Rounds:
    rounds = Rounds()
    for event in log(*data):
        rounds.apply(event)
    return rounds


def state_after(*data: AdministrationData, at: datetime = MIDDLE) -> str:
    found = rounds_after(*data).get("sob", 2026)
    assert found is not None
    return found.state(at)


@pytest.mark.parametrize(
    ("now", "state", "new", "correction"),
    [
        (OPENS - SECOND, "not_yet_open", False, False),
        (OPENS, "open", True, True),
        (DUE + SECOND, "open", True, True),
        (CLOSES - SECOND, "open", True, True),
        (CLOSES, "closed", False, True),
    ],
)
def test_a_round_receives_by_the_clock(now: datetime, state: str, new: bool, correction: bool) -> None:
    found = round_()
    assert found.state(now) == state
    assert (found.accepts(now, is_correction=False), found.accepts(now, is_correction=True)) == (new, correction)


def test_a_paused_round_receives_nothing_not_even_corrections() -> None:
    paused = round_(status="paused")
    for now in (MIDDLE, CLOSES + SECOND):
        assert paused.state(now) == "paused"
        assert not paused.accepts(now, is_correction=True)


def test_a_response_is_late_after_the_due_time_only() -> None:
    assert [round_().is_late(DUE + offset) for offset in (-SECOND, 0 * SECOND, SECOND)] == [False, False, True]


@pytest.mark.parametrize(
    "window",
    [
        {"opens_at": CLOSES, "closes_at": OPENS},
        {"due_at": OPENS},
        {"due_at": OPENS - SECOND},
        {"due_at": CLOSES + SECOND},
    ],
)
def test_an_inverted_window_is_refused(window: dict[str, datetime]) -> None:
    with pytest.raises(ValidationError, match="a round opens before it is due"):
        round_(**window)
    with pytest.raises(ValidationError, match="a round opens before it is due"):
        opened(**window)


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ((opened(),), "open"),
        ((opened(), PAUSED), "paused"),
        ((opened(), PAUSED, RESUMED), "open"),
        ((opened(), CLOSED), "closed"),
        ((opened(), CLOSED, RESUMED), "closed"),
        ((opened(), CLOSED, opened()), "open"),
        ((opened(), opened(opens_at=MIDDLE + SECOND)), "not_yet_open"),
    ],
)
def test_a_round_is_what_the_events_say(history: tuple[AdministrationData, ...], state: str) -> None:
    assert state_after(*history) == state


def test_the_whole_log_applied_twice_changes_nothing() -> None:
    events = log(opened(), PAUSED, RESUMED, CLOSED)
    rounds = Rounds()
    for event in [*events, *events]:
        rounds.apply(event)
    assert list(rounds) == list(rounds_after(opened(), PAUSED, RESUMED, CLOSED))
    assert [found.status for found in rounds] == ["closed"]


def test_pausing_a_round_that_was_never_opened_is_an_error() -> None:
    with pytest.raises(UnknownRound, match="S340 round sob/2026"):
        rounds_after(PAUSED)


def test_a_round_that_was_never_opened_is_none() -> None:
    assert rounds_after(opened()).get("sob", 2025) is None


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
    ids=["summer time begins", "summer time ends", "any day"],
)
def test_a_day_is_as_long_as_swedish_clocks_make_it(day: date, hours: int) -> None:
    assert end_of(day) - start_of(day) == timedelta(hours=hours)


def test_days_begin_at_swedish_midnight_in_summer_and_winter() -> None:
    assert start_of(date(2026, 1, 15)) == datetime(2026, 1, 14, 23, tzinfo=UTC)
    assert start_of(date(2026, 7, 15)) == datetime(2026, 7, 14, 22, tzinfo=UTC)
    assert on_swedish_clock(start_of(date(2026, 7, 15))).isoformat() == "2026-07-15T00:00:00+02:00"


@pytest.mark.parametrize(
    ("wall", "why"),
    [(datetime(2026, 3, 29, 2, 30), "skipped"), (datetime(2026, 10, 25, 2, 30), "comes twice")],
)
def test_a_time_that_clocks_skip_or_repeat_is_refused(wall: datetime, why: str) -> None:
    with pytest.raises(NoSuchTime, match=why):
        swedish_time(wall)


def test_a_round_that_closes_in_the_repeated_hour_closes_once() -> None:
    zone = ZoneInfo("Europe/Stockholm")
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=fold) for fold in (0, 1))
    found = round_(closes_at=second)
    assert found.state(first) == "open"
    assert found.state(first + timedelta(minutes=20)) == "open"
    assert found.state(second) == "closed"
    assert round_(closes_at=first).state(second) == "closed"
