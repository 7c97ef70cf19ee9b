"""A small survey with an item of every kind, events of it, and a log and warehouse to land them in."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from infra.event_log import RESPONSES, StoredEvent
from infra.settings import Settings
from infra.warehouse import connect
from pipeline.land import Landed, land, prepare
from pipeline.parse import Asked, parse
from surveys.questionnaire import Questionnaire
from surveys.response import WEEKDAYS
from surveys.units import UnitRegister, reference_units
from tests.surveys.build import item, options, questionnaire

NOON = datetime(2023, 5, 31, 12, tzinfo=UTC)


class Definitions:
    """Questionnaires in memory, for a test's own surveys."""

    def __init__(self, *questionnaires: Questionnaire) -> None:
        self._known = {(q.survey, q.year): q for q in questionnaires}

    def surveys(self) -> list[str]:
        return sorted({survey for survey, _ in self._known})

    def years(self, survey: str) -> list[int]:
        return sorted(year for name, year in self._known if name == survey)

    def get(self, survey: str, year: int) -> Questionnaire:
        return self._known[survey, year]


@lru_cache(maxsize=1)
def every_kind() -> Questionnaire:
    """One item of each kind; `enheter` at most 50 (hard) and at least 2 (soft)."""
    return questionnaire(
        item("status", "one_of", options=options("i_drift", "utreds"), required=True),
        item("enheter", missing_allowed=["dont_know"], when={"item": "status", "is": "i_drift"}),
        item("andel", "percent"),
        item("kostnad", "decimal"),
        item("start", "year"),
        item("stod", "boolean"),
        item("malgrupp", "several_of", options=options("vuxna", "aldre", "barn")),
        item("exempel", "text", multiline=True, missing_allowed=["not_applicable"]),
        item("antagen", "date"),
        item("oppet", "opening_hours", missing_allowed=["dont_know"]),
        item("kommuner", "kommuner"),
        item("insatser", split_by_sex=True, missing_allowed=["dont_know"]),
        item(
            "programlista",
            "roster",
            register="programme",
            missing_allowed=["not_applicable"],
            items=[
                item("program", "text"),
                item("lage", "one_of", options=options("erbjuds", "planeras")),
                item("grupper", "several_of", options=options("vuxna", "aldre", "barn")),
                item("ar", "year", missing_allowed=["dont_know"]),
                item("anvandare", split_by_sex=True),
            ],
        ),
        checks=[
            {"id": "enheter.range", "kind": "range", "item": "enheter", "max": 50},
            {"id": "enheter.fler", "kind": "range", "item": "enheter", "min": 2, "severity": "soft"},
            {"id": "program.unika", "kind": "unique_rows", "roster": "programlista", "by": ["program"]},
            {"id": "ar.range", "kind": "range", "item": "programlista.ar", "min": 2000},
        ],
    )


@lru_cache(maxsize=1)
def everyday() -> dict[str, Any]:
    """Opening hours with a day of each kind."""
    hours: dict[str, Any] = dict.fromkeys(WEEKDAYS, "closed")
    return hours | {"mon": {"from": "08:00", "to": "17:30"}, "fri": {"from": "20:00", "to": "04:00"}, "sat": "24h"}


def response(unit: str = "14", submission: str = "s-1", **data: Any) -> dict[str, Any]:
    """The data of a response to `every_kind`, sound unless told otherwise."""
    q = every_kind()
    facts = {"survey": q.survey, "year": q.year, "unit": unit, "questionnaire": q.fingerprint, "mode": "web"}
    return facts | {"submission_id": submission, "answers": {"status": "i_drift", "enheter": 3}} | data


def event(data: Mapping[str, Any], at: datetime | None = NOON, **attributes: Any) -> bytes:
    """The CloudEvent that carries the data of a response."""
    envelope = {
        "specversion": "1.0",
        "type": "se.lagesbild.response-submitted.v1",
        "source": "/collectors/web",
        "id": f"event-{data['submission_id']}",
        "subject": f"{data['survey']}/{data['year']}/{data['unit']}",
        "datacontenttype": "application/json",
        "data": data,
    }
    time = {} if at is None else {"time": at.isoformat()}
    return json.dumps(envelope | time | attributes, ensure_ascii=False).encode()


def stored(value: bytes, offset: int = 0, key: str = "14", partition: int = 0, topic: str = RESPONSES) -> StoredEvent:
    """The event as the log would hand it out, appended a second after noon for each offset."""
    return StoredEvent(topic, partition, offset, key, value, NOON + timedelta(seconds=offset + 1))


def stored_all(values: Iterable[bytes], key: str = "14") -> list[StoredEvent]:
    """The events in order, from offset 0."""
    return [stored(value, offset, key) for offset, value in enumerate(values)]


def asked(*questionnaires: Questionnaire) -> Asked:
    """Everybody in the reference register is asked these questionnaires, `every_kind` when none is given."""
    return Asked(Definitions(*questionnaires or (every_kind(),)), UnitRegister(reference_units()))


def warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """An empty warehouse with its landing tables."""
    connection = connect(path / "warehouse.duckdb", threads=1)
    prepare(connection)
    return connection


def landed(connection: duckdb.DuckDBPyConnection, events: Iterable[StoredEvent], now: datetime = NOON) -> Landed:
    """Parses and lands the events as one batch."""
    return land(connection, parse(events, asked()), now)


def settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir)


@lru_cache(maxsize=1)
def clinics() -> Questionnaire:
    """A survey that asks clinics."""
    return questionnaire(item("besok", required=True), survey="mottagningar", respondents=["mottagning"])
