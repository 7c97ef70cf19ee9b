"""A past moment that somebody asks for: a time, a place in the log, or a publication. One way to write each."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from surveys.errors import SurveyError
from surveys.rounds import NoSuchTime, end_of, swedish_time

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_OFFSET = re.compile(r"\d{1,18}", re.ASCII)
_POSITIONS = re.compile(r"\d{1,9}:(?:\d{1,18}|-1)(?:,\d{1,9}:(?:\d{1,18}|-1))*", re.ASCII)
_PUBLICATION = re.compile(r"\d{8}T\d{12}Z(?:-\d+)?", re.ASCII)
WAYS = (
    "Write a day (2023-12-01: all of it), a Swedish time (2023-12-01T12:00) or one with its zone "
    "(2023-12-01T11:00Z), an offset of the log (1234, or 0:12,1:33 by partition), or a publish id."
)


class NoSuchMoment(SurveyError):
    """What was written is no past moment, or not one of this log."""

    code = "S345"

    def __init__(self, text: str, why: str, now: str = WAYS) -> None:
        super().__init__(f"moment '{text}'", why, now)
        self.text = text
        self.why = why


@dataclass(frozen=True, slots=True)
class AtTime:
    """What had been submitted by then: every event with submitted_at ≤ `time` (UTC)."""

    time: datetime

    def __str__(self) -> str:
        return self.time.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class AtPositions:
    """What was known when these were the last offsets of the responses, by partition; -1: none of that partition."""

    last: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        return ",".join(f"{partition}:{offset}" for partition, offset in self.last)


@dataclass(frozen=True, slots=True)
class AtPublication:
    """What was published under this id."""

    publish_id: str

    def __str__(self) -> str:
        return self.publish_id


Moment = AtTime | AtPositions | AtPublication


def moment(text: str) -> Moment:
    """The moment that `text` names; what it gives as text names the same again.

    A day is the whole of it; a time without a zone is Swedish. Raises NoSuchMoment, also for a time that clocks in
    Sweden skip or show twice.
    """
    written = text.strip()
    if _PUBLICATION.fullmatch(written):
        return AtPublication(written)
    if _OFFSET.fullmatch(written):
        return AtPositions(((0, int(written)),))
    if _POSITIONS.fullmatch(written):
        return _positions(written)
    try:
        return AtTime(_time(written))
    except NoSuchTime as fault:
        raise NoSuchMoment(written, f"in Sweden this time {fault.what}", fault.now) from fault
    except (ValueError, OverflowError) as fault:
        raise NoSuchMoment(written, "cannot be read.") from fault


def _positions(written: str) -> AtPositions:
    pairs = [(int(partition), int(last)) for partition, last in (each.split(":") for each in written.split(","))]
    if len(dict(pairs)) < len(pairs):
        raise NoSuchMoment(written, "names a partition twice.")
    return AtPositions(tuple(sorted(pairs)))


def _time(written: str) -> datetime:
    if _DAY.fullmatch(written):
        return end_of(date.fromisoformat(written)) - timedelta(microseconds=1)
    found = _TIME.fullmatch(written)
    if found is None:
        raise ValueError(written)
    day, clock, zone = found.groups()
    wall = datetime.fromisoformat(f"{day}T{clock}")
    if zone is None:
        return swedish_time(wall)
    return datetime.fromisoformat(f"{wall.isoformat()}{'+00:00' if zone == 'Z' else zone}").astimezone(UTC)
