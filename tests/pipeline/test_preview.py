"""The impact of a draft: last year's responses, from the log, replayed through it."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES
from pipeline.draft_commands import register
from pipeline.preview import NothingToReplay, Preview, preview
from surveys.population import packaged_population
from surveys.questionnaire import Questionnaire
from tests.pipeline.build import NOON, Definitions, event
from tests.pipeline.versions import ANSWERS, definitions
from tests.surveys.build import item, options, questionnaire

LAST = questionnaire(
    item("lage", "one_of", options=options("i_drift", "utreds"), required=True),
    item("antal"),
    item("tid"),
    checks=[{"id": "antal.many", "kind": "range", "item": "antal", "max": 90, "severity": "soft"}],
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    log = EmbeddedLog(tmp_path / "log.sqlite")
    yield log
    log.close()


def sent(
    log: EmbeddedLog, q: Questionnaire, unit: str, answers: Mapping[str, Any], at: datetime = NOON, **facts: Any
) -> None:
    data = {"survey": q.survey, "year": q.year, "unit": unit, "questionnaire": q.fingerprint, "mode": "web"}
    told = {"submission_id": f"{unit}-{at.isoformat()}", "answers": answers, **facts}
    log.append(RESPONSES, [(unit, event({**data, **told}, at))])


def draft(**changes: Any) -> Questionnaire:
    """Next year: everything as it was, but what `changes` says of an item."""
    items = [
        {
            "lineage": {"kind": "same", "items": [name]},
            **one.model_dump(mode="json", by_alias=True, exclude={"lineage"}),
            **more,
        }
        for name, one in LAST.items.items()
        for more in [changes.pop(name, {})]
    ]
    checks = changes.pop("checks", [check.model_dump(mode="json", exclude_none=True) for check in LAST.checks])
    return questionnaire(*items, *changes.pop("new", []), checks=checks, year=2024, based_on=2023, **changes)


def previewed(log: EmbeddedLog, q: Questionnaire) -> Preview:
    return preview(log, q, Definitions(LAST, q), packaged_population())


def three(log: EmbeddedLog) -> None:
    sent(log, LAST, "01", {"lage": "i_drift", "antal": 40, "tid": 1})
    sent(log, LAST, "03", {"lage": "utreds", "antal": 95, "tid": 2}, explanations={"antal.many": "Så är det."})
    sent(log, LAST, "14", {"lage": "utreds"})


def test_a_draft_that_changes_nothing_lets_everything_pass_that_passed(log: EmbeddedLog) -> None:
    three(log)
    found = previewed(log, draft())
    assert (found.responses, found.passing, found.explaining, found.failing) == (3, 2, 1, 0)
    assert all(one.comparable and one.answers == one.kept for one in found.items)
    (check,) = found.checks
    assert (check.check, check.units, check.before, check.named) == ("antal.many", 1, 1, ("03",))


def test_a_sharper_check_says_how_many_fail_and_which(log: EmbeddedLog) -> None:
    three(log)
    found = previewed(log, draft(checks=[{"id": "antal.range", "kind": "range", "item": "antal", "max": 30}]))
    assert (found.passing, found.failing) == (1, 2)
    (check,) = found.checks
    assert (check.check, check.severity, check.units, check.before) == ("antal.range", "hard", 2, 0)
    assert check.named == ("01", "03")


def test_items_that_break_say_how_many_answers_they_lose(log: EmbeddedLog) -> None:
    three(log)
    unit = {
        "unit_of_measure": {"sv": "minuter", "en": "minutes"},
        "lineage": {"kind": "unit_changed", "items": ["tid"]},
    }
    found = {one.item: one for one in previewed(log, draft(tid=unit)).items}
    assert (found["tid"].comparable, found["tid"].answers, found["tid"].lost) == (False, 2, 2)
    assert (found["lage"].comparable, found["lage"].kept) == (True, 3)


def test_what_is_new_and_required_is_to_be_answered_and_no_failure(log: EmbeddedLog) -> None:
    three(log)
    found = previewed(log, draft(new=[item("nytt", required=True)]))
    assert found.to_answer == {"nytt": 3}
    assert found.failing == 0


def test_only_the_newest_accepted_response_of_each_unit_counts(log: EmbeddedLog) -> None:
    three(log)
    sent(
        log, LAST, "01", {"lage": "i_drift", "antal": 95}, NOON - timedelta(days=1), explanations={"antal.many": "Ja."}
    )
    sent(log, LAST, "03", {"lage": "utreds", "antal": 4}, NOON + timedelta(days=1))
    sent(log, LAST, "04", {"lage": "finns_inte"})  # parked: never a response
    found = previewed(log, draft())
    assert (found.responses, found.passing, found.checks) == (3, 3, ())


def test_a_draft_on_a_year_that_nobody_answered_says_so(log: EmbeddedLog) -> None:
    with pytest.raises(NothingToReplay, match="nobody has answered 2023"):
        previewed(log, draft())


def test_six_versions_say_at_each_step_what_they_do_to_the_year_before(log: EmbeddedLog, tmp_path: Path) -> None:
    catalogue = definitions(tmp_path / "definitions")
    for year, answers in ANSWERS.items():
        sent(log, catalogue.get("six", year), "14", answers)
    broken = {}
    for year in list(ANSWERS)[1:]:
        found = preview(log, catalogue.get("six", year), catalogue, packaged_population())
        broken[year] = ({one.item for one in found.items if not one.comparable}, set(found.gone))
    assert broken == {
        2022: ({"steg"}, set()),
        2023: (set(), {"ort"}),
        2024: ({"stod"}, set()),
        2025: ({"mal", "tid"}, set()),
        2026: (set(), set()),
    }


def test_the_command_tells_the_same_in_words_and_in_json(log: EmbeddedLog, tmp_path: Path) -> None:
    catalogue = definitions(tmp_path / "definitions")
    sent(log, catalogue.get("six", 2024), "14", ANSWERS[2024])
    app = typer.Typer()
    register(app)
    file = tmp_path / "definitions" / "six" / "2025.yaml"
    words = ["preview", str(file), "--against", str(tmp_path / "definitions"), "--data-dir", str(tmp_path)]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    assert "1 responses of six 2024 replayed through 2025: 1 pass, 0 need an explanation, 0 fail; 5 of 7" in told.output
    found = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    assert {one["item"] for one in found["items"] if not one["comparable"]} == {"mal", "tid"}
