"""Everything made anew from 1 and from 10 million answers: the time, and whether the memory stays."""

from collections.abc import Iterator

from benchmarks.measured import Entry, entry, measured
from benchmarks.responses import ANSWERS

MILLION = 1_000_000


def results() -> Iterator[Entry]:
    """The time for ten times the answers beside the time for one, and the memory likewise."""
    one, ten = (measured("rebuild", times * MILLION // ANSWERS) for times in (1, 10))
    note = "from the embedded log on disk: read, checked, landed, audited, published; ratio 10 is in proportion"
    against = f"1 million answers: {one['seconds']:.1f} s"
    yield entry("rebuild of 10 million answers", "s", ten["seconds"], against, one["seconds"], note, ten["peak_mb"])
    note = "from the embedded log on disk: read, checked and landed, nothing published"
    against = f"1 million answers: {one['landing_seconds']:.1f} s"
    yield entry(
        "rebuild landing of 10 million answers", "s", ten["landing_seconds"], against, one["landing_seconds"], note
    )
    against = f"1 million answers: {one['peak_mb']:.0f} MB"
    note = "the largest resident memory of the process"
    yield entry("rebuild memory", "MB", ten["peak_mb"], against, one["peak_mb"], note, ten["peak_mb"])
