"""From a real broker to committed rows, beside what a user would otherwise take and beside the ceilings.

The rivals run in an environment of their own (benchmarks/rivals/), made when it is missing: their pins do not fit
beside ours. The broker runs on the same two cores as everything else.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.from_kafka import filled
from benchmarks.measured import ROOT, Entry, entry, fastest, rates
from infra.kafka.broker import Broker

COUNT = 40_000
RIVALS = {
    "dlt": (8_000, "dlt into DuckDB with the same pydantic model, no checks"),
    "quixstreams": (8_000, "quix-streams with a batching sink into DuckDB, the same model, no checks"),
}
OURSELVES = {
    "plain_loop": (200, "kafka-python, the same model, executemany, a commit for each poll, no checks"),
    "raw_poll": (COUNT, "kafka-python polling and throwing away"),
}
IN_MEMORY = {
    "parsing": (12_000, "parsing alone, from memory"),
    "json_reader": (COUNT, "DuckDB's own JSON reader, from a file"),
}
NOTE = "40 answers and 40 checks a response, 61 rows; from one Apache Kafka on the same two cores to committed rows"
ENVIRONMENT = ROOT / ".venv-rivals"


def results() -> Iterator[Entry]:
    """Rates beside the rivals', beside the ceilings, and how much of the slowest ceiling is reached."""
    with Broker() as broker, tempfile.TemporaryDirectory() as folder:
        filled(COUNT, broker.bootstrap, Path(folder))
        ours = fastest("from_kafka", "ours", COUNT, broker.bootstrap)
        for name, (count, against) in OURSELVES.items():
            other = fastest("from_kafka", name, count, broker.bootstrap, times=1 if name == "plain_loop" else 3)
            yield rates(f"kafka beside {name}", ours, other, against, NOTE)
            slowest = other["per_second"]  # raw_poll comes last
        for name, (count, against) in RIVALS.items():
            other = fastest("rivals.load", name, count, broker.bootstrap, python=_python(), times=1)
            yield rates(f"kafka beside {name}", ours, other, against, NOTE)
    for name, (count, against) in IN_MEMORY.items():
        other = fastest("landing", name, count)
        yield rates(f"kafka beside {name}", ours, other, against, NOTE)
        slowest = min(slowest, other["per_second"])
    against = f"the slowest ceiling of polling, parsing and DuckDB's JSON reader: {slowest:.0f} responses/s"
    yield entry(
        "kafka of the slowest ceiling", "responses/s", ours["per_second"], against, slowest, NOTE, ours["peak_mb"]
    )


def _python() -> str:
    """The interpreter of the rivals' environment."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        pins = ROOT / "benchmarks" / "rivals" / "constraints.txt"
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(pins)], check=True)
    return str(python)
