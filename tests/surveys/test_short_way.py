"""The short way through the checks says "surely" only where the checker finds nothing, and says it of what is usual."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings

from surveys.catalogue import load_catalogue
from surveys.check_kinds import Check
from surveys.checks import Checker
from surveys.questionnaire import Item, Questionnaire
from surveys.response import MISSING_REASONS, WEEKDAYS
from surveys.routing import on_path, row_on_path
from surveys.short_way import surely_holds
from tests.surveys.build import item, options, questionnaire
from tests.surveys.everything import ODD_ROWS, ODD_SPLITS, ODD_VALUES, ODD_WEEKS, RESPONSES, SHAPELESS, everything

ODD: list[Any] = [
    *ODD_VALUES,
    *ODD_SPLITS,
    *ODD_WEEKS,
    *([row] for row in ODD_ROWS),
    *(float("nan"), float("inf"), 1e300, -0.0, 0.1 + 0.2, 2**63, False, "1", b"x", [True], [[]], [{}]),
    *({"K": True, "M": 1, "T": 2}, {"K": 1.0, "M": 1, "T": 2}, {"K": 0.1, "M": 0.2, "T": 0.3}),
    *({"T": float("nan")}, {"K": None, "M": 1, "T": 1}, {"K": 1, "M": 1, "T": 2, "X": 1}),
]


class Judge:
    """The checker of a questionnaire, and the short way through it."""

    def __init__(self, q: Questionnaire, kind: str = "region") -> None:
        self.checker, self.surely = Checker(q, kind), surely_holds(q.for_unit_kind(kind))

    def takes_the_short_way(self, answers: dict[str, Any]) -> bool:
        """Whether it is sure; it never is where the checker finds something."""
        surely, found = self.surely(answers), self.checker.failures(answers)
        assert not (surely and found), found
        assert self.checker.intrinsic(answers) == found
        return surely


EVERYTHING = everything()
JUDGES = (Judge(EVERYTHING), Judge(EVERYTHING.model_copy(update={"checks": ()})))


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(RESPONSES | SHAPELESS)
@example({"known": 1, "one": "a"})
@example({"known": 1, "one": "b", "routed": 1})
@example({"known": 1, "rows": [{"name": "Oro", "year": 2020}, {"name": "oro", "year": 2020}]})
def test_every_kind_of_item_and_check_is_judged_as_the_checker_does(answers: dict[str, Any]) -> None:
    kept = {name: answer for name, answer in answers.items() if name in on_path(EVERYTHING, answers)}
    for judge in JUDGES:
        judge.takes_the_short_way(answers)
        judge.takes_the_short_way(kept)


CATALOGUE = load_catalogue()
YEARS = [(survey, year) for survey in CATALOGUE.surveys() for year in CATALOGUE.years(survey)]


@pytest.mark.parametrize(("survey", "year"), YEARS)
def test_every_questionnaire_is_judged_as_the_checker_does(survey: str, year: int) -> None:
    """Drawn from a seed: shrinking answers to 65 questions would take minutes."""
    q, draw = CATALOGUE.get(survey, year), Random(2026)
    for kind in q.respondents:
        judge, asked = Judge(q, kind), q.for_unit_kind(kind)
        drawn = [_drawn(asked, draw) for _ in range(150)]
        hold = [answers for answers in drawn if not judge.checker.failures(answers)]
        assert sum(map(judge.takes_the_short_way, hold)) > 0.8 * len(hold) - 1
        for answers in drawn:
            for name in draw.sample(sorted(answers), min(len(answers), 2)):
                judge.takes_the_short_way(answers | {name: draw.choice(ODD)})
            judge.takes_the_short_way(answers | {draw.choice(["zz", *q.items]): draw.choice(ODD)})


def _drawn(q: Questionnaire, draw: Random) -> dict[str, Any]:
    """Answers to some items or to nearly all, reasons where none is at hand, and nothing off path."""
    share = draw.choice([0.05, 0.2, 0.9])
    items = [item for section in q.sections for item in section.items if item.type != "note"]
    answers = {item.id: _usual(item, draw) for item in items if draw.random() < share}
    required = [item for item in items if item.required and item.id not in answers]
    reasons = {item.id: {"missing": draw.choice(item.missing_allowed)} for item in required if item.missing_allowed}
    return _on_path(q, {item.id: _usual(item, draw) for item in required} | reasons | answers)


def _on_path(q: Questionnaire, answers: dict[str, Any]) -> dict[str, Any]:
    kept = {name: answer for name, answer in answers.items() if name in on_path(q, answers)}
    for name, rows in kept.items():
        if q.items[name].type == "roster":
            kept[name] = [{c: v for c, v in row.items() if c in row_on_path(q.items[name], row, kept)} for row in rows]
    return kept


def _usual(item: Item, draw: Random) -> Any:
    """An answer of the item's shape: mostly small numbers, which most ranges take; now and then a reason."""
    if item.missing_allowed and draw.random() < 0.1:
        return {"missing": draw.choice(item.missing_allowed)}
    if item.split_by_sex:
        women, men = _plain(item, draw), _plain(item, draw)
        both = {"K": women, "M": men, "T": women + men}
        member = {"missing": draw.choice(MISSING_REASONS)}
        return draw.choice([*[both] * 20, {"T": women}, {"T": men}, both | {"K": member}, both | {"T": men}])
    return _plain(item, draw)


