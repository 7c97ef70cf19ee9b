"""A deadline day by simulation: arrivals, copies of the collector, the one pipeline. Makes docs/scaling.md.

python -m benchmarks.scaling prints the page. Every run gives the same: arrivals come from a seeded generator, service
times from results.json and from ASSUMED.
"""

import json
import sys
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from heapq import heapreplace
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

RESULTS = Path(__file__).parent / "results.json"
SEED = 2026
UNITS = 21 + 290 + 270
# Shares of a round's responses by hour of its last day: little in the morning, most of it before the deadline.
BY_HOUR = dict(zip(range(8, 24), (3, 5, 7, 6, 4, 7, 9, 14, 20, 4, 3, 3, 4, 5, 4, 2), strict=True))
SCENARIOS = ((1, 1), (100, 1), (1000, 1), (1000, 2))


class Assumed(NamedTuple):
    """What results.json does not say yet."""

    share_on_last_day: float = 0.6
    collector_seconds: float = 0.03
    publish_seconds: float = 1.5
    look_seconds: float = 0.3


class Outcome(NamedTuple):
    """One scenario: seconds at the 95th percentile, shares of the busiest hour."""

    times: int
    collectors: int
    responses: int
    busiest_minute: int
    collectors_busy: float
    answered_p95: float
    landing_busy: float
    visible_p95: float
    longest_backlog: int


def landing_rate() -> int:
    """Responses a second that one pipeline lands, as measured last."""
    entries = json.loads(RESULTS.read_text(encoding="utf-8"))
    return int(next(entry["ours"] for entry in entries if entry["name"].startswith("landing beside")))


def simulate(times: int, collectors: int, assumed: Assumed = Assumed()) -> Outcome:  # noqa: B008 - it is frozen
    """A deadline day of `times` as many units, with so many copies of the collector and one pipeline."""
    arrivals = _arrivals(round(UNITS * times * assumed.share_on_last_day))
    answered = _answered(arrivals, collectors, assumed.collector_seconds)
    rate = landing_rate()
    visible, backlog = _visible(answered, rate, assumed)
    busiest = max(_counted(arrivals, 3600))
    return Outcome(
        times,
        collectors,
        len(arrivals),
        max(_counted(arrivals, 60)),
        busiest * assumed.collector_seconds / 3600 / collectors,
        _p95([end - begin for begin, end in zip(arrivals, answered, strict=True)]),
        busiest / rate / 3600,
        _p95([end - begin for begin, end in zip(arrivals, visible, strict=True)]),
        backlog,
    )


def _arrivals(count: int) -> list[float]:
    """Moments of the day in seconds, by the hours' shares."""
    random, hours = Random(SEED), list(BY_HOUR)
    edges = list(accumulate(BY_HOUR.values()))
    drawn = (random.random() * edges[-1] for _ in range(count))
    return sorted(3600 * (hours[bisect_right(edges, at)] + random.random()) for at in drawn)


def _answered(arrivals: Sequence[float], copies: int, seconds: float) -> list[float]:
    """When each has its receipt: first come, first served, by whichever copy is free first."""
    free = [0.0] * copies
    done = []
    for at in arrivals:
        end = max(at, free[0]) + seconds
        heapreplace(free, end)
        done.append(end)
    return done


def _visible(appended: Sequence[float], rate: int, assumed: Assumed) -> tuple[list[float], int]:
    """When each can be compared, and the most that waited: the loop lands what is there, publishes, and looks again."""
    order = sorted(range(len(appended)), key=appended.__getitem__)
    visible = [0.0] * len(appended)
    now, first, longest = 0.0, 0, 0
    while first < len(order):
        now = max(now, appended[order[first]] + assumed.look_seconds / 2)
        last = first
        while last < len(order) and appended[order[last]] <= now:
            last += 1
        now += (last - first) / rate + assumed.publish_seconds
        for one in order[first:last]:
            visible[one] = now
        longest, first = max(longest, last - first), last
    return visible, longest


def _counted(moments: Sequence[float], seconds: int) -> list[int]:
    counts: dict[int, int] = {}
    for at in moments:
        counts[int(at // seconds)] = counts.get(int(at // seconds), 0) + 1
    return list(counts.values())


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def table() -> str:
    """The scenarios as a table in Markdown."""
    head = (
        "| units | collectors | responses that day | busiest minute | collectors busy, busiest hour | receipt, p95 "
        "| landing busy, busiest hour | comparable, p95 | most waiting |\n|---|---|---|---|---|---|---|---|---|\n"
    )
    rows = (simulate(times, collectors) for times, collectors in SCENARIOS)
    return head + "".join(
        f"| {UNITS * row.times:,} | {row.collectors} | {row.responses:,} | {row.busiest_minute:,} "
        f"| {row.collectors_busy:.1%} | {row.answered_p95:.2f} s | {row.landing_busy:.2%} | {row.visible_p95:.1f} s "
        f"| {row.longest_backlog:,} |\n".replace(",", " ")
        for row in rows
    )


@lru_cache(maxsize=1)
def page() -> str:
    """docs/scaling.md; simulated once in a process."""
    rate, assumed = landing_rate(), Assumed()
    text = (Path(__file__).parent / "scaling.md").read_text(encoding="utf-8")
    return text.format(
        table=table(),
        rate=f"{rate:,}".replace(",", " "),
        microseconds=round(1e6 / rate),
        units=UNITS,
        year=f"{rate * 3600 // UNITS:,}".replace(",", " "),
        share=f"{assumed.share_on_last_day:.0%}",
        collector=round(assumed.collector_seconds * 1000),
        publish=assumed.publish_seconds,
    )


if __name__ == "__main__":
    sys.stdout.write(page())
