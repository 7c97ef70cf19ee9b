"""National figures shared out over units, so that the units' own whole numbers add up to them again.

Nothing here is read by the pipeline: it adds up what the units answered, and comes to these figures because the
units answered so.
"""

from collections.abc import Mapping
from typing import NamedTuple


class BySex(NamedTuple):
    """A count of women and men; their sum is the total."""

    women: int
    men: int

    @property
    def total(self) -> int:
        return self.women + self.men

    def part(self, total: int) -> "BySex":
        """`total` of these, divided as they are, so that neither sex exceeds its own. `total` ≤ the whole."""
        women = round(total * self.women / self.total) if self.total else 0
        return BySex(women, total - women)

    def times(self, factor: float) -> "BySex":
        """At least one each for every one of these when `factor` is 1 or more."""
        return BySex(*(int(-(-count * factor // 1)) for count in self))

    def answer(self, split: bool) -> dict[str, int]:
        """As it is answered; a unit that cannot split gives the total alone."""
        return {"K": self.women, "M": self.men, "T": self.total} if split else {"T": self.total}


def shared_out(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers in proportion to the weights that add up to `total` exactly (largest remainder)."""
    whole = sum(weights.values())
    exact = {unit: total * weight / whole for unit, weight in weights.items()}
    shares = {unit: int(value) for unit, value in exact.items()}
    left = total - sum(shares.values())
    for unit in sorted(exact, key=lambda unit: (shares[unit] - exact[unit], unit))[:left]:
        shares[unit] += 1
    return shares


def on_the_way(known: Mapping[int, float], year: int) -> float:
    """The figure of a year on a straight line between the nearest years known."""
    if year in known:
        return known[year]
    before = max((one for one in known if one < year), default=min(known))
    after = min((one for one in known if one > year), default=max(known))
    if before >= after:
        return known[min(before, after)]
    return known[before] + (known[after] - known[before]) * (year - before) / (after - before)
