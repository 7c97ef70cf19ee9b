"""One questionnaire with every type of item and every kind of check, and strategies for responses to it."""

from typing import Any

from hypothesis import strategies as st

from surveys.questionnaire import Questionnaire
from surveys.response import WEEKDAYS, Context
from tests.surveys.build import item, options, questionnaire, text

ON = {"item": "one", "is": "a"}
BIG = {"item": "n", "at_least": 5}
SAME = {"kind": "same", "items": ["old_n"]}


def _same(address: str) -> dict[str, Any]:
    return {"kind": "reworded", "items": [address]}


ITEMS = [
    item("n", lineage=SAME),
    item("m"),
    item("total"),
    item("x", "decimal"),
    item("y", "decimal"),
    item("share", "percent"),
    item("yes", "boolean"),
    item("one", "one_of", options=options("a", "b", "c")),
    item("several", "several_of", options=options("a", "b", "none")),
    item("line", "text"),
    item("lines", "text", multiline=True),
    item("first", "date"),
    item("last", "date"),
    item("since", "year"),
    item("open", "opening_hours"),
    item("kommuner", "kommuner"),
    item("women", split_by_sex=True, lineage=_same("women")),
    item("visits", split_by_sex=True),
    item("rate", "percent", split_by_sex=True),
    item("note", "note"),
    item("known", required=True, missing_allowed=["dont_know"]),
    item("routed", required=True, when=ON),
    item("further", when={"all": [{"item": "routed", "at_least": 3}, {"not": {"item": "yes", "is": True}}]}),
    item(
        "rows",
        "roster",
        items=[
            item("name", "text", required=True),
            item("state", "one_of", options=options("on", "off"), missing_allowed=["not_applicable"]),
            item("year", "year", required=True, when={"item": "state", "is": "on"}),
            item("part"),
            item("whole", split_by_sex=True),
        ],
    ),
]

CHECKS: list[dict[str, Any]] = [
    {"id": "range_n", "kind": "range", "item": "n", "min": 0, "max": 9},
    {"id": "range_soft", "kind": "range", "item": "n", "max": 7, "severity": "soft"},
    {"id": "range_when", "kind": "range", "item": "m", "min": 2, "when": {"any": [ON, {"item": "yes", "is": True}]}},
    {"id": "range_date", "kind": "range", "item": "first", "min": "2020-01-01", "max": "2022-12-31"},
    {"id": "range_split", "kind": "range", "item": "visits", "max": 8},
    {"id": "range_row", "kind": "range", "item": "rows.part", "min": 0, "when": {"item": "state", "is": "on"}},
    {"id": "set_number", "kind": "in_set", "item": "total", "values": [0, 1, 2, 3, 5, 8]},
    {"id": "set_one", "kind": "in_set", "item": "one", "values": ["a", "b"], "when": BIG},
    {"id": "set_several", "kind": "in_set", "item": "several", "values": ["a", "none"], "when": BIG},
    {"id": "pattern", "kind": "pattern", "item": "line", "regex": "[a-zå]+[0-9]?", "means": text("bokstäver")},
    {"id": "length_text", "kind": "length", "item": "line", "min": 2, "max": 4},
    {"id": "length_several", "kind": "length", "item": "several", "max": 2},
    {"id": "needed", "kind": "required_when", "item": "x", "when": {"item": "several", "includes": "b"}},
    {"id": "needed_known", "kind": "required_when", "item": "known", "when": {"item": "m", "answered": True}},
    {"id": "needed_further", "kind": "required_when", "item": "further", "when": BIG},
    {"id": "needed_row", "kind": "required_when", "item": "rows.part", "when": {"item": "state", "in": ["on", "off"]}},
    {"id": "sum", "kind": "sum_equals_total", "parts": ["n", "m"], "total": "total"},
    {"id": "sum_decimals", "kind": "sum_equals_total", "parts": ["x", "x"], "total": "y", "tolerance": 0.5},
    {"id": "less", "kind": "less_or_equal", "smaller": "x", "larger": "y", "factor": 1.1},
    {"id": "less_split", "kind": "less_or_equal", "smaller": "women", "larger": "visits"},
    {"id": "less_mixed", "kind": "less_or_equal", "smaller": "m", "larger": "visits", "severity": "soft"},
    {"id": "less_row", "kind": "less_or_equal", "smaller": "rows.part", "larger": "rows.whole"},
    {"id": "less_outside", "kind": "less_or_equal", "smaller": "rows.part", "larger": "total"},
    {"id": "ratio", "kind": "ratio_bounds", "numerator": "n", "denominator": "m", "min": 0.5, "max": 3},
    {"id": "change", "kind": "change_against_last_year", "item": "n", "ratio": 0.5, "floor": 2},
    {"id": "change_split", "kind": "change_against_last_year", "item": "women", "ratio": 0.2},
    {"id": "per", "kind": "per_inhabitant", "item": "total", "per": 100, "min": 1, "max": 50},
    {"id": "order", "kind": "dates_in_order", "earlier": "first", "later": "last"},
    {"id": "order_year", "kind": "dates_in_order", "earlier": "since", "later": "last", "when": {"not": BIG}},
    {"id": "unique", "kind": "unique_rows", "roster": "rows", "by": ["name", "rows.year"]},
    {"id": "rows_count", "kind": "row_count", "roster": "rows", "min": 1, "max": 2},
    {"id": "alone", "kind": "exclusive_option", "item": "several", "options": ["none"]},
]


