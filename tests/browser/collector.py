"""A collector as its own process on a free port, every mapping's round of 2026 open, and last year's answers in it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from time import monotonic, sleep
from typing import Any

import httpx

from collectors import signin
from collectors.administration import add_unit
from collectors.gate import Gate, new_id, open_gate
from collectors.receive import Request, receive
from infra.event_log import RESPONSES
from infra.settings import Settings
from surveys.event_data import UnitAdded
from surveys.events import decode
from tests.collectors.build import opened_round

REGION, KOMMUN, CLINIC = "14", "1480", "um-hisingen"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Collector:
    """Where it answers; its gate, for looking into the log; and how one signs in."""

    address: str
    gate: Gate

    def link(self, unit: str) -> str:
        """A new sign-in address of the unit."""
        return self.address + signin.link_path(signin.invite(self.gate.engine, unit, datetime.now(UTC)))

    def sent(self, survey: str, unit: str) -> list[Any]:
        """What the unit has sent in 2026, as it lies in the log, oldest first."""
        events: Sequence[Any] = [decode(stored.value).data for stored in self.gate.log.read(RESPONSES, {}, 10_000)]
        return [one for one in events if (one.survey, one.year, one.unit) == (survey, 2026, unit)]


@contextmanager
def serving(folder: Path, programmes: int = 100) -> Iterator[Collector]:
    """The collector until the block ends; region 14 answered with so many programmes the year before."""
    gate = open_gate(Settings(data_dir=folder))
    _prepare(gate, programmes)
    port = _free_port()
    command = [sys.executable, "-m", "lagesbild", "serve", "--port", str(port), "--data-dir", str(folder)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LAGESBILD_")}
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield Collector(_answering(process, port), gate)
        finally:
            process.terminate()
            process.wait(20)
            gate.close()


def _prepare(gate: Gate, programmes: int) -> None:
    now = datetime.now(UTC)
    for survey in gate.catalogue.surveys():
        for year in gate.catalogue.years(survey)[-2:]:
            opens = {"opens_at": now - timedelta(days=14), "due_at": now + timedelta(days=5)}
            opened_round(gate.log, survey, year, **opens, closes_at=now + timedelta(days=9))
    clinic = UnitAdded(unit_id=CLINIC, kind="mottagning", name="Ungdomsmottagningen Hisingen", region_code=REGION)
    add_unit(gate.log, clinic, now, new_id)
    for survey, answers in (("sob", _programmes(programmes)), ("prehospital", AMBULANCES)):
        year = gate.catalogue.years(survey)[-2]
        facts = {"survey": survey, "year": year, "unit": REGION, "answers": answers, "mode": "web"}
        receive(Request(submission_id=f"last-year-{survey}", **facts), gate, now, new_id)


AMBULANCES = {
    "psykiatriambulans": "i_drift",
    "enheter": 2,
    "team_malgrupp": ["inga"],
    "uppdrag": {"missing": "dont_know"},
}


def _programmes(count: int) -> dict[str, Any]:
    row = {"status": "erbjuds", "omrade": "psykisk_halsa", "malgrupp": "vuxna", "startar": 2019}
    rows = [{"program": f"Program {number} vid oro och ångest", **row} for number in range(1, count + 1)]
    return {"program": rows, "inforandestrategi": "nej"}


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answering(process: subprocess.Popen[bytes], port: int) -> str:
    address, until = f"http://127.0.0.1:{port}", monotonic() + 90
    while monotonic() < until:
        assert process.poll() is None, "the collector ended while starting"
        try:
            if httpx.get(f"{address}/readyz", timeout=20).status_code == 200:
                return address
        except httpx.TransportError:
            sleep(0.1)
    raise AssertionError("the collector does not answer")


def number_in(text: str) -> int:
    """The first whole number in a text."""
    found = re.search(r"\d+", text)
    assert found is not None
    return int(found[0])
