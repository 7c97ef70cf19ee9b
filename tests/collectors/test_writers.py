"""What units' own systems write is received as the form is, once, and for their own unit only."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.administration import pause_round
from collectors.errors import LogDown
from collectors.gate import Gate, new_id, open_gate, utc_now
from collectors.writers import Taken, Writers
from infra.errors import LogUnavailable
from infra.event_log import DEAD_LETTERS, RESPONSES, EventLog, Position, writer_topic
from surveys.event_data import ResponseSubmitted
from surveys.events import encode, new_response_event
from surveys.letter_records import ParkedRecord, read_record
from tests.collectors.build import (
    ANSWERS,
    OTHER_UNIT,
    SURVEY,
    UNIT,
    YEAR,
    opened_round,
    responses_in,
    settings_in,
    trial_catalogue,
)

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    opened = open_gate(settings_in(tmp_path), trial_catalogue())
    opened_round(opened.log)
    yield opened
    opened.close()


def written(unit: str = UNIT, submission: str = "from-a-system-1", **differs: Any) -> bytes:
    """A response as a system of that unit's own writes it, dated long ago."""
    facts: dict[str, Any] = {
        "survey": SURVEY,
        "year": YEAR,
        "unit": unit,
        "questionnaire": trial_catalogue().get(SURVEY, YEAR).fingerprint,
        "submission_id": submission,
        "mode": "vgr-portalen",
        "answers": ANSWERS,
    }
    data = ResponseSubmitted(**(facts | differs))
    return encode(new_response_event(data, event_id=submission, time=LONG_AGO, source="/vgr"))


def sent(gate: Gate, *values: bytes, unit: str = UNIT, key: str | None = None) -> None:
    gate.log.append(writer_topic(unit), [(key or unit, value) for value in values])


def taken_in(gate: Gate, *units: str) -> Taken:
    return Writers(gate, units or (UNIT,), new_id, utc_now).drain()


def parked(gate: Gate) -> list[ParkedRecord]:
    records = [read_record(event.value) for event in gate.log.read(DEAD_LETTERS, {}, 99)]
    return [one for one in records if isinstance(one, ParkedRecord)]


def test_a_system_of_ones_own_is_received_at_the_time_the_log_took_it(gate: Gate) -> None:
    before = utc_now() - timedelta(seconds=1)
    sent(gate, written())
    assert taken_in(gate) == Taken(accepted=1)
    (event,) = responses_in(gate.log)
    assert event.source == "/collectors/kafka"
    assert event.time is not None
    assert before < event.time < utc_now() + timedelta(seconds=1), "not the time that the writer says"
    (own,) = gate.submissions.of_unit(UNIT, SURVEY, YEAR)
    assert (own.submission_id, own.receipt.mode, own.answers) == ("from-a-system-1", "kafka", ANSWERS)


def test_the_same_again_is_received_once_and_another_process_goes_on_after_it(gate: Gate) -> None:
    sent(gate, written(), written())
    assert taken_in(gate) == Taken(accepted=1, repeated=1)
    sent(gate, written(submission="from-a-system-2"))
    assert taken_in(gate) == Taken(accepted=1)
    assert len(responses_in(gate.log)) == 2


