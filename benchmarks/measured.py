"""Measuring in processes of their own, and how a comparison is written down."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TIMES = 3  # the best counts: the machine does other things too
Measured = dict[str, float]
Entry = dict[str, Any]


def measured(module: str, *words: object, python: str = sys.executable) -> Measured:
    """What the module prints as JSON when it is run with these words. Raises CalledProcessError, with what it said."""
    command = [python, "-m", f"benchmarks.{module}", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def fastest(module: str, *words: object, python: str = sys.executable, times: int = TIMES) -> Measured:
    """The run with the most a second."""
    return max((measured(module, *words, python=python) for _ in range(times)), key=lambda one: one["per_second"])


def entry(
    name: str, unit: str, ours: float, against: str, theirs: float, note: str, peak_mb: float | None = None
) -> Entry:
    """A comparison as results.json has it: `ratio` is ours to theirs."""
    digits = 0 if ours >= 100 else 2
    return {
        "name": name,
        "unit": unit,
        "ours": round(ours, digits) if digits else round(ours),
        "against": against,
        "ratio": round(ours / theirs, 2),
        "peak_mb": None if peak_mb is None else round(peak_mb),
        "note": note,
    }


def rates(name: str, ours: Measured, theirs: Measured, against: str, note: str) -> Entry:
    """Two rates of responses beside each other."""
    told = f"{against}: {theirs['per_second']:.0f} responses/s"
    return entry(name, "responses/s", ours["per_second"], told, theirs["per_second"], note, ours["peak_mb"])
