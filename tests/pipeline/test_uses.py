"""What questions are used for: figures, what figures need, one another, or nothing. Of every mapping, every year."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from infra.settings import Settings
from pipeline.burden import burden
from pipeline.uses import uses
from surveys.catalogue import load_catalogue
from tests.pipeline.published import indicator
from tests.surveys.build import item, questionnaire


def test_a_question_is_used_by_figures_by_what_they_need_or_by_nothing() -> None:
    q = questionnaire(
        item("i_matt"),
        item("del", when={"item": "avgor", "is": True}),
        item("avgor", "boolean"),
        item("bara_varandra"),
        item("och_tillbaka"),
        item("ensam"),
        item("villkor"),
        item("lista", "roster", items=[item("namn", "text"), item("antal"), item("sort", "text")]),
        item("not", "note"),
        checks=[
            {"id": "summa", "kind": "less_or_equal", "smaller": "del", "larger": "i_matt"},
            {"id": "par", "kind": "less_or_equal", "smaller": "bara_varandra", "larger": "och_tillbaka"},
            {"id": "egen", "kind": "range", "item": "ensam", "max": 5, "when": {"item": "villkor", "at_least": 1}},
        ],
        indicators=[
            indicator("ett", numerator={"kind": "sum", "items": ["i_matt"]}),
            indicator(
                "rader", numerator={"kind": "count_rows", "roster": "lista", "where": {"item": "sort", "is": "x"}}
            ),
        ],
    )
    found = uses(q)
    assert {name: used.use for name, used in found.items()} == {
        "i_matt": "figure",
        "del": "support",
        "avgor": "support",  # it decides whether `del` is asked, which is checked against what a figure is made of
        "bara_varandra": "circle",
        "och_tillbaka": "circle",
        "ensam": "listed",
        "villkor": "circle",
        "lista": "figure",
        "lista.namn": "listed",
        "lista.antal": "listed",
        "lista.sort": "figure",
    }
    assert found["i_matt"].indicators == ["ett"] and found["del"].checks == ["summa"]
    assert found["avgor"].routes == ["del"] and found["villkor"].checks == ["egen"] and found["ensam"].checks == []


NEWEST_LISTED = {
    "handlingsplaner": 10,
    "prehospital": 10,
    "psykiatrin": 5,
    "sob": 13,
    "ungdomsmottagningar": 14,
}


@pytest.mark.parametrize("survey", sorted(NEWEST_LISTED))
def test_every_question_of_every_mapping_has_its_use(survey: str, demonstration: Path) -> None:
    catalogue = load_catalogue()
    for year in catalogue.years(survey):
        q = catalogue.get(survey, year)
        found = burden(Settings(data_dir=demonstration), survey, year).questions
        assert [one.item_id for one in found] == [name for name, one in q.items.items() if one.type != "note"]
        # Told in another way than the ledger finds it: every id that an indicator names anywhere.
        named = {word for each in q.indicators for word in _words(each.model_dump(by_alias=True))}
        for one in found:
            own = {one.item_id, one.item_id.partition(".")[2]} & named
            assert (one.use == "figure") == bool(one.indicators)
            assert own or one.use != "figure" or one.item_id in {each.partition(".")[0] for each in q.items}, one
            assert (one.use == "listed") <= (not one.indicators and not one.routes), one
    assert sum(one.use == "listed" for one in found) == NEWEST_LISTED[survey]


def _words(value: Any) -> Iterable[str]:
    """Every text within: of a split item one sex looks at the whole, of a column the roster's name comes first."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _words(one)
    elif isinstance(value, str):
        yield from (value, value.partition("__")[0], value.rpartition(".")[2])


def test_of_prehospital_the_questions_that_no_figure_needs_are_named(demonstration: Path) -> None:
    found = burden(Settings(data_dir=demonstration), "prehospital", 2026).questions
    assert {one.item_id for one in found if one.use == "listed"} == {
        "team_antal", "bemanning", "utlarmning", "partner", "videostod", "efterlevandestod_form",
        "frekventa_inringare_hur", "statsbidrag_andamal", "planer", "goda_exempel",
    }  # fmt: skip
    # Only their check needs these two, of which nothing is made.
    assert {one.item_id for one in found if one.use == "circle"} == {"startar", "avvecklades", "frekventa_inringare"}
