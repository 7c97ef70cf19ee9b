"""The audit, with the real Great Expectations: what it finds, and that nothing passes because it was not looked at."""

import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import audit as auditing
from pipeline.audit import DataDocs, Result, ask, audit, audit_beside
from pipeline.errors import AuditRaised, EmptySuite, NotAllAudited, NothingToAudit, UnknownExpectation
from pipeline.handwritten_questions import handwritten_questions
from pipeline.joined import joined
from pipeline.mart import candidate
from pipeline.suites import Question
from surveys.event_data import UnitAdded
from surveys.model import Text
from surveys.questionnaire import Questionnaire
from tests.pipeline.published import NOON, Landing, indicator, regions
from tests.surveys.build import item, questionnaire

BETWEEN = "expect_column_values_to_be_between"
PLAIN = questionnaire(
    item("a", required=True),
    item("b", split_by_sex=True),
    item("rader", "roster", items=[item("n")]),
    checks=[
        {"id": "a.liten", "kind": "range", "item": "a", "max": 10, "severity": "soft"},
        {"id": "b.liten", "kind": "range", "item": "b", "max": 100, "severity": "soft"},
        {"id": "n.liten", "kind": "range", "item": "rader.n", "max": 10, "severity": "soft"},
    ],
)


def question(values: list[Any], type_: str = BETWEEN, column: str = "a", **kwargs: Any) -> Question:
    rows = pd.Series(values, index=[f"rad {number}" for number in range(1, len(values) + 1)])
    return Question(type_, kwargs or {"min_value": 0}, "critical", Text(sv="Mening", en="Meaning"), column, rows)


def audited(landing: Landing, q: Questionnaire, docs: DataDocs | None = None) -> list[Result]:
    with candidate(landing.connection, landing.definitions, NOON) as work:
        return audit(work, q, NOON, docs)


def failing(results: list[Result]) -> dict[str | None, str | None]:
    """Which rows do not hold, by check, or by the column of a question about the whole table."""
    return {one.check or one.column: one.observed for one in results if not one.success}


def explained(*checks: str) -> dict[str, Any]:
    return {"explanations": dict.fromkeys(checks, "Det stämmer.")}


# Nothing passes in silence.


def test_a_misspelt_expectation_is_an_error() -> None:
    with pytest.raises(UnknownExpectation, match="expect_colum_values_to_be_between"):
        ask("prov", [question([1], "expect_colum_values_to_be_between")])


def test_a_misspelt_argument_is_an_error() -> None:
    with pytest.raises(UnknownExpectation, match="min_valu"):
        ask("prov", [question([1], min_valu=1, max_value=3)])


def test_an_empty_suite_is_an_error() -> None:
    with pytest.raises(EmptySuite, match="P021 prov"):
        ask("prov", [])


def test_a_table_without_rows_is_an_error() -> None:
    with pytest.raises(NothingToAudit):
        ask("prov", [question([])])


def test_an_exception_inside_is_an_error() -> None:
    with pytest.raises(AuditRaised, match=BETWEEN):
        ask("prov", [question(["ett"])])


def test_a_batch_that_is_not_the_whole_table_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = auditing._whole()

    class OnlyTheLastRow:
        def get_batch(self, parameters: dict[str, Any]) -> Any:
            return whole.get_batch({"dataframe": parameters["dataframe"].tail(1)})

    monkeypatch.setattr(auditing, "_whole", OnlyTheLastRow)
    with pytest.raises(NotAllAudited, match="rows"):
        ask("prov", [question([-1, 1])])


def test_an_answer_that_does_not_come_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = auditing._answers
    monkeypatch.setattr(
        auditing, "_answers", lambda name, asked, results, rows: answers(name, asked, list(results)[1:], rows)
    )
    with pytest.raises(NotAllAudited, match="expectations"):
        ask("prov", [question([1]), question([1], max_value=1)])


def test_what_cannot_be_audited_is_one_critical_result(tmp_path: Path) -> None:
    (result,) = audited(Landing(tmp_path, PLAIN), PLAIN)
    assert (result.severity, result.success) == ("critical", False)
    assert "P022" in str(result.observed)


