"""The history of a unit's answers as it is asked for on the command line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES
from pipeline.errors import NoSuchHistory
from tests.pipeline.test_commands import response
from tests.pipeline.trickle import each_part
from tests.pipeline.typed import printed, typed

LATER = datetime(2024, 1, 15, tzinfo=UTC)
ASKED = ("history", "handlingsplaner", "2023", "1480")


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedLog:
    """An answer and its correction, published."""
    monkeypatch.setattr("pipeline.refresh.audit_beside", each_part(lambda _work, _q, _now: []))
    log = EmbeddedLog(tmp_path / "log.sqlite")
    log.append(RESPONSES, [response("1480"), response("1480", LATER, plan="planeras", samordnare=True)])
    typed(log, "pipeline", "run", "--once")
    return log


def test_every_version_tells_what_it_changed(log: EmbeddedLog) -> None:
    first, second = printed(log, *ASKED)
    assert (first["revision"], first["mode"], first["offset"], first["changes"]) == (1, "api", 0, [])
    changed = {each["item"]: (each["before"], each["after"]) for each in second["changes"]}
    assert changed["plan"] == ("nej", "planeras")
    assert changed["samordnare"] == ("false", "true")
    (only,) = printed(log, *ASKED, "plan")[1]["changes"]
    assert only["item"] == "plan"
    assert "planeras" in typed(log, *ASKED).stdout


def test_history_as_of_a_moment_ends_there(log: EmbeddedLog) -> None:
    assert [one["revision"] for one in printed(log, *ASKED, "--as-of", "2024-01-14")] == [1]
    with pytest.raises(NoSuchHistory, match="no response is published"):
        typed(log, *ASKED, "--as-of", "2023-01-01")
