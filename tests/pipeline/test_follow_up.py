"""The follow-up list: what stands out beside peers and own history, what was said of it, and nothing that is hidden."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from pipeline.follow_up import FollowedUp, follow_up
from surveys.questionnaire import Questionnaire
from tests.pipeline.published import NOON, Landing, regions
from tests.surveys.build import item, questionnaire

YEARS = (2019, 2020, 2021, 2022, 2023)


def listed(landing: Landing) -> list[FollowedUp]:
    landing.published()
    return follow_up(landing.folder)


def yearly(*items: dict[str, Any], last: dict[str, Any] | None = None, **lineage: Any) -> list[Questionnaire]:
    """The same items each year, in the last with this lineage (the same when it is left out)."""
    found = []
    for year in YEARS:
        kind = {} if year == YEARS[0] else {"kind": "same"}
        kind = {**kind, **lineage} if year == YEARS[-1] else kind
        own = [{**one, **({"lineage": {**kind, "items": [one["id"]]}} if kind else {})} for one in items]
        found.append(questionnaire(*own, year=year, **(last or {} if year == YEARS[-1] else {})))
    return found


def answered_yearly(folder: Path, years: list[Questionnaire], values: list[Any], **facts: Any) -> Landing:
    landing = Landing(folder, *years)
    for q, value in zip(years, values, strict=True):
        at = NOON - timedelta(days=365 * (2023 - q.year))
        landing.sent(q, "14", {"a": value}, at, **(facts if q.year == YEARS[-1] else {}))
    return landing


def test_a_number_far_from_all_peers_is_listed_with_what_was_expected(tmp_path: Path) -> None:
    q = questionnaire(item("a"))
    landing = Landing(tmp_path, q)
    landing.sent_all(q, {unit: {"a": 900 + 20 * number} for number, unit in enumerate(regions(12))})
    landing.sent(q, "25", {"a": 100_000})
    (one,) = listed(landing)
    assert (one.unit_id, one.item_id, one.kind, one.value) == ("25", "a", "peers", 100_000)
    assert one.expected_low < 900 and 1_140 < one.expected_high < 10_000
    assert one.score > 3.5


def test_a_large_unit_with_a_large_number_is_not_listed(tmp_path: Path) -> None:
    q = questionnaire(item("a"))
    landing = Landing(tmp_path, q)
    inhabitants = dict(landing.rows("SELECT unit_id, persons FROM population WHERE sex = 'T' AND age_group = 'all'"))
    landing.sent_all(q, {unit: {"a": round(inhabitants[unit] / 1_000)} for unit in regions()})
    assert listed(landing) == []
    landing.sent(q, "09", {"a": round(inhabitants["01"] / 1_000)}, NOON + timedelta(hours=1))
    (one,) = listed(landing)
    assert (one.unit_id, one.per_inhabitant) == ("09", False)


def test_of_few_peers_nothing_is_said(tmp_path: Path) -> None:
    q = questionnaire(item("a"))
    landing = Landing(tmp_path, q)
    landing.sent_all(q, {unit: {"a": 900} for unit in regions(8)})
    landing.sent(q, "25", {"a": 1_000_000})
    assert listed(landing) == []


def test_a_number_far_from_the_units_own_years_is_listed_with_what_was_said_of_it(tmp_path: Path) -> None:
    check = {"id": "a.andrad", "kind": "change_against_last_year", "item": "a", "ratio": 0.5, "floor": 10}
    years = yearly(item("a"), last={"checks": [check]})
    said = {"explanations": {"a.andrad": "Vi har slagit ihop två enheter."}}
    (one,) = listed(answered_yearly(tmp_path, years, [100, 104, 98, 102, 300], **said))
    assert (one.year, one.kind, one.value) == (2023, "own_history", 300)
    assert one.expected_low < 98 and 104 < one.expected_high < 300
    assert one.explanation == "Vi har slagit ihop två enheter."


def test_that_there_is_suddenly_nothing_is_listed(tmp_path: Path) -> None:
    (one,) = listed(answered_yearly(tmp_path, yearly(item("a")), [100, 104, 98, 102, 0]))
    assert (one.value, one.kind) == (0, "own_history")


def test_a_steady_growth_and_a_handful_are_not_listed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert listed(answered_yearly(tmp_path / "a", yearly(item("a")), [100, 108, 117, 126, 136])) == []
    assert listed(answered_yearly(tmp_path / "b", yearly(item("a")), [1, 1, 1, 1, 4])) == []


def test_years_before_a_break_are_not_compared_with(tmp_path: Path) -> None:
    note = {"sv": "Nytt mått", "en": "New measure"}
    broken = yearly(item("a"), kind="unit_changed", note=note)
    assert listed(answered_yearly(tmp_path, broken, [100, 104, 98, 102, 300])) == []


def test_women_and_men_are_listed_apart_only_when_their_sum_is_as_expected(tmp_path: Path) -> None:
    years = yearly(item("a", split_by_sex=True))
    steady = {"K": 100, "M": 100, "T": 200}
    shifted = answered_yearly(tmp_path, years, [steady] * 4 + [{"K": 20, "M": 180, "T": 200}])
    assert {(one.sex, one.value) for one in listed(shifted)} == {("K", 20), ("M", 180)}
    at = NOON + timedelta(hours=1)
    shifted.sent(years[-1], "14", {"a": {"K": 500, "M": 500, "T": 1000}}, at)
    assert [one.sex for one in listed(shifted)] == ["T"]


def test_what_is_hidden_is_neither_listed_nor_used(tmp_path: Path) -> None:
    years = yearly(item("a", suppress_below=5))
    landing = answered_yearly(tmp_path, years, [100, 104, 98, 102, 3])
    landing.sent_all(years[-1], {unit: {"a": 3} for unit in ("01", "03")})
    assert landing.rows("SELECT DISTINCT missing FROM answer WHERE year = 2023 AND item_id = 'a'") == [("suppressed",)]
    assert listed(landing) == []


def test_the_list_of_a_survey_that_has_not_changed_is_taken_over(tmp_path: Path) -> None:
    from infra.settings import Settings
    from pipeline.refresh import refresh

    years = yearly(item("a"))
    other = questionnaire(item("a"), survey="annan")
    landing = answered_yearly(tmp_path, years, [100, 104, 98, 102, 300])
    landing.definitions = type(landing.definitions)(*years, other)
    settings = Settings(data_dir=landing.folder)
    refresh(landing.connection, settings, NOON, landing.definitions)
    before = follow_up(landing.folder)
    landing.sent(other, "01", {"a": 1}, NOON + timedelta(hours=1))
    refresh(landing.connection, settings, NOON + timedelta(hours=1), landing.definitions)
    assert follow_up(landing.folder) == before != []
