"""Published figures: every one with its base, its precision and how it is treated."""

from datetime import date

import pytest

from surveys.catalogue import load_catalogue
from surveys.published_figures import Precision, PublishedFigure, published_figures, within


def figures(mapping: str, indicator_id: str | None, period: str) -> list[PublishedFigure]:
    return [
        figure
        for figure in published_figures()
        if (figure.mapping, figure.indicator_id, figure.period) == (mapping, indicator_id, period)
    ]


@pytest.mark.parametrize(
    ("precision", "published", "inside", "outside"),
    [
        ("exact", 57.0, (56.5, 57.01, 57.5), (56.49, 57.51)),
        ("exact", 28.5, (28.45, 28.507, 28.55), (28.44, 28.56)),
        ("exact", 518.0, (518,), (517, 519)),
        ("rounded", 144000.0, (143500, 144000, 144500), (143499, 144501)),
        ("rounded", 4457000.0, (4456501,), (4456499,)),
        ("cirka", 20.0, (18, 20, 22), (17.9, 22.1)),
        ("omkring", 35.0, (33, 37), (32.9, 37.1)),
        ("over", 60.0, (60.1, 64.9), (60, 65)),
        ("over", 62.0, (62.1, 64.9), (62, 65)),
        ("drygt", 300.0, (301, 315), (300, 316)),
    ],
)
def test_a_precision_takes_what_its_words_say(
    precision: Precision, published: float, inside: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    assert [within(precision, published, computed) for computed in inside] == [True] * len(inside)
    assert [within(precision, published, computed) for computed in outside] == [False] * len(outside)


def test_the_two_readings_of_2017_differ_by_as_of() -> None:
    found = figures("psykiatrin", "bup_barn_andel", "2017")
    assert {(figure.value, figure.as_of) for figure in found} == {(5.7, date(2021, 1, 31)), (5.5, None)}
    assert {figure.treated for figure in found} == {"computed"}


def test_huvudman_shares_follow_from_their_counts() -> None:
    shares = {figure.category: figure for figure in figures("ungdomsmottagningar", "huvudman_andel", "2016")}
    counts = {"region": 126, "gemensam": 63, "kommun": 24}
    assert shares.keys() == counts.keys()
    assert all(shares[code].reproduced_by(100 * count / 221) for code, count in counts.items())
    assert not shares["kommun"].reproduced_by(100 * 24 / 267)


def test_kommuner_with_a_plan_are_held_to_the_base_of_all_and_shown_on_both() -> None:
    for period in ("2020", "2023"):
        assert [figure.treated for figure in figures("handlingsplaner", "andel_med_plan_alla", period)] == ["computed"]
        assert [f.treated for f in figures("handlingsplaner", "andel_med_plan_svarande", period)] == ["reference"]


def test_figures_of_others_and_of_years_we_do_not_collect_are_reference_only() -> None:
    for figure in published_figures():
        others = "Folkhälsomyndigheten" in figure.source or figure.mapping == "prehospital"
        assert not (others and figure.treated == "computed"), figure
    assert sum("Folkhälsomyndigheten" in figure.source for figure in published_figures()) == 11


def test_every_computed_figure_is_bound_to_an_indicator() -> None:
    computed = [figure for figure in published_figures() if figure.treated == "computed"]
    assert len(computed) == 25
    assert all(figure.indicator_id for figure in computed)


def test_a_figure_that_is_a_name_has_the_code_that_must_be_largest() -> None:
    names = {figure.indicator_id: figure for figure in published_figures() if figure.value is None}
    assert {key: figure.category for key, figure in names.items()} == {
        "program_per_omrade": "psykisk_halsa",
        "program_per_malgrupp": "vuxna",
    }
    assert all(figure.text_value and not figure.reproduced_by(1) for figure in names.values())


def test_every_figure_says_its_base_and_source_in_both_languages() -> None:
    for figure in published_figures():
        assert figure.source
        assert 2015 <= figure.year <= 2023
        for text in (figure.measure, figure.base, figure.unit_of_measure):
            assert text.sv.strip()
            assert text.en.strip()


def test_every_computed_figure_has_its_indicator_and_category_in_that_years_survey() -> None:
    catalogue = load_catalogue()
    for figure in published_figures():
        if figure.treated == "reference":
            continue
        questionnaire = catalogue.get(figure.mapping, figure.year)
        indicators = {indicator.id: indicator for indicator in questionnaire.indicators}
        assert figure.indicator_id in indicators, figure
        breakdown = indicators[figure.indicator_id].breakdown
        if breakdown is not None and figure.category is not None:
            assert questionnaire.items[breakdown].option(figure.category) is not None, figure
