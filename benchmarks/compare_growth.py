"""What an event costs when the warehouse holds ten times as much."""

from collections.abc import Iterator

from benchmarks.measured import Entry, entry, measured

SMALL, LARGE = 40_000, 400_000


def results() -> Iterator[Entry]:
    """Microseconds a response, ten times as many in the warehouse beside as many as there were."""
    found = measured("growth", SMALL, LARGE)
    small, large = found["small"] * 1e6, found["large"] * 1e6
    against = f"with {SMALL} responses in the warehouse: {small:.1f} µs"
    note = f"landing a response of 40 answers into a warehouse with {LARGE} responses; the median of nine batches"
    yield entry("growth of the cost of an event", "µs", large, against, small, note)
