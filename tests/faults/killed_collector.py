"""A collector that is killed again and again: `python -m tests.faults.killed_collector FOLDER LOG_URL SEED TIMES`.

Prints its port first. The socket outlives every run: a client waits for the next one instead of being refused.
"""

import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from fastapi import FastAPI

from collectors.app import create_app
from collectors.punctual_log import PunctualLog
from infra.event_log import Position
from infra.settings import Settings
from tests.collectors.build import ANSWERS, SURVEY, UNIT, YEAR, running, served, trial_catalogue
from tests.faults.again import count_statements, drawn, run_again, step, tell

SECONDS = (0.1, 0.8)
STEPS = (1, 150)  # the first forty or so open the databases and complete what was reserved


def main(folder: str, log_url: str, seed: str, times: str) -> None:
    settings = Settings(data_dir=Path(folder), log_url=log_url)
    catalogue = trial_catalogue()
    count_statements()
    _count_appends()
    app = create_app(settings, catalogue)
    _warm(app)
    with socket.create_server(("127.0.0.1", 0), backlog=100) as bound:
        tell(str(bound.getsockname()[1]))

        def serve() -> None:
            config = uvicorn.Config(app, log_config=None, lifespan="on")
            uvicorn.Server(config).run(sockets=[bound])

        run_again(serve, drawn(int(seed), int(times), SECONDS, STEPS))


def _warm(app: FastAPI) -> None:
    """Serves one response elsewhere, and nothing here: what a first request loads or makes is there before a fork."""
    with running(app) as address:
        assert httpx.get(f"{address}/nowhere").status_code == 404
    with TemporaryDirectory() as elsewhere, served(Path(elsewhere)) as collector:
        path = f"/api/v1/surveys/{SURVEY}/{YEAR}/units/{UNIT}/responses"
        body = {"submission_id": "warming-up", "answers": ANSWERS}
        assert collector.http.post(path, json=body, headers=collector.as_unit()).status_code == 201


def _count_appends() -> None:
    append = PunctualLog.append

    def counted(self: PunctualLog, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        step()
        positions = append(self, topic, events)
        step()
        return positions

    PunctualLog.append = counted  # type: ignore[method-assign]  # the point of this file


if __name__ == "__main__":
    main(*sys.argv[1:])
