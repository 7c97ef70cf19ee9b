"""The one way in: once, checked, durable, and never lost."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from collectors import administration
from collectors.errors import (
    ChecksFailed,
    CorrectsUnknown,
    LogDown,
    ReasonMissing,
    ResponseTooLong,
    RoundNotOpen,
    SubmissionIdReused,
    UnknownSurvey,
    UnknownUnit,
)
from collectors.gate import Gate, new_id
from collectors.receive import asked as asked_of
from collectors.receive import complete_reserved, context_of, examine, receive
from infra.event_log import RESPONSES
from infra.settings import sqlite_path
from tests.collectors.build import (
    ANSWERS,
    NOW,
    OTHER_UNIT,
    SURVEY,
    UNIT,
    YEAR,
    gate_in,
    opened_round,
    request,
    responses_in,
    settings_in,
)

AFTER_CLOSING = NOW + timedelta(days=4000)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with gate_in(tmp_path) as opened:
        opened_round(opened.log)
        yield opened


def stored_ids(gate: Gate) -> list[str]:
    return [event.data.submission_id for event in responses_in(gate.log)]  # type: ignore[union-attr]  # responses only


def test_a_good_response_is_in_the_log_when_its_receipt_is_given(gate: Gate) -> None:
    accepted = receive(request(), gate, NOW, new_id)
    [event] = responses_in(gate.log)
    receipt = accepted.receipt
    assert not accepted.repeated
    assert (event.id, event.time, event.source) == (receipt.event_id, NOW, "/collectors/api")
    assert event.data.checksum == receipt.checksum  # type: ignore[union-attr]  # a response
    assert (receipt.unit_name, receipt.answers, receipt.version, receipt.late) == (
        "Västra Götalandsregionen",
        3,
        1,
        False,
    )


def test_the_same_submission_again_gives_the_same_receipt_and_no_second_event(gate: Gate) -> None:
    same = request()
    first = receive(same, gate, NOW, new_id)
    again = receive(same, gate, NOW + timedelta(hours=1), new_id)
    assert again.repeated
    assert again.receipt == first.receipt
    assert stored_ids(gate) == [same.submission_id]


def test_a_repeat_gets_its_receipt_also_after_the_round_has_closed(gate: Gate) -> None:
    same = request()
    first = receive(same, gate, NOW, new_id)
    assert receive(same, gate, AFTER_CLOSING, new_id).receipt == first.receipt


@pytest.mark.parametrize(
    "other",
    [
        {"answers": ANSWERS | {"enheter": 4}},
        {"explanations": {"manga_enheter": "Så är det"}},
        {"unit": OTHER_UNIT},
        {"year": 2025},
    ],
)
def test_the_same_id_with_other_content_is_refused_and_the_first_stays(gate: Gate, other: dict[str, object]) -> None:
    same = request()
    receive(same, gate, NOW, new_id)
    with pytest.raises(SubmissionIdReused):
        receive(same.model_copy(update=other), gate, NOW, new_id)
    assert stored_ids(gate) == [same.submission_id]


def test_decomposed_letters_are_the_same_content(gate: Gate) -> None:
    composed = request(answers=ANSWERS | {"beskrivning": "Två bilar på väg"})
    receive(composed, gate, NOW, new_id)
    decomposed = request(
        submission_id=composed.submission_id, answers=ANSWERS | {"beskrivning": "Tva\u030a bilar pa\u030a va\u0308g"}
    )
    assert receive(decomposed, gate, NOW, new_id).repeated


def test_a_survey_or_unit_that_is_not_there_is_named(gate: Gate) -> None:
    for wrong in ({"survey": "nix"}, {"year": 1999}, {"survey": "../prov"}):
        with pytest.raises(UnknownSurvey):
            receive(request(**wrong), gate, NOW, new_id)
    with pytest.raises(UnknownUnit):
        receive(request(unit="99"), gate, NOW, new_id)


def test_a_response_is_refused_without_a_round(tmp_path: Path) -> None:
    with gate_in(tmp_path) as gate, pytest.raises(RoundNotOpen) as refused:
        receive(request(), gate, NOW, new_id)
    assert refused.value.state == "none"


def test_a_round_that_is_not_open_yet_refuses_submissions(gate: Gate) -> None:
    with pytest.raises(RoundNotOpen) as refused:
        receive(request(), gate, NOW - timedelta(days=15), new_id)
    assert refused.value.state == "not_yet_open"


def test_a_paused_round_refuses_submissions_until_it_is_resumed(gate: Gate) -> None:
    administration.pause_round(gate.log, SURVEY, YEAR, None, NOW, new_id)
    with pytest.raises(RoundNotOpen):
        receive(request(), gate, NOW, new_id)
    administration.resume_round(gate.log, SURVEY, YEAR, NOW, new_id)
    receive(request(), gate, NOW, new_id)


def test_a_closed_round_takes_corrections_that_say_why_and_nothing_else(gate: Gate) -> None:
    first = receive(request(), gate, NOW, new_id).receipt
    with pytest.raises(RoundNotOpen):
        receive(request(), gate, AFTER_CLOSING, new_id)
    with pytest.raises(ReasonMissing):
        receive(request(corrects=first.submission_id, reason="  "), gate, AFTER_CLOSING, new_id)
    correction = request(corrects=first.submission_id, reason="Fel år", answers=ANSWERS | {"enheter": 4})
    receipt = receive(correction, gate, AFTER_CLOSING, new_id).receipt
    assert (receipt.corrects, receipt.reason, receipt.late, receipt.version) == (
        first.submission_id,
        "Fel år",
        True,
        2,
    )


def test_only_an_own_response_of_the_same_survey_and_year_can_be_corrected(gate: Gate) -> None:
    opened_round(gate.log, year=2025)
    others = receive(request(unit=OTHER_UNIT), gate, NOW, new_id).receipt
    last_years = receive(request(year=2025), gate, NOW, new_id).receipt
    for corrects in (others.submission_id, last_years.submission_id, str(uuid4())):
        with pytest.raises(CorrectsUnknown):
            receive(request(corrects=corrects, reason="Fel"), gate, NOW, new_id)


def test_every_failure_is_named_and_nothing_is_stored(gate: Gate) -> None:
    wrong = request(answers={"enheter": 60, "beskrivning": "x", "andel": 101, "okand": 1})
    with pytest.raises(ChecksFailed) as refused:
        receive(wrong, gate, NOW, new_id)
    checks = {finding.check for finding in refused.value.findings}
    assert checks == {"lage.required", "enheter.off_path", "andel.shape", "unknown_item"}
    assert stored_ids(gate) == []
    assert gate.submissions.get(wrong.submission_id) is None


def test_a_soft_check_is_settled_by_an_explanation_that_says_something(gate: Gate) -> None:
    many = {"answers": ANSWERS | {"enheter": 30}}
    with pytest.raises(ChecksFailed):
        receive(request(**many, explanations={"manga_enheter": "  "}), gate, NOW, new_id)
    receive(request(**many, explanations={"manga_enheter": " Nya bilar ", "rimligt_antal": ""}), gate, NOW, new_id)
    [event] = responses_in(gate.log)
    assert event.data.explanations == {"manga_enheter": "Nya bilar"}  # type: ignore[union-attr]  # a response


def test_change_is_measured_against_what_the_unit_itself_sent_last_year(gate: Gate) -> None:
    opened_round(gate.log, year=2025)
    receive(request(year=2025, answers=ANSWERS | {"enheter": 10}), gate, NOW, new_id)
    changed = request(answers=ANSWERS | {"enheter": 3})
    with pytest.raises(ChecksFailed) as refused:
        receive(changed, gate, NOW, new_id)
    assert [finding.check for finding in refused.value.findings] == ["andrat_antal"]
    receive(changed.model_copy(update={"unit": OTHER_UNIT}), gate, NOW, new_id)


def test_an_examined_response_is_judged_the_same_and_leaves_no_trace(gate: Gate) -> None:
    assert examine(request(), gate, NOW).failures == ()
    examined = examine(request(answers=ANSWERS | {"enheter": 30}), gate, NOW)
    assert [failure.check for failure in examined.unsettled] == ["manga_enheter"]
    with pytest.raises(RoundNotOpen):
        examine(request(), gate, AFTER_CLOSING)
    assert stored_ids(gate) == []
    assert gate.submissions.count(UNIT, SURVEY, YEAR) == 0


def test_gotland_answers_as_region_and_as_kommun_apart(gate: Gate) -> None:
    for unit in ("09", "0980"):
        receive(request(unit=unit), gate, NOW, new_id)
    assert [event.subject for event in responses_in(gate.log)] == ["prov/2026/09", "prov/2026/0980"]
    assert [len(gate.submissions.of_unit(unit, SURVEY, YEAR)) for unit in ("09", "0980")] == [1, 1]


def test_the_checks_are_given_the_units_own_kommuner_and_inhabitants(gate: Gate) -> None:
    region = context_of(asked_of(SURVEY, YEAR, UNIT, gate), gate)
    assert region.kommuner is not None
    assert len(region.kommuner) == 49
    assert region.population == 1_772_821
    assert context_of(asked_of(SURVEY, YEAR, "1480", gate), gate).population is None


def test_a_response_too_long_for_the_log_is_refused_before_it_is_reserved(gate: Gate) -> None:
    rows = [{"namn": f"{number} " + "x" * 9_000} for number in range(120)]
    long = request(answers=ANSWERS | {"insatser": rows})
    with pytest.raises(ResponseTooLong):
        receive(long, gate, NOW, new_id)
    assert gate.submissions.get(long.submission_id) is None


def test_a_double_click_is_one_event_and_one_receipt(gate: Gate) -> None:
    same, ready = request(), threading.Barrier(8)

    def click() -> str:
        ready.wait()
        return receive(same, gate, NOW, new_id).receipt.event_id

    with ThreadPoolExecutor(8) as threads:
        events = {click.result() for click in [threads.submit(click) for _ in range(8)]}
    assert len(events) == 1
    assert stored_ids(gate) == [same.submission_id]


def test_two_copies_of_the_collector_give_one_receipt_for_one_submission(tmp_path: Path, gate: Gate) -> None:
    same, ready = request(), threading.Barrier(6)
    with gate_in(tmp_path) as other:

        def send(through: Gate) -> str:
            ready.wait()
            return receive(same, through, NOW, new_id).receipt.event_id

        with ThreadPoolExecutor(6) as threads:
            sent = [threads.submit(send, through) for through in (gate, other) * 3]
            events = {one.result() for one in sent}
    assert len(events) == 1
    # A reader knows a repeated event by its id: however many copies there are, they are the same bytes.
    assert len({stored.value for stored in gate.log.read(RESPONSES, {}, 100)}) == 1


def test_a_log_that_does_not_answer_refuses_within_three_seconds_and_loses_nothing(tmp_path: Path, gate: Gate) -> None:
    same = request()
    writer = sqlite3.connect(sqlite_path(settings_in(tmp_path).log_url), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    took = []
    for _ in range(3):
        started = time.monotonic()
        with pytest.raises(LogDown):
            receive(same, gate, NOW, new_id)
        took.append(time.monotonic() - started)
    assert min(took) < 3.0
    writer.execute("ROLLBACK")
    writer.close()
    assert stored_ids(gate) == []
    accepted = receive(same, gate, NOW + timedelta(minutes=5), new_id)
    assert accepted.receipt.submitted_at == NOW
    assert stored_ids(gate) == [same.submission_id]


def test_what_a_server_left_reserved_is_completed_when_the_next_one_starts(tmp_path: Path, gate: Gate) -> None:
    writer = sqlite3.connect(sqlite_path(settings_in(tmp_path).log_url), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(LogDown):
        receive(request(), gate, NOW, new_id)
    writer.execute("ROLLBACK")
    writer.close()
    assert complete_reserved(gate) == 1
    assert complete_reserved(gate) == 0
    assert len(stored_ids(gate)) == 1
    assert len(gate.submissions.of_unit(UNIT, SURVEY, YEAR)) == 1
