"""What a unit sent that could not be accepted and that it can mend itself: read from the dead-letter topic.

Not from the published file: what stands there may be some seconds old, and the answers that a check quotes are for the
unit alone.
"""

import json
import threading
from collections.abc import Callable
from datetime import datetime

from collectors.previous import PreviousAnswers
from collectors.punctual_log import seconds_left
from infra.errors import LogUnavailable
from infra.event_log import DEAD_LETTERS, EventLog
from surveys.checks import Failure
from surveys.dead_letters import REASONS, mendable_by
from surveys.letter_records import ParkedRecord, ReplayedRecord, read_record
from surveys.model import Frozen, Text

BATCH = 100  # with their payloads in memory at once
# Of what a system in a loop keeps sending, the newest are enough for the unit to know.
KEPT = 20

Asked = tuple[str, str, int]


class NotAccepted(Frozen):
    """A response of the unit that does not count: why, and what to do now. `submission_id` None: it had none."""

    letter: str
    survey: str
    year: int
    unit: str
    submission_id: str | None
    received_at: datetime
    code: str
    title: Text
    now: Text
    failures: tuple[Failure, ...]


class Inbox:
    """Reads the dead-letter topic from its start, and then only what is new. Safe in several threads."""

    def __init__(self, log: EventLog, previous: PreviousAnswers) -> None:
        self._log = log
        self._previous = previous
        self._lock = threading.Lock()
        self._after: dict[int, int] = {}
        self._parked: dict[Asked, dict[str, NotAccepted]] = {}
        self._places: dict[str, Asked] = {}

    def waiting(self, unit: str, survey: str, year: int) -> list[NotAccepted]:
        """What the unit has not mended, newest first: neither replayed nor followed by an accepted response.

        Of two that the log took at one moment either may have been the later: then it is told. Raises LogUnavailable
        within some seconds.
        """
        found = self._up_to_now(lambda: list(self._parked.get((unit, survey, year), {}).values()))
        if not found:
            return []
        accepted_at = self._previous.latest_at(survey, year, unit)
        waiting = [one for one in found if accepted_at is None or one.received_at >= accepted_at]
        return sorted(waiting, key=lambda one: one.received_at, reverse=True)

    def _up_to_now(self, look: Callable[[], list[NotAccepted]]) -> list[NotAccepted]:
        if not self._lock.acquire(timeout=seconds_left()):
            raise LogUnavailable(DEAD_LETTERS, "another request is waiting for it")
        try:
            while events := self._log.read(DEAD_LETTERS, self._after, BATCH):
                for event in events:
                    self._take(event.value)
                    self._after[event.partition] = event.offset
            return look()
        finally:
            self._lock.release()

    def _take(self, value: bytes) -> None:
        record = read_record(value)
        if isinstance(record, ReplayedRecord):
            asked = self._places.pop(record.letter, None)
            if asked is not None:
                self._parked[asked].pop(record.letter, None)
        elif isinstance(record, ParkedRecord) and mendable_by(record.code) == "respondent":
            self._keep(record)

    def _keep(self, record: ParkedRecord) -> None:
        if record.unit is None or record.survey is None or record.year is None or record.letter in self._places:
            return
        asked = (record.unit, record.survey, record.year)
        kept = self._parked.setdefault(asked, {})
        kept[record.letter] = _not_accepted(record, *asked)
        self._places[record.letter] = asked
        if len(kept) > KEPT:
            oldest = next(iter(kept))
            del kept[oldest], self._places[oldest]


def _not_accepted(record: ParkedRecord, unit: str, survey: str, year: int) -> NotAccepted:
    reason = REASONS[record.code]
    return NotAccepted(
        letter=record.letter,
        survey=survey,
        year=year,
        unit=unit,
        submission_id=_submission_id(record),
        received_at=record.appended_at,
        code=record.code,
        title=reason.title,
        now=reason.now,
        failures=record.failures,
    )


def _submission_id(record: ParkedRecord) -> str | None:
    """The id that the sender knows it by, as far as the payload can be read."""
    try:
        said = json.loads(record.value or b"")["data"]["submission_id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return said if isinstance(said, str) else None
