import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES
from lagesbild import app
from pipeline.consume import run_once
from pipeline.letter_shown import laid_out
from surveys.letter_records import record_schema
from tests.pipeline.build import settings
from tests.pipeline.test_commands import response


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with dead letters: two of one reason, one of another, one that says nothing of itself."""
    folder = tmp_path_factory.mktemp("letters")
    log = EmbeddedLog(folder / "log.sqlite")
    key, good = response("1480")
    failing = json.loads(good)
    failing["data"]["answers"] = {}
    log.append(RESPONSES, [(key, json.dumps(failing).encode()), response("9999"), ("x", b"graffiti \xff")])
    log.append(RESPONSES, [("1481", json.dumps(failing).replace("1480", "1481").encode())])
    run_once(settings(folder))
    yield folder
    log.close()


def typed(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(app, ["dead-letters", *words, "--data-dir", str(folder)], catch_exceptions=False)


def listed(folder: Path, *words: str) -> list[str]:
    return [one["letter"].removeprefix("responses/0/") for one in json.loads(typed(folder, *words, "--json").stdout)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["0", "1", "2", "3"]),
        (["--survey", "handlingsplaner"], ["0", "1", "3"]),
        (["--year", "2019"], []),
        (["--unit", "9999"], ["1"]),
        (["--code", "CHECKS_FAILED"], ["0", "3"]),
        (["--code", "CHECKS_FAILED", "--unit", "1481"], ["3"]),
        (["--mendable-by", "respondent"], ["0", "3"]),
        (["--mendable-by", "writer"], ["2"]),
        (["--since", "2199-01-01"], []),
        (["--until", "2199-01-01"], ["0", "1", "2", "3"]),
        (["--until", "2020-01-01"], []),
        (["--replayed"], []),
        (["--waiting"], ["0", "1", "2", "3"]),
        (["--all"], ["0", "1", "2", "3"]),
    ],
)
def test_a_list_holds_what_is_asked_for(folder: Path, words: list[str], expected: list[str]) -> None:
    assert listed(folder, "list", *words) == expected


def test_a_replay_takes_the_same_filters(folder: Path) -> None:
    assert listed(folder, "replay", "--dry-run", "--code", "CHECKS_FAILED", "--unit", "1481") == ["3"]
    assert listed(folder, "replay", "--dry-run", "--all") == ["0", "1", "2", "3"]
    assert typed(folder, "replay", "responses/0/0", "--unit", "1480").exit_code == 2


def test_counts_say_how_many_for_which_reason_and_who_mends(folder: Path) -> None:
    rows = json.loads(typed(folder, "list", "--count", "--json").stdout)
    assert [(one["code"], one["survey"], one["year"], one["letters"], one["mendable_by"]) for one in rows] == [
        ("CHECKS_FAILED", "handlingsplaner", 2023, 2, "respondent"),
        ("S301", None, None, 1, "writer"),
        ("UNKNOWN_UNIT", "handlingsplaner", 2023, 1, "operator"),
    ]
    assert "Registrera enheten" in rows[2]["now"]
    assert "CHECKS_FAILED" in typed(folder, "list", "--count").stdout


@pytest.mark.parametrize("words", [["--code", "CHECKS"], ["--mendable-by", "nobody"]])
def test_an_unknown_reason_or_mender_is_wrong_usage(folder: Path, words: list[str]) -> None:
    assert typed(folder, "list", *words).exit_code == 2
    assert typed(folder, "replay", *words).exit_code == 2


def test_show_marks_the_place_and_says_rule_place_and_what_now(folder: Path) -> None:
    shown = " ".join(typed(folder, "show", "responses/0/1").stdout.split())
    assert '▶ "unit": "9999"' in shown
    facts = json.loads(typed(folder, "show", "responses/0/1", "--json").stdout)
    assert facts["value"] == '"9999"'
    assert (facts["topic"], facts["partition"], facts["offset"]) == (RESPONSES, 0, 1)
    assert "Registrera enheten" in facts["now"]
    failed = json.loads(typed(folder, "show", "responses/0/0", "--json").stdout)
    assert failed["rule"] == "arbete.required"
    assert failed["rule_text"] == failed["failures"][0]["message"]["sv"]
    assert "▶" in typed(folder, "show", "responses/0/0").stdout
    assert "graffiti \\xff" in typed(folder, "show", "responses/0/2").stdout


def test_several_can_be_named_and_each_outcome_is_told(folder: Path) -> None:
    done = typed(folder, "replay", "responses/0/2", "responses/0/0", "--dry-run", "--json")
    assert done.exit_code == 1
    assert [(one["letter"], one["becomes"], one["refused"]) for one in json.loads(done.stdout)] == [
        ("responses/0/2", "parked", "S301"),
        ("responses/0/0", "parked", "CHECKS_FAILED"),
    ]


def test_the_schema_is_printed(folder: Path) -> None:
    printed = CliRunner().invoke(app, ["dead-letters", "schema"], catch_exceptions=False)
    assert json.loads(printed.stdout) == record_schema()


LAID = [
    (b'{"a": {"b~/c": [1, {"d": 2}]}}', "/a/b~0~1c/1/d", '      ▶       "d": 2', "2"),
    (b'{"a": {}}', "/a", '▶   "a": {}', "{}"),
    (b'{"a": {"x": 1}}', "/a/b", '▶     "b": saknas · is missing', None),
    (b'{"a": {}}', "/a/b/0", '▶     "b": saknas · is missing', None),
    (b'{"a": []}', "/a/0", '▶     "0": saknas · is missing', None),
    (b'{"a": 1, "a": 2}', "/a", '▶   "a": 1,', "2"),
    (b"[" * 50_000, "", None, None),
    (b"not json", "/type", None, None),
]


@pytest.mark.parametrize(("payload", "pointer", "line", "value"), LAID)
def test_a_payload_is_laid_out_with_its_place_marked(
    payload: bytes, pointer: str, line: str | None, value: str | None
) -> None:
    laid = laid_out(payload, pointer)
    assert laid.value == value
    marked = [one for one in laid.lines if one.startswith("▶")]
    assert [one.split() for one in marked[:1]] == ([] if line is None else [line.split()])
