"""Which items are on path."""

import pytest
from pydantic import TypeAdapter

from surveys.conditions import Condition
from surveys.routing import compiled, on_path, row_on_path
from tests.surveys.build import item, options, questionnaire, text

VALUES = {"n": 3, "yes": True, "one": "a", "several": ["a", "b"], "gone": {"missing": "dont_know"}}


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ({"item": "one", "is": "a"}, True),
        ({"item": "one", "is": "b"}, False),
        ({"item": "one", "in": ["b", "a"]}, True),
        ({"item": "several", "in": ["a"]}, False),
        ({"item": "several", "includes": "b"}, True),
        ({"item": "one", "includes": "a"}, False),
        ({"item": "n", "at_least": 3}, True),
        ({"item": "n", "at_least": 3.5}, False),
        ({"item": "n", "at_most": 3}, True),
        ({"item": "yes", "at_least": 0}, False),
        ({"item": "one", "at_least": 0}, False),
        ({"item": "n", "answered": True}, True),
        ({"item": "nothing", "answered": True}, False),
        ({"item": "nothing", "answered": False}, True),
        ({"item": "gone", "answered": True}, False),
        ({"item": "gone", "is": "dont_know"}, False),
        ({"not": {"item": "nothing", "is": 1}}, True),
        ({"all": [{"item": "yes", "is": True}, {"item": "n", "at_least": 9}]}, False),
        ({"any": [{"item": "yes", "is": True}, {"item": "n", "at_least": 9}]}, True),
    ],
)
def test_a_condition_holds_over_plain_values(written: dict[str, object], holds: bool) -> None:
    condition: Condition = TypeAdapter(Condition).validate_python(written)
    assert compiled(condition)(VALUES) is holds


def test_what_hangs_on_something_off_path_is_off_path() -> None:
    q = questionnaire(
        item("a", "boolean"),
        item("b", "boolean", when={"item": "a", "is": True}),
        item("c", when={"item": "b", "is": True}),
    )
    assert on_path(q, {"a": True, "b": True}) == {"a", "b", "c"}
    assert on_path(q, {"a": False, "b": True}) == {"a"}
    assert on_path(q, {}) == {"a"}


def test_a_section_and_its_item_must_both_be_on_path() -> None:
    first = {"id": "one", "title": text("Ett"), "items": [item("a", "boolean"), item("n")]}
    inner = item("b", when={"item": "n", "at_least": 1})
    second = {"id": "two", "title": text("Två"), "when": {"item": "a", "is": True}, "items": [inner, item("c")]}
    q = questionnaire(sections=[first, second])
    assert on_path(q, {"a": True, "n": 0}) == {"a", "n", "c"}
    assert on_path(q, {"a": True, "n": 1}) == {"a", "n", "b", "c"}
    assert on_path(q, {"a": False, "n": 1}) == {"a", "n"}


def test_the_total_of_a_split_item_decides() -> None:
    q = questionnaire(item("n", split_by_sex=True), item("b", when={"item": "n", "at_least": 5}))
    assert on_path(q, {"n": {"K": 1, "M": 4, "T": 5}}) == {"n", "b"}
    assert on_path(q, {"n": {"T": 4}}) == {"n"}


@pytest.mark.parametrize("odd", [None, [], {}, {"T": None}, "x", [[]], 10**400, float("nan")])
def test_routing_takes_answers_nobody_has_checked(odd: object) -> None:
    q = questionnaire(item("n"), item("b", when={"any": [{"item": "n", "in": [1]}, {"item": "n", "includes": "x"}]}))
    assert on_path(q, {"n": odd}) == {"n"}


def test_a_unit_kind_is_routed_among_its_own_items() -> None:
    q = questionnaire(item("a", respondents=["kommun"]), item("b"), respondents=["region", "kommun"])
    assert on_path(q.for_unit_kind("region"), {}) == {"b"}
    assert on_path(q.for_unit_kind("kommun"), {}) == {"a", "b"}


def test_a_column_looks_at_its_row_first_and_then_outside() -> None:
    columns = [
        item("state", "one_of", options=options("on", "off")),
        item("since", "year", when={"item": "r.state", "is": "on"}),
        item("why", "text", when={"item": "since", "at_most": 2000}),
        item("more", "text", when={"item": "top", "is": True}),
    ]
    roster = questionnaire(item("top", "boolean"), item("r", "roster", items=columns)).items["r"]
    assert row_on_path(roster, {"state": "on", "since": 1999}, {"top": True}) == {"state", "since", "why", "more"}
    assert row_on_path(roster, {"state": "off", "since": 1999}, {"since": 1999}) == {"state"}
    assert row_on_path(roster, {}, {"state": "on"}) == {"state"}
