"""When each round of the past was open, and when the rounds of this year are, on the day the demonstration is run."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from collectors.demonstration.chance import dice, happens
from surveys.rounds import end_of, start_of, swedish_time

OPENED_DAYS_AGO = 14
# A tenth of the answers come after the last day, as they do.
LATE = 0.1
# The year a round is held in, its first day and the last day to answer, as (years later, month, day).
SEASONS = {
    "prehospital": ((0, 4, 17), (0, 5, 31)),
    "sob": ((0, 4, 15), (0, 5, 31)),
    "ungdomsmottagningar": ((0, 2, 15), (0, 4, 10)),
    "handlingsplaner": ((0, 9, 15), (0, 10, 31)),
    "psykiatrin": ((1, 3, 1), (1, 4, 15)),
}
# The winter of 2022/23.
EXCEPTIONS = {("ungdomsmottagningar", 2022): ((1, 1, 9), (1, 2, 15))}
GRACE = timedelta(days=21)
WINDOW_AFTER_GRACE = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Times:
    """A round's first day, its last day to answer, the day it was ended by hand (None: it is open) and its last day."""

    opens: date
    due: date
    ended: date | None
    closes: date

    @property
    def opens_at(self) -> datetime:
        return start_of(self.opens)

    @property
    def due_at(self) -> datetime:
        return end_of(self.due)

    @property
    def closes_at(self) -> datetime:
        return end_of(self.closes)


def past_round(survey: str, year: int) -> Times:
    """When the round of an earlier year was held."""
    first, last = EXCEPTIONS.get((survey, year), SEASONS[survey])
    due = date(year + last[0], last[1], last[2])
    return Times(date(year + first[0], first[1], first[2]), due, due + GRACE, due + GRACE + WINDOW_AFTER_GRACE)


def open_round(today: date) -> Times:
    """A round that has been open for two weeks and is so for some weeks more."""
    due = today + timedelta(days=OPENED_DAYS_AGO)
    return Times(today - timedelta(days=OPENED_DAYS_AGO), due, None, due + timedelta(days=28))


def answered_at(times: Times, today: date, *name: object) -> datetime:
    """When a unit answers: in office hours, mostly in time, some late, never after the round ended or today."""
    last = times.due if times.ended is None or not happens(LATE, "late", *name) else times.ended - timedelta(days=1)
    first = times.opens if last == times.due else times.due + timedelta(days=1)
    last = min(last, today - timedelta(days=1))
    return in_office_hours(first + (last - first) * dice("day", *name).random() ** 0.6, *name)


def in_office_hours(day: date, *name: object) -> datetime:
    """A moment of that day between eight and five, of its own to the second."""
    second = dice("second", *name).randrange(8 * 3600, 17 * 3600)
    return swedish_time(datetime.combine(day, time.min) + timedelta(seconds=second))