REFUSED = {
    "another unit": (written(OTHER_UNIT), "WRITER_NOT_ALLOWED", "/data/unit"),
    "no event": (b"not an event", "S301", ""),
    "another unit in the subject": (
        written().replace(f"{SURVEY}/{YEAR}/{UNIT}".encode(), f"{SURVEY}/{YEAR}/{OTHER_UNIT}".encode()),
        "S307",
        "/subject",
    ),
    "an unknown survey": (written(survey="okand"), "UNKNOWN_SURVEY", "/data/survey"),
    "other questions": (written(questionnaire="0" * 16), "QUESTIONNAIRE_MISMATCH", "/data/questionnaire"),
    "a hard check": (written(answers={"lage": "i_drift", "enheter": 733}), "CHECKS_FAILED", "/data/answers/enheter"),
    "no answers": (written(answers={}), "CHECKS_FAILED", "/data/answers/lage"),
    "a short id": (written(submission="x"), "S306", "/data/submission_id"),
    "a correction of nothing": (written(corrects="nothing-there", reason="x"), "CORRECTS_UNKNOWN", "/data/corrects"),
    "administration": (
        json.dumps(
            {
                "specversion": "1.0",
                "type": "se.lagesbild.round-closed.v1",
                "source": "/vgr",
                "id": "1",
                "data": {"survey": SURVEY, "year": YEAR, "reason": None},
            }
        ).encode(),
        "WRONG_TOPIC",
        "/type",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_form_would_refuse_is_parked_and_its_neighbours_are_received(gate: Gate, name: str) -> None:
    value, code, pointer = REFUSED[name]
    sent(gate, written(submission="before-it"), value, written(submission="after-it"))
    assert taken_in(gate) == Taken(accepted=2, parked=1)
    (letter,) = parked(gate)
    assert (letter.letter, letter.code, letter.pointer) == (f"from.{UNIT}/0/1", code, pointer)
    assert letter.value == value
    assert letter.reason.sv != letter.reason.en
    assert {event.data.unit for event in responses_in(gate.log) if isinstance(event.data, ResponseSubmitted)} == {UNIT}


def test_another_units_key_is_not_taken(gate: Gate) -> None:
    sent(gate, written(), key=OTHER_UNIT)
    assert taken_in(gate) == Taken(parked=1)
    assert parked(gate)[0].code == "S307"


def test_a_unit_without_a_topic_in_the_settings_is_not_read(gate: Gate) -> None:
    sent(gate, written(OTHER_UNIT), unit=OTHER_UNIT)
    assert taken_in(gate, UNIT) == Taken()
    assert taken_in(gate, UNIT, OTHER_UNIT) == Taken(accepted=1)


@pytest.mark.parametrize("state", ["none", "paused", "closed"])
def test_the_round_is_judged_as_for_every_other_way_in(tmp_path: Path, state: str) -> None:
    gate = open_gate(settings_in(tmp_path), trial_catalogue())
    past = utc_now() - timedelta(days=30)
    if state == "closed":
        opened_round(gate.log, opens_at=past, due_at=past + timedelta(days=1), closes_at=past + timedelta(days=2))
    elif state == "paused":
        opened_round(gate.log)
        pause_round(gate.log, SURVEY, YEAR, None, utc_now(), new_id)
    sent(gate, written())
    assert taken_in(gate) == Taken(parked=1)
    assert parked(gate)[0].code == "ROUND_NOT_OPEN"
    assert [one.code for one in gate.inbox.waiting(UNIT, SURVEY, YEAR)] == ["ROUND_NOT_OPEN"]
    gate.close()


def test_what_came_in_time_is_received_though_it_is_taken_in_after_the_round(gate: Gate) -> None:
    sent(gate, written())
    now = utc_now()
    opened_round(gate.log, opens_at=now - timedelta(days=9), due_at=now, closes_at=now + timedelta(milliseconds=1))
    assert taken_in(gate) == Taken(accepted=1)


class KilledError(BaseException):
    """As if the process had been killed there."""


class Killing:
    """The gate's log, whose user is killed at its n-th append: before it, or right after it."""

    def __init__(self, log: EventLog, at: int, after: bool) -> None:
        self.read, self.ends, self.close = log.read, log.ends, log.close
        self._log, self._left, self._after = log, at, after

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise KilledError
        places = self._log.append(topic, events)
        if self._left == 0:
            raise KilledError
        return places


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("after", [False, True])
def test_a_process_killed_at_any_step_receives_and_parks_each_event_once(gate: Gate, at: int, after: bool) -> None:
    sent(gate, written(), b"poison", written(submission="from-a-system-2"))
    with pytest.raises(KilledError):
        taken_in(replace(gate, log=Killing(gate.log, at, after)))
    taken_in(gate)
    assert [one.letter for one in parked(gate)] == [f"from.{UNIT}/0/1"]
    events = gate.log.read(RESPONSES, {}, 9)
    # Killed between append and mark, the same bytes are appended again: the pipeline lands them once.
    assert [json.loads(value)["data"]["submission_id"] for value in dict.fromkeys(one.value for one in events)] == [
        "from-a-system-1",
        "from-a-system-2",
    ]


def test_what_does_not_answer_parks_nothing(gate: Gate) -> None:
    class Away(Killing):
        def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
            raise LogUnavailable(topic, "away")

    sent(gate, written())
    with pytest.raises(LogDown):
        taken_in(replace(gate, log=Away(gate.log, 0, after=False)))
    assert taken_in(gate) == Taken(repeated=1), "it was reserved, and is completed"
    assert parked(gate) == []
    assert len(responses_in(gate.log)) == 1
