"""A whole lägesbild as it runs in earnest: processes of the command line on the real questionnaires, one round open."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, Queue
from socket import socket
from typing import Any
from unittest.mock import patch

import httpx

from collectors import tokens
from collectors.gate import open_gate
from infra.published import current_publish_id, marts_dir
from infra.settings import Settings
from tests.collectors.build import opened_round
from tests.faults.load import Asked, quick
from tests.faults.processes import ROOT

ASKED = Asked("prehospital", 2026, {"psykiatriambulans": "nej", "team_malgrupp": ["inga"]})
LONGEST_SECONDS = 60.0


class Running:
    """A running `lagesbild WORDS`; `told` are the lines of its log so far, `said` what else it wrote."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.told: list[dict[str, Any]] = []
        self.said: list[str] = []
        self._news: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_for(self, event: str) -> None:
        """Returns when the log has told of the event once more; fails when it has ended."""
        deadline = time.monotonic() + LONGEST_SECONDS
        while (news := self._next(deadline, event)) != event:
            assert news, f"it ended before `{event}`: {self.said}"

    def forget(self) -> None:
        """Lets `wait_for` wait for what is told from now on."""
        while not self._news.empty():
            self._news.get()

    def wait(self) -> int:
        """Its exit status, once it has ended by itself."""
        status = self.process.wait(LONGEST_SECONDS)
        self._reader.join()
        return status

    def end(self) -> int:
        """Its exit status after SIGTERM."""
        self.process.terminate()
        return self.wait()

    def kill(self) -> None:
        """Ends it with signal 9, if it runs."""
        self.process.kill()
        self.process.wait()
        self._reader.join()

    def _next(self, deadline: float, event: str) -> str:
        try:
            return self._news.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            raise AssertionError(f"it never told of `{event}`: {self.told[-5:]}") from None

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                self._take(line)
        self._news.put("")

    def _take(self, line: str) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            self.said.append(line.strip())
        else:
            self.told.append(told)
            self._news.put(str(told["event"]))


@contextmanager
def running(folder: Path, log_url: str, *words: str) -> Iterator[Running]:
    """`lagesbild WORDS` with its data in the folder, until the block ends."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LAGESBILD_")}
    own = {"LAGESBILD_DATA_DIR": str(folder), "LAGESBILD_LOG_URL": log_url, "LAGESBILD_LOG_FORMAT": "json"}
    process = subprocess.Popen(
        [sys.executable, "-m", "lagesbild", *words],
        cwd=ROOT,
        env=environment | own | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    one = Running(process)
    try:
        yield one
    finally:
        one.kill()


@contextmanager
def pipeline(folder: Path, log_url: str) -> Iterator[Running]:
    """`lagesbild pipeline run`."""
    with running(folder, log_url, "pipeline", "run") as one:
        yield one


@contextmanager
def collector(folder: Path, log_url: str) -> Iterator[tuple[Running, str]]:
    """`lagesbild serve` and its address, once it answers."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running(folder, log_url, "serve", "--port", str(port)) as one:
        address = f"http://127.0.0.1:{port}"
        answers(one, f"{address}/readyz")
        yield one, address


def until(holds: Callable[[], object]) -> None:
    """Returns when it holds; fails when it does not for too long."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def aged(folder: Path) -> list[Path]:
    """All publications but the one in force, an hour older than they are: the next publication collects them."""
    older = [file for file in marts_dir(folder).glob("*.duckdb") if file.stem != current_publish_id(folder)]
    for file in older:
        with suppress(FileNotFoundError):  # collected meanwhile
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 3600))
    return older


def answers(one: Running, url: str) -> None:
    """Returns when the process answers there."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        assert one.process.poll() is None, f"it ended: {one.said}"
        try:
            if httpx.get(url, timeout=20).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def opened(folder: Path, log_url: str, units: tuple[str, ...]) -> dict[str, str]:
    """Opens the round of ASKED, and gives a token of each unit."""
    gate = open_gate(Settings(data_dir=folder, log_url=log_url))
    now = datetime.now(UTC)
    try:
        times = {"opens_at": now - timedelta(days=9), "due_at": now + timedelta(days=9)}
        opened_round(gate.log, ASKED.survey, ASKED.year, **times, closes_at=now + timedelta(days=19))
        with patch.object(tokens, "PasswordHasher", quick):
            return {unit: tokens.create(gate.engine, unit, now) for unit in units}
    finally:
        gate.close()
