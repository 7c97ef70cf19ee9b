"""What a response fails, by implied and declared checks."""

import pytest

from surveys.checks import Context, checker, unsettled
from tests.surveys.build import failed, failures, item, options, questionnaire, text


def test_a_valid_response_fails_nothing() -> None:
    q = questionnaire(item("n", required=True), item("t", "text"))
    assert failed(q, {"n": 3, "t": "Hej"}) == []


@pytest.mark.parametrize(
    "value", [True, 1.0, "1", None, [1], 9_000_000_000_000_001, -(10**400), {"missing": "dont_know"}]
)
def test_an_integer_is_a_whole_number_that_is_not_a_bool(value: object) -> None:
    assert failed(questionnaire(item("n")), {"n": value}) == ["n.shape"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("1e400"), -float("inf"), 1e16, True, "1,5"])
def test_a_decimal_is_a_finite_number(value: object) -> None:
    assert failed(questionnaire(item("n", "decimal")), {"n": value}) == ["n.shape"]


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("percent", [0, 100, 33.3], [-0.1, 100.1, False, "5"]),
        ("boolean", [True, False], [0, 1, "true", None]),
        ("year", [1900, 2100], [1899, 2101, "2023", 2023.0, True]),
        (
            "date",
            ["2024-02-29"],
            ["2023-02-29", "2023-2-3", "1899-12-31", "2101-01-01", "20230203", 20230203, "２023-01-01"],
        ),
        ("text", ["å", "a\tb", "🙂"], ["", " \t", "a\x00", "a\x7f", "a\ud800", "a\u0308", "rad\nrad", "x" * 10_001, 5]),
        ("one_of", ["a"], ["c", 1, ["a"], None]),
        ("several_of", [["a"], ["b", "a"]], [[], ["a", "a"], ["c"], "a", [1], [["a"]], None]),
        ("kommuner", [["1480", "0114"]], [[], ["148"], ["1480", "1480"], [1480], ["１４８０"], "1480"]),
        ("roster", [[], [{}]], [None, {}, [1], "x"]),
    ],
)
def test_each_type_takes_its_own_shape_only(type_: str, good: list[object], bad: list[object]) -> None:
    columns = {"items": [item("c")]} if type_ == "roster" else {}
    q = questionnaire(item("i", type_, options=options("a", "b"), **columns))
    assert [value for value in good if failed(q, {"i": value})] == []
    assert [value for value in bad if not failed(q, {"i": value})] == []


def test_a_multiline_text_may_have_lines() -> None:
    assert failed(questionnaire(item("t", "text", multiline=True)), {"t": "rad\nrad"}) == []


WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "closed")


@pytest.mark.parametrize("day", ["closed", "24h", {"from": "08:00", "to": "17:00"}, {"from": "20:00", "to": "02:00"}])
def test_opening_hours_may_pass_midnight(day: object) -> None:
    assert failed(questionnaire(item("o", "opening_hours")), {"o": WEEK | {"mon": day}}) == []


@pytest.mark.parametrize(
    "day", ["open", None, {"from": "8:00", "to": "17:00"}, {"from": "08:00"}, {"from": "24:00", "to": "01:00"}]
)
def test_opening_hours_are_clock_times(day: object) -> None:
    q = questionnaire(item("o", "opening_hours"))
    assert failed(q, {"o": WEEK | {"mon": day}}) == ["o.shape"]
    assert failed(q, {"o": {"mon": "closed"}}) == ["o.shape"]


def test_opening_hours_name_the_days_that_lack_them() -> None:
    q = questionnaire(item("o", "opening_hours"))
    told = failures(q, {"o": WEEK | {"mon": {"from": "25:00", "to": "02:00"}, "sun": None}})[0].message
    assert "för måndag och söndag." in told.sv and "for Monday and Sunday." in told.en


def test_missing_is_taken_only_where_it_is_allowed_and_answers_a_required_item() -> None:
    q = questionnaire(item("n", required=True, missing_allowed=["dont_know"]))
    assert failed(q, {"n": {"missing": "dont_know"}}) == []
    assert failed(q, {"n": {"missing": "not_applicable"}}) == ["n.shape"]
    assert failed(q, {"n": {"missing": "dont_know", "more": 1}}) == ["n.shape"]
    assert failed(q, {}) == ["n.required"]


