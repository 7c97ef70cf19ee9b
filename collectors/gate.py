"""What every way in needs, joined once: the log, the catalogue, units and rounds, submissions, earlier answers."""

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from sqlalchemy import Engine

from collectors.administration import Administration
from collectors.errors import LogDown
from collectors.inbox import Inbox
from collectors.metrics import Metrics
from collectors.previous import EarlierAnswers, PreviousAnswers
from collectors.punctual_log import PunctualLog, seconds_left
from collectors.submissions import Submissions
from infra.event_log import EventLog
from infra.settings import Settings
from surveys.catalogue import Catalogue
from surveys.events import event_id
from surveys.population import PopulationTable, packaged_population, population_in_force
from surveys.questionnaire import Questionnaire

TURNS = 64  # more than the threads that serve at once


class Turns:
    """Lets one submission id in at a time, so that a double click in one process is appended once."""

    def __init__(self) -> None:
        self._locks = tuple(threading.Lock() for _ in range(TURNS))

    @contextmanager
    def turn(self, submission_id: str) -> Iterator[None]:
        """Waits for its turn as long as for the log; raises LogDown after that."""
        lock = self._locks[crc32(submission_id.encode()) % TURNS]
        if not lock.acquire(timeout=seconds_left()):
            raise LogDown()
        try:
            yield
        finally:
            lock.release()


@dataclass(frozen=True)
class Gate:
    """The joint that receive and the web pages are given; close it when done."""

    log: EventLog
    catalogue: Catalogue
    engine: Engine
    administration: Administration
    submissions: Submissions
    previous: PreviousAnswers
    inbox: Inbox
    population: PopulationTable = field(default_factory=packaged_population)
    metrics: Metrics = field(default_factory=Metrics)
    turns: Turns = field(default_factory=Turns)

    def previous_answers(self, questionnaire: Questionnaire, unit: str) -> Mapping[str, Any] | None:
        """The unit's answers in the nearest earlier year of the survey, by that year's ids; None without any."""
        earlier = self.catalogue.previous(questionnaire.survey, questionnaire.year)
        return None if earlier is None else self.previous.of_unit(earlier, unit)

    def close(self) -> None:
        self.log.close()
        self.engine.dispose()


def open_gate(settings: Settings, catalogue: Catalogue | None = None) -> Gate:
    """A gate on the settings' log and database, its tables brought up to date.

    Raises infra's errors, and PopulationFileFaults before anything is opened.

    The catalogue is the product's own when none is given.
    """
    from infra.event_log import open_log
    from infra.operational_db import engine, migrate
    from surveys.catalogue import load_catalogue

    population = population_in_force(settings.population_file)
    database = engine(settings)
    migrate(database)
    log = PunctualLog(open_log(settings))
    submissions = Submissions(database)
    previous = EarlierAnswers(submissions, settings.data_dir)
    return Gate(
        log=log,
        catalogue=catalogue or load_catalogue(),
        engine=database,
        administration=Administration(log),
        submissions=submissions,
        previous=previous,
        inbox=Inbox(log, previous),
        population=population,
    )


def new_id(now: datetime) -> str:
    """A new event id: later ones sort later."""
    return event_id(now, secrets.token_bytes(10))


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)
