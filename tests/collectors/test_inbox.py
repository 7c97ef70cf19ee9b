"""What a unit sent that could not be accepted is shown to that unit, until it is mended, and to nobody else."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from infra.event_log import DEAD_LETTERS, RESPONSES
from pipeline.consume import Consumer, opened_warehouse
from pipeline.dead_letters import dead_letters
from pipeline.replay import replay
from surveys.event_data import ResponseSubmitted
from surveys.events import encode, new_response_event
from tests.collectors.build import (
    ANSWERS,
    OTHER_UNIT,
    SURVEY,
    UNIT,
    YEAR,
    Served,
    served,
    settings_in,
    trial_catalogue,
)

SV = "Ett inskickat svar kunde inte tas emot"
EN = "A response that was sent could not be accepted"
FAILING = {"lage": "i_drift", "enheter": 733}
BAD_ID = "by-its-own-system"


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running


def written(collector: Served, unit: str = UNIT, answers: Any = None, submission: str = BAD_ID) -> None:
    """A response that came into the log another way than through the collector, and the pipeline after it."""
    data = ResponseSubmitted(
        survey=SURVEY,
        year=YEAR,
        unit=unit,
        questionnaire=trial_catalogue().get(SURVEY, YEAR).fingerprint,
        submission_id=submission,
        mode="own-system",
        answers=answers or FAILING,
    )
    event = new_response_event(data, event_id=str(uuid4()), time=datetime.now(UTC))
    collector.gate.log.append(RESPONSES, [(unit, encode(event))])
    landed(collector)


def landed(collector: Served) -> None:
    with opened_warehouse(settings_in(collector.app.state.data_dir)) as connection:
        now = datetime.now(UTC)
        consumer = Consumer(collector.gate.log, connection, trial_catalogue(), lambda _c, _n: None, lambda: now)
        consumer.drain()
        consumer.close()


def page(collector: Served, path: str, unit: str = UNIT, language: str = "sv") -> str:
    cookies = collector.session_of(unit)["Cookie"] + f"; lagesbild_language={language}"
    answer = collector.http.get(path, headers={"Cookie": cookies, "Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


def handed_in(collector: Served, **differs: Any) -> httpx.Response:
    body = {"submission_id": str(uuid4()), "answers": ANSWERS, **differs}
    path = f"/api/v1/surveys/{SURVEY}/{YEAR}/units/{UNIT}/responses"
    return collector.http.post(path, json=body, headers=collector.as_unit())


def own(collector: Served, unit: str = UNIT, language: str = "sv", **query: str) -> Any:
    path = f"/api/v1/surveys/{SURVEY}/{YEAR}/units/{unit}/responses"
    headers = collector.as_unit(unit) | {"Accept-Language": language}
    answer = collector.http.get(path, params={"state": "not_accepted", **query}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def pages_of(unit: str) -> list[str]:
    return [f"/u/{unit}", f"/s/{SURVEY}/{YEAR}/{unit}"]


def test_a_unit_is_told_on_start_page_form_and_api_and_no_other_unit_is(collector: Served) -> None:
    written(collector)
    for path in pages_of(UNIT):
        shown = page(collector, path)
        assert SV in shown
        assert "733" in shown
        assert BAD_ID in shown
        assert EN in page(collector, path, language="en")
    form = page(collector, pages_of(UNIT)[1])
    targets = re.findall(r'<li><a href="#([^"]+)">[^<]*733', form)
    assert targets
    assert all(f'id="{target}"' in form for target in targets), "each failure leads to its question"
    (told,) = own(collector)
    assert (told["code"], told["submission_id"], told["letter"]) == ("CHECKS_FAILED", BAD_ID, "responses/0/0")
    assert {one["item"] for one in told["failures"]} == {"enheter"}
    assert "Open the form" in own(collector, language="en")[0]["message"]
    for path in pages_of(OTHER_UNIT):
        shown = page(collector, path, OTHER_UNIT)
        assert SV not in shown
        assert "733" not in shown
    assert own(collector, OTHER_UNIT) == []
    assert own(collector, state="accepted") == []


def test_the_notice_goes_when_a_later_response_is_accepted_before_anything_is_published(collector: Served) -> None:
    written(collector)
    receipt = handed_in(collector).json()
    assert [SV in page(collector, path) for path in pages_of(UNIT)] == [False, False]
    assert own(collector) == []
    written(collector, submission="another-one-of-it")
    shown = page(collector, f"{pages_of(UNIT)[1]}/receipts/{receipt['submission_id']}")
    assert SV in shown, "a later one that failed is told on the receipt of the one that counts"


def test_the_notice_goes_when_it_is_replayed_and_comes_back_when_parked_again(collector: Served) -> None:
    written(collector)
    before = own(collector)
    list(replay(collector.gate.log, dead_letters(collector.gate.log), "here", lambda: datetime.now(UTC)))
    assert own(collector) == []
    landed(collector)
    again = own(collector)
    assert [one["letter"] for one in (*before, *again)] == ["responses/0/0", "responses/0/1"]


def test_a_submission_id_used_for_another_response_is_told(collector: Served) -> None:
    assert handed_in(collector, submission_id=BAD_ID).status_code == 201
    written(collector, answers={**ANSWERS, "enheter": 4})
    assert [one["code"] for one in own(collector)] == ["SUBMISSION_ID_REUSED"]
    assert "med ett nytt id" in page(collector, f"/u/{UNIT}")


def test_what_only_others_can_mend_is_not_told(collector: Served) -> None:
    collector.gate.log.append(RESPONSES, [(UNIT, b"poison"), (UNIT, _of_another_survey())])
    landed(collector)
    assert len(dead_letters(collector.gate.log)) == 2
    collector.gate.log.append(DEAD_LETTERS, [(UNIT, b"graffiti")])
    assert SV not in page(collector, f"/u/{UNIT}")


def _of_another_survey() -> bytes:
    data = {"survey": "annan", "year": YEAR, "unit": UNIT, "questionnaire": "0" * 16, "mode": "x"}
    envelope = {"specversion": "1.0", "type": "se.lagesbild.response-submitted.v1", "source": "/x", "id": "1"}
    return json.dumps(envelope | {"data": data | {"submission_id": BAD_ID, "answers": {}}}).encode()


def test_of_many_the_newest_is_told_and_how_many_more(collector: Served) -> None:
    for number in range(3):
        written(collector, submission=f"submission-{number}")
    shown = page(collector, f"/u/{UNIT}")
    assert "submission-2" in shown
    assert "finns 2 tidigare svar" in shown
    assert [one["submission_id"] for one in own(collector)] == ["submission-2", "submission-1", "submission-0"]


def test_markup_in_what_was_sent_stays_text(collector: Served) -> None:
    written(collector, answers={"lage": "<script>alert(1)</script>", "<b>x</b>": 1})
    for path in pages_of(UNIT):
        shown = page(collector, path)
        assert SV in shown
        assert "<script>alert" not in shown
        assert "<b>x</b>" not in shown
