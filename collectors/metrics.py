"""Counts and durations of one server, in Prometheus' text format (version 0.0.4)."""

import threading
from bisect import bisect_left
from collections import Counter

# A check takes milliseconds and a waiting log three seconds: the edges tell the one from the other.
EDGES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """What has happened since the server started. Safe in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._responses: Counter[tuple[str, str]] = Counter()
        self._durations: dict[tuple[str, str], list[int]] = {}
        self._seconds: Counter[tuple[str, str]] = Counter()

    def count_response(self, mode: str, outcome: str) -> None:
        """One response handed in: `outcome` is accepted, repeated, or the code of the refusal."""
        with self._lock:
            self._responses[mode, outcome] += 1

    def observe_request(self, method: str, status: int, seconds: float) -> None:
        """One HTTP request answered."""
        key = (method, str(status))
        with self._lock:
            self._durations.setdefault(key, [0] * (len(EDGES) + 1))[bisect_left(EDGES, seconds)] += 1
            self._seconds[key] += seconds  # type: ignore[assignment]  # a Counter adds floats as well

    def text(self) -> str:
        """Everything, as a scrape reads it."""
        with self._lock:
            return "\n".join([*self._response_lines(), *self._duration_lines()]) + "\n"

    def _response_lines(self) -> list[str]:
        name = "lagesbild_responses_total"
        head = [f"# HELP {name} Responses handed in, by mode and outcome.", f"# TYPE {name} counter"]
        counts = sorted(self._responses.items())
        return [*head, *(f'{name}{{mode="{mode}",outcome="{outcome}"}} {count}' for (mode, outcome), count in counts)]

    def _duration_lines(self) -> list[str]:
        name = "lagesbild_request_duration_seconds"
        lines = [f"# HELP {name} Time to answer an HTTP request.", f"# TYPE {name} histogram"]
        for (method, status), buckets in sorted(self._durations.items()):
            labels = f'method="{method}",status="{status}"'
            total = 0
            for edge, count in zip([*map(str, EDGES), "+Inf"], buckets, strict=True):
                total += count
                lines.append(f'{name}_bucket{{{labels},le="{edge}"}} {total}')
            lines.append(f"{name}_sum{{{labels}}} {self._seconds[method, status]:.6f}")
            lines.append(f"{name}_count{{{labels}}} {total}")
        return lines
