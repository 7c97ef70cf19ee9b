"""The burden ledger: how often the answers to a question are what they were, and the command, counted by hand."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES
from infra.settings import Settings
from pipeline.burden import QuestionBurden, burden
from pipeline.burden_commands import register
from surveys.burden import is_always_unchanged
from surveys.catalogue import load_catalogue
from surveys.errors import UnknownSurvey, UnknownYear
from surveys.events import ResponseSubmittedEvent, decode
from surveys.operands import predecessor
from surveys.questionnaire import Questionnaire
from tests.pipeline.published import NOON, Landing, regions
from tests.surveys.build import item, options, questionnaire

Answers = Mapping[str, Any]
LAST_YEAR = NOON - timedelta(days=365)


def both_years(*items: dict[str, Any], **later: Any) -> tuple[Questionnaire, Questionnaire]:
    """The same items in 2022 and 2023; `later` says what is different in 2023, by item."""
    now = [_same(one) | later.get(one["id"], {}) for one in items]
    return questionnaire(*items, year=2022, reference_year=2021), questionnaire(*now)


def _same(one: dict[str, Any], roster: str = "") -> dict[str, Any]:
    lineage = {"lineage": {"kind": "same", "items": [f"{roster}{one['id']}"]}}
    columns = {"items": [_same(column, f"{one['id']}.") for column in one["items"]]} if "items" in one else {}
    return {**one, **lineage, **columns}


def ledger(
    folder: Path,
    years: tuple[Questionnaire, Questionnaire],
    answers: Iterable[tuple[Answers, Answers]],
) -> dict[str, QuestionBurden]:
    """The ledger of 2023, when region after region answered so in 2022 and in 2023."""
    landing = Landing(folder, *years)
    pairs = list(answers)
    for unit, (then, now) in zip(regions(len(pairs)), pairs, strict=True):
        landing.sent(years[0], unit, then, LAST_YEAR)
        landing.sent(years[1], unit, now)
    landing.published()
    return {one.item_id: one for one in burden(Settings(data_dir=folder), "test", 2023).questions}


def counts(one: QuestionBurden) -> tuple[int, int, int]:
    return one.unchanged, one.compared, one.answering


def test_units_that_answered_the_same_are_counted_of_those_that_answered_both_times(tmp_path: Path) -> None:
    years = both_years(item("a", missing_allowed=["dont_know"]))
    unknown: Answers = {"a": {"missing": "dont_know"}}
    answers: list[tuple[Answers, Answers]] = [
        ({"a": 5}, {"a": 5}),
        ({"a": 5}, {"a": 6}),
        ({}, {}),
        (unknown, unknown),
        ({"a": 5}, {}),
        ({}, {"a": 5}),
    ]
    found = ledger(tmp_path, years, answers)
    assert counts(found["a"]) == (1, 2, 6)
    assert found["a"].compared_with == 2022


@pytest.mark.parametrize(
    ("kind", "then", "same", "other"),
    [
        ("decimal", 2.5, 2.5, 2.6),
        ("boolean", False, False, True),
        ("one_of", "ja", "ja", "nej"),
        ("several_of", ["ja", "nej"], ["nej", "ja"], ["ja"]),
        ("text", "Som förut", "Som förut ", "Som förut."),
        ("date", "2021-05-01", "2021-05-01", "2021-05-02"),
        ("kommuner", ["0180", "0114"], ["0114", "0180"], ["0180"]),
    ],
)
def test_an_answer_of_any_kind_is_compared(tmp_path: Path, kind: str, then: Any, same: Any, other: Any) -> None:
    codes = {"options": options("ja", "nej")} if kind in ("one_of", "several_of") else {}
    years = both_years(item("a", kind, **codes))
    found = ledger(tmp_path, years, [({"a": then}, {"a": same}), ({"a": then}, {"a": other})])
    assert counts(found["a"]) == (1, 2, 2)


def test_opening_hours_are_the_same_only_on_the_same_days(tmp_path: Path) -> None:
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "closed")
    monday, tuesday = ({"a": week | {day: {"from": "08:00", "to": "12:00"}}} for day in ("mon", "tue"))
    found = ledger(tmp_path, both_years(item("a", "opening_hours")), [(monday, monday), (monday, tuesday)])
    assert counts(found["a"]) == (1, 2, 2)


def test_by_sex_the_same_parts_must_be_given_with_the_same_values(tmp_path: Path) -> None:
    def split(**parts: int) -> dict[str, Any]:
        return {"a": parts}

    answers = [
        (split(K=1, M=2, T=3), split(K=1, M=2, T=3)),
        (split(K=1, M=2, T=3), split(K=2, M=1, T=3)),
        (split(K=1, M=2, T=3), split(T=3)),
        (split(T=3), split(T=3)),
    ]
    found = ledger(tmp_path, both_years(item("a", split_by_sex=True)), answers)
    assert counts(found["a"]) == (2, 4, 4)


ROSTER = item("lista", "roster", items=[item("namn", "text"), item("antal"), item("sort", "text")])


def test_a_roster_is_the_same_whatever_the_order_of_its_rows(tmp_path: Path) -> None:
    rows = [{"namn": "A", "antal": 1}, {"namn": "B", "antal": 2}]
    swapped = [{"namn": "A", "antal": 2}, {"namn": "B", "antal": 1}]
    answers: list[tuple[Answers, Answers]] = [
        ({"lista": rows}, {"lista": rows[::-1]}),
        ({"lista": rows}, {"lista": swapped}),
        ({"lista": rows}, {"lista": rows[:1]}),
        ({"lista": []}, {"lista": []}),
    ]
    found = ledger(tmp_path, both_years(ROSTER), answers)
    assert counts(found["lista"]) == (2, 4, 4)
    assert counts(found["lista.namn"]) == (2, 3, 4)
    assert counts(found["lista.sort"]) == (0, 0, 4)


def test_a_new_column_does_not_make_a_roster_changed(tmp_path: Path) -> None:
    first = item("lista", "roster", items=[item("namn", "text")])
    added = {**_same(first), "items": [*_same(first)["items"], item("antal")]}
    years = both_years(first, lista=added)
    found = ledger(tmp_path, years, [({"lista": [{"namn": "A"}]}, {"lista": [{"namn": "A", "antal": 7}]})])
    assert counts(found["lista"]) == (1, 1, 1)
    assert (found["lista.antal"].compared_with, counts(found["lista.antal"])) == (None, (0, 0, 1))


def test_a_renamed_question_is_compared_and_one_with_a_break_is_not(tmp_path: Path) -> None:
    note = {"sv": "Nytt mått", "en": "New measure"}
    renamed = {"id": "c", "lineage": {"kind": "reworded", "items": ["a"]}}
    broken = {"lineage": {"kind": "unit_changed", "items": ["b"], "note": note}}
    years = both_years(item("a"), item("b"), a=renamed, b=broken)
    found = ledger(tmp_path, years, [({"a": 1, "b": 1}, {"c": 1, "b": 1})])
    assert (found["c"].compared_with, counts(found["c"])) == (2022, (1, 1, 1))
    assert (found["b"].compared_with, counts(found["b"])) == (None, (0, 0, 1))


def test_what_is_hidden_is_not_compared(tmp_path: Path) -> None:
    small, large = {"a": 3}, {"a": 300}
    answers = [(small, small), (small, large), (large, small), *[(large, large)] * 9]
    found = ledger(tmp_path, both_years(item("a", suppress_below=5)), answers)
    hidden = {"01", "03", "04"}
    assert found["a"].answering == 12
    assert found["a"].compared == found["a"].unchanged <= 12 - len(hidden)


def test_a_correction_counts_in_place_of_what_it_corrects(tmp_path: Path) -> None:
    years = both_years(item("a"))
    landing = Landing(tmp_path, *years)
    landing.sent(years[0], "01", {"a": 1}, LAST_YEAR)
    landing.sent(years[1], "01", {"a": 2})
    landing.sent(years[1], "01", {"a": 1}, NOON + timedelta(hours=1))
    landing.published()
    (one,) = burden(Settings(data_dir=tmp_path), "test").questions
    assert counts(one) == (1, 1, 1)


@pytest.mark.parametrize(
    ("unchanged", "compared", "always"), [(9, 10, True), (9, 9, False), (17, 19, False), (18, 20, True), (0, 0, False)]
)
def test_always_unchanged_takes_nine_in_ten_of_ten_units_or_more(unchanged: int, compared: int, always: bool) -> None:
    assert is_always_unchanged(unchanged, compared) is always


@pytest.mark.parametrize(("survey", "year"), [("prehospital", 2025), ("handlingsplaner", 2023), ("sob", 2023)])
def test_the_ledger_agrees_with_the_log_counted_by_hand(survey: str, year: int, demonstration: Path) -> None:
    """Answers as they were sent, compared without the warehouse; questions with small numbers to hide are left out."""
    catalogue = load_catalogue()
    q, earlier = catalogue.get(survey, year), catalogue.previous(survey, year)
    assert earlier is not None
    now, then = _newest(demonstration, survey, year), _newest(demonstration, survey, earlier.year)
    found = {one.item_id: one for one in burden(Settings(data_dir=demonstration), survey, year).questions}
    compared = 0
    for name, one in q.items.items():
        former = predecessor(one)
        if one.type in ("note", "roster") or "." in name or one.suppress_below or former is None:
            continue
        pairs = [(_plain(now[unit].get(name)), _plain(then[unit].get(former))) for unit in now.keys() & then.keys()]
        given = [(a, b) for a, b in pairs if a is not None and b is not None]
        told = found[name]
        assert (told.compared, told.unchanged) == (len(given), sum(a == b for a, b in given)), name
        compared += len(given)
    assert compared > 100


def _newest(folder: Path, survey: str, year: int) -> dict[str, Mapping[str, Any]]:
    """The answers that count, by unit."""
    found: dict[str, tuple[Any, Mapping[str, Any]]] = {}
    with closing(EmbeddedLog(folder / "log.sqlite")) as log:
        after: dict[int, int] = {}
        while events := log.read(RESPONSES, after, 1_000, 0.0):
            for stored in events:
                after[stored.partition] = stored.offset
                event = decode(stored.value)
                assert isinstance(event, ResponseSubmittedEvent)
                data, rank = event.data, (event.time, stored.offset)
                if (data.survey, data.year) == (survey, year) and rank > found.get(data.unit, (rank,))[0]:
                    found[data.unit] = (rank, data.answers)
                elif (data.survey, data.year) == (survey, year):
                    found.setdefault(data.unit, (rank, data.answers))
    return {unit: answers for unit, (_, answers) in found.items()}


def _plain(value: Any) -> Any:
    if value is None or (isinstance(value, dict) and "missing" in value):
        return None
    return sorted(value) if isinstance(value, list) else value


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.command("other")(lambda: None)
    register(app)
    return app


def typed(app: typer.Typer, folder: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["burden", *words, "--data-dir", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_the_command_tells_the_newest_finished_year(app: typer.Typer, demonstration: Path) -> None:
    whole = json.loads(typed(app, demonstration, "prehospital", "--json"))
    told = whole["questions"]
    assert whole["year"] == 2025
    rows = list(csv.DictReader(io.StringIO(typed(app, demonstration, "prehospital", "--csv"))))
    assert [one["item_id"] for one in rows] == [one["item_id"] for one in told]
    assert [int(one["unchanged"]) for one in rows] == [one["unchanged"] for one in told]
    shown = typed(app, demonstration, "prehospital", "2025")
    always = sum(one["always_unchanged"] for one in told)
    assert f"{always} of the 18 that could be compared are always unchanged" in shown
    assert "24 questions and columns: 7 for a figure" in shown


def test_the_ledger_is_told_as_it_was(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    copytree(demonstration, folder)
    assert burden(Settings(data_dir=folder), "prehospital", as_of="2024-03-01").year == 2023
    later = burden(Settings(data_dir=folder), "prehospital", 2024, "2024-03-01").questions
    assert {counts(one) for one in later} == {(0, 0, 0)}


@pytest.mark.parametrize(("words", "fault"), [(["prehosptal"], UnknownSurvey), (["prehospital", "1999"], UnknownYear)])
def test_what_is_not_there_is_said_to_be_so(
    app: typer.Typer, demonstration: Path, words: list[str], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        typed(app, demonstration, *words)
