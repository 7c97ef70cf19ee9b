"""The pipeline's commands as they are typed: what they print, and how they exit."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import ADMINISTRATION, RESPONSES
from infra.published import connect_current
from infra.warehouse import connect
from pipeline.errors import AlreadyReplayed, NothingToAudit, UnknownDeadLetter
from surveys.catalogue import load_catalogue
from surveys.errors import UnknownSurvey
from surveys.event_data import ResponseSubmitted, UnitAdded
from surveys.events import encode, new_administration_event, new_response_event
from tests.pipeline.processes import held_by_another
from tests.pipeline.typed import printed, typed

ANSWERS = {"arbete": "nej", "plan": "nej", "samordnare": False}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    log = EmbeddedLog(tmp_path / "log.sqlite")
    yield log
    log.close()


def response(unit: str, at: datetime = datetime(2023, 5, 31, tzinfo=UTC), **answers: Any) -> tuple[str, bytes]:
    """A response to the mapping of action plans 2023, as the log takes it."""
    q = load_catalogue().get("handlingsplaner", 2023)
    data = ResponseSubmitted(
        survey=q.survey,
        year=q.year,
        unit=unit,
        questionnaire=q.fingerprint,
        submission_id=f"{unit}-{at}",
        mode="api",
        answers={**ANSWERS, **answers},
    )
    return unit, encode(new_response_event(data, event_id=f"{unit}-{at}", time=at))


def plans(log: EmbeddedLog) -> list[tuple[Any, ...]]:
    _, publication = connect_current(log.path.parent)
    with publication:
        return publication.execute(
            "SELECT unit_id, value_code FROM answer WHERE item_id = 'plan' ORDER BY ALL"
        ).fetchall()


def test_run_once_publishes_what_the_log_has(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [response("1480"), ("1481", b"{}")])
    done = typed(log, "pipeline", "run", "--once")
    assert done.exit_code == 0
    assert "1 accepted, 0 repeated, 1 parked" in done.stdout
    assert plans(log) == [("1480", "nej")]


def test_status_tells_what_is_not_landed_yet(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [response("1480")])
    before = printed(log, "pipeline", "status")
    assert (before["topics"][0]["lag"], before["publish_id"]) == (1, None)
    typed(log, "pipeline", "run", "--once")
    after = printed(log, "pipeline", "status")
    assert (after["topics"][0]["lag"], after["accepted"], after["running"]) == (0, 1, False)
    assert after["publish_id"] in typed(log, "pipeline", "status").stdout


def test_rebuild_and_verify_agree_with_what_was_live(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [response("1480")])
    typed(log, "pipeline", "run", "--once")
    assert printed(log, "pipeline", "verify")["equal"] is True
    assert typed(log, "pipeline", "rebuild").exit_code == 0
    assert plans(log) == [("1480", "nej")]
    assert [each.name for each in log.path.parent.glob("anew-*")] == []


def test_dead_letters_are_listed_shown_and_replayed_once(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [("1480", response("1481")[1])])
    typed(log, "pipeline", "run", "--once")
    (letter,) = printed(log, "dead-letters", "list")
    shown = printed(log, "dead-letters", "show", letter["letter"])
    assert json.loads(shown["payload"])["data"]["unit"] == "1481"
    assert letter["code"] in typed(log, "dead-letters", "show", letter["letter"]).stdout
    refused = typed(log, "dead-letters", "replay", letter["letter"], "--dry-run")
    assert refused.exit_code == 1
    with pytest.raises(UnknownDeadLetter):
        typed(log, "dead-letters", "show", "responses/0/99")


def test_a_dead_letter_whose_cause_is_mended_is_replayed_once(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [response("9999")])
    typed(log, "pipeline", "run", "--once")
    (letter,) = printed(log, "dead-letters", "list")
    added = UnitAdded(unit_id="9999", kind="kommun", name="Nykommun", region_code="14")
    event = new_administration_event(added, event_id="u1", time=datetime(2023, 1, 1, tzinfo=UTC))
    log.append(ADMINISTRATION, [("9999", encode(event))])
    assert typed(log, "dead-letters", "replay", "--all").exit_code == 0
    assert printed(log, "dead-letters", "list") == []
    assert [one["replayed"] for one in printed(log, "dead-letters", "list", "--all")] == [True]
    with pytest.raises(AlreadyReplayed):
        typed(log, "dead-letters", "replay", letter["letter"])


@pytest.mark.parametrize("words", [[], ["responses/0/1", "--all"]])
def test_replay_wants_letters_or_all(log: EmbeddedLog, words: list[str]) -> None:
    assert typed(log, "dead-letters", "replay", *words).exit_code == 2


def test_validate_tells_what_holds_and_writes_the_docs(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [response("1480"), response("1481")])
    typed(log, "pipeline", "run", "--once")
    done = typed(log, "validate", "handlingsplaner", "--year", "2023")
    assert done.exit_code == 0
    assert (log.path.parent / "data-docs" / "index.html").exists()
    assert "handlingsplaner" in done.stdout


def test_validate_exits_1_when_a_critical_expectation_does_not_hold(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [response("1480")])
    typed(log, "pipeline", "run", "--once")
    with connect(log.path.parent / "warehouse.duckdb") as connection:
        connection.execute("DELETE FROM landing.answer WHERE item_id = 'plan'")
    done = typed(log, "validate", "handlingsplaner", "--json")
    assert done.exit_code == 1
    failing = {one["check"] for one in json.loads(done.stdout) if not one["success"] and one["severity"] == "critical"}
    assert "plan.required" in failing


def test_validate_works_beside_a_running_pipeline(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [response("1480")])
    typed(log, "pipeline", "run", "--once")
    with held_by_another(log.path.parent / "warehouse.duckdb"):
        results = printed(log, "validate", "handlingsplaner", "--year", "2023")
    assert len(results) > 30
    assert {one["check"] for one in results if not one["success"]} == {"kommuner_svarar", "regioner_svarar"}


def test_validate_sums_up_in_its_last_line(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [response("1480")])
    typed(log, "pipeline", "run", "--once")
    done = typed(log, "validate", "handlingsplaner", "--year", "2023")
    last = done.stdout.splitlines()[-1]
    assert re.fullmatch(r"1 part, \d+ expectations: 0 critical failures, 2 warnings\.", last)
    quiet = typed(log, "validate", "handlingsplaner", "--year", "2023", "--quiet")
    assert (quiet.exit_code, quiet.stdout) == (0, "")
    with connect(log.path.parent / "warehouse.duckdb") as connection:
        connection.execute("DELETE FROM landing.answer WHERE item_id = 'plan'")
    quiet = typed(log, "validate", "handlingsplaner", "--year", "2023", "--quiet")
    assert quiet.exit_code == 1
    assert "critical failures (handlingsplaner/2023), 2 warnings." in quiet.stdout.splitlines()[-1]


def test_the_history_of_audits_and_what_to_follow_up_are_told(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [response("1480")])
    typed(log, "pipeline", "run", "--once")
    changes = printed(log, "validate", "handlingsplaner", "--history")
    assert {one["outcome"] for one in changes if one["check"] == "kommuner_svarar"} == {"fails"}
    told = typed(log, "validate", "--history").stdout
    assert "2 changes;" in told.splitlines()[-1]
    assert printed(log, "follow-up", "handlingsplaner") == []
    assert "0 numbers to follow up" in typed(log, "follow-up").stdout


def test_validate_of_nothing_does_not_pass(log: EmbeddedLog) -> None:
    with pytest.raises(NothingToAudit):
        typed(log, "validate", "prehospital")


def test_an_unknown_survey_is_said_to_be(log: EmbeddedLog) -> None:
    with pytest.raises(UnknownSurvey):
        typed(log, "validate", "prehosptal")


@pytest.mark.parametrize(
    "words", [["pipeline", "run"], ["pipeline", "rebuild"], ["dead-letters", "replay"], ["validate"]]
)
def test_help_has_an_example(log: EmbeddedLog, words: list[str]) -> None:
    assert "Example: lagesbild " + " ".join(words) in " ".join(typed(log, *words, "--help").stdout.split())