def test_a_split_item_needs_its_total_and_adds_up() -> None:
    q = questionnaire(item("n", split_by_sex=True))
    assert failed(q, {"n": {"K": 1, "M": 2, "T": 3}}) == []
    assert failed(q, {"n": {"T": 3}}) == []
    assert failed(q, {"n": {"K": 1, "M": {"missing": "dont_know"}, "T": 3}}) == []
    assert failed(q, {"n": {"K": 1, "M": 2, "T": 4}}) == ["n.sum"]
    for bad in (3, {"K": 1, "M": 2}, {"K": 1, "T": 1}, {"T": {"missing": "dont_know"}}, {"T": 1, "X": 2}, {"T": "1"}):
        assert failed(q, {"n": bad}) == ["n.shape"], bad


def test_women_and_men_of_a_percentage_do_not_add_up() -> None:
    q = questionnaire(item("p", "percent", split_by_sex=True))
    assert failed(q, {"p": {"K": 40, "M": 50, "T": 45}}) == []


def test_an_item_that_is_not_asked_of_the_unit_is_unknown() -> None:
    q = questionnaire(item("a"), item("b", respondents=["kommun"]), item("n", "note"))
    assert failed(q, {"b": 1, "n": "x", "zz": 1}) == ["unknown_item"] * 3


def test_an_answer_off_path_fails_and_what_hangs_on_it_is_off_path_too() -> None:
    q = questionnaire(
        item("a", "boolean"),
        item("b", "boolean", when={"item": "a", "is": True}),
        item("c", required=True, when={"item": "b", "is": True}),
    )
    assert failed(q, {"a": True, "b": True}) == ["c.required"]
    assert failed(q, {"a": True, "b": True, "c": 1}) == []
    assert failed(q, {"a": False}) == []
    assert failed(q, {"a": False, "b": True, "c": "no number"}) == ["b.off_path", "c.off_path"]


def test_a_section_off_path_takes_its_items_along() -> None:
    first = {"id": "one", "title": text("Ett"), "items": [item("a", "boolean")]}
    when = {"item": "a", "is": True}
    second = {"id": "two", "title": text("Två"), "when": when, "items": [item("b", required=True)]}
    q = questionnaire(sections=[first, second])
    assert failed(q, {"a": False}) == []
    assert failed(q, {"a": True}) == ["b.required"]
    assert failed(q, {"a": False, "b": 1}) == ["b.off_path"]


def roster(**properties: object) -> dict[str, object]:
    columns = [
        item("name", "text", required=True),
        item("status", "one_of", options=options("on", "off")),
        item("since", "year", required=True, when={"item": "status", "is": "on"}),
    ]
    return item("r", "roster", items=columns, **properties)


def test_a_roster_is_checked_row_by_row() -> None:
    rows = [{"name": "x", "status": "on"}, {"status": "off", "since": 2000}, {"name": "y", "status": "z", "q": 1}]
    assert failed(questionnaire(roster()), {"r": rows}) == [
        "r.since.required#1",
        "r.name.required#2",
        "r.since.off_path#2",
        "r.status.options#3",
        "unknown_item#3",
    ]


def test_a_row_may_be_compared_with_an_answer_outside_it() -> None:
    check = {"kind": "less_or_equal", "smaller": "r.since", "larger": "year"}
    q = questionnaire(item("year", "year"), roster(), checks=[check])
    rows = [{"name": "x", "status": "on", "since": 2000}, {"name": "y", "status": "on", "since": 2020}]
    assert failed(q, {"year": 2010, "r": rows}) == ["less_or_equal#2"]
    assert failed(q, {"r": rows}) == []


