"""The demonstration, as the dashboards read it."""

from pathlib import Path

import pytest

from infra.published import current_publish_id


@pytest.fixture
def published(demonstration: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of the demonstration's publication, which the dashboards are set to read."""
    monkeypatch.setenv("LAGESBILD_DATA_DIR", str(demonstration))
    publish_id = current_publish_id(demonstration)
    assert publish_id is not None
    return publish_id
