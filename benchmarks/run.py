"""Runs every benchmark, each in a process of its own, and writes benchmarks/results.json. `make bench`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"
TIMES = 3  # the best counts: the machine does other things too
COUNT = 40_000
# The slow ones are measured on fewer; a rate needs no more.
BESIDE = {
    "row_by_row": (100, "each response's rows with executemany, a transaction for each"),
    "rows_in_python": (12_000, "rows built in Python, appended as Arrow, no positions"),
    "json_reader": (COUNT, "DuckDB's own JSON reader into one wide table, no checks"),
    "parsing": (12_000, "parsing alone, nothing landed"),
}
NOTE = "40 answers and 40 checks a response, 61 rows; bytes in memory to committed rows and position"


def main() -> None:
    """Measure, print a line for each, write the file."""
    ours = best("ours", COUNT)
    results = [_beside(ours, name, count, against) for name, (count, against) in BESIDE.items()]
    results.append(_memory(ours))
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for result in results:
        line = f"{result['name']}: {result['ours']} {result['unit']}, {result['ratio']} x {result['against']}"
        sys.stdout.write(line + "\n")


def best(name: str, count: int) -> dict[str, float]:
    """The fastest of some runs."""
    return max((_measured(name, count) for _ in range(TIMES)), key=lambda measured: measured["per_second"])


def _measured(name: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.landing", name, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=RESULTS.parent.parent)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def _beside(ours: dict[str, float], name: str, count: int, against: str) -> dict[str, Any]:
    other = best(name, count)
    return {
        "name": f"landing beside {name}",
        "unit": "responses/s",
        "ours": round(ours["per_second"]),
        "against": f"{against}: {other['per_second']:.0f} responses/s",
        "ratio": round(ours["per_second"] / other["per_second"], 2),
        "peak_mb": round(ours["peak_mb"]),
        "note": NOTE,
    }


def _memory(ours: dict[str, float]) -> dict[str, Any]:
    times = 4
    longer = _measured("ours", COUNT * times)
    return {
        "name": "landing memory",
        "unit": "MB",
        "ours": round(longer["peak_mb"]),
        "against": f"the same on a {times}th of the responses: {ours['peak_mb']:.0f} MB",
        "ratio": round(longer["peak_mb"] / ours["peak_mb"], 2),
        "peak_mb": round(longer["peak_mb"]),
        "note": f"{COUNT * times} responses at {longer['per_second']:.0f} responses/s",
    }


if __name__ == "__main__":
    main()
