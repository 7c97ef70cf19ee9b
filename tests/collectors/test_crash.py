"""kill -9 between any two steps: the same submission again is accepted once, with the receipt of the first try."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from collectors import tokens
from infra.event_log import RESPONSES
from tests.collectors.build import ANSWERS, SURVEY, UNIT, YEAR, gate_in, opened_round

ROOT = Path(__file__).parents[2]
ADDRESS = f"/api/v1/surveys/{SURVEY}/{YEAR}/units/{UNIT}/responses"
BODY = {"submission_id": "crash-0001", "answers": ANSWERS}


@contextmanager
def server(folder: Path, place: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "tests.collectors.crashing_server", str(folder), place]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process, f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.parametrize("place", ["reserved", "appended"])
def test_a_response_survives_a_killed_server(tmp_path: Path, place: str) -> None:
    with gate_in(tmp_path) as gate:
        opened_round(gate.log)
        header = {"Authorization": f"Bearer {tokens.create(gate.engine, UNIT, datetime.now(UTC))}"}
    with server(tmp_path, place) as (process, address):
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.post(address + ADDRESS, json=BODY, headers=header, timeout=20)
        assert process.wait(10) == -signal.SIGKILL
    with server(tmp_path, "nowhere") as (_, address):
        again = httpx.post(address + ADDRESS, json=BODY, headers=header, timeout=20)
        own = httpx.get(address + ADDRESS, headers=header, timeout=20)
    assert again.status_code == 200
    assert [one["receipt"] for one in own.json()] == [again.json()]
    with gate_in(tmp_path) as gate:
        values = [stored.value for stored in gate.log.read(RESPONSES, {}, 10)]
        kept = gate.submissions.get("crash-0001")
    assert kept is not None
    assert set(values) == {kept.event}
    assert len(values) == (2 if place == "appended" else 1)
