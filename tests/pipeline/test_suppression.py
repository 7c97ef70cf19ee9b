"""Small numbers are hidden, and nothing that is published tells them: attacked here with linear programming."""

from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog  # type: ignore[import-untyped]  # has no types; comes with Great Expectations

from pipeline.publish import Published
from surveys.event_data import UnitAdded
from surveys.questionnaire import Questionnaire
from tests.pipeline.published import Landing, figures, indicator, opened, regions
from tests.surveys.build import item, questionnaire

Split = dict[str, int]
LIMIT = 5


def patients(**properties: Any) -> Questionnaire:
    """Patients by sex, hidden below five, and two figures made of them."""
    per_visit = {
        "numerator": {"kind": "sum", "items": ["besok"]},
        "denominator": {"kind": "sum", "items": ["patienter"]},
    }
    return questionnaire(
        item("patienter", split_by_sex=True, suppress_below=LIMIT),
        item("besok", split_by_sex=True),
        indicators=[
            indicator("antal", numerator={"kind": "sum", "items": ["patienter"]}, by_sex=True),
            indicator("besok_per_patient", **per_visit, by_sex=True),
        ],
        **properties,
    )


def split(women: int, men: int) -> Split:
    return {"K": women, "M": men, "T": women + men}


def landed(folder: Path, q: Questionnaire, numbers: dict[str, Split]) -> Landing:
    landing = Landing(folder, q)
    many = split(70, 80)
    landing.sent_all(q, {unit: {"patienter": number, "besok": many} for unit, number in numbers.items()})
    return landing


def answers(published: Published) -> dict[tuple[str, str], float | None]:
    with opened(published) as publication:
        rows = publication.execute(
            "SELECT unit_id, sex, value_number FROM answer WHERE item_id = 'patienter'"
        ).fetchall()
    return {(unit, sex): number for unit, sex, number in rows}


def plain(small: Split, *others: tuple[int, int]) -> dict[str, Split]:
    return dict(zip(regions(len(others) + 1), [small, *(split(*pair) for pair in others)], strict=True))


def test_a_number_below_the_limit_is_suppressed_and_not_zero(tmp_path: Path) -> None:
    landing = landed(tmp_path, patients(), plain(split(2, 40), (30, 40), (50, 60)))
    rows = landing.rows(
        "SELECT sex, value_number, missing FROM answer WHERE item_id = 'patienter' AND unit_id = '01' ORDER BY sex"
    )
    assert rows == [("K", None, "suppressed"), ("M", None, "suppressed"), ("T", 42.0, None)]


def test_a_hidden_figure_shows_neither_numerator_nor_base(tmp_path: Path) -> None:
    published = landed(tmp_path, patients(), plain(split(2, 40), (30, 40), (50, 60))).published()
    for name in ("antal", "besok_per_patient"):
        row = figures(published, name)["01", "K", ""]
        assert (row.value, row.numerator, row.denominator, row.missing) == (None, None, None, "suppressed")


def test_five_is_shown(tmp_path: Path) -> None:
    shown = answers(landed(tmp_path, patients(), plain(split(5, 40), (30, 40), (50, 60))).published())
    assert shown["01", "K"] == 5


def test_a_single_hidden_region_takes_the_smallest_other_with_it(tmp_path: Path) -> None:
    shown = answers(landed(tmp_path, patients(), plain(split(2, 40), (50, 60), (30, 40))).published())
    assert [shown[unit, "K"] for unit in regions(3)] == [None, 50, None]
    assert [shown[unit, "T"] for unit in regions(3)] == [42, 110, 70]


def test_hidden_numbers_that_are_few_together_take_more_with_them(tmp_path: Path) -> None:
    numbers = plain(split(1, 40), (1, 50), (30, 60), (90, 95))
    shown = answers(landed(tmp_path, patients(), numbers).published())
    assert [shown[unit, "K"] for unit in regions(4)] == [None, None, None, 90]


def test_a_small_total_hides_the_sexes_too(tmp_path: Path) -> None:
    shown = answers(landed(tmp_path, patients(), plain(split(1, 2), (30, 40), (50, 60))).published())
    assert [shown["01", sex] for sex in "KMT"] == [None, None, None]


def test_a_country_that_cannot_be_protected_is_hidden(tmp_path: Path) -> None:
    published = landed(tmp_path, patients(), plain(split(2, 40))).published()
    country = figures(published, "antal")
    assert [country["00", sex, ""].value for sex in "KMT"] == [None, None, 42.0]
    assert country["00", "K", ""].missing == "suppressed"


def test_facts_about_organisations_are_not_hidden(tmp_path: Path) -> None:
    q = questionnaire(item("enheter"), indicators=[indicator("antal", numerator={"kind": "sum", "items": ["enheter"]})])
    landing = Landing(tmp_path, q)
    landing.sent(q, "01", {"enheter": 1})
    assert landing.figure("antal", "01").value == 1.0


def test_the_limit_of_a_figure_holds_for_the_items_it_is_made_of(tmp_path: Path) -> None:
    figure = indicator("antal", numerator={"kind": "sum", "items": ["patienter"]}, suppress_below=LIMIT)
    q = questionnaire(item("patienter"), indicators=[figure])
    landing = Landing(tmp_path, q)
    landing.sent_all(q, {"01": {"patienter": 2}, "03": {"patienter": 30}, "04": {"patienter": 40}})
    rows = landing.rows("SELECT unit_id, value_number FROM answer ORDER BY unit_id")
    assert rows == [("01", None), ("03", None), ("04", 40.0)]


