"""Each declared check kind as plain functions over plain values, made once for a questionnaire.

A rule is silent (does not fail) when a value it needs is missing, off path or ill-shaped: none of these stand among
plain values. On items split by sex a check becomes one rule each for K, M and T; when only some of its items are
split, their totals are compared.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from math import copysign, inf
from typing import Any, NamedTuple

from surveys.check_kinds import (
    AnyCheck,
    DatesInOrder,
    ExclusiveOption,
    InSet,
    Length,
    LessOrEqual,
    Pattern,
    Range,
    RatioBounds,
    RequiredWhen,
    RowCount,
    Severity,
    SumEqualsTotal,
)
from surveys.descriptions import condition_in_words, limit_as_written, option_labels, quoted_labels
from surveys.messages import joined, limits, say, shown
from surveys.model import Text
from surveys.operands import Operand, variants
from surveys.questionnaire import Item, Questionnaire
from surveys.response import LARGEST, slack
from surveys.routing import Holds, Values, compiled, of_row

Fails = Callable[[Values], bool]
Tell = Callable[[Values], Text]


class Rule(NamedTuple):
    """One thing that can fail: the check's id, the address it points at, and what decides and tells."""

    check: str
    item: str
    severity: Severity
    fails: Fails
    tell: Tell


class Needed(NamedTuple):
    """An item that must be answered when a condition holds; a reason why there is no answer is an answer."""

    check: str
    item: str
    severity: Severity
    key: str
    holds: Holds
    tell: Tell


def gate(check: AnyCheck, roster: str | None) -> Holds | None:
    """The compiled `when` of a check, in the words of its own scope."""
    if check.when is None:
        return None
    return compiled(of_row(check.when, roster) if roster else check.when)


def rules(check: AnyCheck, q: Questionnaire, roster: str | None) -> list[Rule]:
    """The rules a check makes over one set of plain values. Empty for the kinds that have functions of their own."""
    make = _MAKERS.get(type(check))
    if make is None:
        return []
    holds = gate(check, roster)
    return [_rule(check, operands, *make(check, operands), holds) for operands in variants(check, q)]


def _rule(check: AnyCheck, operands: tuple[Operand, ...], fails: Fails, tell: Tell, holds: Holds | None) -> Rule:
    blamed = operands[-1] if isinstance(check, SumEqualsTotal) else operands[0]
    return Rule(check.id, blamed.address, check.severity, gated(fails, holds), own_words(check, tell))


def gated(fails: Fails, holds: Holds | None) -> Fails:
    """The same, only where the check's `when` holds."""
    return fails if holds is None else lambda values: holds(values) and fails(values)


def own_words(check: AnyCheck, tell: Tell) -> Tell:
    """The check's own message where the definition gives one, else the kind's sentence."""
    message = check.message
    return tell if message is None else lambda values: message