RULES: list[tuple[dict[str, object], list[dict[str, object]], list[dict[str, object]]]] = [
    ({"kind": "range", "item": "n", "min": 1, "max": 5}, [{"n": 1}, {"n": 5}, {}], [{"n": 0}, {"n": 6}]),
    ({"kind": "range", "item": "d", "min": "2020-01-01"}, [{"d": "2020-01-01"}], [{"d": "2019-12-31"}]),
    ({"kind": "range", "item": "x", "max": 0.5}, [{"x": 0.5}, {"x": -4}], [{"x": 0.51}]),
    ({"kind": "in_set", "item": "n", "values": [1, 3]}, [{"n": 3}], [{"n": 2}]),
    ({"kind": "in_set", "item": "s", "values": ["a"]}, [{"s": ["a"]}], [{"s": ["a", "b"]}]),
    ({"kind": "pattern", "item": "t", "regex": "a+", "means": text("a")}, [{"t": "aa"}], [{"t": "aab"}]),
    ({"kind": "length", "item": "t", "min": 2, "max": 3}, [{"t": "ab"}], [{"t": "a"}, {"t": "abcd"}]),
    ({"kind": "length", "item": "s", "max": 1}, [{"s": ["b"]}], [{"s": ["a", "b"]}]),
    (
        {"kind": "required_when", "item": "t", "when": {"item": "n", "at_least": 3}},
        [{"n": 2}, {"n": 3, "t": "x"}, {}, {"n": 3, "t": {"missing": "dont_know"}}],
        [{"n": 3}],
    ),
    (
        {"kind": "sum_equals_total", "parts": ["n", "x"], "total": "m", "tolerance": 1},
        [{"n": 1, "x": 1.5, "m": 3}, {"n": 1, "m": 9}, {"n": 1, "x": 1}],
        [{"n": 1, "x": 0.5, "m": 3}],
    ),
    (
        {"kind": "less_or_equal", "smaller": "n", "larger": "m", "factor": 2},
        [{"n": 2, "m": 1}, {"n": 2}, {"m": 0}],
        [{"n": 3, "m": 1}],
    ),
    (
        {"kind": "ratio_bounds", "numerator": "n", "denominator": "m", "min": 0.5, "max": 2},
        [{"n": 1, "m": 2}, {"n": 1, "m": 0}, {"n": 9}],
        [{"n": 1, "m": 3}, {"n": 5, "m": 2}],
    ),
    (
        {"kind": "dates_in_order", "earlier": "y", "later": "d"},
        [{"y": 2020, "d": "2020-01-01"}, {"y": 2020}],
        [{"y": 2021, "d": "2020-12-31"}],
    ),
    (
        {"kind": "exclusive_option", "item": "s", "options": ["c"]},
        [{"s": ["c"]}, {"s": ["a", "b"]}],
        [{"s": ["a", "c"]}],
    ),
    ({"kind": "row_count", "roster": "r", "min": 1, "max": 1}, [{"r": [{"name": "x"}]}, {}], [{"r": []}]),
    (
        {"kind": "unique_rows", "roster": "r", "by": ["name"]},
        [{"r": [{"name": "x"}, {"name": "y"}]}],
        [{"r": [{"name": "x"}, {"name": " X"}]}],
    ),
    (
        {"kind": "range", "item": "n", "max": 1, "when": {"item": "m", "at_least": 5}},
        [{"n": 2}, {"n": 2, "m": 4}],
        [{"n": 2, "m": 5}],
    ),
]


@pytest.mark.parametrize(("check", "holding", "failing"), RULES, ids=[str(rule[0]["kind"]) for rule in RULES])
def test_each_kind_fails_what_it_should_and_is_silent_without_its_values(
    check: dict[str, object], holding: list[dict[str, object]], failing: list[dict[str, object]]
) -> None:
    q = questionnaire(
        item("n"),
        item("m"),
        item("x", "decimal"),
        item("y", "year"),
        item("d", "date"),
        item("t", "text", missing_allowed=["dont_know"]),
        item("s", "several_of", options=options("a", "b", "c")),
        roster(),
        checks=[check],
    )
    assert [answers for answers in holding if failed(q, answers)] == []
    named = {failure.check for answers in failing for failure in failures(q, answers)}
    assert named == {check["kind"]}
    assert all(failed(q, answers) for answers in failing)


def test_decimals_that_add_up_on_paper_add_up() -> None:
    check = {"kind": "sum_equals_total", "parts": ["a", "b"], "total": "c"}
    q = questionnaire(*(item(name, "decimal") for name in "abc"), checks=[check])
    assert failed(q, {"a": 0.1, "b": 0.2, "c": 0.3}) == []
    assert failed(q, {"a": 0.1, "b": 0.2, "c": 0.31}) == ["sum_equals_total"]


def test_a_check_over_split_items_holds_for_each_sex() -> None:
    check = {"kind": "less_or_equal", "smaller": "a", "larger": "b"}
    q = questionnaire(item("a", split_by_sex=True), item("b", split_by_sex=True), item("c"), checks=[check])
    women_more = {"a": {"K": 3, "M": 1, "T": 4}, "b": {"K": 2, "M": 3, "T": 5}}
    assert [failure.message.sv for failure in failures(q, women_more)] == [
        "Kontrollera ”A, kvinnor”: 3 är mer än 2, som följer av ”B, kvinnor”."
    ]


def test_when_only_one_side_is_split_its_total_is_compared() -> None:
    check = {"kind": "less_or_equal", "smaller": "c", "larger": "b"}
    q = questionnaire(item("b", split_by_sex=True), item("c"), checks=[check])
    assert failed(q, {"b": {"K": 2, "M": 3, "T": 5}, "c": 5}) == []
    assert failed(q, {"b": {"K": 2, "M": 3, "T": 5}, "c": 6}) == ["less_or_equal"]


