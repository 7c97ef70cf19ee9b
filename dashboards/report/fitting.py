"""How large letters may be so that a text stays within its box, without a font to measure in."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from dashboards import charts

# The mean width of a letter as a part of its height, on the wide side for Calibri; bold is wider.
PLAIN, BOLD = 0.52, 0.56
LINE = 1.22  # from line to line
SMALLEST = 9


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `size` in points where it has its own."""

    text: str
    colour: str = charts.INK
    bold: bool = False
    size: int | None = None


def points_that_fit(
    paragraphs: Sequence[Sequence[Run]], points: int, room: tuple[float, float], between: int = 2
) -> int:
    """The largest size in points, up to `points`, in which the paragraphs stay within a room of (width, height)."""
    sizes = range(points, SMALLEST, -1)
    return next((size for size in sizes if height_of(paragraphs, size, room[0], between) <= room[1]), SMALLEST)


def height_of(paragraphs: Sequence[Sequence[Run]], points: int, width: float, between: int = 2) -> float:
    """How high the paragraphs stand in letters of that size, in points."""
    return sum(_height(runs, points, width) + between for runs in paragraphs)


def _height(runs: Sequence[Run], points: int, width: float) -> float:
    long = sum(len(run.text) * (run.size or points) * (BOLD if run.bold else PLAIN) for run in runs)
    tallest = max((run.size or points for run in runs), default=points)
    return max(ceil(long / width), 1) * tallest * LINE
