"""Runs the benchmarks, each in processes of its own, and writes benchmarks/results.json. `make bench`.

`python -m benchmarks.run NAME …` runs some of them anew and keeps the other results.
"""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import compare_growth, compare_kafka, compare_landing, compare_latency, compare_rebuild, compare_suites
from benchmarks.measured import Entry

RESULTS = Path(__file__).parent / "results.json"
README = Path(__file__).parent / "README.md"
BEGINS, ENDS = "<!-- results -->", "<!-- end -->"
BENCHMARKS: dict[str, Callable[[], Iterable[Entry]]] = {
    "landing": compare_landing.results,
    "kafka": compare_kafka.results,
    "rebuild": compare_rebuild.results,
    "growth": compare_growth.results,
    "latency": compare_latency.results,
    "suites": compare_suites.results,
}


def main(names: Iterable[str]) -> None:
    """Measure, print a line for each, write the file after each benchmark."""
    for name in names or BENCHMARKS:
        found = list(BENCHMARKS[name]())
        for one in found:
            sys.stdout.write(f"{one['name']}: {one['ours']} {one['unit']}, {one['ratio']} x {one['against']}\n")
            sys.stdout.flush()
        _keep(name, found)
        README.write_text(with_table(README.read_text(encoding="utf-8"), RESULTS), encoding="utf-8")


def with_table(page: str, results: Path) -> str:
    """The page with the results as its table."""
    before, _, rest = page.partition(BEGINS)
    behind = rest.partition(ENDS)[2]
    rows = [_row(one) for one in json.loads(results.read_text(encoding="utf-8"))]
    head = "| what | ours | beside | ratio | peak MB |\n| --- | --- | --- | --- | --- |\n"
    return f"{before}{BEGINS}\n{head}{''.join(rows)}{ENDS}{behind}"


def _row(one: Entry) -> str:
    peak = "" if one["peak_mb"] is None else one["peak_mb"]
    return f"| {one['name']} | {one['ours']} {one['unit']} | {one['against']} | {one['ratio']} | {peak} |\n"


def _keep(benchmark: str, found: list[Entry]) -> None:
    """The file with these results in place of the former ones of that benchmark, in the order of BENCHMARKS."""
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    kept = [one for one in before if not one["name"].startswith(f"{benchmark} ")] + found
    order = list(BENCHMARKS)
    kept.sort(key=lambda one: order.index(one["name"].split()[0]) if one["name"].split()[0] in order else len(order))
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
