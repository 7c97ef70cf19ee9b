"""Answers that trickle in as life has it, published batch by batch: what a live pipeline leaves behind."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from infra.event_log import ADMINISTRATION, RESPONSES, EventLog
from infra.settings import Settings
from pipeline.audit import Result
from pipeline.consume import Consumer, opened_warehouse
from pipeline.mart import Part
from pipeline.refresh import refresh
from surveys.event_data import RoundClosed, RoundOpened, UnitAdded
from surveys.events import AdministrationData, encode, new_administration_event
from surveys.model import Text
from surveys.questionnaire import Questionnaire
from tests.pipeline.build import Definitions, event
from tests.pipeline.published import indicator
from tests.surveys.build import item, questionnaire

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Audit = Callable[["DuckDBPyConnection", Questionnaire, datetime], list[Result]]
Results = dict[Part, list[Result]]
AuditAll = Callable[["DuckDBPyConnection", Iterable[Questionnaire], datetime], Future[Results]]

BEGAN = datetime(2023, 5, 1, 8, tzinfo=UTC)
FIGURE = indicator("antal", numerator={"kind": "sum", "items": ["a"]})
LAST_YEAR = questionnaire(item("a"), item("om", "text"), indicators=[FIGURE], survey="ett", year=2022)
THIS_YEAR = questionnaire(item("a"), item("om", "text"), indicators=[FIGURE], survey="ett")
CLINICS = questionnaire(item("a"), indicators=[FIGURE], survey="tva", respondents=["mottagning"])
DEFINITIONS = Definitions(LAST_YEAR, THIS_YEAR, CLINICS)
REGIONS = ("01", "03", "14", "25")
CLINIC_IDS = ("m-1", "m-2", "m-3")


@dataclass
class Trickle:
    """A log that is written to and a pipeline that follows, on a clock of their own."""

    settings: Settings
    chance: Random
    clock: list[datetime] = field(default_factory=lambda: [BEGAN])
    sent: list[dict[str, Any]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.clock[0]

    def later(self, **by: float) -> None:
        self.clock[0] += timedelta(**by)

    def batch(self, log: EventLog) -> None:
        """Some things happen, in any order: answers, corrections, repetitions, faults, rounds, clinics."""
        for _ in range(self.chance.randint(2, 9)):
            self.later(seconds=self.chance.randint(1, 4_000))
            kind = self.chance.choices(("answer", "again", "fault", "round", "clinic"), (10, 2, 1, 1, 1))[0]
            getattr(self, f"_{kind}")(log)

    def published(self, log: EventLog) -> None:
        """The pipeline starts, lands and publishes what there is, and ends."""

        def publish(connection: "DuckDBPyConnection", now: datetime) -> object:
            return refresh(connection, self.settings, now, DEFINITIONS)

        self.later(seconds=1)
        with opened_warehouse(self.settings) as connection:
            size = self.chance.choice((2, 5, 4_000))
            consumer = Consumer(log, connection, DEFINITIONS, publish, self.now, batch_events=size)
            consumer.drain()
            consumer.close()

    def _answer(self, log: EventLog) -> None:
        q = self.chance.choice((LAST_YEAR, THIS_YEAR, CLINICS))
        unit = self.chance.choice(CLINIC_IDS if q is CLINICS else REGIONS)
        answers: dict[str, Any] = {"a": self.chance.randint(0, 40)}
        if q is not CLINICS and self.chance.random() < 0.3:
            answers["om"] = "ord"
        data = {"survey": q.survey, "year": q.year, "unit": unit, "questionnaire": q.fingerprint, "mode": "web"}
        self.sent.append({**data, "submission_id": f"s-{len(self.sent)}", "answers": answers})
        self._send(log, self.sent[-1])

    def _again(self, log: EventLog) -> None:
        if self.sent:
            self._send(log, self.chance.choice(self.sent))

    def _send(self, log: EventLog, data: dict[str, Any]) -> None:
        # Some come late with the time they were written, some have a clock that is fast.
        at = self.now() + timedelta(hours=self.chance.choice((0, 0, 0, -30, -3, 2)))
        log.append(RESPONSES, [(data["unit"], event(data, at))])

    def _fault(self, log: EventLog) -> None:
        unit = self.chance.choice(REGIONS)
        faulty = {**(self.sent or [{}])[-1], "unit": unit, "survey": "tre", "submission_id": "f"}
        log.append(RESPONSES, [(unit, self.chance.choice((b"junk", event({"year": 1, **faulty}, self.now()))))])

    def _round(self, log: EventLog) -> None:
        survey, year = self.chance.choice((("ett", 2022), ("ett", 2023), ("tva", 2023)))
        opens = self.now() + timedelta(hours=self.chance.choice((-50, -1, 3)))
        times = {"opens_at": opens, "due_at": opens + timedelta(hours=4), "closes_at": opens + timedelta(hours=9)}
        opened = RoundOpened(survey=survey, year=year, **times)
        self._happen(log, opened if self.chance.random() < 0.7 else RoundClosed(survey=survey, year=year))

    def _clinic(self, log: EventLog) -> None:
        name = f"Mottagning {self.chance.randint(1, 9)}"
        self._happen(
            log,
            UnitAdded(unit_id=self.chance.choice(CLINIC_IDS), kind="mottagning", name=name, region_code="14"),
        )

    def _happen(self, log: EventLog, data: AdministrationData) -> None:
        happened = new_administration_event(data, event_id=f"e-{self.now().timestamp()}", time=self.now())
        log.append(ADMINISTRATION, [(data.key, encode(happened))])


def each_part(audit: Audit) -> AuditAll:
    """Stands in for the audit of several parts: each by itself."""

    def found(work: "DuckDBPyConnection", questionnaires: Iterable[Questionnaire], now: datetime) -> Future[Results]:
        audited: Future[Results] = Future()
        audited.set_result({(q.survey, q.year): audit(work, q, now) for q in questionnaires})
        return audited

    return found


def audit_by_sum(work: "DuckDBPyConnection", q: Questionnaire, now: datetime) -> list[Result]:
    """Stands in for the audit, whose suites hardly ever hold a part: holds one whose sum is divisible by four."""
    part = {"survey": q.survey, "year": q.year}
    rows = work.execute(
        "SELECT coalesce(sum(value_number), 0)::INTEGER, (SELECT count(*) FROM known_unit) FROM fact "
        "WHERE survey = $survey AND year = $year AND item_id = 'a'",
        part,
    ).fetchall()
    total, units = rows[0]
    meaning = Text(sv=f"summan {total}", en=f"sum {total}")
    seen = f"{units} units" if "mottagning" in q.respondents else None
    return [Result(q.survey, q.year, "sum", meaning, None, "a", "critical", total % 4 > 0, seen, 1, 0, now)]


def happened(folder: Path, seed: int, log_of: Any) -> Iterator[tuple[Trickle, EventLog]]:
    """A log of several batches, each published."""
    trickle = Trickle(Settings(data_dir=folder), Random(seed))
    log = log_of(trickle)
    trickle._clinic(log)
    for _ in range(5):
        trickle.batch(log)
        trickle.published(log)
    yield trickle, log
    log.close()
