"""Places in a ranking, and how far they can still move while not all is in. Figures in, places out."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dashboards.metrics import ranking_key
from dashboards.records import Figure, Survey

UNFINISHED = ("open", "paused")
# Why a unit of an unfinished round has no value that can be ranked, and yet may get one. Whoever has answered and left
# the question out gets none, unless the answer is corrected.
MAY_COME = ("unit_nonresponse", "not_yet_published", "suppressed")


@dataclass(frozen=True, slots=True)
class Rank:
    """The best and the worst place that a figure can end at, among `of`; `is_shared` with others of the same value."""

    first: int
    last: int
    of: int
    is_shared: bool

    @property
    def is_settled(self) -> bool:
        return self.first == self.last


def ranks(
    figures: Iterable[Figure], direction: str, decimals: int, unsettled: AbstractSet[str] = frozenset()
) -> dict[str, Rank]:
    """The places of the units with a value: 1 the highest, or the lowest where lower is better.

    Values that are written alike share a place: what differs less than the rounding is no order. Each of the units
    `unsettled`, with or without a value, can end anywhere, and so move any other by one place down.
    """
    every = list(figures)
    keys = {each.unit_id: ranking_key(each.value, direction, decimals) for each in every if each.value is not None}
    open_units = {each.unit_id for each in every} & unsettled
    fixed = [key for unit, key in keys.items() if unit not in open_units]
    of, values = len(fixed) + len(open_units), list(keys.values())
    found = {}
    for unit, key in keys.items():
        ahead = sum(other < key for other in fixed)
        first, last = (1, of) if unit in open_units else (ahead + 1, ahead + 1 + len(open_units))
        found[unit] = Rank(first, last, of, values.count(key) > 1)
    return found


def unsettled(figures: Iterable[Figure], survey: Survey, responded: Mapping[str, tuple[int, int]]) -> set[str]:
    """The units whose place is open: they may still get a value, or another than the one that is shown.

    In a finished round there are none. While it runs they are those without a value who may still answer, and the
    regions in which not every unit has; `responded` says of each region how many have, of how many. A hidden value
    has a place that is not told. Of a held part nobody here can tell which values the stopped answers touch.
    """
    every = list(figures)
    if survey.held_reason:
        return {each.unit_id for each in every}
    if survey.state not in UNFINISHED:
        return set()
    return {each.unit_id for each in every if _may_move(each, responded)}


def _may_move(each: Figure, responded: Mapping[str, tuple[int, int]]) -> bool:
    if each.level == "unit":
        return each.missing in MAY_COME
    answered, expected = responded.get(each.unit_id, (0, 1))
    return answered < expected or each.missing == "suppressed"
