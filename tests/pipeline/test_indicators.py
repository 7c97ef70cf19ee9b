"""Declared indicators as published: numerators, bases, the country, what is missing and what may be compared."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from pipeline.condition_sql import holds, known
from surveys.conditions import Condition
from surveys.event_data import ProgrammeMerged, UnitAdded
from surveys.questionnaire import Questionnaire
from surveys.response import plain_values
from surveys.routing import compiled
from tests.pipeline.published import Figure, Landing, figures, indicator
from tests.surveys.build import item, options, questionnaire

STATUS = item("status", "one_of", options=options("i_drift", "utreds"), missing_allowed=["dont_know"])
OPERATING = {"kind": "count_units", "where": {"item": "status", "is": "i_drift"}}


def survey(*items: dict[str, Any], figure: dict[str, Any], **properties: Any) -> Questionnaire:
    return questionnaire(*items, indicators=[indicator(**figure)], **properties)


def computed(
    folder: Path, q: Questionnaire, responses: dict[str, dict[str, Any]], **facts: Any
) -> dict[tuple[str, str, str], Figure]:
    landing = Landing(folder, q)
    landing.sent_all(q, responses)
    return figures(landing.published(), "andel", **facts)


def test_a_share_of_answering_units_leaves_out_who_does_not_know(tmp_path: Path) -> None:
    q = survey(STATUS, figure={"numerator": OPERATING, "denominator": {"kind": "answering_units"}, "scale": 100})
    unsure = {"status": {"missing": "dont_know"}}
    found = computed(tmp_path, q, {"01": {"status": "i_drift"}, "03": {"status": "utreds"}, "04": unsure, "05": {}})
    country = found["00", "T", ""]
    assert (country.value, country.numerator, country.denominator) == (50.0, 1.0, 2.0)
    assert (country.answered, country.expected) == (2, 21)
    assert found["01", "T", ""].value == 100.0
    assert found["03", "T", ""].value == 0.0
    assert (found["04", "T", ""].value, found["04", "T", ""].missing) == (None, "dont_know")
    assert found["05", "T", ""].missing == "item_nonresponse"
    assert found["06", "T", ""].missing == "unit_nonresponse"


@pytest.mark.parametrize(
    ("base", "expected"), [("all_units", 21.0), ("responding_units", 3.0), ("answering_units", 2.0)]
)
def test_the_base_is_the_one_that_is_declared(tmp_path: Path, base: str, expected: float) -> None:
    q = survey(STATUS, figure={"numerator": OPERATING, "denominator": {"kind": base}})
    found = computed(tmp_path, q, {"01": {"status": "i_drift"}, "03": {"status": "utreds"}, "04": {}})
    assert (found["00", "T", ""].numerator, found["00", "T", ""].denominator) == (1.0, expected)


def test_nobody_answering_is_missing_and_never_zero(tmp_path: Path) -> None:
    q = survey(STATUS, figure={"numerator": OPERATING, "denominator": {"kind": "all_units"}})
    country = computed(tmp_path, q, {})["00", "T", ""]
    assert (country.value, country.numerator, country.missing) == (None, None, "unit_nonresponse")


def test_an_unanswered_item_leaves_a_negation_open(tmp_path: Path) -> None:
    where = {"not": {"item": "status", "is": "i_drift"}}
    q = survey(STATUS, figure={"numerator": {"kind": "count_units", "where": where}})
    found = computed(tmp_path, q, {"01": {"status": "utreds"}, "03": {}})
    assert found["01", "T", ""].value == 1.0
    assert found["03", "T", ""].missing == "item_nonresponse"


def test_what_is_off_path_is_known_not_to_be_so(tmp_path: Path) -> None:
    units = item("enheter", when={"item": "status", "is": "i_drift"})
    where = {"item": "enheter", "at_least": 2}
    q = survey(STATUS, units, figure={"numerator": {"kind": "count_units", "where": where}})
    assert computed(tmp_path, q, {"01": {"status": "utreds"}})["01", "T", ""].value == 0.0


DONT_KNOW, NOT_APPLICABLE = {"missing": "dont_know"}, {"missing": "not_applicable"}
COSTS = [
    item("avtal", "boolean"),
    item("lon", missing_allowed=["dont_know", "not_applicable"]),
    item("hyra", missing_allowed=["dont_know"], when={"item": "avtal", "is": True}),
]


def test_part_of_a_sum_is_no_sum(tmp_path: Path) -> None:
    q = survey(*COSTS, figure={"numerator": {"kind": "sum", "items": ["lon", "hyra"]}})
    responses: dict[str, dict[str, Any]] = {
        "01": {"avtal": True, "lon": 1, "hyra": 2},
        "03": {"avtal": True, "lon": DONT_KNOW, "hyra": 500},
        "04": {"avtal": True, "lon": 700, "hyra": DONT_KNOW},
        "05": {"avtal": True, "hyra": 900},
        "06": {"avtal": True, "lon": DONT_KNOW},
    }
    found = computed(tmp_path, q, responses)
    country = found["00", "T", ""]
    assert [found[unit, "T", ""].value for unit in responses] == [3.0, None, None, None, None]
    assert [found[unit, "T", ""].missing for unit in responses] == [
        None, "dont_know", "dont_know", "item_nonresponse", "item_nonresponse",
    ]  # fmt: skip
    assert (country.value, country.answered, country.expected) == (3.0, 1, 21)


def test_what_is_not_there_is_no_part_of_a_sum(tmp_path: Path) -> None:
    q = survey(*COSTS, figure={"numerator": {"kind": "sum", "items": ["lon", "hyra"]}})
    responses: dict[str, dict[str, Any]] = {
        "01": {"avtal": False, "lon": 4},
        "03": {"avtal": True, "lon": NOT_APPLICABLE, "hyra": 5},
        "04": {"avtal": False, "lon": NOT_APPLICABLE},
        "05": {"avtal": False, "lon": DONT_KNOW},
    }
    found = computed(tmp_path, q, responses)
    assert [found[unit, "T", ""].value for unit in responses] == [4.0, 5.0, None, None]
    assert [found[unit, "T", ""].missing for unit in ("04", "05")] == ["not_applicable", "dont_know"]
    assert found["00", "T", ""].value == 9.0


def test_a_base_known_in_part_leaves_the_unit_out(tmp_path: Path) -> None:
    base = {"kind": "sum", "items": ["lon", "hyra"]}
    q = survey(*COSTS, item("n"), figure={"numerator": {"kind": "sum", "items": ["n"]}, "denominator": base})
    partly = {"avtal": True, "lon": 1, "hyra": DONT_KNOW, "n": 100}
    found = computed(tmp_path, q, {"01": {"avtal": True, "lon": 1, "hyra": 3, "n": 2}, "03": partly})
    assert (found["03", "T", ""].value, found["03", "T", ""].missing) == (None, "dont_know")
    assert (found["00", "T", ""].value, found["00", "T", ""].answered) == (0.5, 1)


def test_a_sex_known_in_part_is_missing_and_the_others_are_not(tmp_path: Path) -> None:
    items = [item(name, split_by_sex=True, missing_allowed=["dont_know", "not_applicable"]) for name in "ab"]
    q = survey(*items, figure={"numerator": {"kind": "sum", "items": ["a", "b"]}, "by_sex": True})
    whole = {"K": 10, "M": 20, "T": 30}
    responses: dict[str, dict[str, Any]] = {
        "01": {"a": {"K": DONT_KNOW, "M": 2, "T": 3}, "b": whole},
        "03": {"a": {"K": NOT_APPLICABLE, "M": 3, "T": 3}, "b": whole},
        "04": {"a": DONT_KNOW, "b": whole},
        "05": {"a": NOT_APPLICABLE, "b": whole},
    }
    found = computed(tmp_path, q, responses)
    assert {unit: [found[unit, sex, ""].value for sex in "KMT"] for unit in responses} == {
        "01": [None, 22.0, 33.0], "03": [10.0, 23.0, 33.0], "04": [None] * 3, "05": [10.0, 20.0, 30.0],
    }  # fmt: skip
    assert [found["01", "K", ""].missing, found["04", "M", ""].missing] == ["dont_know", "dont_know"]


def test_an_item_without_the_sexes_leaves_them_open(tmp_path: Path) -> None:
    items = [item("a", split_by_sex=True), item("b", when={"item": "c", "is": True}), item("d", split_by_sex=True)]
    figure = {"numerator": {"kind": "sum", "items": ["a", "b", "d"]}, "by_sex": True}
    q = survey(item("c", "boolean"), *items, figure=figure)
    split = {"a": {"K": 1, "M": 2, "T": 3}, "d": {"K": 1, "M": 1, "T": 2}}
    found = computed(tmp_path, q, {"01": {"c": True, "b": 5, **split}, "03": {"c": False, **split}})
    assert [found["01", sex, ""].value for sex in "KMT"] == [None, None, 10.0]
    assert [found["03", sex, ""].value for sex in "KMT"] == [2.0, 3.0, 5.0]


def test_the_country_is_numerators_over_the_bases_of_the_same_units(tmp_path: Path) -> None:
    figure = {"numerator": {"kind": "sum", "items": ["a"]}, "denominator": {"kind": "sum", "items": ["b"]}}
    q = survey(item("a"), item("b"), figure=figure)
    found = computed(
        tmp_path, q, {"01": {"a": 1, "b": 10}, "03": {"a": 100}, "04": {"b": 1000}, "05": {"a": 2, "b": 5}}
    )
    country = found["00", "T", ""]
    assert (country.numerator, country.denominator, country.value) == (3.0, 15.0, 0.2)
    assert (country.answered, country.expected) == (2, 21)


def test_a_base_of_nothing_gives_no_value(tmp_path: Path) -> None:
    figure = {"numerator": {"kind": "sum", "items": ["a"]}, "denominator": {"kind": "sum", "items": ["b"]}}
    found = computed(tmp_path, survey(item("a"), item("b"), figure=figure), {"01": {"a": 0, "b": 0}})
    assert (found["01", "T", ""].value, found["01", "T", ""].missing) == (None, "not_applicable")


def test_the_sexes_are_summed_only_where_every_part_is_split(tmp_path: Path) -> None:
    items = [item("a", split_by_sex=True), item("b", split_by_sex=True)]
    q = survey(*items, figure={"numerator": {"kind": "sum", "items": ["a", "b"]}, "by_sex": True})
    whole = {"a": {"K": 1, "M": 2, "T": 3}, "b": {"K": 10, "M": 20, "T": 30}}
    found = computed(tmp_path, q, {"01": whole, "03": {**whole, "b": {"T": 30}}})
    assert [found["01", sex, ""].value for sex in "KMT"] == [11.0, 22.0, 33.0]
    assert [found["03", sex, ""].value for sex in "KMT"] == [None, None, 33.0]
    assert found["03", "K", ""].missing == "item_nonresponse"
    assert [found["00", sex, ""].value for sex in "KMT"] == [11.0, 22.0, 66.0]
    assert [found["00", sex, ""].answered for sex in "KMT"] == [1, 1, 2]


def test_hours_are_counted_by_the_week_and_lists_by_their_length(tmp_path: Path) -> None:
    hours: dict[str, Any] = dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun"), "closed")
    items = [item("oppet", "opening_hours"), item("mal", "several_of", options=options("a", "b", "c"))]
    for name, expected in (("oppet", 10.0), ("mal", 2.0)):
        folder = tmp_path / name
        folder.mkdir()
        q = survey(*items, figure={"numerator": {"kind": "sum", "items": [name]}})
        answers = {"oppet": {**hours, "mon": {"from": "20:00", "to": "06:00"}}, "mal": ["a", "c"]}
        assert computed(folder, q, {"01": answers})["01", "T", ""].value == expected


def test_a_region_that_did_not_answer_leaves_the_population_too(tmp_path: Path) -> None:
    figure = {"numerator": {"kind": "sum", "items": ["a"]}, "denominator": {"kind": "population"}, "scale": 100_000}
    found = computed(tmp_path, survey(item("a"), figure=figure), {"01": {"a": 10}, "14": {"a": 20}})
    country = found["00", "T", ""]
    assert country.denominator == 2_440_027 + 1_758_656
    assert country.value == 100_000 * 30 / country.denominator
    assert "2 av 21" in country.note and "2 of 21" in country.note_en


def test_an_estimated_population_is_told(tmp_path: Path) -> None:
    base = {"kind": "population", "from_age": 0, "to_age": 17}
    q = survey(item("a"), figure={"numerator": {"kind": "sum", "items": ["a"]}, "denominator": base})
    region = computed(tmp_path, q, {"01": {"a": 10}})["01", "T", ""]
    assert region.denominator == pytest.approx(2_440_027 * 2_194_785 / 10_521_556)
    assert region.note and region.note_en


def test_kommuner_covered_are_a_share_of_the_regions_own(tmp_path: Path) -> None:
    figure = {"numerator": {"kind": "sum", "items": ["k"]}, "denominator": {"kind": "kommun_count"}}
    found = computed(
        tmp_path, survey(item("k", "kommuner"), figure=figure), {"09": {"k": ["0980"]}, "14": {"k": ["1480"]}}
    )
    assert (found["09", "T", ""].value, found["14", "T", ""].value) == (1.0, 1 / 49)
    assert found["00", "T", ""].value == 2 / 50


PROGRAMMES = item(
    "lista",
    "roster",
    register="programme",
    items=[item("program", "text"), item("lage", "one_of", options=options("erbjuds", "planeras")), item("n")],
)
SOLD: dict[str, dict[str, Any]] = {
    "01": {"lista": [{"program": "Oro", "lage": "erbjuds"}, {"program": "Stress", "lage": "planeras"}]},
    "03": {"lista": [{"program": "oro", "lage": "erbjuds"}, {"program": "Sömn", "lage": "erbjuds"}]},
    "04": {"lista": []},
    "05": {},
}
OFFERED = {"roster": "lista", "where": {"item": "lage", "is": "erbjuds"}}
DISTINCT = {"kind": "count_distinct", "of": "program", **OFFERED}


def test_rows_are_counted_by_what_stands_in_them(tmp_path: Path) -> None:
    found = computed(tmp_path, survey(PROGRAMMES, figure={"numerator": {"kind": "count_rows", **OFFERED}}), SOLD)
    assert [found[unit, "T", ""].value for unit in ("01", "03", "04", "00")] == [1.0, 2.0, 0.0, 3.0]
    assert found["05", "T", ""].missing == "item_nonresponse"


def test_what_several_regions_have_is_one_in_the_country(tmp_path: Path) -> None:
    found = computed(tmp_path, survey(PROGRAMMES, figure={"numerator": DISTINCT}), SOLD)
    assert [found[unit, "T", ""].value for unit in ("01", "03", "04", "00")] == [1.0, 2.0, 0.0, 2.0]


def test_distinct_values_as_the_base_are_distinct_in_the_country_too(tmp_path: Path) -> None:
    figure = {"numerator": {"kind": "count_rows", **OFFERED}, "denominator": DISTINCT}
    found = computed(tmp_path, survey(PROGRAMMES, figure=figure), SOLD)
    assert found["00", "T", ""].value == 3 / 2


def test_merged_programmes_are_one(tmp_path: Path) -> None:
    q = survey(PROGRAMMES, figure={"numerator": DISTINCT})
    landing = Landing(tmp_path, q)
    landing.sent_all(q, SOLD)
    landing.happened(ProgrammeMerged(programme="somn", into="oro"))
    assert landing.figure("andel").value == 1.0
    assert landing.figure("andel", "03").value == 1.0


def test_a_column_of_a_roster_is_summed_over_its_rows(tmp_path: Path) -> None:
    q = survey(PROGRAMMES, figure={"numerator": {"kind": "sum", "items": ["lista.n"]}})
    answers: dict[str, dict[str, Any]] = {
        "01": {"lista": [{"n": 2}, {"n": 3}]},
        "03": {"lista": []},
        "04": {"lista": [{"program": "Oro"}]},
        "05": {},
    }
    found = computed(tmp_path, q, answers)
    assert [found[unit, "T", ""].value for unit in ("01", "03", "00")] == [5.0, 0.0, 5.0]
    assert [found[unit, "T", ""].missing for unit in ("04", "05")] == ["item_nonresponse"] * 2


def test_a_breakdown_has_a_figure_for_every_option(tmp_path: Path) -> None:
    q = survey(STATUS, figure={"numerator": {"kind": "count_units"}, "breakdown": "status"})
    found = computed(tmp_path, q, {"01": {"status": "i_drift"}, "03": {"status": "i_drift"}, "04": {}})
    assert [found["00", "T", code].value for code in ("i_drift", "utreds")] == [2.0, 0.0]
    assert found["00", "T", "i_drift"].category_sv == "I_drift"
    assert [found["01", "T", code].value for code in ("i_drift", "utreds")] == [1.0, 0.0]
    assert found["04", "T", "utreds"].missing == "item_nonresponse"


def test_rows_are_broken_down_by_a_column_of_their_own(tmp_path: Path) -> None:
    figure = {"numerator": {"kind": "count_rows", "roster": "lista"}, "breakdown": "lista.lage"}
    found = computed(tmp_path, survey(PROGRAMMES, figure=figure), SOLD)
    assert [found["00", "T", code].value for code in ("erbjuds", "planeras")] == [3.0, 1.0]


def test_a_sum_is_broken_down_by_the_units_own_answer(tmp_path: Path) -> None:
    figure = {"numerator": {"kind": "sum", "items": ["n"]}, "breakdown": "status"}
    q = survey(STATUS, item("n"), figure=figure)
    found = computed(tmp_path, q, {"01": {"status": "i_drift", "n": 4}, "03": {"status": "utreds", "n": 5}})
    assert [found["00", "T", code].value for code in ("i_drift", "utreds")] == [4.0, 5.0]
    assert found["01", "T", "utreds"].value == 0.0


def test_clinics_add_up_to_regions_and_the_country(tmp_path: Path) -> None:
    q = survey(item("a"), figure={"numerator": {"kind": "sum", "items": ["a"]}}, respondents=["mottagning"])
    landing = Landing(tmp_path, q)
    for unit, region in (("um1", "14"), ("um2", "14"), ("um3", "01")):
        landing.happened(UnitAdded(unit_id=unit, kind="mottagning", name=unit, region_code=region))
    landing.sent_all(q, {"um1": {"a": 1}, "um3": {"a": 4}})
    found = figures(landing.published(), "andel")
    assert {key[0]: row.value for key, row in found.items()} == {
        "um1": 1.0, "um2": None, "um3": 4.0, "14": 1.0, "01": 4.0, "00": 5.0,
    }  # fmt: skip
    assert (found["14", "T", ""].level, found["14", "T", ""].answered, found["14", "T", ""].expected) == (
        "region",
        1,
        2,
    )


def test_kommuner_and_regions_are_never_summed_together(tmp_path: Path) -> None:
    q = survey(item("a"), figure={"numerator": {"kind": "sum", "items": ["a"]}}, respondents=["kommun", "region"])
    responses = {"14": {"a": 100}, "1480": {"a": 1}, "1481": {"a": 2}}
    (tmp_path / "k").mkdir()
    kommuner = computed(tmp_path / "k", q, responses, unit_kind="kommun")
    (tmp_path / "r").mkdir()
    itself = computed(tmp_path / "r", q, responses, unit_kind="region")
    assert [kommuner["14", "T", ""].value, kommuner["00", "T", ""].value] == [3.0, 3.0]
    assert [itself["14", "T", ""].value, itself["00", "T", ""].value] == [100.0, 100.0]


def test_every_expected_unit_has_a_row_with_a_value_or_a_reason(tmp_path: Path) -> None:
    q = survey(STATUS, figure={"numerator": OPERATING, "denominator": {"kind": "answering_units"}})
    found = computed(tmp_path, q, {"01": {"status": "i_drift"}})
    assert len(found) == 22
    assert all((row.value is None) is (row.missing is not None) for row in found.values())


SAME = {"kind": "same", "items": ["a"]}


@pytest.mark.parametrize(
    ("lineage", "figure", "expected"),
    [
        (SAME, {}, True),
        ({**SAME, "kind": "reworded"}, {}, True),
        ({**SAME, "kind": "recoded"}, {}, False),
        ({"kind": "new"}, {}, False),
        (SAME, {"scale": 100}, False),
        (SAME, {"decimals": 3}, True),
    ],
)
def test_a_figure_is_comparable_unless_an_item_or_itself_changed(
    tmp_path: Path, lineage: dict[str, Any], figure: dict[str, Any], expected: bool
) -> None:
    whole = {"numerator": {"kind": "sum", "items": ["a"]}, "denominator": {"kind": "answering_units"}}
    first = survey(item("a"), figure=whole, year=2022)
    second = survey(item("a", lineage=lineage), figure={**whole, **figure}, year=2023)
    landing = Landing(tmp_path, first, second)
    landing.sent(second, "01", {"a": 1})
    assert landing.figure("andel", year=2023).comparable is expected
    assert landing.figure("andel", year=2022).comparable is True


def test_a_limit_that_moves_with_the_year_is_the_same_figure(tmp_path: Path) -> None:
    def of(year: int) -> Questionnaire:
        where = {"item": "a", "at_least": year - 1}
        lineage = {"kind": "same", "items": ["a"]} if year == 2023 else {"kind": "new"}
        figure = {"numerator": {"kind": "count_units", "where": where}}
        return survey(item("a", "year", lineage=lineage), figure=figure, year=year)

    landing = Landing(tmp_path, of(2022), of(2023))
    assert landing.figure("andel", year=2023).comparable is True


# Conditions: SQL and the router decide alike, over the same answers.

ITEMS = questionnaire(
    item("tal", missing_allowed=["dont_know"]),
    item("delat", split_by_sex=True),
    item("val", "one_of", options=options("a", "b")),
    item("flera", "several_of", options=options("a", "b")),
    item("sant", "boolean"),
    item("ord", "text"),
).items
NUMBERS: list[Any] = [0, 1, 2.5, -3, {"missing": "dont_know"}]
WORDS: list[Any] = ["a", "b", "it's", 0, 1, 2.5]
SPLIT: list[Any] = [{"K": 1, "M": 0, "T": 1}, {"T": 2}]
NAMES = st.sampled_from([*ITEMS, "delat__K", "okand"])
ANSWERS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "tal": st.sampled_from(NUMBERS),
        "delat": st.sampled_from(SPLIT),
        "val": st.sampled_from(["a", "b"]),
        "flera": st.sampled_from([["a"], ["b"], ["a", "b"]]),
        "sant": st.booleans(),
        "ord": st.sampled_from(["a", "b", "it's"]),
    },
)
SCALARS = st.sampled_from(WORDS)
LEAVES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({"item": NAMES, "is": SCALARS}),
    st.fixed_dictionaries({"item": st.just("sant"), "is": st.booleans()}),
    st.fixed_dictionaries({"item": NAMES, "in": st.lists(SCALARS, max_size=3)}),
    st.fixed_dictionaries({"item": NAMES, "includes": st.sampled_from(["a", "b"])}),
    st.fixed_dictionaries({"item": NAMES, "at_least": st.sampled_from([-1, 0, 1, 2.5])}),
    st.fixed_dictionaries({"item": NAMES, "at_most": st.sampled_from([-1, 0, 1, 2.5])}),
    st.fixed_dictionaries({"item": NAMES, "answered": st.booleans()}),
)
CONDITIONS: st.SearchStrategy[dict[str, Any]] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=6,
)


def rows_of(answers: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The answers as rows of (item_id, sex, value_number, value_text, value_code, missing)."""
    rows: list[tuple[Any, ...]] = []
    for name, value in answers.items():
        match value:
            case {"missing": reason}:
                rows.append((name, None, None, None, None, reason))
            case dict():
                rows += [(name, sex, number, None, None, None) for sex, number in value.items()]
            case list():
                rows += [(name, None, None, None, code, None) for code in value]
            case bool():
                rows.append((name, None, int(value), None, str(value).lower(), None))
            case str():
                rows.append(
                    (name, None, None, value, None, None) if name == "ord" else (name, None, None, None, value, None)
                )
            case _:
                rows.append((name, None, value, None, None, None))
    return rows


