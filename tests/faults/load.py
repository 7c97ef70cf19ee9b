"""Regions that answer all the time, and send again until they are told that the answer is taken."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from argon2 import PasswordHasher

from collectors import tokens
from collectors.gate import new_id, open_gate
from collectors.receive import receive
from infra.settings import Settings
from tests.collectors.build import ANSWERS, NOW, SURVEY, YEAR, gate_in, opened_round, request, trial_catalogue

UNITS = ("01", "12", "14", "25")
RETRY_SECONDS = 0.1
GIVE_UP_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What everybody answers to, and what they say."""

    survey: str
    year: int
    answers: Mapping[str, Any]


TRIAL = Asked(SURVEY, YEAR, ANSWERS)


class Load:
    """What became of it: `acknowledged` submission ids in the order of their receipts, `refused` tries with 503.

    Each unit lets `pause` seconds pass between two responses.
    """

    def __init__(self, address: str, secrets: dict[str, str], pause: float, asked: Asked = TRIAL) -> None:
        self.acknowledged: list[str] = []
        self.refused = 0
        self.longest_answer = 0.0
        self._faults: list[BaseException] = []
        self._pause = pause
        self._asked = asked
        self._stop = threading.Event()
        self._abandoned = False
        self._threads = [threading.Thread(target=self._guarded, args=(address, *one)) for one in secrets.items()]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Lets everybody finish what they are sending. Raises what went wrong."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        if self._faults:
            raise self._faults[0]

    def abandon(self) -> None:
        """Lets nobody finish, and tells nothing."""
        self._abandoned = True
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        """Returns when so many more have been taken."""
        wanted, deadline = len(self.acknowledged) + more, time.monotonic() + GIVE_UP_SECONDS
        while len(self.acknowledged) < wanted:
            assert not self._faults, self._faults
            assert time.monotonic() < deadline, "nobody takes responses"
            time.sleep(0.02)

    def _guarded(self, address: str, unit: str, secret: str) -> None:
        try:
            self._answer(address, unit, secret)
        except BaseException as fault:
            self._faults.append(fault)

    def _answer(self, address: str, unit: str, secret: str) -> None:
        asked, number = self._asked, 0
        url = f"/api/v1/surveys/{asked.survey}/{asked.year}/units/{unit}/responses"
        with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {secret}"}, timeout=20) as client:
            while not self._stop.is_set():
                number += 1
                submission_id = f"load-{unit}-{number:06d}"
                # The trial survey asks how many; what others answer stays the same.
                answers = {**asked.answers, "enheter": number % 19 + 2} if asked is TRIAL else asked.answers
                body: dict[str, object] = {"submission_id": submission_id, "answers": answers}
                self._send_until_taken(client, url, body)
                self.acknowledged.append(submission_id)
                self._stop.wait(self._pause)

    def _send_until_taken(self, client: httpx.Client, url: str, body: dict[str, object]) -> None:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while not self._taken(client, url, body):
            assert time.monotonic() < deadline and not self._abandoned, f"{body['submission_id']} is not taken"
            time.sleep(RETRY_SECONDS)

    def _taken(self, client: httpx.Client, url: str, body: dict[str, object]) -> bool:
        try:
            answer = client.post(url, json=body)
        except httpx.TransportError:
            return False  # the collector was killed meanwhile
        if answer.status_code == 503:
            assert answer.headers["Retry-After"] == "5"
            self.refused += 1
            self.longest_answer = max(self.longest_answer, answer.elapsed.total_seconds())
            return False
        assert answer.status_code in (200, 201), answer.text
        return True


def prepared(folder: Path, log_url: str) -> dict[str, str]:
    """Opens the trial survey's round; gives a token of each unit."""
    gate = open_gate(Settings(data_dir=folder, log_url=log_url), trial_catalogue())
    try:
        opened_round(gate.log)
        with patch.object(tokens, "PasswordHasher", quick):
            return {unit: tokens.create(gate.engine, unit, datetime.now(UTC)) for unit in UNITS}
    finally:
        gate.close()


def filled(folder: Path, responses: int = 3) -> None:
    """Opens the trial survey's round in the folder's own log and takes in responses of one unit."""
    with gate_in(folder) as gate:
        opened_round(gate.log)
        for _ in range(responses):
            receive(request(), gate, NOW, new_id)


def quick() -> PasswordHasher:
    """Verified in no time by every new process; in earnest it takes a tenth of a second."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def load(address: str, secrets: dict[str, str], pause: float = 0.05, asked: Asked = TRIAL) -> Iterator[Load]:
    """Everybody answers for as long as the block lasts."""
    answering = Load(address, secrets, pause, asked)
    answering.start()
    try:
        yield answering
    except BaseException:
        answering.abandon()  # what failed is told, not what comes of it here
        raise
    answering.stop()