def test_a_hidden_part_does_not_follow_from_the_other_parts_and_their_total(tmp_path: Path) -> None:
    check = {"kind": "sum_equals_total", "parts": ["plats", "distans"], "total": "besok"}
    q = questionnaire(item("plats"), item("distans", suppress_below=LIMIT), item("besok"), checks=[check])
    landing = Landing(tmp_path, q)
    landing.sent_all(q, {unit: {"plats": 50, "distans": 60, "besok": 110} for unit in regions(3)})
    landing.sent(q, "01", {"plats": 97, "distans": 3, "besok": 100})
    shown = landing.rows("SELECT item_id, value_number FROM answer WHERE unit_id = '01' ORDER BY item_id")
    assert shown == [("besok", 100.0), ("distans", None), ("plats", None)]


def test_a_figure_over_fewer_regions_does_not_tell_the_one_left_out(tmp_path: Path) -> None:
    q = patients()
    landing = Landing(tmp_path, q)
    visits = {"besok": split(70, 80)}
    landing.sent_all(q, {unit: {"patienter": split(30, 40), **visits} for unit in regions(6)})
    landing.sent(q, "01", {"patienter": split(2, 40)})
    landing.sent(q, "03", {"patienter": split(3, 40), **visits})
    country = figures(landing.published(), "besok_per_patient")
    assert country["00", "K", ""].missing == "suppressed"
    assert country["00", "T", ""].value is not None


def clinics(seed: int) -> dict[str, tuple[str, Split]]:
    """Clinics of five regions with numbers that are often small: region and number."""
    random = Random(seed)
    return {
        f"um{number}": (region, split(random.choice([0, 1, 3, 9, 40]), random.choice([0, 2, 4, 15, 60])))
        for number, region in enumerate(region for region in regions(5) for _ in range(random.randint(1, 4)))
    }


def bounds_of_hidden(
    shown: dict[tuple[str, str], float | None], margins: list[tuple[list[str], str, float]]
) -> dict[tuple[str, str], tuple[float, float]]:
    """What somebody who knows all that is shown can say of each hidden number: the least and the most it can be."""
    cells = [cell for cell, number in shown.items() if number is None]
    place = {cell: number for number, cell in enumerate(cells)}
    units = sorted({unit for unit, _ in shown})
    equations: list[tuple[dict[tuple[str, str], float], float]] = [
        ({(unit, "K"): 1.0, (unit, "M"): 1.0, (unit, "T"): -1.0}, 0.0) for unit in units
    ]
    equations += [({(unit, sex): 1.0 for unit in members}, total) for members, sex, total in margins]
    left, right = np.zeros((len(equations), len(cells))), np.zeros(len(equations))
    for number, (terms, total) in enumerate(equations):
        right[number] = total
        for cell, factor in terms.items():
            value = shown[cell]
            if value is None:
                left[number, place[cell]] = factor
            else:
                right[number] -= factor * value
    return {cell: _range(left, right, number) for cell, number in place.items()}


def _range(left: Any, right: Any, cell: int) -> tuple[float, float]:
    least, most = (
        linprog([sign * (number == cell) for number in range(left.shape[1])], A_eq=left, b_eq=right, method="highs")
        for sign in (1, -1)
    )
    return least.fun, 1e9 if most.fun is None else -most.fun


@pytest.mark.parametrize("seed", range(4))
def test_nothing_hidden_of_regions_follows_from_what_is_shown(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    numbers = {unit: split(random.choice([0, 1, 4, 7, 30, 90]), random.choice([0, 2, 3, 8, 50])) for unit in regions(9)}
    published = landed(tmp_path, patients(), numbers).published()
    country = figures(published, "antal")
    margins = [(regions(9), sex, country["00", sex, ""].value) for sex in "KMT"]
    found = bounds_of_hidden(answers(published), [each for each in margins if each[2] is not None])
    assert found
    assert {cell: span for cell, span in found.items() if span[1] - span[0] < 1} == {}


@pytest.mark.parametrize("seed", range(4))
def test_nothing_hidden_of_clinics_follows_from_regions_and_country(tmp_path: Path, seed: int) -> None:
    q, numbers = patients(respondents=["mottagning"]), clinics(seed)
    landing = Landing(tmp_path, q)
    for unit, (region, _) in numbers.items():
        landing.happened(UnitAdded(unit_id=unit, kind="mottagning", name=unit, region_code=region))
    landing.sent_all(q, {unit: {"patienter": number} for unit, (_, number) in numbers.items()})
    published = landing.published()
    joint = figures(published, "antal")
    groups = {region: [unit for unit, (home, _) in numbers.items() if home == region] for region in regions(5)}
    groups["00"] = list(numbers)
    margins = [(groups[key], sex, joint[key, sex, ""].value) for key, sex in product(groups, "KMT")]
    found = bounds_of_hidden(answers(published), [each for each in margins if each[2] is not None])
    assert found
    assert {cell: span for cell, span in found.items() if span[1] - span[0] < 1} == {}