def asked(expression: str, answers: dict[str, Any]) -> bool | None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE fact (item_id TEXT, sex TEXT, value_number DOUBLE, "
            "value_text TEXT, value_code TEXT, missing TEXT)"
        )
        if rows := rows_of(answers):
            connection.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)", rows)
        found = connection.execute(f"SELECT {expression} FROM fact").fetchone()
    assert found is not None
    verdict: bool | None = found[0]
    return verdict


@settings(max_examples=60, deadline=None)
@given(CONDITIONS, ANSWERS)
def test_sql_and_the_router_decide_alike(written: dict[str, Any], answers: dict[str, Any]) -> None:
    condition = TypeAdapter[Condition](Condition).validate_python(written)
    assert asked(holds(condition, ITEMS), answers) is compiled(condition)(plain_values(answers))


@settings(max_examples=40, deadline=None)
@given(CONDITIONS, ANSWERS)
def test_what_is_known_is_what_holds_and_open_only_where_something_is_missing(
    written: dict[str, Any], answers: dict[str, Any]
) -> None:
    condition = TypeAdapter[Condition](Condition).validate_python(written)
    verdict = asked(known(condition, ITEMS), answers)
    if verdict is None:
        assert {"missing": "dont_know"} in answers.values()
    else:
        assert verdict is asked(holds(condition, ITEMS), answers)
