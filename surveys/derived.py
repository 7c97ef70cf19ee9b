"""What a check is about, computed by pandas out of the raw columns of a table of responses (`surveys.frames`).

Each function gives one from a frame to a column; NaN where a value it needs is missing.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from surveys.check_kinds import UniqueRows
from surveys.frames import columns_of, main_column, missing_column, previous_column
from surveys.masks import Mask, mask
from surveys.operands import Operand
from surveys.questionnaire import Item, Questionnaire
from surveys.response import SLACK, of_sex
from surveys.unique_rows import row_key

if TYPE_CHECKING:
    import pandas as pd

Derive = Callable[["pd.DataFrame"], "pd.Series[Any]"]


def column(operand: Operand) -> str:
    """The column an operand's values stand in."""
    return operand.address if operand.sex is None else of_sex(operand.address, operand.sex)


def raw(operand: Operand) -> Derive:
    """The operand's own column."""
    name = column(operand)
    return lambda frame: frame[name]


def where(derive: Derive, holds: Mask | None) -> Derive:
    """The same, blank where a condition does not hold."""
    return derive if holds is None else lambda frame: derive(frame).where(holds(frame))


def _slack(size: "pd.Series[Any]") -> "pd.Series[Any]":
    return SLACK * size.abs().clip(lower=1.0)


def sum_less_total(columns: list[str], tolerance: float) -> Derive:
    """The sum of all columns but the last, less the last; 0 within the tolerance."""

    def derive(frame: "pd.DataFrame") -> "pd.Series[Any]":
        *parts, total = (frame[name] for name in columns)
        difference = sum(parts[1:], start=parts[0]) - total
        counts = ~(difference.abs() <= tolerance + _slack(total))
        return difference.where(counts, 0.0)

    return derive


def excess(smaller: str, larger: str, factor: float) -> Derive:
    """smaller − larger × factor; 0 when it is too small a difference to be one."""

    def derive(frame: "pd.DataFrame") -> "pd.Series[Any]":
        limit = frame[larger] * factor
        difference = frame[smaller] - limit
        return difference.where(~(difference <= _slack(limit)), difference.clip(upper=0.0))

    return derive


def quotient(numerator: str, denominator: str) -> Derive:
    """numerator / denominator, blank where the denominator is 0."""
    return lambda frame: frame[numerator] / frame[denominator].where(frame[denominator] != 0)


def excess_change(name: str, ratio: float, floor: float) -> Derive:
    """How much more a number has changed since last time than the ratio and the floor allow."""

    def derive(frame: "pd.DataFrame") -> "pd.Series[Any]":
        before = frame[previous_column(name)]
        over = (frame[name] - before).abs() - (ratio * before.abs()).clip(lower=floor)
        return over.where(~(over <= _slack(before)), over.clip(upper=0.0))

    return derive


def rate(name: str, per: int) -> Derive:
    """The number per so many inhabitants, blank where the population is not known."""
    return lambda frame: frame[name] * per / frame["population"].where(frame["population"] > 0)


def day_number(limit: Any) -> int | None:
    """Days since 1970, None for no date."""
    return None if limit is None else (limit - date(1970, 1, 1)).days


def _as_dates(series: "pd.Series[Any]") -> "pd.Series[Any]":
    import pandas as pd

    return pd.to_datetime(series, format="%Y-%m-%d", errors="coerce")


def days(operand: Operand) -> Derive:
    """Days since 1970."""
    import pandas as pd

    name, epoch = column(operand), pd.Timestamp(1970, 1, 1)
    return lambda frame: (_as_dates(frame[name]) - epoch).dt.days


def _years(operand: Operand) -> Derive:
    name = column(operand)
    return (lambda frame: _as_dates(frame[name]).dt.year) if operand.item.type == "date" else raw(operand)


def later_less_earlier(earlier: Operand, later: Operand) -> Derive:
    """The days (or, when one of them is only a year, the years) from the earlier to the later."""
    in_days = earlier.item.type == later.item.type == "date"
    first, last = (days(operand) if in_days else _years(operand) for operand in (earlier, later))
    return lambda frame: last(frame) - first(frame)


def count(operand: Operand, codes: set[Any], wanted: bool) -> Derive:
    """How many of the chosen codes are (or are not) among `codes`."""
    name = column(operand)

    def counted(value: Any) -> float:
        return float(sum((code in codes) is wanted for code in value.split("|")))

    return lambda frame: frame[name].map(counted, na_action="ignore").astype("float64")


def beside_exclusive(operand: Operand, alone: set[str]) -> Derive:
    """How many options are chosen where an exclusive one is."""
    exclusive, chosen = count(operand, alone, wanted=True), count(operand, set(), wanted=False)
    return lambda frame: chosen(frame).where(exclusive(frame) > 0)


def repeats(check: UniqueRows, q: Questionnaire) -> Derive:
    """How many earlier rows of the same unit a row is the same as."""
    names = [address if "." in address else f"{check.roster}.{address}" for address in check.by]
    columns = [name for address in names for name in columns_of(address, q.items[address])[-1:]]
    holds = None if check.when is None else mask(check.when, q, check.roster)

    def derive(frame: "pd.DataFrame") -> "pd.Series[Any]":
        compared = frame[columns].notna().all(axis=1)
        kept = frame[compared & holds(frame)] if holds else frame[compared]
        keys = [kept[name].map(row_key) for name in columns]
        return kept.groupby([kept["unit_id"], *keys]).cumcount().reindex(frame.index).astype("float64")

    return derive


def answered(address: str, item: Item) -> Derive:
    """1 where the item has an answer or a reason for not having one, else 0."""
    columns = [main_column(address, item), *([missing_column(address)] if item.missing_allowed else [])]
    return lambda frame: frame[columns].notna().any(axis=1).astype("float64")