def everything() -> Questionnaire:
    return questionnaire(*ITEMS, checks=CHECKS)


NUMBER = st.integers(-1, 11)
DECIMAL = st.integers(-50, 1200).map(lambda cents: cents / 100)
PERCENT = st.sampled_from([0, 12.5, 50, 100])
DAY = st.sampled_from(["2019-12-31", "2020-01-01", "2021-06-15", "2022-12-31", "2023-01-01"])
YEAR = st.integers(2019, 2023)
LINE = st.sampled_from(["a", "ab", "abå9", "abc99", "Ab", "ab 9", "å"])
TIMES = st.sampled_from(["closed", "24h", {"from": "20:00", "to": "02:00"}])


def _split(number: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    member = number | st.just({"missing": "dont_know"})
    summed = st.tuples(number, number).map(lambda pair: {"K": pair[0], "M": pair[1], "T": pair[0] + pair[1]})
    return (
        summed | st.fixed_dictionaries({"T": number}) | st.fixed_dictionaries({"K": member, "M": member, "T": number})
    )


def _some(*codes: str) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(codes), min_size=1, unique=True)


ROW = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Oro", "oro", "ORO", "Sömn"]),
        "state": st.sampled_from(["on", "off", {"missing": "not_applicable"}]),
        "year": YEAR,
        "part": NUMBER,
        "whole": _split(NUMBER),
    },
)

WELL_SHAPED: dict[str, st.SearchStrategy[Any]] = {
    "n": NUMBER,
    "m": NUMBER,
    "total": NUMBER,
    "x": DECIMAL,
    "y": DECIMAL,
    "share": PERCENT,
    "yes": st.booleans(),
    "one": st.sampled_from("abc"),
    "several": _some("a", "b", "none"),
    "line": LINE,
    "lines": LINE | st.just("rad\nrad"),
    "first": DAY,
    "last": DAY,
    "since": YEAR,
    "open": st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, TIMES)),
    "kommuner": _some("0114", "1480"),
    "women": _split(NUMBER),
    "visits": _split(NUMBER),
    "rate": st.fixed_dictionaries({"K": PERCENT, "M": PERCENT, "T": PERCENT}),
    "known": NUMBER | st.just({"missing": "dont_know"}),
    "routed": NUMBER,
    "further": NUMBER,
    "rows": st.lists(ROW, max_size=3),
}

LATE = {"from": "24:00", "to": "1:00"}
ODD_ROWS: list[Any] = [{"name": "x", "extra": 1}, {"name": 1}, {"name": "x", "year": 1}, 1, {"name": "x", "state": "?"}]
ODD_SPLITS: list[Any] = [{"T": "1"}, {"K": 1, "T": 1}, {"K": 1, "M": {"missing": "x"}, "T": 2}, {"T": None}]
ODD_WEEKS: list[Any] = [{"mon": "closed"}, dict.fromkeys(WEEKDAYS, "open"), dict.fromkeys(WEEKDAYS, LATE)]
ODD_VALUES: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**16, -(10**400), 101, 2500, "2023-02-29", "1899-01-01", {}),
    *("", " ", "x", "d", "a\x00b", "a\nb", "x" * 10_001),
    *([], ["a", "a"], ["d"], [1], [None], ["148"]),
    *({"missing": "dont_know"}, {"missing": "x"}, {"missing": None}),
]
ODD = st.sampled_from([*ODD_VALUES, *ODD_SPLITS, *ODD_WEEKS, *([row] for row in ODD_ROWS)])

RESPONSES = st.fixed_dictionaries({}, optional=WELL_SHAPED)
SHAPELESS = st.fixed_dictionaries({}, optional={**{name: good | ODD for name, good in WELL_SHAPED.items()}, "zz": ODD})
CONTEXTS = st.builds(
    Context,
    previous=st.none()
    | st.fixed_dictionaries(
        {}, optional={"old_n": NUMBER | st.just({"missing": "dont_know"}), "women": _split(NUMBER)}
    ),
    population=st.none() | st.integers(1, 2000),
)
