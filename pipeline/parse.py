"""Events from the log, parsed and checked: each becomes an accepted response or a dead letter, none is lost."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from pydantic_core import from_json, to_json

from infra.event_log import StoredEvent
from pipeline import parked
from pipeline.parked import Parked
from surveys.checks import Failure, checker, unsettled
from surveys.content import checksum
from surveys.errors import SurveyError
from surveys.event_data import ResponseSubmitted
from surveys.events import EventFault, ResponseSubmittedEvent, agrees, decode_with_answers, submitted_at
from surveys.questionnaire import Questionnaire
from surveys.units import UnitRegister

Content = tuple[str, int, str, str]
Explained = tuple[Failure, str | None]


class Accepted(NamedTuple):
    """A response that holds, as the columns of landing.event, and what lands beside them.

    `answers` and `explanations` are JSON, written anew from what was checked: so what was checked is what lands. Plain
    values only: a batch of nested answers kept alive would cost more in garbage collection than its landing.
    """

    topic_partition: int
    log_offset: int
    event_id: str
    survey: str
    year: int
    unit_id: str
    submission_id: str
    submitted_at: datetime
    mode: str
    corrects: str | None
    reason: str | None
    questionnaire: str
    appended_at: datetime
    explanations: bytes
    answers: bytes
    stored: StoredEvent
    definition: Questionnaire
    failures: tuple[Explained, ...]
    spent: Mapping[str, int] | None

    @property
    def content(self) -> Content:
        """What makes two responses the same: survey, year, unit, and a checksum of all that the respondent says."""
        said = checksum(from_json(self.answers), from_json(self.explanations), self.corrects, self.reason)
        return self.survey, self.year, self.unit_id, said


Verdict = Accepted | Parked


class Definitions(Protocol):
    """What is asked: `surveys.catalogue.Catalogue` in production."""

    def surveys(self) -> list[str]: ...

    def years(self, survey: str) -> list[int]: ...

    def get(self, survey: str, year: int) -> Questionnaire: ...


class Asked:
    """Who is asked what, as known when a batch is read: the catalogue, and the units registered so far.

    `since` says when the log took the first word of a unit. Before that nothing can be asked of it, however late the
    response is read: what becomes of a response does not depend on when.
    """

    def __init__(
        self, catalogue: Definitions, units: UnitRegister, since: Mapping[str, datetime] | None = None
    ) -> None:
        self.units = units
        self._since = {} if since is None else since
        self._catalogue = catalogue
        self._questionnaires: dict[tuple[str, int], Questionnaire | None] = {}

    def questionnaire(self, survey: str, year: int) -> Questionnaire | None:
        """None when the catalogue does not have it."""
        key = (survey, year)
        if key not in self._questionnaires:
            self._questionnaires[key] = self._look_up(survey, year)
        return self._questionnaires[key]

    def knows(self, unit: str, appended_at: datetime) -> bool:
        """Whether the unit was known when the log took a response of it."""
        return unit in self.units and self._since.get(unit, appended_at) <= appended_at

    def years(self, survey: str) -> list[int]:
        """The years of a survey; none when there is no such survey."""
        return self._catalogue.years(survey) if survey in self._catalogue.surveys() else []

    def _look_up(self, survey: str, year: int) -> Questionnaire | None:
        return self._catalogue.get(survey, year) if year in self.years(survey) else None


def parse(events: Iterable[StoredEvent], asked: Asked) -> list[Verdict]:
    """The verdict on each event, in their order. Whatever an event holds, none of them stops the others."""
    return [_judged(stored, asked) for stored in events]


def _judged(stored: StoredEvent, asked: Asked) -> Verdict:
    try:
        return judge(stored, asked)
    except SurveyError:
        raise  # a definition cannot be read: nothing about the event
    except Exception as fault:
        # Our own mistake. Stopping would hold back every event behind this one; parked, it is seen and can be replayed.
        return parked.unexpected(stored, fault)


def judge(stored: StoredEvent, asked: Asked) -> Verdict:
    """1. read it, 2. it agrees with itself, 3. somebody asked this of this unit, 4. the answers hold."""
    try:
        event, answers = decode_with_answers(stored.value)
    except EventFault as fault:
        return parked.not_an_event(stored, fault)
    if type(event) is not ResponseSubmittedEvent:
        return parked.wrong_topic(stored, event.type, event.data)
    fault_found = agrees(event, stored.key)
    if fault_found is not None:
        return parked.not_an_event(stored, fault_found, event.data)
    q = _asked_of(stored, event.data, asked)
    if isinstance(q, Parked):
        return q
    return _checked(stored, event, answers, q, asked)


def _asked_of(stored: StoredEvent, data: ResponseSubmitted, asked: Asked) -> Questionnaire | Parked:
    q = asked.questionnaire(data.survey, data.year)
    if q is None:
        years = asked.years(data.survey)
        return parked.unknown_year(stored, data, years) if years else parked.unknown_survey(stored, data)
    if not asked.knows(data.unit, stored.appended_at):
        return parked.unknown_unit(stored, data)
    kind = asked.units.get(data.unit).kind
    if kind not in q.respondents:
        return parked.unit_not_asked(stored, data, kind, q)
    return q if data.questionnaire == q.fingerprint else parked.other_questionnaire(stored, data, q)


def _checked(
    stored: StoredEvent, event: ResponseSubmittedEvent, answers: bytes, q: Questionnaire, asked: Asked
) -> Verdict:
    data = event.data
    failures: Sequence[Failure] = checker(q, asked.units.get(data.unit).kind).intrinsic(data.answers)
    if failures:
        refused = unsettled(failures, data.explanations)
        if refused:
            return parked.checks_failed(stored, data, refused)
    return Accepted(
        stored.partition,
        stored.offset,
        event.id,
        data.survey,
        data.year,
        data.unit,
        data.submission_id,
        submitted_at(event, stored.appended_at),
        data.mode,
        data.corrects,
        data.reason,
        data.questionnaire,
        stored.appended_at,
        to_json(data.explanations) if data.explanations else b"{}",
        answers,
        stored,
        q,
        tuple((failure, data.explanations.get(failure.check)) for failure in failures),
        event.spent if event.secondsspent else None,
    )


__all__ = ["Accepted", "Asked", "Verdict", "judge", "parse"]
