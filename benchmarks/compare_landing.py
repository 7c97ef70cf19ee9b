"""Landing from bytes in memory, beside other ways to do the same, and beside what nobody can outdo."""

from collections.abc import Iterator

from benchmarks.measured import Entry, entry, fastest, measured, rates

COUNT = 40_000
# The slow ones are measured on fewer; a rate needs no more.
BESIDE = {
    "row_by_row": (100, "each response's rows with executemany, a transaction for each"),
    "rows_in_python": (12_000, "rows built in Python, appended as Arrow, no positions"),
    "json_reader": (COUNT, "DuckDB's own JSON reader into one wide table, no checks"),
    "parsing": (12_000, "parsing alone, nothing landed"),
}
NOTE = "40 answers and 40 checks a response, 61 rows; bytes in memory to committed rows and position"
TIMES_AS_MANY = 4


def results() -> Iterator[Entry]:
    """Rates beside others', and the memory on four times as many."""
    ours = fastest("landing", "ours", COUNT)
    for name, (count, against) in BESIDE.items():
        yield rates(f"landing beside {name}", ours, fastest("landing", name, count), against, NOTE)
    longer = measured("landing", "ours", COUNT * TIMES_AS_MANY)
    against = f"the same on a {TIMES_AS_MANY}th of the responses: {ours['peak_mb']:.0f} MB"
    note = f"{COUNT * TIMES_AS_MANY} responses at {longer['per_second']:.0f} responses/s"
    yield entry("landing memory", "MB", longer["peak_mb"], against, ours["peak_mb"], note, longer["peak_mb"])
