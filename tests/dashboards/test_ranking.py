"""Places: shared when values are written alike, and a range while somebody may still come in between."""

from itertools import product

import pytest

from dashboards.ranking import Rank, ranks, unsettled
from dashboards.records import Figure
from tests.dashboards.build import figure, survey

FIGURES = [
    figure("Örebro", 3.0),
    figure("Ålesund", 7.0),
    figure("Gävle", None),
    figure("Ängelholm", 7.0),
    figure("Zinkgruvan", 7.0),
]


def test_equal_values_share_a_place_among_those_with_a_value() -> None:
    places = ranks(FIGURES, "none", 1)
    assert places["Ålesund"] == places["Zinkgruvan"] == Rank(1, 1, 4, True)
    assert places["Örebro"] == Rank(4, 4, 4, False)


def test_where_lower_is_better_the_lowest_has_the_first_place() -> None:
    places = ranks(FIGURES, "lower_better", 1)
    assert (places["Örebro"], places["Ålesund"]) == (Rank(1, 1, 4, False), Rank(2, 2, 4, True))


def test_who_has_no_value_has_no_place() -> None:
    assert "Gävle" not in ranks(FIGURES, "none", 1)


def test_what_differs_less_than_the_rounding_shares_a_place() -> None:
    near = [figure("Gävle", 3.04), figure("Falun", 2.96), figure("Kiruna", 2.94)]
    assert [each.first for each in ranks(near, "none", 1).values()] == [1, 1, 3]
    assert [each.first for each in ranks(near, "none", 2).values()] == [1, 2, 3]
    assert [each.is_shared for each in ranks(near, "none", 1).values()] == [True, True, False]


def test_each_that_has_not_answered_can_move_a_place_one_step_down() -> None:
    waiting = [figure("Falun", None), figure("Kiruna", None)]
    places = ranks([*FIGURES, *waiting], "none", 1, {"Falun", "Kiruna"})
    assert places["Ålesund"] == Rank(1, 3, 6, True)
    assert places["Örebro"] == Rank(4, 6, 6, False)
    assert not places["Ålesund"].is_settled


@pytest.mark.parametrize("direction", ["none", "lower_better"])
@pytest.mark.parametrize("waiting", [set(), {"c"}, {"c", "d"}, {"b", "d"}, {"a", "b", "c", "d"}])
def test_the_range_is_exactly_the_places_that_some_outcome_gives(direction: str, waiting: set[str]) -> None:
    now: dict[str, float | None] = {"a": 2.0, "b": 2.0, "c": 4.0, "d": None}
    now |= {"d": 1.0} if "d" not in waiting else {}
    told = ranks([figure(name, value) for name, value in now.items()], direction, 0, waiting)
    outcomes = [
        ranks([figure(name, value) for name, value in {**now, **dict(zip(waiting, values, strict=True))}.items()],
              direction, 0)
        for values in product([0.0, 1.0, 2.0, 3.0, 4.0, 5.0], repeat=len(waiting))
    ]  # fmt: skip
    for name, rank in told.items():
        reached = {outcome[name].first for outcome in outcomes}
        assert (min(reached), max(reached)) == (rank.first, rank.last)
        assert {outcome[name].of for outcome in outcomes} == {rank.of}


def silent(name: str, reason: str) -> Figure:
    return figure(name, None, missing=reason)


UNITS = [
    figure("Falun", 3.0),
    silent("Gävle", "unit_nonresponse"),
    silent("Kiruna", "item_nonresponse"),
    silent("Malmö", "suppressed"),
]


@pytest.mark.parametrize("state", ["open", "paused"])
def test_in_a_running_round_those_who_may_still_get_a_value_are_open(state: str) -> None:
    assert unsettled(UNITS, survey(state=state), {}) == {"Gävle", "Malmö"}


@pytest.mark.parametrize("state", ["closed", None])
def test_a_finished_ranking_stands(state: str | None) -> None:
    assert unsettled(UNITS, survey(state=state), {}) == set()


def test_of_a_held_part_every_place_is_open() -> None:
    held = survey(state="closed", held_reason="Två svar.")
    assert unsettled(UNITS, held, {}) == {"Falun", "Gävle", "Kiruna", "Malmö"}


def test_a_regions_own_figure_moves_until_all_its_units_have_answered() -> None:
    regions = [figure(name, 3.0, level="region") for name in ("Falun", "Gävle")]
    still = unsettled(regions, survey(state="open"), {"Falun": (15, 15), "Gävle": (9, 10)})
    assert still == {"Gävle"}
    assert ranks(regions, "none", 1, still) == {"Falun": Rank(1, 2, 2, True), "Gävle": Rank(1, 2, 2, True)}
