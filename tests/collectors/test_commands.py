"""The commands, as they are typed: what they print, what they leave, and how they end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import pytest

import lagesbild
from collectors.gate import Gate, open_gate
from collectors.workbook_upload import template_for
from tests.collectors.build import responses_in, settings_in

ROOT = Path(__file__).parents[2]
OPEN = ("rounds", "open", "handlingsplaner", "2026", "--opens", "2026-01-07", "--due", "2099-05-29")


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def run(folder: Path, *words: str) -> Done:
    """What the front door does with these words."""
    typed, out, err = sys.argv, StringIO(), StringIO()
    sys.argv = ["lagesbild", *words, "--data-dir", str(folder)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            lagesbild.main()
        code: Any = 0
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        sys.argv = typed
    return Done(code, out.getvalue(), err.getvalue())


def printed(folder: Path, *words: str) -> Any:
    """What a command that succeeds prints as JSON."""
    done = run(folder, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@contextmanager
def opened(folder: Path) -> Iterator[Gate]:
    gate = open_gate(settings_in(folder))
    try:
        yield gate
    finally:
        gate.close()


def test_a_token_is_shown_once_listed_and_revoked(tmp_path: Path) -> None:
    created = printed(tmp_path, "tokens", "create", "14")
    assert created["token"].startswith("lb_")
    [listed] = printed(tmp_path, "tokens", "list")
    assert listed["unit"] == "14"
    assert created["token"].rpartition("_")[2] not in str(listed)
    assert run(tmp_path, "tokens", "revoke", listed["token_id"]).returncode == 0
    assert printed(tmp_path, "tokens", "list")[0]["revoked_at"]
    again = run(tmp_path, "tokens", "revoke", listed["token_id"])
    assert (again.returncode, again.stderr.startswith("C022")) == (1, True)


def test_an_unknown_unit_is_wrong_usage(tmp_path: Path) -> None:
    done = run(tmp_path, "tokens", "create", "99")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_round_opens_pauses_resumes_and_closes(tmp_path: Path) -> None:
    assert run(tmp_path, *OPEN).returncode == 0
    [status] = printed(tmp_path, "rounds", "status", "handlingsplaner", "2026")
    assert (status["state"], status["answered"], status["expected"]) == ("open", 0, 311)
    assert (status["opens_at"], status["due_at"]) == ("2026-01-07 00:00", "2099-05-30 00:00")
    for step, state in (("pause", "paused"), ("resume", "open"), ("close", "closed")):
        assert run(tmp_path, "rounds", step, "handlingsplaner", "2026").returncode == 0
        assert [row["state"] for row in printed(tmp_path, "rounds", "list")] == [state]
    assert run(tmp_path, "rounds", "resume", "handlingsplaner", "2026").returncode == 1


def test_a_round_of_another_survey_or_with_days_out_of_order_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path, "rounds", "open", "nix", "2026", *OPEN[4:]).returncode == 2
    assert run(tmp_path, *OPEN[:4], "--opens", "2026-02-01", "--due", "2026-01-01").returncode == 2
    assert run(tmp_path, "rounds", "status", "handlingsplaner", "2026").returncode == 1


@pytest.fixture(scope="module")
def open_round(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands")
    assert run(folder, *OPEN).returncode == 0
    return folder


def response(folder: Path, **differs: Any) -> str:
    facts = {"survey": "handlingsplaner", "year": 2026, "unit": "1480", "answers": {}, **differs}
    path = folder / "svar.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    return str(path)


def test_a_refused_file_names_every_failure_and_stores_nothing(open_round: Path) -> None:
    done = run(open_round, "submit", response(open_round))
    assert done.returncode == 1
    assert done.stderr.startswith("C011 handlingsplaner/2026/1480: Svaret behöver ses över")
    assert "arbete.required, hard" in done.stderr
    faults = json.loads(run(open_round, "submit", response(open_round, okant=1), "--json").stdout)
    assert (faults["code"], faults["failures"][0]["item"]) == ("BAD_REQUEST", "okant")
    missing = run(open_round, "submit", str(open_round / "finns-ej.json"))
    assert (missing.returncode, "C025" in missing.stderr) == (1, True)


def test_a_workbook_file_is_taken_to_the_unit_it_was_made_for(open_round: Path) -> None:
    with opened(open_round) as gate:
        content = template_for("handlingsplaner", 2026, "1480", gate)
    path = open_round / "mall.xlsx"
    path.write_bytes(content)
    refused = json.loads(run(open_round, "submit", str(path), "--dry-run", "--json").stdout)
    assert refused["code"] == "CHECKS_FAILED"
    assert {"arbete.required"} <= {failure["check"] for failure in refused["failures"]}
    assert all(failure["sheet"] and failure["cell"] for failure in refused["failures"])


def test_a_link_signs_its_unit_in(open_round: Path) -> None:
    link = printed(open_round, "invite", "1480", "--address", "https://svar.example/")["link"]
    assert link.startswith("https://svar.example/signin/")
    assert "1 links" in run(open_round, "invite", "1480", "--revoke").stdout


def test_the_server_answers_until_it_is_told_to_stop_and_ends_with_zero(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "lagesbild", "serve", "--port", str(port), "--data-dir", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        _wait_until_ready(port, process)
        taken = run(tmp_path, "serve", "--port", str(port))
        assert (taken.returncode, taken.stderr.startswith("C030")) == (1, True)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(15) == 0
    finally:
        process.kill()
        process.communicate()


def _wait_until_ready(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(900):
        assert process.poll() is None
        try:
            assert httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server never became ready")


def test_a_good_file_gets_a_receipt_and_the_same_file_the_same(open_round: Path) -> None:
    good = response(open_round, answers={"arbete": "nej", "plan": "nej", "samordnare": False})
    assert printed(open_round, "submit", good, "--dry-run")["accepted"]
    first = printed(open_round, "submit", good)
    assert printed(open_round, "submit", good) == first
    with opened(open_round) as gate:
        assert [event.id for event in responses_in(gate.log)] == [first["event_id"]]
    assert first["mode"] == "file"
    assert printed(open_round, "rounds", "status", "handlingsplaner", "2026")[0]["answered"] == 1
