"""From the form, filled in with a clock of the test's own, through log and pipeline to what the command prints."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

import lagesbild
from collectors.app import create_app
from infra.settings import Settings
from pipeline.consume import run_once
from tests.collectors.build import NOW, Served, opened_round, running
from tests.collectors.test_web import Browser

SURVEY, YEAR = "prehospital", 2026
REGIONS = ("01", "03", "04", "05", "06")
NO: dict[str, Any] = {"a.psykiatriambulans": "nej", "a.team_malgrupp": "inga"}


class Clock:
    """What the form takes for the time."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("collectors.web_form.utc_now", clock)
    return clock


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Served]:
    app = create_app(Settings(data_dir=tmp_path))
    with running(app) as address, httpx.Client(base_url=address, timeout=60) as http:
        opened_round(app.state.gate.log, SURVEY, YEAR)
        yield Served(app, http, app.state.gate)
    while Browser.opened:
        Browser.opened.pop().http.close()


def answers_in_the_form(collector: Served, clock: Clock, unit: str, seconds: int) -> None:
    """As the page's script saves: the ambulance after so many seconds, the team after 60 more, sent after 20 more."""
    browser, form = Browser(collector, unit), f"/s/{SURVEY}/{YEAR}/{unit}"
    fields: dict[str, str] = browser.hidden(browser.http.get(form).text)
    for gap, typed in ((seconds, {"a.psykiatriambulans": "nej"}), (60, NO)):
        clock.now += timedelta(seconds=gap)
        saved = browser.http.post(f"{form}/draft", data=fields | typed)
        fields["draft_version"] = str(saved.json()["version"])
    clock.now += timedelta(seconds=20)
    assert browser.http.post(form, data=fields | NO | {"action": "send"}).status_code == 303


def told(folder: Path, *words: str) -> Any:
    done = CliRunner().invoke(
        lagesbild.app,
        ["surveys", "burden", SURVEY, str(YEAR), *words, "--data-dir", str(folder)],
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    return json.loads(done.stdout) if "--json" in words else done.stdout


def test_what_the_form_takes_is_told_as_medians_of_five(collector: Served, clock: Clock, tmp_path: Path) -> None:
    for unit, seconds in zip(REGIONS[:4], (100, 400, 200, 300), strict=True):
        answers_in_the_form(collector, clock, unit, seconds)
    run_once(Settings(data_dir=tmp_path))
    assert told(tmp_path, "--json")["time"] == []
    answers_in_the_form(collector, clock, REGIONS[4], 240)
    run_once(Settings(data_dir=tmp_path))
    time = {one["section"]: (one["minutes"], one["units"], one["answered"]) for one in told(tmp_path, "--json")["time"]}
    # 100, 200, 240, 300 and 400 s at the ambulance, 60 at the team, 20 at what is of no section.
    assert time == {"": (5.5, 5, 5), "ambulans": (4.0, 5, 5), "team": (1.0, 5, 5)}
    shown = told(tmp_path)
    assert "Minutes of a question are an estimate" in shown
    questions = {one["item_id"]: one for one in told(tmp_path, "--json")["questions"]}
    assert questions["psykiatriambulans"]["minutes_estimated"] == 4.0 / 4
    assert questions["videostod"]["minutes_estimated"] is None
