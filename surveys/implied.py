"""The checks every item implies, as expectations on a table of responses, and the whole suite of a survey."""

from datetime import date
from typing import Any

from surveys.derived import Derive, answered, count, day_number, days, sum_less_total, where
from surveys.expectations import BETWEEN, IN_SET, ExpectationSpec, bounds, expectations, path_looks_outside, path_of
from surveys.frames import columns_of
from surveys.masks import mask
from surveys.operands import Operand, is_asked
from surveys.questionnaire import NUMERIC, Item, Questionnaire
from surveys.response import FIRST_YEAR, LARGEST, LAST_YEAR, of_sex


def suite(q: Questionnaire, unit_kind: str) -> list[ExpectationSpec]:
    """Every expectation on the responses of one kind of unit: implied ones and those of all checks it is asked."""
    asked = q.for_unit_kind(unit_kind)
    declared = [spec for check in asked.checks if is_asked(check, asked) for spec in expectations(check, asked)]
    return implied(asked) + declared


def implied(q: Questionnaire) -> list[ExpectationSpec]:
    """The implied checks as expectations: shapes of numbers, dates and options, sums by sex, required and off path."""
    return [spec for address, item in q.items.items() if item.type != "note" for spec in _implied(address, item, q)]


def _implied(address: str, item: Item, q: Questionnaire) -> list[ExpectationSpec]:
    roster = address.partition(".")[0] if "." in address else None
    shapes = _implied_shapes(address, item)
    found = [_implied_spec(f"{address}.{kind}", roster, item, type_, kwargs, of) for kind, type_, kwargs, of in shapes]
    if item.split_by_sex and item.type in ("integer", "decimal"):
        derive = sum_less_total([of_sex(address, sex) for sex in "KMT"], 0)
        found.append(_implied_spec(f"{address}.sum", roster, item, BETWEEN, bounds(0, 0), derive))
    return found + _implied_path(address, item, q, roster)


def _implied_shapes(address: str, item: Item) -> list[tuple[str, str, dict[str, Any], Derive | None]]:
    columns = columns_of(address, item)
    operand = Operand(address, address, item.label, item)
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    numbers = {"percent": (0, 100), "year": (FIRST_YEAR, LAST_YEAR)}.get(item.type, (-LARGEST, LARGEST))
    codes = [option.code for option in item.options]
    if item.type in NUMERIC:
        return [("shape", BETWEEN, {"column": name, **bounds(*numbers)}, None) for name in columns]
    if item.type == "one_of":
        return [("options", IN_SET, {"column": address, "value_set": codes}, None)]
    if item.type == "several_of":
        return [("options", BETWEEN, {"max_value": 0}, count(operand, set(codes), wanted=False))]
    if item.type == "date":
        return [("shape", BETWEEN, bounds(day_number(first), day_number(last)), days(operand))]
    return []


def _implied_path(address: str, item: Item, q: Questionnaire, roster: str | None) -> list[ExpectationSpec]:
    path = path_of(address, q, roster)
    if roster and path_looks_outside(address, q, roster):
        return []
    given, found = answered(address, item), []
    on_path = None if path is None else mask(path, q, roster)
    if item.required:
        derive = where(given, on_path)
        found.append(_implied_spec(f"{address}.required", roster, item, BETWEEN, {"min_value": 1}, derive))
    if on_path is not None:
        off_path = where(given, lambda frame: ~on_path(frame))
        found.append(_implied_spec(f"{address}.off_path", roster, item, BETWEEN, {"max_value": 0}, off_path))
    return found


def _implied_spec(
    check: str, roster: str | None, item: Item, type_: str, kwargs: dict[str, Any], derive: Derive | None
) -> ExpectationSpec:
    named = {"column": f"check:{check}", **kwargs}
    return ExpectationSpec(check, type_, named, "critical", roster, derive, item.label)
