"""A rehearsal does what a publication does, and leaves nothing behind."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.errors import WarehouseLocked
from infra.published import current_publish_id, marts_dir
from infra.settings import Settings
from infra.warehouse import connect
from pipeline import examine as examining
from pipeline.audit import Result, audit
from pipeline.examine import rehearse
from tests.pipeline.processes import held_by_another
from tests.pipeline.published import NOON, Landing, indicator
from tests.surveys.build import item, questionnaire

Q = questionnaire(item("a"), indicators=[indicator("antal", numerator={"kind": "sum", "items": ["a"]})])


def test_a_rehearsal_audits_a_part_and_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    landing = Landing(tmp_path, Q)
    landing.sent(Q, "14", {"a": 3})
    landing.connection.close()
    results: list[bool] = []

    def told(*facts: Any) -> list[Result]:
        found = audit(*facts)
        results.extend(one.success for one in found)
        return found

    monkeypatch.setattr(examining, "audit", told)
    rehearse(Settings(data_dir=tmp_path), landing.definitions, NOON + timedelta(days=1))
    assert results and all(results)
    assert current_publish_id(tmp_path) is None
    assert not marts_dir(tmp_path).exists()
    with connect(tmp_path / "warehouse.duckdb") as warehouse:
        assert warehouse.execute("SELECT count(*) FROM landing.event").fetchall() == [(1,)]
        for table in ("part", "result", "publication"):
            assert warehouse.execute(f"SELECT count(*) FROM audited.{table}").fetchall() == [(0,)]


def test_a_rehearsal_without_any_response_ends_well(tmp_path: Path) -> None:
    rehearse(Settings(data_dir=tmp_path), Landing(tmp_path / "other", Q).definitions, NOON)
    assert current_publish_id(tmp_path) is None


def test_a_rehearsal_beside_a_running_pipeline_is_refused(tmp_path: Path) -> None:
    with held_by_another(tmp_path / "warehouse.duckdb"), pytest.raises(WarehouseLocked):
        rehearse(Settings(data_dir=tmp_path), Landing(tmp_path / "other", Q).definitions, NOON)
