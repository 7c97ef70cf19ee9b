"""What the proof says of a record that is wrong, and of one that others made."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES
from infra.published import connect_current, current_publish_id, marts_dir
from tests.pipeline.processes import held_by_another
from tests.pipeline.test_commands import response
from tests.pipeline.trickle import each_part
from tests.pipeline.typed import printed, typed

LATER = datetime(2024, 1, 15, tzinfo=UTC)


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedLog:
    """Two publications: an answer, and its correction half a year later."""
    monkeypatch.setattr("pipeline.refresh.audit_beside", each_part(lambda _work, _q, _now: []))
    log = EmbeddedLog(tmp_path / "log.sqlite")
    for one in (response("1480", arbete="nej"), response("1480", LATER, plan="planeras")):
        log.append(RESPONSES, [one])
        typed(log, "pipeline", "run", "--once")
    return log


def plan(log: EmbeddedLog) -> Any:
    _, publication = connect_current(log.path.parent)
    with publication:
        return publication.execute(
            "SELECT value_code, moment, epoch_ms(as_of) FROM answer, publication WHERE item_id = 'plan'"
        ).fetchall()[0]


def rewritten(log: EmbeddedLog, change: Callable[[dict[str, Any]], None]) -> None:
    """The ledger with each of its lines changed."""
    path = marts_dir(log.path.parent) / "publications.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for line in lines:
        change(line)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def spoil(line: dict[str, Any]) -> None:
    if "digests" in line:
        line["digests"]["answer"] = "1:0"


def by_another_version(line: dict[str, Any]) -> None:
    spoil(line)
    if "ground" in line:
        line["ground"]["definitions"] = line["ground"]["product"] = "other"


def test_the_past_is_listed_proven_and_put_back(published: EmbeddedLog) -> None:
    first, second = printed(published, "pipeline", "publications")
    assert second["publish_id"] in typed(published, "pipeline", "publications").stdout
    # Files come and go; a running pipeline holds the warehouse.
    (marts_dir(published.path.parent) / f"{first['publish_id']}.duckdb").unlink()
    with held_by_another(published.path.parent / "warehouse.duckdb"):
        proven = printed(published, "pipeline", "verify", "--every")
    assert [each["outcome"] for each in proven] == ["equal", "equal"]
    assert plan(published)[:2] == ("planeras", None)
    typed(published, "pipeline", "rebuild", "--as-of", "0")
    assert plan(published)[:2] == ("nej", "0:0")
    assert current_publish_id(published.path.parent) not in (first["publish_id"], second["publish_id"])
    typed(published, "pipeline", "verify")


def test_a_time_is_what_had_been_submitted_by_then_in_sweden(published: EmbeddedLog) -> None:
    typed(published, "pipeline", "rebuild", "--as-of", "2024-01-15T00:59")
    assert plan(published) == ("nej", "2024-01-14T23:59:00Z", int(LATER.timestamp() * 1000) - 60_000)
    assert [one["moment"] is None for one in printed(published, "pipeline", "publications")] == [True, True, False]
    assert typed(published, "pipeline", "verify").exit_code == 0
    typed(published, "pipeline", "run", "--once")
    assert plan(published)[:2] == ("planeras", None)
    typed(published, "pipeline", "rebuild", "--as-of", "2024-01-15T01:00")
    assert plan(published)[:2] == ("planeras", "2024-01-15T00:00:00Z")


def test_a_record_that_does_not_follow_from_the_log_fails_the_proof(published: EmbeddedLog) -> None:
    rewritten(published, spoil)
    done = typed(published, "pipeline", "verify", "--every")
    assert done.exit_code == 1
    assert "differs (answer)" in done.stdout


def test_what_others_made_is_said_not_to_be_comparable(published: EmbeddedLog) -> None:
    rewritten(published, by_another_version)
    chosen = printed(published, "pipeline", "publications")[1]["publish_id"]
    done = typed(published, "pipeline", "verify", "--publication", chosen)
    assert done.exit_code == 0
    assert "cannot be compared: other questionnaires and another version of the product (answer)" in done.stdout
