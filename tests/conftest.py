"""Real services for tests: a Kafka broker and a PostgreSQL server, started once and only when asked for."""

import os
from collections.abc import Iterator
from typing import NoReturn

import pytest

from infra.kafka.broker import Broker
from infra.kafka.jars import PACKAGES, missing_programs
from tests.demonstration import demonstration
from tests.infra.postgres import PostgresServer, newest_binaries

# One for the whole session, whatever folder its readers are in: it takes half a minute.
__all__ = ["demonstration"]


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """One Kafka node for the whole session; a test that kills it starts it again."""
    require_kafka()
    with Broker() as running:
        yield running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    binaries = newest_binaries()
    if binaries is None:
        lacking("PostgreSQL's initdb and postgres (Debian: postgresql)")
    with PostgresServer(binaries) as running:
        yield running


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """The URL of an empty PostgreSQL database."""
    return postgres_server.new_database()


def require_kafka() -> None:
    """Skips (in CI: fails) the test when what runs a broker is not installed."""
    missing = missing_programs()
    if missing:
        lacking(", ".join(f"{program} (Debian: {PACKAGES[program]})" for program in missing))


def lacking(what: str) -> NoReturn:
    """Skips the test naming what is missing; with CI set that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing")
