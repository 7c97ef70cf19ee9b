"""How long a form was worked at: by the server's clock, never more than has passed, and unknown rather than wrong."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import create_engine

from collectors.form_time import LONGEST_GAP, FormTimes, changed_sections
from collectors.form_typed import Typed
from collectors.gate import new_id, utc_now
from collectors.writers import Writers
from surveys.event_data import ResponseSubmitted
from surveys.events import ResponseSubmittedEvent, encode, new_response_event
from surveys.time_spent import WHOLE
from tests.collectors.build import (
    ANSWERS,
    NOW,
    SURVEY,
    UNIT,
    YEAR,
    Served,
    gate_in,
    opened_round,
    responses_in,
    served,
    trial_catalogue,
)
from tests.collectors.test_web import FORM, GOOD, Browser
from tests.collectors.test_writers import written

KEY = (UNIT, SURVEY, YEAR)
API = f"/api/v1/surveys/{SURVEY}/{YEAR}/units/{UNIT}/responses"
Step = tuple[float, str | None]  # seconds after NOW; the sections saved, None when the page was shown
A_DAY = 86_400.0


@pytest.fixture
def times(tmp_path: Path) -> Iterator[FormTimes]:
    with gate_in(tmp_path) as gate:
        yield FormTimes(gate.engine)


def after(times: FormTimes, *steps: Step) -> dict[str, int]:
    for seconds, saved in steps:
        now = NOW + timedelta(seconds=seconds)
        if saved is None:
            times.shown(KEY, now)
        else:
            times.saved(KEY, saved.split(), now)
    return times.spent(KEY)


@pytest.mark.parametrize(
    ("steps", "spent"),
    [
        pytest.param([(0, None), (60, "a"), (100, "b"), (110, "b")], {"a": 60, "b": 50}, id="section after section"),
        pytest.param([(0, None), (60, "a b")], {WHOLE: 60}, id="several at once, as without a script"),
        pytest.param([(0, None), (60, "a"), (75, "")], {"a": 60, WHOLE: 15}, id="checked, and nothing changed"),
        pytest.param([(0, None), (60, "a"), (300, None), (310, "a")], {"a": 70}, id="reloaded: nobody knows of before"),
        pytest.param([(0, None), (50, None), (60, "a"), (70, "b")], {"a": 10, "b": 10}, id="two windows count once"),
        pytest.param([(0, None), (60, "a"), (A_DAY, None), (A_DAY + 5, "a")], {"a": 65}, id="resumed the next day"),
        pytest.param([(0, None), (60, "a"), (A_DAY, "a")], {"a": 60}, id="left open over night"),
        pytest.param([(0, None), (901, "a"), (910, "a")], {"a": 9}, id="longer than anybody is known to be there"),
        pytest.param([(0, None), (900, "a")], {"a": 900}, id="the longest gap that counts"),
        pytest.param([(0, None), (60, "a"), (-500, "a"), (-490, "a")], {"a": 70}, id="the clock was set back"),
        pytest.param([(0, None), (A_DAY, None), (60, "a"), (70, "a")], {"a": 10}, id="the clock was ahead for a while"),
        pytest.param([(5, "a")], {}, id="saved, and nobody saw it shown"),
        pytest.param([(0, None), (0.3, "a")], {}, id="less than a second is no time"),
    ],
)  # fmt: skip
def test_time_is_counted_from_shown_to_saved(times: FormTimes, steps: list[Step], spent: dict[str, int]) -> None:
    assert after(times, *steps) == spent


@pytest.mark.parametrize("seed", range(20))
def test_no_more_is_counted_than_has_passed(times: FormTimes, seed: int) -> None:
    """Whatever windows show and save, in order of the clock: the sum fits between the first and the last of it."""
    chance, at = Random(seed), 0.0
    steps: list[Step] = []
    for _ in range(40):
        at += chance.choice([0.2, 3, 40, 400, 4_000])
        steps.append((at, chance.choice([None, "a", "b", "a b", ""])))
    counted = sum(after(times, *steps).values())
    gaps = [then - now for (now, _), (then, saved) in pairwise(steps) if saved is not None]
    assert counted == pytest.approx(sum(gap for gap in gaps if gap <= LONGEST_GAP.total_seconds()), abs=2)
    assert counted <= steps[-1][0] - steps[0][0] + 2


def test_what_was_sent_is_forgotten(times: FormTimes) -> None:
    assert after(times, (0, None), (60, "a"))
    times.clear(KEY)
    assert times.spent(KEY) == {}
    assert after(times, (100, None), (110, "a")) == {"a": 10}


def test_a_database_that_does_not_answer_makes_it_unknown_and_stops_nothing(tmp_path: Path) -> None:
    times = FormTimes(create_engine(f"sqlite:///{tmp_path}/without-tables.sqlite"))
    assert after(times, (0, None), (60, "a")) == {}
    times.clear(KEY)


def test_a_section_has_changed_when_something_is_typed_otherwise() -> None:
    q = trial_catalogue().get(SURVEY, YEAR)
    before = Typed((("a.enheter", "3"), ("a.insatser.row", "1"), ("a.insatser.1.namn", "A"), ("a.kostnad", "")))
    assert changed_sections(before, before, q) == set()
    assert changed_sections(before, before.replacing("a.enheter"), q) == {"enheten"}
    row = before.replacing("a.insatser.1.namn", by=[("a.insatser.1.namn", "B")])
    assert changed_sections(before, row, q) == {"omfattning"}
    both = row.replacing("a.enheter", by=[("a.enheter", "4"), ("a.finns_inte", "x"), ("e.rimligt_antal", "Ja.")])
    assert changed_sections(before, both, q) == {"enheten", "omfattning"}


# Through the form and the API, to the log.


class Clock:
    """What the form takes for the time."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("collectors.web_form.utc_now", clock)
    return clock


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def opened() -> Iterator[None]:
    yield
    while Browser.opened:
        Browser.opened.pop().http.close()


