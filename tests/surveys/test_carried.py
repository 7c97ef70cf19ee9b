"""Last year's answers carried over to this year: what each becomes, step by step through six versions."""

from pathlib import Path
from typing import Any

import pytest

from surveys.carried import carry
from tests.pipeline.versions import ANSWERS, definitions
from tests.surveys.build import item, options, questionnaire


@pytest.mark.parametrize(
    ("year", "answers", "changed"),
    [
        (
            2022,
            {"antal": 1, "mal": 10, "steg": "beslutad", "stod": "chatt", "tid": 2, "ort": "Kiruna"},
            {"steg": "recoded"},
        ),
        (2023, {"enheter": 2, "mal": 20, "steg": "beslutad", "stod": "telefon", "tid": 3}, {}),
        (2024, {"enheter": 3, "mal": 30, "steg": "i_drift", "tid": 4}, {"stod": "lost"}),
        (
            2025,
            {"enheter": 4, "steg": "i_drift", "stod": ["chatt", "telefon"], "ort": 7},
            {"mal": "lost", "tid": "lost"},
        ),
        (2026, {k: v for k, v in ANSWERS[2025].items() if k != "sist"}, {}),
    ],
)
def test_an_answer_goes_on_only_where_it_says_the_same(
    year: int, answers: dict[str, Any], changed: dict[str, str], tmp_path: Path
) -> None:
    catalogue = definitions(tmp_path)
    carried = carry(ANSWERS[year - 1], catalogue.get("six", year - 1), catalogue.get("six", year))
    assert carried.answers == answers | {"sist": str(year - 1)}
    assert {name: fate for name, fate in carried.fates.items() if fate != "kept"} == changed


def test_what_no_item_goes_on_from_is_gone(tmp_path: Path) -> None:
    catalogue = definitions(tmp_path)
    carried = carry(ANSWERS[2022], catalogue.get("six", 2022), catalogue.get("six", 2023))
    assert carried.gone == ("ort",)


def later(*items: dict[str, Any]) -> Any:
    return questionnaire(*items, year=2024, based_on=2023)


def same(id_: str, type_: str = "integer", **properties: Any) -> dict[str, Any]:
    return item(id_, type_, lineage={"kind": "same", "items": [id_]}, **properties)


def test_an_answer_that_is_off_path_by_then_is_left_out() -> None:
    old = questionnaire(item("finns", "boolean"), item("antal"))
    new = later(same("finns", "boolean"), same("antal", when={"item": "finns", "is": True}))
    carried = carry({"finns": False, "antal": 3}, old, new)
    assert carried.answers == {"finns": False}
    assert carried.fates == {"finns": "kept", "antal": "off_path"}


def test_a_reason_that_is_no_longer_allowed_is_no_answer() -> None:
    old = questionnaire(item("antal", missing_allowed=["dont_know", "not_applicable"]))
    new = later(same("antal", missing_allowed=["dont_know"]))
    assert carry({"antal": {"missing": "dont_know"}}, old, new).fates == {"antal": "kept"}
    assert carry({"antal": {"missing": "not_applicable"}}, old, new).fates == {"antal": "lost"}


def test_a_code_that_became_several_says_nothing_for_certain() -> None:
    old = questionnaire(item("steg", "one_of", options=options("igang", "klar")))
    recoded = {"kind": "recoded", "items": ["steg"], "recode": {"igang": ["utreds", "beslutad"], "klar": ["i_drift"]}}
    new = later(item("steg", "one_of", options=options("utreds", "beslutad", "i_drift"), lineage=recoded))
    assert carry({"steg": "igang"}, old, new).answers == {}
    assert carry({"steg": "klar"}, old, new).answers == {"steg": "i_drift"}


def test_rows_go_on_with_their_columns_under_the_new_names() -> None:
    old = questionnaire(item("lista", "roster", items=[item("namn", "text"), item("antal")]))
    named = item("titel", "text", lineage={"kind": "reworded", "items": ["lista.namn"]})
    counted = item("antal", lineage={"kind": "unit_changed", "items": ["lista.antal"]})
    new = later(item("lista", "roster", items=[named, counted], lineage={"kind": "same", "items": ["lista"]}))
    carried = carry({"lista": [{"namn": "Ett", "antal": 1}, {"namn": "Två"}]}, old, new)
    assert carried.answers == {"lista": [{"titel": "Ett"}, {"titel": "Två"}]}
    assert carried.fates == {"lista": "recoded"}
