"""The demonstration's answers, filled and published once a session, for every test that reads real figures."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from collectors.demonstration.fill import fill
from infra.settings import Settings
from pipeline.consume import run_once


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the demonstration in log, warehouse and publication. Read it; copy it to write in it."""
    folder = tmp_path_factory.mktemp("demonstration")
    settings = Settings(data_dir=folder)
    fill(settings, datetime.now(UTC), lambda _line: None)
    run_once(settings)
    yield folder