def _plain(item: Item, draw: Random) -> Any:
    codes = [option.code for option in item.options]
    match item.type:
        case "integer":
            return draw.choice([0, 1, 2, 3, 12, 23, 23, 50, 1000, 10**6])
        case "decimal" | "percent":
            return draw.choice([0, 1, 2.5, 10.0, 50, 99.9])
        case "year":
            return draw.choice([1990, 2015, 2018, 2020, 2022, 2023, 2026])
        case "boolean":
            return draw.random() < 0.5
        case "one_of":
            return draw.choice(codes)
        case "several_of":
            return draw.sample(codes, draw.randint(1, min(3, len(codes))))
        case "text":
            return draw.choice(["Oro", "Ett gott exempel på arbetssätt", "https://exempel.se/plan", "x" * 600])
        case "date":
            return draw.choice(["2015-01-01", "2021-06-15", "2023-05-04"])
        case "opening_hours":
            return {day: draw.choice(["closed", "24h", {"from": "08:00", "to": "17:00"}]) for day in WEEKDAYS}
        case "kommuner":
            return draw.sample(["0114", "1480", "1280"], draw.randint(1, 3))
    rows = range(draw.randint(0, 3))
    columns = [column for column in item.items if column.required or draw.random() < 0.9]
    return [{column.id: _usual(column, draw) for column in columns} for _ in rows]


def test_what_is_usual_takes_the_short_way() -> None:
    surely = surely_holds(EVERYTHING)
    week = dict.fromkeys(WEEKDAYS, "24h") | {"mon": {"from": "08:00", "to": "17:00"}}
    assert surely({"known": 1})
    assert surely({"known": {"missing": "dont_know"}, "women": {"T": 3}, "visits": {"K": 1, "M": 2, "T": 3}})
    assert surely({"known": 1, "one": "a", "routed": 2, "open": week, "several": ["a"], "line": "abå"})
    assert surely({"known": 1, "rows": [{"name": "Oro", "state": "on", "year": 2020, "part": 1}]})
    assert not surely({"known": None}) and not surely({}) and not surely({"known": 1, "zz": 1})


def test_a_check_of_unique_rows_with_a_condition_of_its_own_is_not_passed_over() -> None:
    columns = [item("name", "text"), item("state", "one_of", options=options("on", "off"))]
    when = {"item": "state", "is": "on"}
    check = {"kind": "unique_rows", "roster": "r", "by": ["name"], "when": when}
    judge = Judge(questionnaire(item("r", "roster", items=columns), checks=[check]))
    alike = [{"name": "Oro", "state": "on"}, {"name": "oro ", "state": "on"}]
    assert not judge.takes_the_short_way({"r": alike})
    assert not judge.takes_the_short_way({"r": [alike[0], {"name": "oro", "state": "off"}]})
    assert judge.takes_the_short_way({"r": [alike[0], {"name": "Sömn", "state": "on"}]})


def test_a_row_sees_what_is_outside_it_unless_a_column_has_its_name() -> None:
    columns = [item("n"), item("m", when={"item": "big", "at_least": 5}), item("part")]
    checks = [
        {"id": "hidden", "kind": "less_or_equal", "smaller": "r.part", "larger": "r.n"},
        {"id": "outside", "kind": "less_or_equal", "smaller": "r.part", "larger": "big"},
    ]
    judge = Judge(questionnaire(item("n"), item("big"), item("r", "roster", items=columns), checks=checks))
    assert judge.takes_the_short_way({"n": 1, "big": 5, "r": [{"m": 1, "part": 3}]})
    assert not judge.takes_the_short_way({"n": 9, "big": 5, "r": [{"n": 1, "part": 3}]})
    assert not judge.takes_the_short_way({"big": 4, "r": [{"m": 1}]})
    assert not judge.takes_the_short_way({"big": 2, "r": [{"part": 3}]})


def test_a_column_hides_the_women_and_men_of_what_has_its_name_outside() -> None:
    columns = [item("n"), item("m", when={"item": "n__K", "at_least": 1})]
    judge = Judge(questionnaire(item("n", split_by_sex=True), item("r", "roster", items=columns)))
    assert not judge.takes_the_short_way({"n": {"K": 1, "M": 1, "T": 2}, "r": [{"m": 1}]})


class Other(Check):
    kind: str = "other"
    item: str


def test_of_a_kind_of_check_that_has_no_short_way_nothing_is_sure() -> None:
    q = EVERYTHING.model_copy(update={"checks": (Other(id="other", item="n"),)})
    assert surely_holds(EVERYTHING.model_copy(update={"checks": ()}))({"known": 1})
    assert not surely_holds(q)({"known": 1})