def test_the_first_of_several_tables_is_looked_at_too(tmp_path: Path) -> None:
    check = {"id": "a.liten", "kind": "range", "item": "a", "max": 10, "severity": "soft"}
    q = questionnaire(item("a"), checks=[check], respondents=["kommun", "region"])
    landing = Landing(tmp_path, q)
    landing.sent(q, "1480", {"a": 11}, **explained("a.liten"))
    landing.sent(q, "14", {"a": 1})
    assert failing(audited(landing, q))["a.liten"] == "1480"


def test_only_this_module_imports_great_expectations_and_not_before_it_is_used() -> None:
    sources = [*Path("pipeline").rglob("*.py"), *Path("infra").rglob("*.py"), *Path("surveys").rglob("*.py")]
    importing = [file.name for file in sources if "import great_expectations" in file.read_text(encoding="utf-8")]
    assert importing == ["audit.py"]
    line = (
        "import sys, pipeline.refresh, pipeline.commands, pipeline.audit; sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", line], check=False).returncode == 0


# What is asked once is told of each check.


def test_questions_are_asked_together_and_answered_each() -> None:
    questions = [
        question([1.0, -1.0]),
        question([-1, None, 1], column="b"),
        question([5], max_value=4),
        question([0, 3, 9], min_value=1, max_value=8),
        question(["i_drift", "okänd", None], "expect_column_values_to_be_in_set", value_set=["i_drift"]),
        question([10.0, 11.0], "expect_column_values_to_be_in_set", value_set=[10, 12]),
        question(["okänd"], "expect_column_values_to_be_in_set", value_set=["okänd"]),
        question(["14", "14", "01"], "expect_column_values_to_be_unique"),
        question(["abc", "1"], "expect_column_values_to_match_regex", regex=r"\A[a-z]+\Z"),
    ]
    questions[7] = replace(questions[7], kwargs={})
    together = joined(questions)
    assert [len(one.questions) for one in together] == [3, 2, 3, 1, 1]
    assert ask("prov", questions) == [
        ["rad 2"], ["rad 1"], ["rad 1"], ["rad 1", "rad 3"], ["rad 2"], ["rad 2"], [], ["rad 1", "rad 2"], ["rad 2"],
    ]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.one_of(st.none(), st.integers(-3, 3), st.floats(-3, 3)), min_size=1, max_size=5),
            st.one_of(st.none(), st.integers(-3, 3)),
            st.one_of(st.none(), st.floats(-3, 3)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_joined_bounds_say_what_each_would_say_alone(drawn: list[tuple[list[Any], int | None, float | None]]) -> None:
    questions = [
        question(pd.Series(values, dtype="float64").tolist(), min_value=low, max_value=high)
        for values, low, high in drawn
        if (low, high) != (None, None)
    ]
    expected = [
        [
            str(name)
            for name, value in one.values.items()
            if not pd.isna(value)
            and (
                (one.kwargs["min_value"] is not None and value < one.kwargs["min_value"])
                or (one.kwargs["max_value"] is not None and value > one.kwargs["max_value"])
            )
        ]
        for one in questions
    ]
    if questions:
        assert [sorted(rows) for rows in ask("prov", questions)] == [sorted(rows) for rows in expected]


def test_parts_audited_together_have_the_results_of_each_alone(tmp_path: Path) -> None:
    other = questionnaire(
        item("a"), survey="andra", checks=[{"id": "a.stor", "kind": "range", "item": "a", "min": 5, "severity": "soft"}]
    )
    nobody = questionnaire(item("a"), survey="ingen")
    landing = Landing(tmp_path, PLAIN, other, nobody)
    landing.sent(PLAIN, "14", {"a": 11}, **explained("a.liten"))
    landing.sent(other, "01", {"a": 3}, **explained("a.stor"))
    with candidate(landing.connection, landing.definitions, NOON) as work:
        together = audit_beside(work, [PLAIN, other, nobody], NOON).result()
        alone = {(q.survey, q.year): audit(work, q, NOON) for q in (PLAIN, other, nobody)}
    assert together == alone
    assert (failing(together["andra", 2023])["a.stor"], failing(together["test", 2023])["a.liten"]) == ("01", "14")


def test_a_part_that_cannot_be_audited_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = questionnaire(item("a"), survey="andra")
    landing = Landing(tmp_path, PLAIN, other)
    landing.sent(PLAIN, "14", {"a": 1})
    landing.sent(other, "01", {"a": 3})
    found = handwritten_questions

    def misspelt(work: Any, q: Questionnaire) -> list[Question]:
        return [*found(work, q), *([question([1], "misspelt")] if q.survey == "andra" else [])]

    monkeypatch.setattr(auditing, "handwritten_questions", misspelt)
    with candidate(landing.connection, landing.definitions, NOON) as work:
        results = audit_beside(work, [PLAIN, other], NOON).result()
    assert [one.expectation for one in results["andra", 2023]] == ["UnknownExpectation"]
    assert all(one.success for one in results["test", 2023])


def test_uniqueness_is_never_asked_of_two_columns_at_once() -> None:
    unique = [replace(question(["x", "y"], "expect_column_values_to_be_unique", column=n), kwargs={}) for n in "ab"]
    assert ask("prov", unique) == [[], []]


def test_the_rows_of_tables_of_different_length_are_kept_apart() -> None:
    long = question([1.0] * 50 + [-1.0])
    short = question([-2.0], column="b")
    assert ask("prov", [short, long]) == [["rad 1"], ["rad 51"]]


def test_every_check_has_a_result_with_its_sentence_in_both_languages(tmp_path: Path) -> None:
    landing = Landing(tmp_path, PLAIN)
    landing.sent(PLAIN, "14", {"a": 1, "b": {"K": 1, "M": 2, "T": 3}, "rader": [{"n": 1}]})
    results = audited(landing, PLAIN)
    assert {"a.liten", "b.liten", "n.liten", "a.required", "b.sum"} <= {one.check for one in results}
    assert all(one.meaning.sv and one.meaning.en and one.success for one in results)


def test_what_does_not_hold_names_the_unit_and_the_row_and_never_the_value(tmp_path: Path) -> None:
    landing = Landing(tmp_path, PLAIN)
    rows = [{"n": 1}, {"n": 777}]
    landing.sent(PLAIN, "14", {"a": 888, "rader": rows}, **explained("a.liten", "n.liten"))
    landing.sent(PLAIN, "01", {"a": 1, "rader": [{"n": 3}]})
    results = audited(landing, PLAIN)
    assert failing(results) == {"a.liten": "14", "n.liten": "14 rad 2"}
    (one,) = [result for result in results if result.check == "a.liten"]
    assert (one.severity, one.elements, one.unexpected) == ("warning", 2, 1)


# The table as a whole.


def test_answers_that_were_lost_on_the_way_are_found(tmp_path: Path) -> None:
    landing = Landing(tmp_path, PLAIN)
    landing.sent(PLAIN, "14", {"a": 1, "b": {"T": 3}})
    landing.sent(PLAIN, "01", {"a": 1})
    landing.connection.execute("DELETE FROM landing.answer WHERE unit_id = '14' AND item_id = 'b'")
    assert failing(audited(landing, PLAIN))["answers"] == "14"


def test_fewer_responses_than_the_log_has_are_found(tmp_path: Path) -> None:
    landing = Landing(tmp_path, PLAIN)
    landing.sent(PLAIN, "14", {"a": 1})
    landing.connection.execute("INSERT INTO landing.event SELECT * REPLACE ('99' AS unit_id) FROM landing.event")
    found = [one for one in audited(landing, PLAIN) if not one.success]
    assert [(one.column, one.severity) for one in found] == [("responses", "critical")]


def test_a_split_that_does_not_add_up_is_critical(tmp_path: Path) -> None:
    landing = Landing(tmp_path, PLAIN)
    landing.sent(PLAIN, "14", {"a": 1, "b": {"K": 1, "M": 2, "T": 3}})
    landing.connection.execute("UPDATE landing.answer SET value_number = 4 WHERE sex = 'T'")
    found = [one for one in audited(landing, PLAIN) if not one.success]
    assert [(one.check, one.severity) for one in found] == [("b.sum", "critical")]


def test_an_item_that_few_answer_is_a_warning(tmp_path: Path) -> None:
    landing = Landing(tmp_path, PLAIN)
    landing.sent_all(PLAIN, {unit: {"a": 1, "rader": []} for unit in regions(6)})
    found = [one for one in audited(landing, PLAIN) if not one.success]
    assert [(one.column, one.observed, one.severity) for one in found] == [("answered", "b", "warning")]


def test_a_number_far_from_all_others_is_a_warning(tmp_path: Path) -> None:
    q = questionnaire(item("a"))
    landing = Landing(tmp_path, q)
    landing.sent_all(q, {unit: {"a": 900 + 20 * number} for number, unit in enumerate(regions(12))})
    landing.sent(q, "25", {"a": 1_000_000})
    assert failing(audited(landing, q)) == {"numbers": "25 a"}


def two_years(check: dict[str, Any] | None = None) -> tuple[Questionnaire, Questionnaire]:
    figure = indicator("antal", numerator={"kind": "sum", "items": ["a"]})
    lineage = {"kind": "same", "items": ["a"]}
    before = questionnaire(item("a"), indicators=[figure], year=2022)
    checks = [check] if check else []
    return before, questionnaire(item("a", lineage=lineage), indicators=[figure], checks=checks, year=2023)


def test_a_country_that_changes_by_more_than_half_is_a_warning(tmp_path: Path) -> None:
    before, now = two_years()
    landing = Landing(tmp_path, before, now)
    landing.sent_all(before, {unit: {"a": 100} for unit in regions()}, NOON - timedelta(days=365))
    landing.sent_all(now, {unit: {"a": 100} for unit in regions(3)})
    assert failing(audited(landing, now)) == {}  # fewer have answered so far, but no less each
    landing.sent_all(now, {unit: {"a": 200} for unit in regions(3)}, NOON + timedelta(hours=1))
    assert failing(audited(landing, now)) == {"national": "antal"}


def test_a_change_against_last_year_is_found_over_the_whole_table(tmp_path: Path) -> None:
    check = {"id": "a.andrad", "kind": "change_against_last_year", "item": "a", "ratio": 0.5, "floor": 10}
    before, now = two_years(check)
    landing = Landing(tmp_path, before, now)
    landing.sent_all(before, {"01": {"a": 100}, "03": {"a": 100}, "04": {"a": 2}}, NOON - timedelta(days=365))
    landing.sent_all(now, {"01": {"a": 151}, "03": {"a": 150}, "04": {"a": 9}, "05": {"a": 500}})
    assert failing(audited(landing, now))["a.andrad"] == "01"


def test_data_docs_are_made_anew_each_time(tmp_path: Path) -> None:
    landing = Landing(tmp_path, PLAIN)
    landing.sent(PLAIN, "14", {"a": 1})
    for _ in range(2):
        docs = DataDocs(tmp_path / "data-docs")
        audited(landing, PLAIN, docs)
        page = docs.write()
    assert "test-2023" in page.read_text(encoding="utf-8")
    assert len(list((tmp_path / "data-docs" / "validations").rglob("*.html"))) == 1


def test_clinics_are_known_as_soon_as_they_are_registered(tmp_path: Path) -> None:
    q = questionnaire(item("a"), respondents=["mottagning"])
    landing = Landing(tmp_path, q)
    landing.happened(UnitAdded(unit_id="um1", kind="mottagning", name="Unga", region_code="14"))
    landing.sent(q, "um1", {"a": 1})
    assert failing(audited(landing, q)) == {}


def test_audits_beside_are_asked_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """One may go on after the publication that asked for it has failed, and they share what they validate."""
    asked, at_once = [0], []

    def slow(_gathered: Any, _now: datetime) -> dict[Any, Any]:
        asked[0] += 1
        at_once.append(asked[0])
        time.sleep(0.1)
        asked[0] -= 1
        return {}

    monkeypatch.setattr(auditing, "_judged_together", slow)
    with duckdb.connect() as work:
        verdicts = [audit_beside(work, [], NOON) for _ in range(3)]
    assert [each.result() for each in verdicts] == [{}, {}, {}]
    assert at_once == [1, 1, 1]
