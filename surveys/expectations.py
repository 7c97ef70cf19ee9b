"""Each check as an expectation on a table of responses (`surveys.frames`), for Great Expectations 1.24 to hold.

A check that looks at one column as it stands becomes an expectation on that column. Any other becomes bounds on a
derived column `check:<id>` that holds what the check is about (K + M − T, smaller − larger × factor, a ratio …),
computed by pandas from the raw columns, NaN where the check is silent. Where each kind can be expressed:

kind                      expectation        Excel cell         JSON Schema
range                     yes                yes                numbers; dates no
in_set                    yes                one value          yes
pattern                   yes                no                 yes
length                    yes                texts              yes
required_when             yes                no                 yes
sum_equals_total          yes                yes                no
less_or_equal             yes                yes                no
ratio_bounds              yes                yes                no
change_against_last_year  yes                yes                no
per_inhabitant            yes                yes                no
dates_in_order            yes                yes                no
unique_rows               yes                texts and numbers  no
row_count                 yes                no                 yes
exclusive_option          yes                no                 yes

Nowhere but in the checker: checks over both a roster's columns and items outside it. In JSON Schema only hard checks
stand; in Excel no condition that looks into several_of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from surveys.check_kinds import (
    AnyCheck,
    ChangeAgainstLastYear,
    DatesInOrder,
    ExclusiveOption,
    InSet,
    Length,
    LessOrEqual,
    Pattern,
    PerInhabitant,
    Range,
    RatioBounds,
    RequiredWhen,
    RowCount,
    SumEqualsTotal,
    UniqueRows,
)
from surveys.compiled import slackened
from surveys.conditions import Condition, items_in
from surveys.derived import (
    Derive,
    answered,
    beside_exclusive,
    column,
    count,
    day_number,
    days,
    excess,
    excess_change,
    later_less_earlier,
    quotient,
    rate,
    raw,
    repeats,
    sum_less_total,
    where,
)
from surveys.descriptions import describe
from surveys.masks import mask
from surveys.model import Text
from surveys.operands import Operand, looks_outside, names_inside, predecessor, roster_of, variants
from surveys.questionnaire import Questionnaire
from surveys.routing import both, column_conditions, path_conditions

if TYPE_CHECKING:
    import pandas as pd

BETWEEN = "expect_column_values_to_be_between"
IN_SET = "expect_column_values_to_be_in_set"
REGEX = "expect_column_values_to_match_regex"
LENGTHS = "expect_column_value_lengths_to_be_between"


@dataclass(frozen=True, slots=True)
class ExpectationSpec:
    """One expectation: `type` and `kwargs` as Great Expectations names them, on the table of `roster` or of responses.

    `derive` makes the column `kwargs["column"]` out of the frame; None when the column is there already.
    """

    check: str
    type: str
    kwargs: dict[str, Any]
    severity: Literal["critical", "warning"]
    roster: str | None
    derive: Derive | None
    description: Text

    @property
    def column(self) -> str:
        """The column the expectation is on."""
        return str(self.kwargs["column"])


def with_derived(frame: "pd.DataFrame", specs: Iterable[ExpectationSpec]) -> "pd.DataFrame":
    """The frame with the derived column of every expectation beside its own."""
    import pandas as pd

    derived = {spec.column: spec.derive(frame) for spec in specs if spec.derive is not None}
    return pd.concat([frame, pd.DataFrame(derived, index=frame.index)], axis=1)


def expectations(check: AnyCheck, q: Questionnaire) -> tuple[ExpectationSpec, ...]:
    """What the check is as expectations: one, or one for each sex; none when no table can express it."""
    roster = check.roster if isinstance(check, UniqueRows) else roster_of(check)
    if roster and looks_outside(check, q.items[roster]):
        return ()
    if isinstance(check, ChangeAgainstLastYear) and (roster or predecessor(q.items[check.item]) is None):
        return ()
    if isinstance(check, RequiredWhen):
        outside = roster is not None and path_looks_outside(check.item, q, roster)
        return () if outside else (_required_when(check, q, roster),)
    if isinstance(check, UniqueRows):
        return (_spec(check, q, roster, BETWEEN, {"max_value": 0}, repeats(check, q), ""),)
    if _unbounded(check):
        return ()
    return tuple(_one(check, q, roster, operands) for operands in variants(check, q))


def _unbounded(check: AnyCheck) -> bool:
    if isinstance(check, Range | Length | RatioBounds | PerInhabitant | RowCount):
        return check.min is None and check.max is None
    return False


def path_looks_outside(address: str, q: Questionnaire, roster: str) -> bool:
    """Whether a column's routing looks at anything but its own row."""
    path = path_of(address, q, roster)
    return path is not None and not names_inside(q.items[roster]).issuperset(items_in(path))


