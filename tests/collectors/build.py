"""Builders for the collectors' tests: a server on real files, an opened round, requests with good answers."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from fastapi import FastAPI

from collectors import signin, tokens
from collectors.administration import open_round
from collectors.app import create_app
from collectors.gate import Gate, new_id, open_gate
from collectors.receive import Request
from infra.event_log import RESPONSES, EventLog
from infra.settings import Settings
from surveys.catalogue import Catalogue
from surveys.event_data import RoundOpened
from surveys.events import Event, decode

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DEFINITIONS = Path(__file__).parent / "definitions"
SURVEY, YEAR, UNIT, OTHER_UNIT = "prov", 2026, "14", "12"
ANSWERS: dict[str, Any] = {"lage": "i_drift", "enheter": 3, "beskrivning": "Två bilar i länet"}


def settings_in(folder: Path) -> Settings:
    """Settings with everything in one folder."""
    return Settings(data_dir=folder)


def trial_catalogue() -> Catalogue:
    """The trial survey, with one item of each type: 2025 and 2026."""
    return Catalogue(DEFINITIONS)


@contextmanager
def gate_in(folder: Path) -> Iterator[Gate]:
    """A gate on real files, where no round has been opened."""
    gate = open_gate(settings_in(folder), trial_catalogue())
    try:
        yield gate
    finally:
        gate.close()


def opened_round(
    log: EventLog,
    survey: str = SURVEY,
    year: int = YEAR,
    opens_at: datetime = NOW - timedelta(days=14),
    due_at: datetime = NOW + timedelta(days=3650),
    closes_at: datetime = NOW + timedelta(days=3660),
) -> None:
    """Opens a round; without other times it is open at NOW and today."""
    opened = RoundOpened(survey=survey, year=year, opens_at=opens_at, due_at=due_at, closes_at=closes_at)
    open_round(log, opened, NOW, new_id)


def request(**differs: Any) -> Request:
    """A good response of UNIT."""
    facts: dict[str, Any] = {
        "survey": SURVEY,
        "year": YEAR,
        "unit": UNIT,
        "submission_id": str(uuid4()),
        "answers": ANSWERS,
        "mode": "api",
    }
    return Request(**(facts | differs))


def responses_in(log: EventLog) -> list[Event]:
    """Every event in the responses topic, in order."""
    return [decode(stored.value) for stored in log.read(RESPONSES, {}, 10_000)]


@dataclass(frozen=True)
class Served:
    """A running collector: `http` calls it without credentials, `gate` is the one it uses."""

    app: FastAPI
    http: httpx.Client
    gate: Gate

    def as_unit(self, unit: str = UNIT) -> dict[str, str]:
        """The headers of a bearer token of that unit."""
        return {"Authorization": f"Bearer {tokens.create(self.gate.engine, unit, datetime.now(UTC))}"}

    def session_of(self, unit: str = UNIT) -> dict[str, str]:
        """The headers of a browser where that unit is signed in."""
        now = datetime.now(UTC)
        session = self.app.state.signin.begin(signin.invite(self.gate.engine, unit, now), now)
        return {"Cookie": f"{signin.COOKIE}={self.app.state.signin.cookie(session)}"}


@contextmanager
def served(folder: Path, opened: bool = True, log_url: str = "") -> Iterator[Served]:
    """A collector on a free port of this machine, with the trial round open; its log is in the folder if not named."""
    settings = Settings(data_dir=folder, log_url=log_url) if log_url else settings_in(folder)
    app = create_app(settings, trial_catalogue())
    with running(app) as address, httpx.Client(base_url=address, timeout=20) as http:
        gate: Gate = app.state.gate
        if opened:
            opened_round(gate.log)
        yield Served(app, http, gate)


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The address of the application, served from a thread until the block ends."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        try:
            _wait_until_started(server, thread)
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    while not server.started:
        assert thread.is_alive(), "the server ended while starting"
        time.sleep(0.01)
