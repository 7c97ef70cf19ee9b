"""A dead letter of a unit's own system: rehearsed as a collector would judge it, replayed to its topic, received."""

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from collectors.gate import utc_now
from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES, writer_topic
from lagesbild import app
from tests.collectors.build import opened_round
from tests.pipeline.test_commands import response


def typed(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(app, [*words, "--json", "--data-dir", str(folder)], catch_exceptions=False)


def test_a_letter_of_a_closed_round_is_replayed_when_it_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAGESBILD_WRITERS", "1480")
    with closing(EmbeddedLog(tmp_path / "log.sqlite")) as log:
        envelope = json.loads(response("1480")[1])
        envelope["data"]["submission_id"] = "from-a-system-1"
        log.append(writer_topic("1480"), [("1480", json.dumps(envelope).encode())])
        assert json.loads(typed(tmp_path, "writers", "run", "--once").stdout)["parked"] == 1
        assert json.loads(typed(tmp_path, "writers", "status").stdout)[0]["lag"] == 0
        refused = typed(tmp_path, "dead-letters", "replay", "--all")
        assert refused.exit_code == 1
        assert [one["refused"] for one in json.loads(refused.stdout)] == ["ROUND_NOT_OPEN"]
        assert log.ends(writer_topic("1480")) == {0: 1}
        opened_round(log, "handlingsplaner", 2023, utc_now() - timedelta(days=1))
        rehearsed = typed(tmp_path, "dead-letters", "replay", "from.1480/0/0", "--dry-run")
        assert [one["becomes"] for one in json.loads(rehearsed.stdout)] == ["accepted"]
        assert log.ends(RESPONSES) == {0: 0}, "a rehearsal stores nothing"
        assert typed(tmp_path, "dead-letters", "replay", "from.1480/0/0").exit_code == 0
        taken = json.loads(typed(tmp_path, "writers", "run", "--once").stdout)
        assert taken == {"accepted": 1, "repeated": 0, "parked": 0}
        assert log.ends(RESPONSES) == {0: 1}
        assert json.loads(typed(tmp_path, "dead-letters", "list").stdout) == []


def test_without_a_writer_named_the_command_says_what_to_set(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["writers", "status", "--data-dir", str(tmp_path)])
    assert done.exit_code == 2
    assert "LAGESBILD_WRITERS" in done.output
