"""Order, place, the country beside, coverage, and change over the years."""

import pytest

from dashboards import metrics
from dashboards.metrics import Difference, Reference
from dashboards.records import YearOfMeasure
from tests.dashboards.build import country, figure, measure

FIGURES = [
    figure("Örebro", 3.0),
    figure("Ålesund", 7.0),
    figure("Gävle", None),
    figure("Ängelholm", 7.0),
    figure("Zinkgruvan", 7.0),
]


def test_figures_are_ranked_highest_first_ties_in_swedish_order_and_missing_last() -> None:
    names = [each.name for each in metrics.ranked(FIGURES)]
    assert names == ["Zinkgruvan", "Ålesund", "Ängelholm", "Örebro", "Gävle"]


def test_where_lower_is_better_the_lowest_comes_first_and_missing_still_last() -> None:
    names = [each.name for each in metrics.ranked(FIGURES, "lower_better")]
    assert names == ["Örebro", "Zinkgruvan", "Ålesund", "Ängelholm", "Gävle"]


def test_values_that_are_written_alike_come_by_name() -> None:
    near = [figure("Örebro", 3.04), figure("Falun", 3.01), figure("Gävle", 3.06)]
    assert [each.name for each in metrics.ranked(near, "none", 1)] == ["Gävle", "Falun", "Örebro"]
    assert [each.name for each in metrics.ranked(near)] == ["Gävle", "Örebro", "Falun"]


def test_an_indicator_with_a_base_is_held_against_the_country() -> None:
    of_country = country(5.5, denominator=200.0)
    assert metrics.reference(measure(), [*FIGURES, of_country], FIGURES) == Reference(5.5, True)


def test_a_sum_is_held_against_the_median_for_the_country_is_the_sum_of_all() -> None:
    assert metrics.reference(measure(), [*FIGURES, country(24.0)], FIGURES) == Reference(7.0, False)


def test_a_question_is_held_against_the_median() -> None:
    asked = measure(id="item:vantetid")
    shown = FIGURES[:2]
    assert metrics.reference(asked, [*shown, country(5.5, denominator=2.0)], shown) == Reference(5.0, False)


def test_nothing_to_hold_against_when_nobody_has_a_value() -> None:
    silent = [figure("Gävle", None)]
    assert metrics.reference(measure(), [*silent, country(None, denominator=0.0)], silent) is None


def test_coverage_counts_values_and_zero_is_one() -> None:
    assert metrics.coverage([*FIGURES, figure("Kiruna", 0.0)]) == (5, 6)


def test_missing_reasons_come_commonest_first() -> None:
    hidden = figure("Kiruna", None, missing="suppressed")
    silent = [figure("Gävle", None), figure("Falun", None)]
    assert list(metrics.missing_reasons([hidden, *silent]).items()) == [("unit_nonresponse", 2), ("suppressed", 1)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([(1, 1, 100.0), (0, 1, 0.0)], True),
        ([(1, None, 1.0), (0, None, 0.0)], True),
        ([(1, 1, 100.0), (3, 4, 75.0)], False),
        ([(4, 4, 100.0), (0, 4, 0.0)], False),
        ([], False),
    ],
)
def test_all_or_nothing_is_seen_in_what_the_figures_count(
    values: list[tuple[float, float | None, float]], expected: bool
) -> None:
    shown = [
        figure(str(at), value, numerator=above, denominator=under) for at, (above, under, value) in enumerate(values)
    ]
    assert metrics.is_yes_or_no([*shown, figure("Gävle", None)]) is expected


def test_categories_are_parts_of_a_whole_only_when_each_units_add_up() -> None:
    parts = [figure("Gävle", 60.0, category="ja"), figure("Gävle", 40.0, category="nej"), figure("Falun", None)]
    assert metrics.adds_up(parts)
    assert not metrics.adds_up([*parts, figure("Kiruna", 70.0, category="ja"), figure("Kiruna", 60.0, category="nej")])


def test_only_a_measure_with_a_direction_is_better_or_worse_than_the_country() -> None:
    held_against, high = Reference(5.0, True), figure("Gävle", 6.0)
    assert metrics.tone(high, held_against, "none") == "plain"
    assert metrics.tone(high, held_against, "higher_better") == "better"
    assert metrics.tone(high, held_against, "lower_better") == "worse"
    assert metrics.tone(high, Reference(5.0, False), "lower_better") == "plain"


YEARS = [
    YearOfMeasure(2019, False, ()),
    YearOfMeasure(2020, True, ()),
    YearOfMeasure(2021, False, ("Frågan fick ett svar till.",)),
    YearOfMeasure(2022, True, ()),
]


def test_a_line_is_parted_where_the_question_changed() -> None:
    assert metrics.segments(YEARS) == {2019: 0, 2020: 0, 2021: 1, 2022: 1}
    assert [each.year for each in metrics.breaks(YEARS)] == [2021]


def test_no_line_leads_from_a_whole_year_to_an_open_round() -> None:
    assert metrics.segments(YEARS, {2022}) == {2019: 0, 2020: 0, 2021: 1, 2022: 2}
    assert metrics.segments(YEARS, {2020}) == {2019: 0, 2020: 1, 2021: 2, 2022: 2}


def test_a_difference_says_whether_the_question_changed_in_between() -> None:
    stretches = metrics.segments(YEARS)
    across = metrics.difference([(2020, 4.0), (2022, 6.5)], stretches)
    assert across == Difference(2020, 2022, 4.0, 6.5, True)
    assert across.value == 2.5
    within = metrics.difference([(2021, 4.0), (2022, 3.0)], stretches)
    assert within is not None and not within.crosses_break and within.value == -1.0


def test_one_year_makes_no_difference() -> None:
    assert metrics.difference([(2022, 6.5)], metrics.segments(YEARS)) is None
