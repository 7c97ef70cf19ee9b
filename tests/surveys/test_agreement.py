"""A rule is written once: checker, table, workbook cell and schema give the same verdict wherever they can say it."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # brings no types along

from surveys.check_kinds import AnyCheck, ExclusiveOption, InSet, Length, Pattern, Range, RequiredWhen, RowCount
from surveys.checks import Checker, Failure
from surveys.excel_rules import ExcelValidation, excel_rules, excel_validation, swedish_label
from surveys.expectations import ExpectationSpec, expectations, with_derived
from surveys.frames import frame, response_columns, response_row, roster_rows
from surveys.implied import suite
from surveys.questionnaire import Item
from surveys.response import Context
from surveys.routing import on_path, row_on_path
from surveys.schema import json_schema
from tests.surveys.everything import CONTEXTS, RESPONSES, SHAPELESS, everything
from tests.surveys.excel import evaluate, serial

if TYPE_CHECKING:
    import pandas as pd

Q = everything()
CHECKER = Checker(Q, "region")
DECLARED: dict[str, AnyCheck] = {check.id: check for check in Q.checks}
ROSTER = Q.items["rows"]
SPECS = suite(Q, "region")
Response = tuple[dict[str, Any], Context]
Place = tuple[str, str, int]  # check, unit, row (0 for the response as a whole)


def _on_path(answers: Mapping[str, Any]) -> dict[str, Any]:
    """A response as a form sends it: what is off path left out, in rosters row by row."""
    kept = {name: answer for name, answer in answers.items() if name in on_path(Q, answers)}
    if "rows" in kept:
        rows = [(row, row_on_path(ROSTER, row, kept)) for row in kept["rows"]]
        kept["rows"] = [{name: cell for name, cell in row.items() if name in path} for row, path in rows]
    return kept


WELL_FORMED = RESPONSES.map(_on_path)


def _of_unit(context: Context, unit: str) -> Context:
    return Context(unit=unit, previous=context.previous, population=context.population)


def _numbered(drawn: list[Response]) -> list[Response]:
    return [(answers, _of_unit(context, str(unit))) for unit, (answers, context) in enumerate(drawn)]


# Faults that take several answers at once, so that none is left to chance.
SELDOM_DRAWN: list[Response] = [
    ({"one": "a", "routed": 5, "n": 6}, Context()),
    ({"n": 9}, Context(previous={"old_n": 1})),
    ({"women": {"T": 9}}, Context(previous={"women": {"T": 1}})),
    ({"rows": [{"name": "Oro", "state": "on", "year": 2020}, {"name": "oro", "state": "on", "year": 2020}]}, Context()),
    ({"rows": [{"name": "Oro", "state": "on", "part": -1}]}, Context()),
    ({"first": "2022-01-01", "last": "2021-01-01", "since": 2023}, Context()),
]


def _checked(responses: list[Response], checks: set[str]) -> set[Place]:
    found = ((context.unit, f) for answers, context in responses for f in CHECKER.failures(answers, context))
    return {(f.check, str(unit), f.row or 0) for unit, f in found if f.check in checks}


def _tables(responses: list[Response]) -> "dict[str | None, pd.DataFrame]":
    whole = frame(response_columns(Q), (response_row(Q, answers, context) for answers, context in responses))
    rows = [row for answers, context in responses for row in roster_rows(ROSTER, answers, context)]
    tables = {None: whole, "rows": frame(response_columns(Q, "rows"), rows)}
    return {roster: with_derived(t, [s for s in SPECS if s.roster == roster]) for roster, t in tables.items()}


def _fails(spec: ExpectationSpec, column: "pd.Series[Any]") -> "pd.Series[bool]":
    """What the expectation means, by pandas alone; blanks are left out as Great Expectations does."""
    kwargs = spec.kwargs
    low, high = kwargs.get("min_value", float("-inf")), kwargs.get("max_value", float("inf"))
    match spec.type:
        case "expect_column_values_to_be_between":
            return ~column.astype("float64").between(low, high)
        case "expect_column_value_lengths_to_be_between":
            return ~column.str.len().between(low, high)
        case "expect_column_values_to_be_in_set":
            return ~column.isin(kwargs["value_set"])
    return ~column.map(lambda value: bool(re.match(kwargs["regex"], value))).astype(bool)


def _places(spec: ExpectationSpec, rows: "pd.DataFrame") -> set[Place]:
    numbers = rows["row_no"] if spec.roster else [0] * len(rows)
    return {(spec.check, unit, int(number)) for unit, number in zip(rows["unit_id"], numbers, strict=True)}


def _expected(responses: list[Response]) -> set[Place]:
    tables, found = _tables(responses), set()
    for spec in SPECS:
        table = tables[spec.roster]
        filled = table.loc[table[spec.column].notna()]
        found |= _places(spec, filled[_fails(spec, filled[spec.column])])
    return found


def test_every_kind_of_check_and_item_is_put_to_the_test() -> None:
    from typing import get_args

    from surveys.check_kinds import AnyCheck
    from surveys.questionnaire import ItemType

    assert {type(check) for check in Q.checks} == set(get_args(get_args(AnyCheck)[0]))
    assert {item.type for item in Q.items.values()} == set(get_args(ItemType))
    assert {check.id for check in Q.checks if not expectations(check, Q)} == {"less_outside"}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(WELL_FORMED, CONTEXTS), min_size=1, max_size=20))
def test_a_table_of_raw_answers_fails_exactly_where_the_checker_does(drawn: list[Response]) -> None:
    responses = _numbered(drawn)
    assert _expected(responses) == _checked(responses, {spec.check for spec in SPECS})


def _drawn(strategy: st.SearchStrategy[Any], number: int) -> list[Any]:
    """The same examples at every run: Great Expectations is too slow to be asked anew for each."""
    found: list[Any] = []

    @settings(
        max_examples=number, database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found


@pytest.mark.filterwarnings("ignore")  # Great Expectations' own dependencies warn of their own
def test_great_expectations_gives_the_checkers_verdict() -> None:
    responses = _numbered(_drawn(st.tuples(WELL_FORMED, CONTEXTS), 250) + SELDOM_DRAWN)
    tables = _tables(responses)
    found = {place for roster in tables for place in _by_great_expectations(roster, tables[roster])}
    checked = _checked(responses, {spec.check for spec in SPECS})
    assert found == checked
    assert {check for check, *_ in checked} >= {check.id for check in Q.checks} - {"less_outside"}


def _by_great_expectations(roster: str | None, table: "pd.DataFrame") -> set[Place]:
    """Where the expectations on one table fail, as Great Expectations itself sees it."""
    import great_expectations as gx
    from great_expectations.expectations import registry

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]  # takes a mapping too
    specs = [spec for spec in SPECS if spec.roster == roster]
    batch = context.data_sources.pandas_default.read_dataframe(table)
    made = [registry.get_expectation_impl(s.type)(**s.kwargs, meta={"place": n}) for n, s in enumerate(specs)]
    result = batch.validate(gx.ExpectationSuite("suite", expectations=made), result_format="COMPLETE")
    found: set[Place] = set()
    for one in result.results:
        assert not one.exception_info.get("raised_exception"), one.exception_info
        assert one.expectation_config is not None and one.expectation_config.meta is not None
        spec = specs[one.expectation_config.meta["place"]]
        found |= _places(spec, table.loc[one.result.get("unexpected_index_list") or []])
    return found


SCHEMA = Draft202012Validator(json_schema(Q, "region"), format_checker=Draft202012Validator.FORMAT_CHECKER)
IN_SCHEMA = (Range, InSet, Pattern, Length, RequiredWhen, RowCount, ExclusiveOption)


def _is_in_schema(failure: Failure) -> bool:
    check = DECLARED.get(failure.check)
    if check is None:
        return not failure.check.endswith(".sum")
    dates = isinstance(check, Range) and Q.items[check.item].type == "date"
    return failure.severity == "hard" and isinstance(check, IN_SCHEMA) and not dates


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema(Q, "region"))


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(RESPONSES | SHAPELESS)
@example({"known": 1, "one": "a", "routed": 1})
@example({"known": 1, "lines": "a\n"})
def test_the_schema_refuses_what_the_checker_refuses(answers: dict[str, Any]) -> None:
    refused = [failure.check for failure in CHECKER.intrinsic(answers) if _is_in_schema(failure)]
    assert SCHEMA.is_valid(answers) is (not refused), (refused, list(SCHEMA.iter_errors(answers))[:1])


def _cell(item: Item, answer: Any) -> Any:
    """What a respondent would have typed; a blank for what is missing."""
    if answer is None or isinstance(answer, dict):
        return ""
    if item.type == "date":
        return serial(answer)
    return swedish_label(item, answer) if item.type in ("boolean", "one_of") else answer


def _sheet(answers: Mapping[str, Any], context: Context, row: int | None) -> Any:
    def cells(name: str) -> Any:
        if name == "population":
            return context.population or ""
        if name.startswith("range:"):
            column = name.removeprefix("range:rows.")
            return [_cell(Q.items[f"rows.{column}"], r.get(column)) for r in answers["rows"]]
        if name.startswith("previous:"):
            return _previous(name.removeprefix("previous:"), context)
        address, _, sex = name.partition("__")
        given_in = answers["rows"][row] if "." in address and row is not None else answers
        answer = given_in.get(address.rpartition(".")[2])
        return _cell(Q.items[address], answer.get(sex) if sex and isinstance(answer, dict) else answer)

    return cells


def _previous(name: str, context: Context) -> Any:
    address, _, sex = name.partition("__")
    before = (context.previous or {}).get(Q.items[address].lineage.items[0])
    return _cell(Q.items[address], before.get(sex) if sex and isinstance(before, dict) else before)


def _in_excel(check: AnyCheck, answers: dict[str, Any], context: Context) -> bool:
    holds = True
    for rule in excel_rules(check, Q):
        rows = range(len(answers.get("rows", []))) if rule.address.startswith("rows.") else [None]
        holds &= all(evaluate(rule.formula, _sheet(answers, context, row)) is True for row in rows)
    return holds


EXPRESSIBLE = [check for check in Q.checks if excel_rules(check, Q)]


def test_excel_can_express_the_kinds_it_is_said_to() -> None:
    assert {check.kind for check in Q.checks} - {check.kind for check in EXPRESSIBLE} == {
        "pattern",
        "required_when",
        "row_count",
        "exclusive_option",
    }


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(WELL_FORMED, CONTEXTS)
def test_an_excel_formula_is_true_exactly_when_the_check_holds(answers: dict[str, Any], context: Context) -> None:
    failed = {failure.check for failure in CHECKER.failures(answers, context)}
    verdicts = {check.id for check in EXPRESSIBLE if not _in_excel(check, answers, context)}
    assert verdicts == failed & {check.id for check in EXPRESSIBLE}


def _accepts(validation: ExcelValidation, value: Any, sheet: Any) -> bool:
    if validation.type == "custom":
        return evaluate(validation.formula1 or "", sheet) is True
    if validation.type == "list":
        return value in validation.values
    low, high = (evaluate(str(formula), sheet) for formula in (validation.formula1, validation.formula2))
    if validation.type == "textLength":
        return bool(low <= len(value) <= high)
    return bool(low <= value <= high and (validation.type != "whole" or value == int(value)))


CELLS = {
    address: validation
    for address, item in Q.items.items()
    if "." not in address and not item.split_by_sex and (validation := excel_validation(address, Q))
}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(WELL_FORMED, CONTEXTS)
def test_a_cell_refuses_exactly_what_the_checks_it_holds_refuse(answers: dict[str, Any], context: Context) -> None:
    failed = {failure.check for failure in CHECKER.failures(answers, context)}
    sheet = _sheet(answers, context, None)
    for address, validation in CELLS.items():
        if address in answers and not isinstance(answers[address], dict):
            refused = failed & set(validation.checks)
            assert _accepts(validation, sheet(address), sheet) is (not refused), (address, refused)


def test_cells_hold_the_hard_checks_there_is_room_for() -> None:
    held = {check for validation in CELLS.values() for check in validation.checks}
    assert held == {
        "range_n",
        "range_when",
        "range_date",
        "ratio",
        "length_text",
        "set_number",
        "sum_decimals",
        "less",
        "order",
        "order_year",
    }


@pytest.mark.parametrize(
    ("check", "answers"),
    [
        ("n.shape", {"n": 10**17}),
        ("share.shape", {"share": 101}),
        ("first.shape", {"first": "2101-01-01"}),
        ("one.options", {"one": "d"}),
        ("several.options", {"several": ["a", "d"]}),
        ("visits.sum", {"visits": {"K": 1, "M": 1, "T": 3}}),
        ("known.required", {}),
        ("routed.required", {"one": "a"}),
        ("routed.off_path", {"one": "b", "routed": 1}),
        ("rows.name.required", {"rows": [{}]}),
        ("rows.year.off_path", {"rows": [{"name": "x", "year": 2020}]}),
        ("rows.state.options", {"rows": [{"name": "x", "state": "d"}]}),
    ],
)
def test_an_implied_check_fails_on_the_table_by_itself(check: str, answers: dict[str, Any]) -> None:
    assert check in {failure.check for failure in CHECKER.intrinsic(answers)}
    assert check in {place[0] for place in _expected([(answers, Context(unit="14"))])}
    assert check not in {place[0] for place in _expected([({"known": 1}, Context(unit="14"))])}