def _range(check: Range, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    (operand,) = operands
    key = operand.key
    low, high = _bound(check.min, operand.item, -inf), _bound(check.max, operand.item, inf)

    def fails(values: Values) -> bool:
        value = values.get(key)
        return value is not None and not low <= value <= high

    def tell(values: Values) -> Text:
        value = values[key]
        sentence = "between" if None not in (check.min, check.max) else "at_least" if value < low else "at_most"
        least, most = (limit_as_written(limit, operand.item) for limit in (check.min, check.max))
        return say(sentence, label=operand.label, value=_as_written(value, operand), min=least, max=most)

    return fails, tell


def _bound(limit: float | date | None, item: Item, otherwise: float) -> Any:
    """The limit as the values it is compared with: ISO dates as text, whole numbers as int, which compare faster."""
    if item.type == "date":
        return str(limit or (date.min if otherwise < 0 else date.max))
    if limit is None:
        return otherwise if item.type == "decimal" else int(copysign(LARGEST, otherwise))
    return whole(limit)


def _or(limit: Any, otherwise: float) -> Any:
    return otherwise if limit is None else limit


def _as_written(value: Any, operand: Operand) -> Any:
    """Years and dates as they stand, numbers with thousands apart, texts in quotation marks."""
    return str(value) if operand.item.type in ("year", "date") else shown(value)


def _in_set(check: InSet, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    (operand,) = operands
    key, wanted = operand.key, frozenset(check.values)

    def fails(values: Values) -> bool:
        value = values.get(key)
        if type(value) is list:
            return not wanted.issuperset(value)
        return value is not None and value not in wanted

    def tell(values: Values) -> Text:
        return say("in_set", label=operand.label, options=_named(check.values, operand), value=_chosen(values, operand))

    return fails, tell


def _named(codes: Iterable[str | int | float], operand: Operand) -> Text:
    return joined(option_labels(codes, operand.item), "or")


def _chosen(values: Values, operand: Operand) -> Text:
    value = values[operand.key]
    return joined(option_labels(value if type(value) is list else [value], operand.item))


def _pattern(check: Pattern, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    (operand,) = operands
    key, matches = operand.key, re.compile(check.regex).fullmatch

    def fails(values: Values) -> bool:
        value = values.get(key)
        return value is not None and matches(value) is None

    def tell(values: Values) -> Text:
        return say("pattern", label=operand.label, means=check.means, value=shown(values[key]))

    return fails, tell


def _length(check: Length, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    (operand,) = operands
    key = operand.key
    low, high = _or(check.min, 0), _or(check.max, inf)
    sentence = "length_text" if operand.item.type == "text" else "length_chosen"

    def fails(values: Values) -> bool:
        value = values.get(key)
        return value is not None and not low <= len(value) <= high

    def tell(values: Values) -> Text:
        return say(sentence, label=operand.label, limits=limits(check.min, check.max), value=len(values[key]))

    return fails, tell


def _sum_equals_total(check: SumEqualsTotal, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    *parts, total = operands
    keys, total_key, tolerance = tuple(part.key for part in parts), total.key, check.tolerance

    def fails(values: Values) -> bool:
        whole = values.get(total_key)
        if whole is None:
            return False
        sum_ = 0
        for key in keys:
            value = values.get(key)
            if value is None:
                return False
            sum_ += value
        difference = abs(sum_ - whole)
        return bool(difference > tolerance and difference > tolerance + slack(whole))

    def tell(values: Values) -> Text:
        sum_ = sum(values[key] for key in keys)
        named = quoted_labels(parts)
        return say("sum_equals_total", parts=named, label=total.label, sum=sum_, value=values[total_key])

    return fails, tell


def _less_or_equal(check: LessOrEqual, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    smaller, larger = operands
    key, larger_key, factor = smaller.key, larger.key, whole(check.factor)

    def fails(values: Values) -> bool:
        value, other = values.get(key), values.get(larger_key)
        if value is None or other is None:
            return False
        limit = other * factor
        if value <= limit:
            return False
        return bool(value - limit > slack(limit))

    def tell(values: Values) -> Text:
        limit = values[larger_key] * factor
        facts = {"value": _as_written(values[key], smaller), "limit": _as_written(whole(limit), larger)}
        return say("less_or_equal", smaller=smaller.label, larger=larger.label, **facts)

    return fails, tell


def whole(number: Any) -> Any:
    """A whole number without its decimals, which compares faster and reads better."""
    return int(number) if number == int(number) else number


def _ratio_bounds(check: RatioBounds, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    numerator, denominator = operands
    key, base = numerator.key, denominator.key
    low, high = slackened(check.min, check.max)

    def fails(values: Values) -> bool:
        value, other = values.get(key), values.get(base)
        if value is None or not other:
            return False
        return not low <= value / other <= high

    def tell(values: Values) -> Text:
        named = {"numerator": numerator.label, "denominator": denominator.label}
        return say("ratio_bounds", value=values[key] / values[base], limits=limits(check.min, check.max), **named)

    return fails, tell


def slackened(least: float | None, most: float | None) -> tuple[float, float]:
    """The bounds with the slack that computed numbers need, open where there is none."""
    low = -inf if least is None else least - slack(least)
    high = inf if most is None else most + slack(most)
    return low, high


def _dates_in_order(check: DatesInOrder, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    earlier, later = operands
    key, later_key = earlier.key, later.key
    by_year = earlier.item.type != later.item.type

    def fails(values: Values) -> bool:
        first, last = values.get(key), values.get(later_key)
        if first is None or last is None:
            return False
        return bool(year_of(first) > year_of(last) if by_year else first > last)

    def tell(values: Values) -> Text:
        facts = {"value": str(values[key]), "limit": str(values[later_key])}
        return say("dates_in_order", earlier=earlier.label, later=later.label, **facts)

    return fails, tell


def year_of(value: int | str) -> int:
    """The year of a year or an ISO date."""
    return value if isinstance(value, int) else int(value[:4])


def _exclusive_option(check: ExclusiveOption, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    (operand,) = operands
    key, alone = operand.key, frozenset(check.options)

    def fails(values: Values) -> bool:
        value = values.get(key)
        return value is not None and len(value) > 1 and not alone.isdisjoint(value)

    def tell(values: Values) -> Text:
        first = next(code for code in values[key] if code in alone)
        named = option_labels([first, *(code for code in values[key] if code != first)], operand.item)
        return say("exclusive_option", value=named[0], others=joined(named[1:]))

    return fails, tell


def _row_count(check: RowCount, operands: tuple[Operand, ...]) -> tuple[Fails, Tell]:
    (roster,) = operands
    key = roster.key
    low, high = _or(check.min, 0), _or(check.max, inf)

    def fails(values: Values) -> bool:
        rows = values.get(key)
        return rows is not None and not low <= len(rows) <= high

    def tell(values: Values) -> Text:
        return say("row_count", label=roster.label, limits=limits(check.min, check.max), value=len(values[key]))

    return fails, tell


_MAKERS: Mapping[type, Callable[[Any, tuple[Operand, ...]], tuple[Fails, Tell]]] = {
    Range: _range,
    InSet: _in_set,
    Pattern: _pattern,
    Length: _length,
    SumEqualsTotal: _sum_equals_total,
    LessOrEqual: _less_or_equal,
    RatioBounds: _ratio_bounds,
    DatesInOrder: _dates_in_order,
    ExclusiveOption: _exclusive_option,
    RowCount: _row_count,
}


def needed(check: RequiredWhen, q: Questionnaire, roster: str | None, path: Holds | None) -> Needed:
    """What makes an item required by other answers; never while the item itself is off path."""
    holds = gate(check, roster)
    assert holds is not None  # the model has no required_when without a when
    operand = variants(check, q)[0][0]
    words = condition_in_words(check.when, q, roster)
    tell = own_words(check, lambda values: say("required_when", label=operand.item.label, when=words))
    both = holds if path is None else lambda values: path(values) and holds(values)
    key = operand.address.rpartition(".")[2]
    return Needed(check.id, operand.address, check.severity, key, both, tell)


def sum_by_sex(item: str, key: str, label: Text) -> Rule:
    """That K and M make T, when all three are known."""
    women, men, total = (f"{key}__{sex}" for sex in "KMT")

    def fails(values: Values) -> bool:
        first, second = values.get(women), values.get(men)
        if first is None or second is None:
            return False
        whole = values[total]
        if first + second == whole:
            return False
        return bool(abs(first + second - whole) > slack(whole))

    def tell(values: Values) -> Text:
        facts = {"women": values[women], "men": values[men], "value": values[total]}
        return say("sum_by_sex", label=label, sum=values[women] + values[men], **facts)

    return Rule(f"{item}.sum", item, "hard", fails, tell)
