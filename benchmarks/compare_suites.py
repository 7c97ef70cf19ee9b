"""An audit of 25 expectations on 13 000 rows, beside Great Expectations asked one expectation at a time."""

from collections.abc import Iterator

from benchmarks.measured import Entry, entry, fastest

NOTE = "25 expectations on 13000 rows, 5 of them with rows that do not hold, which both name; warm; less is better"


def results() -> Iterator[Entry]:
    """Seconds beside theirs."""
    ours, theirs = fastest("suites", "ours"), fastest("suites", "one_at_a_time")
    against = f"Great Expectations asked one expectation at a time: {theirs['seconds']:.2f} s"
    yield entry("suites audit", "s", ours["seconds"], against, theirs["seconds"], NOTE, ours["peak_mb"])
