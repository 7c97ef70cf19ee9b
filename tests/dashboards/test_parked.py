"""The inbox of what could not be accepted, on the quality page: counts, a list that can be narrowed, and no answers."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import DEAD_LETTERS, RESPONSES
from infra.published import connect_current, current_publish_id
from infra.settings import Settings
from pipeline.consume import run_once
from pipeline.dead_letters import dead_letters
from surveys.letter_records import ParkedRecord
from tests.dashboards.test_views import drawn, written
from tests.pipeline.build import NOON
from tests.pipeline.test_commands import response

SECRET = "hemligt-svar"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One accepted response, and dead letters: two that fail, one of no unit, one that is no event, one of a writer."""
    folder = tmp_path_factory.mktemp("parked")
    with closing(EmbeddedLog(folder / "log.sqlite")) as log:
        failing = [(key, json.dumps(_failing(value)).encode()) for key, value in (response("1480"), response("1481"))]
        log.append(RESPONSES, [response("1482"), *failing, response("9999"), ("x", b"<script>graffiti</script>")])
        facts = {"code": "WRITER_NOT_ALLOWED", "reason": {"sv": "a", "en": "b"}, "pointer": "/data/unit", "rule": None}
        about = {"failures": (), "unit": "01", "survey": "okand", "year": 2023, "appended_at": NOON, "parked_at": NOON}
        parked = ParkedRecord.model_validate({"letter": "from.14/0/3", "key": "14", "payload": "{}", **facts, **about})
        log.append(DEAD_LETTERS, [("14", parked.encoded())])
        run_once(Settings(data_dir=folder))
        yield folder


def _failing(value: bytes) -> dict[str, object]:
    event: dict[str, dict[str, object]] = json.loads(value)
    event["data"]["answers"] = {"arbete": SECRET}
    return {**event}


@pytest.fixture
def published(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LAGESBILD_DATA_DIR", str(folder))
    return current_publish_id(folder) or ""


def test_the_published_letters_are_those_of_the_log_and_hold_no_answer(folder: Path) -> None:
    with closing(EmbeddedLog(folder / "log.sqlite")) as log:
        known = sorted(one.letter for one in dead_letters(log))
    _, connection = connect_current(folder)
    with connection:
        rows = connection.execute("SELECT letter, survey, year, unit_id, code, rule FROM dead_letter").fetchall()
        counted = connection.execute("SELECT sum(n) FROM dead_letter_count").fetchall()
    assert sorted(row[0] for row in rows) == known
    assert counted == [(len(known),)]
    assert SECRET not in str(rows)
    assert ("from.14/0/3", "okand", 2023, "01", "WRITER_NOT_ALLOWED", None) in rows


def test_the_inbox_counts_by_reason_and_lists_each_with_what_now(published: str) -> None:
    page = drawn("quality", published)
    assert [each.message for each in page.exception] == []
    shown = written(page)
    assert "5 händelser väntar, av 4 skäl. 2 av dem kan den som svarar rätta." in shown
    for part in ("Svaret klarar inte kontrollerna", "Registrera enheten", "from.14/0/3", "arbete.options"):
        assert part in shown
    assert SECRET not in shown
    assert "graffiti" not in shown
    assert [each.value for each in page.code] == ["lagesbild dead-letters replay --all --dry-run"]
    assert "5 events wait, for 4 reasons" in written(drawn("quality", published, "en"))


def test_the_inbox_is_narrowed_by_survey_year_and_reason_and_the_command_with_it(published: str) -> None:
    page = drawn("quality", published, granska="handlingsplaner", granska_ar="2023", skal="CHECKS_FAILED")
    assert [each.message for each in page.exception] == []
    shown = written(page)
    assert "responses/0/1" in shown
    assert "responses/0/3" not in shown, "of another reason"
    assert "from.14/0/3" not in shown, "of another survey"
    (command,) = (each.value for each in page.code)
    assert command == (
        "lagesbild dead-letters replay --survey handlingsplaner --year 2023 --code CHECKS_FAILED --dry-run"
    )


def test_nothing_parked_is_said(published: str) -> None:
    page = drawn("quality", published, granska="psykiatrin")
    assert "Inga händelser är parkerade." in [each.value for each in page.markdown]
