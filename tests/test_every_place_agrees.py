"""Every kind of edit check, put to the doors a response comes in by: API, form, workbook and log say the same of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.app import create_app
from collectors.form_fields import fill_form, read_form
from collectors.receive import asked, context_of
from collectors.workbook_template import Filling, template
from infra.settings import Settings
from pipeline.parked import CHECKS_FAILED, Parked
from pipeline.parse import Accepted, Asked, judge
from surveys.checks import Failure, checker
from surveys.questionnaire import Questionnaire
from surveys.routing import on_path, row_on_path
from surveys.units import UnitRegister, reference_units
from tests.collectors.build import UNIT, Served, opened_round, running
from tests.pipeline.build import Definitions, event, response, stored
from tests.surveys.everything import RESPONSES, everything

Q = everything()
ASKED = Q.for_unit_kind("region")
ROSTER = Q.items["rows"]
ADDRESS = f"/api/v1/surveys/{Q.survey}/{Q.year}/units/{UNIT}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXAMPLES = 30
# What a drawn response seldom fails by chance.
SELDOM: list[dict[str, Any]] = [
    {"known": 1, "one": "a", "routed": 5, "n": 6},
    {"known": 1, "visits": {"K": 1, "M": 8, "T": 9}},
    {"known": 1, "rows": [{"name": "Oro", "state": "on", "year": 2020}, {"name": "oro", "state": "on", "year": 2020}]},
    {"known": 1, "rows": [{"name": "Oro", "state": "on", "part": -1}]},
    {"known": 1, "rows": [{"name": "Oro", "part": 9, "whole": {"T": 1}}]},
    {"known": 1, "rows": [{"name": name} for name in ("Oro", "Sömn", "Ångest")]},
    {"known": 1, "m": 3, "visits": {"T": 1}},
    {"known": 1, "one": "c", "n": 6, "several": ["b"]},
    {"known": 1, "first": "2022-01-01", "last": "2021-01-01", "since": 2023},
]
# They look back, or at a table of inhabitants: the log's reader leaves them to the audit of the whole table.
OF_THE_TABLE = {"change", "change_split", "per"}

Told = set[tuple[str, str | None, int | None, str]]


class Trial(Definitions):
    """A catalogue of the one questionnaire."""

    def previous(self, survey: str, year: int) -> Questionnaire | None:
        return None

    def all(self) -> list[Questionnaire]:
        return [Q]


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Served]:
    app = create_app(Settings(data_dir=tmp_path), Trial(Q))  # type: ignore[arg-type]  # what is asked of a catalogue
    with running(app) as address, httpx.Client(base_url=address, timeout=60) as http:
        opened_round(app.state.gate.log, Q.survey, Q.year)
        yield Served(app, http, app.state.gate)


def as_people_answer(answers: dict[str, Any]) -> dict[str, Any]:
    """What is off path left out, in rosters row by row; a row says something; a kommun is one of the region's own."""
    kept = {name: answer for name, answer in answers.items() if name in on_path(Q, answers)}
    kept |= {name: ["1480"] for name in kept.keys() & {"kommuner"}}
    rows = [(row, row_on_path(ROSTER, row, kept)) for row in kept.pop("rows", [])]
    said = [{name: cell for name, cell in row.items() if name in path} for row, path in rows]
    return kept | ({"rows": [row for row in said if row]} if any(said) else {})


def drawn() -> list[dict[str, Any]]:
    """The same responses at every run."""
    found: list[dict[str, Any]] = []

    @settings(
        max_examples=EXAMPLES, database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.builds(as_people_answer, RESPONSES))
    def draw(answers: dict[str, Any]) -> None:
        found.append(answers)

    draw()
    return [*found, *map(as_people_answer, SELDOM)]


def told(answer: httpx.Response) -> Told:
    """What an answer of the collector says is wrong, soft checks too: nothing is explained here."""
    assert answer.status_code in (200, 422), answer.text
    body = answer.json()
    assert body.get("code", "CHECKS_FAILED") == "CHECKS_FAILED", body
    return {(each["check"], each["item"], each["row"], each["severity"]) for each in body["failures"]}


def by_api(collector: Served, headers: dict[str, str], answers: dict[str, Any]) -> Told:
    body = {"submission_id": "in-every-place", "answers": answers}
    return told(collector.http.post(f"{ADDRESS}/responses?dry_run=true", json=body, headers=headers))


def by_workbook(collector: Served, headers: dict[str, str], answers: dict[str, Any]) -> Told:
    units = collector.gate.administration.current().units
    unit = asked(Q.survey, Q.year, UNIT, collector.gate)
    content = template(unit, units.kommuner(UNIT), Filling(answers=answers))
    typed = {**headers, "Content-Type": XLSX}
    return told(collector.http.post(f"{ADDRESS}/workbook?dry_run=true", content=content, headers=typed))


def by_log(answers: dict[str, Any]) -> Told:
    data = response(UNIT, survey=Q.survey, year=Q.year, questionnaire=Q.fingerprint, answers=answers)
    verdict = judge(stored(event(data), key=UNIT), Asked(Definitions(Q), UnitRegister(reference_units())))
    if isinstance(verdict, Accepted):
        assert verdict.failures == ()
        return set()
    assert isinstance(verdict, Parked)
    assert verdict.code == CHECKS_FAILED
    return places(verdict.failures)


def places(failures: Any) -> Told:
    return {(each.check, each.item, each.row, each.severity) for each in failures}


def test_every_door_says_the_same_of_every_kind_of_check(collector: Served) -> None:
    headers = collector.as_unit()
    context = context_of(asked(Q.survey, Q.year, UNIT, collector.gate), collector.gate)
    met: set[str] = set()
    for answers in drawn():
        failures: list[Failure] = checker(Q, "region").failures(answers, context)
        wanted = places(failures)
        met |= {failure.check for failure in failures}
        form = read_form(fill_form(answers, ASKED, "sv"), ASKED)
        assert (form.answers, form.unreadable, form.aside) == (answers, (), ())
        assert by_api(collector, headers, answers) == wanted, answers
        assert by_workbook(collector, headers, answers) == wanted, answers
        assert by_log(answers) == {place for place in wanted if place[0] not in OF_THE_TABLE}, answers
    assert {check.id for check in Q.checks} - met == {"change", "change_split"}, "nobody answered last year"