def spent(collector: Served) -> list[dict[str, int]]:
    """What each response in the log says of its time."""
    found = responses_in(collector.gate.log)
    return [event.spent for event in found if isinstance(event, ResponseSubmittedEvent)]


def test_without_a_script_a_form_filled_in_at_once_tells_its_whole_time(collector: Served, clock: Clock) -> None:
    browser = Browser(collector)
    page = browser.http.get(FORM).text
    assert "Med svaret följer ungefär hur lång tid varje avsnitt tog" in page
    clock.later(240)
    both = {"a.oppet.mon": "closed"}
    assert browser.post("check", page, **GOOD, **both).status_code in (200, 422)
    clock.later(20)
    assert browser.post("send", page, **GOOD, draft_version="1").status_code == 303
    (told,) = spent(collector)
    assert sum(told.values()) == 260


def test_what_the_script_saves_tells_the_time_of_each_section(collector: Served, clock: Clock) -> None:
    browser = Browser(collector)
    page = browser.http.get(FORM).text
    fields = browser.hidden(page)

    def saved(seconds: float, **typed: Any) -> None:
        clock.later(seconds)
        answer = browser.http.post(f"{FORM}/draft", data=fields | typed)
        fields["draft_version"] = str(answer.json()["version"])

    saved(30, **{"a.lage": "i_drift"})
    saved(40, **GOOD)
    saved(50, **GOOD, **{"a.insatser.row": "1", "a.insatser.1.namn": "Oro"})
    clock.later(25 * 60)  # somebody went away, and came back to the same page
    typed = GOOD | {"a.insatser.row": "1", "a.insatser.1.namn": "Oro"}
    browser.http.post(FORM, data=fields | typed | {"action": "check"})
    clock.later(10)
    assert browser.http.post(FORM, data=fields | typed | {"action": "send", "draft_version": "4"}).status_code == 303
    assert spent(collector) == [{"enheten": 70, "omfattning": 50, WHOLE: 10}]
    assert "secondsspent" not in browser.http.get(FORM).text


def test_a_correction_tells_its_own_time(collector: Served, clock: Clock) -> None:
    browser = Browser(collector)
    page = browser.http.get(FORM).text
    clock.later(100)
    browser.post("send", page, **GOOD)
    clock.later(3600)
    page = browser.http.get(FORM).text
    clock.later(30)
    assert browser.post("send", page, **(GOOD | {"a.enheter": "4"})).status_code == 303
    assert spent(collector) == [{"enheten": 100}, {"enheten": 30}]


def test_sending_at_once_tells_no_time(collector: Served, clock: Clock) -> None:
    browser = Browser(collector)
    browser.post("send", browser.http.get(FORM).text, **GOOD)
    assert spent(collector) == [{}]
    assert b"secondsspent" not in collector.gate.submissions.of_unit(*KEY)[0].event


def test_whoever_reads_a_closed_form_leaves_no_time(collector: Served, clock: Clock) -> None:
    clock.later(-60 * A_DAY)
    Browser(collector).http.get(FORM)
    assert FormTimes(collector.gate.engine)._known(KEY) is None


def test_by_api_minutes_may_be_told_and_are_not_part_of_what_is_said(collector: Served) -> None:
    body = {"submission_id": "vgr-2026-0001", "answers": ANSWERS, "minutes": 42.5}
    headers = collector.as_unit()
    first = collector.http.post(API, json=body, headers=headers)
    assert first.status_code == 201
    again = collector.http.post(API, json=body | {"minutes": 90}, headers=headers)
    assert (again.status_code, again.json()) == (200, first.json())
    without = {"submission_id": "vgr-2026-0002", "answers": ANSWERS}
    assert collector.http.post(API, json=without, headers=headers).status_code == 201
    assert spent(collector) == [{WHOLE: 2550}, {}]
    assert "minutes" not in collector.http.get(API, headers=headers).text


@pytest.mark.parametrize("minutes", [0, -1, "42", True, 1e9])
def test_minutes_that_cannot_be_are_refused_and_named(collector: Served, minutes: object) -> None:
    body = {"submission_id": "vgr-2026-0001", "answers": ANSWERS, "minutes": minutes}
    answer = collector.http.post(API, json=body, headers=collector.as_unit())
    assert answer.status_code == 422
    assert [one["item"] for one in answer.json()["failures"]] == ["minutes"]


def test_a_system_of_ones_own_may_tell_it_in_its_event(tmp_path: Path) -> None:
    said = ResponseSubmitted.model_validate_json(_data(written()))
    event = new_response_event(said, event_id="e", time=NOW, source="/vgr", spent={"enheten": 60})
    with gate_in(tmp_path) as gate:
        opened_round(gate.log)
        gate.log.append(f"lagesbild.responses.v1.from.{UNIT}", [(UNIT, encode(event))])
        assert Writers(gate, (UNIT,), new_id, utc_now).drain().accepted == 1
        assert [one.spent for one in responses_in(gate.log)] == [{"enheten": 60}]  # type: ignore[union-attr]  # responses


def _data(event: bytes) -> str:
    return json.dumps(json.loads(event)["data"])
