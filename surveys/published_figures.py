"""What has been published before, with base and source: reproduced from answers, or shown as a line beside them."""

import csv
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Literal

from surveys.indicators import Sex
from surveys.model import Frozen, Text
from surveys.questionnaire import UnitKind

Precision = Literal["exact", "rounded", "cirka", "omkring", "over", "drygt"]
# Counting noise of binary fractions; far below any published decimal.
_NOISE = 1e-9


class PublishedFigure(Frozen):
    """One figure as it was published.

    `value` is None where the figure is a name (`text_value`): then `category` is the code that comes out largest.
    `treated`: computed figures must be reproduced by the indicator `indicator_id` from the answers of `year`, within
    their precision; reference figures are only shown, beside that indicator when one is named. `category` is the code
    of the indicator's breakdown; for `svarsfrekvens` it is `expected` or `answered`, the count behind the rate.
    `as_of`: the figure that a publication as of that day shows, before a later revision (None: as of now).
    """

    mapping: str
    measure: Text
    period: str
    value: float | None
    text_value: Text | None
    precision: Precision
    unit_of_measure: Text
    base: Text
    unit_kind: UnitKind
    sex: Sex
    indicator_id: str | None
    category: str | None
    treated: Literal["computed", "reference"]
    as_of: date | None
    source: str

    @property
    def year(self) -> int:
        return int(self.period)

    def reproduced_by(self, computed: float) -> bool:
        """Whether a computed value is within the published precision; False for a figure that is a name."""
        return self.value is not None and within(self.precision, self.value, computed)


def within(precision: Precision, published: float, computed: float) -> bool:
    """Whether what was computed is what the published words say.

    - exact: equal after rounding to the published decimals (57 % takes 56.5 to 57.5, 28.5 % takes 28.45 to 28.55)
    - rounded: counts given in whole thousands: at most 500 away (144 000 takes 143 500 to 144 500)
    - cirka, omkring: at most a tenth of the figure and at most two units of its last decimal away (cirka 20 % takes
      18 to 22, omkring 35 % takes 33 to 37)
    - over (över): above it and below the next step of five, which would have been named instead (over 60 % takes
      more than 60 and less than 65)
    - drygt: above it by at most a twentieth (drygt 300 takes more than 300 up to 315)
    """
    unit = 10.0 ** -_decimals(published)
    distance = abs(computed - published)
    match precision:
        case "exact":
            return distance <= unit / 2 + _NOISE
        case "rounded":
            return distance <= 500
        case "cirka" | "omkring":
            return distance <= min(published / 10, 2 * unit) + _NOISE
        case "over":
            return published < computed < published // 5 * 5 + 5
        case "drygt":
            return published < computed <= published * 1.05


@lru_cache(maxsize=1)
def published_figures() -> tuple[PublishedFigure, ...]:
    """Every published figure, by mapping and as listed within it."""
    table = resources.files("surveys").joinpath("reference/published_figures.csv").read_text(encoding="utf-8")
    return tuple(_figure(row) for row in csv.DictReader(table.splitlines()))


def _figure(row: dict[str, str]) -> PublishedFigure:
    texts = {name: _text(row, name) for name in ("measure", "unit_of_measure", "base", "text_value")}
    plain = ("mapping", "period", "precision", "unit_kind", "sex", "treated", "source")
    optional = ("value", "indicator_id", "category", "as_of")
    return PublishedFigure.model_validate(
        texts | {name: row[name] for name in plain} | {name: row[name] or None for name in optional}
    )


def _text(row: dict[str, str], name: str) -> Text | None:
    sv, en = row[f"{name}_sv"], row[f"{name}_en"]
    return Text(sv=sv, en=en) if sv or en else None


def _decimals(value: float) -> int:
    """The decimals a figure is written with: 0 for 57, 1 for 28.5."""
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
