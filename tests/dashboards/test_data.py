"""A few figures as the dashboards read them from a real publication."""

import pytest

from dashboards import data, format
from dashboards.errors import NewerPublication
from surveys.units import swedish_key

PLAN = "indicator:andel_med_plan_alla"


def test_the_country_has_its_figure_with_the_base_of_all_asked(published: str) -> None:
    rows = data.figures(published, "handlingsplaner", 2023, PLAN, "number", "kommun", "sv")
    country = next(each for each in rows if each.level == "country")
    assert country.value is not None and country.value > 60
    assert country.expected == 290
    assert country.denominator == 290


def test_a_missing_value_is_never_zero_and_says_why(published: str) -> None:
    measures = data.measures(published, "psykiatrin", 2022, "sv")
    numbers = [each for each in measures if each.form == "number"]
    rows = [
        row
        for each in numbers
        for row in data.figures(published, "psykiatrin", 2022, each.id, each.form, "region", "sv")
    ]
    assert any(row.missing for row in rows)
    assert all((row.value is None) == (row.missing is not None) for row in rows)


def test_regions_are_in_swedish_order(published: str) -> None:
    names = [unit.name for unit in data.regions(published)]
    assert len(names) == 21
    assert names == sorted(names, key=lambda name: swedish_key(format.short_name(name)))
    assert names[-1] == "Region Östergötland"


def test_a_choices_shares_have_those_who_answered_as_their_base(published: str) -> None:
    measures = data.measures(published, "prehospital", 2023, "sv")
    asked = next(each for each in measures if each.id == "item:psykiatriambulans")
    assert asked.form == "choice" and asked.is_percent
    rows = data.figures(published, "prehospital", 2023, asked.id, asked.form, "region", "sv")
    country = [each for each in rows if each.level == "country"]
    assert sum(each.value or 0 for each in country) == pytest.approx(100)
    assert {each.expected for each in country} == {21}
    for each in country:
        assert each.numerator is not None and each.denominator == each.answered
        assert each.value == pytest.approx(100 * each.numerator / each.denominator)


def test_texts_come_in_the_language_asked_for(published: str) -> None:
    titles = {language: {each.title for each in data.surveys(published, language)} for language in ("sv", "en")}
    assert titles["sv"].isdisjoint(titles["en"])


def test_what_was_published_elsewhere_stands_with_its_source(published: str) -> None:
    landmarks = data.published_figures(published, "handlingsplaner", "andel_med_plan_alla", "sv")
    assert landmarks and all(each.source and each.base for each in landmarks)


def test_a_publication_that_is_gone_is_not_mixed_with_the_one_in_force(published: str) -> None:
    with pytest.raises(NewerPublication) as raised:
        data.surveys("00000000T000000Z-gone", "sv")
    assert raised.value.current == published
