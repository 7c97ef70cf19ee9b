"""Everything that happens in the demonstration, in the order of time: rounds, register, responses, corrections."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from collectors.demonstration import (
    clinics,
    handlingsplaner,
    prehospital,
    psykiatrin,
    sob,
    texts,
    ungdomsmottagningar,
)
from collectors.demonstration.chance import drawn
from collectors.demonstration.plan import OPEN_YEAR, Answers, Correction, MadeUp
from collectors.demonstration.programmes import ALIASES, programmes
from collectors.demonstration.schedule import Times, answered_at, in_office_hours, open_round, past_round
from collectors.demonstration.time_taken import time_taken
from collectors.receive import Mode, Request
from surveys.catalogue import Catalogue
from surveys.event_data import ProgrammeMerged, ProgrammeRegistered, RoundClosed, RoundOpened
from surveys.events import AdministrationData
from surveys.registers import entry_id
from surveys.rounds import swedish_time

MAPPINGS: dict[str, MadeUp] = {
    "prehospital": prehospital,
    "sob": sob,
    "ungdomsmottagningar": ungdomsmottagningar,
    "handlingsplaner": handlingsplaner,
    "psykiatrin": psykiatrin,
}
# How responses come in: long rosters mostly as workbooks, short forms on the web.
MODES: dict[str, dict[Mode, float]] = {
    "prehospital": {"web": 8, "excel": 1, "api": 1},
    "sob": {"excel": 7, "web": 2, "api": 1},
    "ungdomsmottagningar": {"web": 9, "excel": 1},
    "handlingsplaner": {"web": 9, "excel": 0.5, "api": 0.5},
    "psykiatrin": {"excel": 5, "api": 3, "web": 1, "file": 1},
}
MERGED = date(2023, 6, 12)
REGISTERED = date(2018, 4, 3)
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happens: somebody of SKR says something of rounds or registers, or a unit sends a response."""

    at: datetime
    what: AdministrationData | Request


def timeline(catalogue: Catalogue, today: date) -> list[Moment]:
    """All moments, earliest first. Nothing is later than `today`, and nothing but the open rounds depends on it."""
    moments = [*_registers(), *(moment for survey in MAPPINGS for moment in _survey(catalogue, survey, today))]
    return sorted(moments, key=lambda moment: moment.at)


def submission_id(survey: str, year: int, unit: str, number: int) -> str:
    """The id of a demonstration response: the same every time, and plainly one."""
    return f"demonstration.{survey}.{year}.{unit}.{number}"


def _registers() -> Iterator[Moment]:
    for entry in clinics.register():
        yield Moment(_noon(entry.day), entry.unit)
    for one in programmes():
        if one.is_shared:
            day = max(REGISTERED, date(one.begins, 4, 3))
            yield Moment(_noon(day), ProgrammeRegistered(programme=entry_id(one.name), name=one.name))
    for (_, name), alias in ALIASES.items():
        merged = ProgrammeMerged(programme=entry_id(alias), into=entry_id(name), reason=texts.SAME_PROGRAMME)
        yield Moment(_noon(MERGED), merged)


def _survey(catalogue: Catalogue, survey: str, today: date) -> Iterator[Moment]:
    for year in catalogue.years(survey):
        times = open_round(today) if year == OPEN_YEAR else past_round(survey, year)
        yield from _round(survey, year, times)
        for unit, answers in MAPPINGS[survey].first_answers(year).items():
            at = answered_at(times, today, survey, year, unit)
            first = _first(survey, year, unit, answers)
            spent = time_taken(catalogue.get(survey, year), unit, answers, first.mode)
            yield Moment(at, first.model_copy(update={"spent": spent}))
    for correction in MAPPINGS[survey].corrections():
        at = in_office_hours(correction.day, survey, correction.unit, "correction")
        yield Moment(at, _corrected(survey, correction))


def _round(survey: str, year: int, times: Times) -> Iterator[Moment]:
    window = {"opens_at": times.opens_at, "due_at": times.due_at, "closes_at": times.closes_at}
    yield Moment(times.opens_at, RoundOpened(survey=survey, year=year, **window))
    if times.ended is not None:
        yield Moment(_noon(times.ended), RoundClosed(survey=survey, year=year, reason=texts.ROUND_ENDED))


def _first(survey: str, year: int, unit: str, answers: Answers) -> Request:
    return Request(
        survey=survey,
        year=year,
        unit=unit,
        submission_id=submission_id(survey, year, unit, 1),
        answers=answers,
        mode=drawn(MODES[survey], "mode", survey, unit),
    )


def _corrected(survey: str, correction: Correction) -> Request:
    first = _first(survey, correction.year, correction.unit, correction.answers)
    again = {
        "submission_id": submission_id(survey, correction.year, correction.unit, 2),
        "corrects": first.submission_id,
        "reason": correction.reason,
    }
    return first.model_copy(update=again)


def _noon(day: date) -> datetime:
    return swedish_time(datetime.combine(day, NOON))