def change(lineage: dict[str, object]) -> list[dict[str, object]]:
    return [item("n", lineage=lineage)]


CHANGE = {"kind": "change_against_last_year", "item": "n", "ratio": 0.5, "floor": 10}


@pytest.mark.parametrize(
    ("before", "now", "fails"),
    [
        (100, 150, False),
        (100, 151, True),
        (100, 49, True),
        (4, 14, False),
        (4, 15, True),
        (0, 10, False),
        (0, 11, True),
    ],
)
def test_change_needs_both_the_ratio_and_the_floor(before: int, now: int, fails: bool) -> None:
    q = questionnaire(*change({"kind": "reworded", "items": ["old"]}), checks=[CHANGE])
    assert bool(failed(q, {"n": now}, Context(previous={"old": before}))) is fails


def test_change_is_silent_over_a_break_and_without_a_number_before() -> None:
    broken = questionnaire(*change({"kind": "unit_changed", "items": ["n"]}), checks=[CHANGE])
    assert failed(broken, {"n": 1000}, Context(previous={"n": 1})) == []
    q = questionnaire(*change({"kind": "same", "items": ["n"]}), checks=[CHANGE])
    for previous in (None, {}, {"n": {"missing": "dont_know"}}, {"n": "1"}):
        assert failed(q, {"n": 1000}, Context(previous=previous)) == []


def test_per_inhabitant_needs_the_population() -> None:
    q = questionnaire(item("n"), checks=[{"kind": "per_inhabitant", "item": "n", "per": 1000, "max": 5}])
    assert failed(q, {"n": 51}, Context(population=10_000)) == ["per_inhabitant"]
    assert failed(q, {"n": 50}, Context(population=10_000)) == []
    assert failed(q, {"n": 51}) == []


def test_kommuner_are_those_of_the_own_region() -> None:
    q = questionnaire(item("k", "kommuner"))
    assert failed(q, {"k": ["1480", "0114"]}, Context(kommuner=frozenset({"1480"}))) == ["k.options"]
    assert failed(q, {"k": ["1480"]}, Context(kommuner=frozenset({"1480"}))) == []
    assert failed(q, {"k": ["0114"]}) == []


def test_intrinsic_leaves_out_what_needs_context_only() -> None:
    checks = [CHANGE, {"kind": "range", "item": "n", "max": 5}]
    q = questionnaire(*change({"kind": "same", "items": ["n"]}), checks=checks)
    assert [failure.check for failure in checker(q, "region").intrinsic({"n": 100})] == ["range"]


def test_only_explained_soft_failures_are_settled() -> None:
    checks = [
        {"kind": "range", "item": "n", "max": 5, "severity": severity, "id": severity} for severity in ("hard", "soft")
    ]
    found = failures(questionnaire(item("n"), checks=checks), {"n": 9})
    assert [failure.check for failure in unsettled(found, {"hard": "x", "soft": " "})] == ["hard", "soft"]
    assert [failure.check for failure in unsettled(found, {"hard": "x", "soft": "Ny vårdavdelning."})] == ["hard"]


def test_the_definitions_own_message_replaces_the_sentence() -> None:
    check = {"kind": "range", "item": "n", "max": 5, "message": text("Ring oss")}
    assert failures(questionnaire(item("n"), checks=[check]), {"n": 9})[0].message.sv == "Ring oss"


def test_a_check_over_an_item_not_asked_of_the_unit_is_left_out() -> None:
    check = {"kind": "less_or_equal", "smaller": "a", "larger": "b"}
    q = questionnaire(item("a"), item("b", respondents=["kommun"]), checks=[check])
    assert failed(q, {"a": 5}) == []


def test_required_when_is_silent_about_an_item_off_path() -> None:
    check = {"kind": "required_when", "item": "b", "when": {"item": "n", "at_least": 1}}
    q = questionnaire(item("n"), item("b", when={"item": "n", "at_most": 2}), checks=[check])
    assert failed(q, {"n": 1}) == ["required_when"]
    assert failed(q, {"n": 3}) == []


def test_the_same_definition_is_compiled_once() -> None:
    assert checker(questionnaire(item("n")), "region") is checker(questionnaire(item("n")), "region")
    assert checker(questionnaire(item("n")), "region") is not checker(questionnaire(item("m")), "region")