def _one(check: AnyCheck, q: Questionnaire, roster: str | None, operands: tuple[Operand, ...]) -> ExpectationSpec:
    """On the raw column where one says it all, else on what is derived, blank where `when` does not hold."""
    type_, bounds, derive = _quantity(check, operands)
    holds = None if check.when is None else mask(check.when, q, roster)
    sexes = {operand.sex for operand in operands if operand.key.endswith(f"__{operand.sex}")}
    suffix = f":{sexes.pop()}" if sexes else ""
    if derive is None and holds is None:
        return _spec(check, q, roster, type_, {"column": column(operands[0]), **bounds}, None, suffix)
    return _spec(check, q, roster, type_, bounds, where(derive or raw(operands[0]), holds), suffix)


def _spec(
    check: AnyCheck,
    q: Questionnaire,
    roster: str | None,
    type_: str,
    kwargs: dict[str, Any],
    derive: Derive | None,
    suffix: str,
) -> ExpectationSpec:
    severity: Literal["critical", "warning"] = "critical" if check.severity == "hard" else "warning"
    named = {"column": f"check:{check.id}{suffix}", **kwargs}
    return ExpectationSpec(check.id, type_, named, severity, roster, derive, describe(check, q))


def _quantity(check: Any, operands: tuple[Operand, ...]) -> tuple[str, dict[str, Any], Derive | None]:
    """The expectation's type, its bounds, and what it is on when that is not the first operand's raw column."""
    first = operands[0]
    match check:
        case Range() if first.item.type == "date":
            return BETWEEN, bounds(day_number(check.min), day_number(check.max)), days(first)
        case Range():
            return BETWEEN, bounds(check.min, check.max), None
        case InSet() if first.item.type == "several_of":
            return BETWEEN, {"max_value": 0}, count(first, set(check.values), wanted=False)
        case InSet():
            return IN_SET, {"value_set": list(check.values)}, None
        case Pattern():
            return REGEX, {"regex": rf"\A(?:{check.regex})\Z"}, None
        case Length() if first.item.type == "text":
            return LENGTHS, bounds(check.min, check.max), None
        case Length():
            return BETWEEN, bounds(check.min, check.max), count(first, set(), wanted=False)
        case RowCount():
            return BETWEEN, bounds(check.min, check.max), None
        case ExclusiveOption():
            return BETWEEN, {"max_value": 1}, beside_exclusive(first, set(check.options))
        case _:
            return BETWEEN, *_computed(check, operands)


def _computed(check: Any, operands: tuple[Operand, ...]) -> tuple[dict[str, Any], Derive]:
    match check:
        case SumEqualsTotal(tolerance=tolerance):
            return bounds(-tolerance, tolerance), sum_less_total([column(o) for o in operands], tolerance)
        case LessOrEqual(factor=factor):
            return {"max_value": 0}, excess(column(operands[0]), column(operands[1]), factor)
        case RatioBounds():
            return _slack_bounds(check), quotient(column(operands[0]), column(operands[1]))
        case ChangeAgainstLastYear():
            return {"max_value": 0}, excess_change(column(operands[0]), check.ratio, check.floor)
        case PerInhabitant(per=per):
            return _slack_bounds(check), rate(column(operands[0]), per)
        case DatesInOrder():
            return {"min_value": 0}, later_less_earlier(operands[0], operands[1])
        case _:
            raise TypeError(f"no expectation is written for the check kind {check.kind}")


def bounds(least: Any, most: Any) -> dict[str, Any]:
    """Great Expectations' names of two bounds, without those there are none of."""
    both_bounds = {"min_value": least, "max_value": most}
    return {name: bound for name, bound in both_bounds.items() if bound is not None}


def _slack_bounds(check: RatioBounds | PerInhabitant) -> dict[str, Any]:
    low, high = slackened(check.min, check.max)
    return bounds(None if check.min is None else low, None if check.max is None else high)


def _required_when(check: RequiredWhen, q: Questionnaire, roster: str | None) -> ExpectationSpec:
    path = path_of(check.item, q, roster)
    derive = where(answered(check.item, q.items[check.item]), mask(both(path, check.when) or check.when, q, roster))
    return _spec(check, q, roster, BETWEEN, {"min_value": 1}, derive, "")


def path_of(address: str, q: Questionnaire, roster: str | None) -> Condition | None:
    """The condition an item or column is routed by."""
    conditions = column_conditions(q.items[roster]) if roster else path_conditions(q)
    return conditions.get(address.rpartition(".")[2])
