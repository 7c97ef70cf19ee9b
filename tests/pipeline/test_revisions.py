"""What changed between the versions of a response, value by value, and that history reveals nothing hidden."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from surveys.questionnaire import Questionnaire
from tests.pipeline.published import NOON, Landing
from tests.surveys.build import item, options, questionnaire

CHANGES = (
    "SELECT unit_id, item_id, row_no, sex, revision, coalesce(before_number::INTEGER::VARCHAR, before_code, "
    "before_missing), coalesce(after_number::INTEGER::VARCHAR, after_code, after_text, after_missing) "
    "FROM revision JOIN item USING (survey, year, item_id)"
)
IN_ORDER = " ORDER BY unit_id, revision, position, row_no, sex"


@pytest.fixture(autouse=True, params=[1, 2, 4_000])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many versions are looked at together, the same is found."""
    monkeypatch.setattr("pipeline.revisions.AT_ONCE", request.param)
    monkeypatch.setattr("pipeline.revisions.TOLD_AT_ONCE", request.param)


def landed(folder: Path, q: Questionnaire, *versions: dict[str, Any], unit: str = "14") -> Landing:
    """A response and its corrections, a day between them."""
    landing = Landing(folder, q)
    send(landing, q, *versions, unit=unit)
    return landing


def send(landing: Landing, q: Questionnaire, *versions: dict[str, Any], unit: str) -> None:
    for day, answers in enumerate(versions):
        landing.sent(q, unit, answers, NOON + timedelta(days=day))


def test_a_changed_value_tells_when_how_and_why(tmp_path: Path) -> None:
    q = questionnaire(item("a"), item("b"))
    landing = Landing(tmp_path, q)
    landing.sent(q, "14", {"a": 3, "b": 1})
    landing.sent(q, "14", {"a": 4, "b": 1}, NOON + timedelta(days=1), mode="api", corrects="s-0", reason="fel antal")
    landing.sent(q, "01", {"a": 9})
    rows = landing.rows(
        "SELECT unit_id, item_id, revision, before_number, after_number, mode, reason, corrects, event_id, "
        "partition, log_offset, epoch_ms(submitted_at) FROM revision"
    )
    at = int((NOON + timedelta(days=1)).timestamp() * 1000)
    assert rows == [("14", "a", 2, 3.0, 4.0, "api", "fel antal", "s-0", "event-s-1", 0, 1, at)]


def test_why_there_was_no_value_is_told_of_each_version(tmp_path: Path) -> None:
    q = questionnaire(
        item("status", "one_of", options=options("ja", "nej")),
        item("antal", when={"item": "status", "is": "ja"}, missing_allowed=["dont_know"]),
    )
    versions = ({"status": "nej"}, {"status": "ja"}, {"status": "ja", "antal": {"missing": "dont_know"}})
    landing = landed(tmp_path, q, *versions, {"status": "ja", "antal": 0})
    assert landing.rows(CHANGES + IN_ORDER) == [
        ("14", "status", None, None, 2, "nej", "ja"),
        ("14", "antal", None, None, 2, "off_path", "item_nonresponse"),
        ("14", "antal", None, None, 3, "item_nonresponse", "dont_know"),
        ("14", "antal", None, None, 4, "dont_know", "0"),
    ]


def test_a_row_put_in_between_changes_no_other(tmp_path: Path) -> None:
    columns = [item("namn", "one_of", options=options("x", "y", "z")), item("n")]
    q = questionnaire(item("lista", "roster", items=columns))
    before = [{"namn": "x", "n": 1}, {"namn": "y", "n": 2}]
    after = [{"namn": "z", "n": 7}, {"namn": "x", "n": 1}, {"namn": "y", "n": 3}]
    landing = landed(tmp_path, q, {"lista": before}, {"lista": after})
    assert landing.rows(CHANGES + " ORDER BY item_id, row_no, before_number") == [
        ("14", "lista", None, None, 2, "2", "3"),
        ("14", "lista.n", 1, None, 2, "2", "7"),
        ("14", "lista.n", 3, None, 2, "no_row", "3"),
        ("14", "lista.namn", 1, None, 2, "y", "z"),
        ("14", "lista.namn", 3, None, 2, "no_row", "y"),
    ]


def test_what_was_chosen_of_several_in_a_row_is_one_code(tmp_path: Path) -> None:
    columns = [item("namn", "text"), item("val", "several_of", options=options("x", "y", "z"))]
    q = questionnaire(item("lista", "roster", items=columns))
    before, after = {"namn": "a", "val": ["y", "x"]}, {"namn": "a", "val": ["z", "y"]}
    landing = landed(tmp_path, q, {"lista": [before]}, {"lista": [before | {"val": ["x", "y"]}]}, {"lista": [after]})
    assert landing.rows(CHANGES + IN_ORDER) == [("14", "lista.val", 1, None, 3, "x,y", "y,z")]


def test_of_rows_that_say_the_same_only_the_surplus_is_a_change(tmp_path: Path) -> None:
    q = questionnaire(item("lista", "roster", items=[item("n", split_by_sex=True)]))
    one, other = ({"n": {"K": k, "M": 1, "T": k + 1}} for k in (1, 2))
    landing = landed(tmp_path, q, {"lista": [one, other, one]}, {"lista": [other, one]}, {"lista": [one, other]})
    assert landing.rows(CHANGES + IN_ORDER) == [
        ("14", "lista", None, None, 2, "3", "2"),
        ("14", "lista.n", 3, "K", 2, "1", "no_row"),
        ("14", "lista.n", 3, "M", 2, "1", "no_row"),
        ("14", "lista.n", 3, "T", 2, "2", "no_row"),
    ]


def test_each_part_has_its_own_items_and_versions(tmp_path: Path) -> None:
    q = questionnaire(item("a"), item("b", split_by_sex=True))
    other = questionnaire(item("b"), item("c"), survey="annan")
    landing = Landing(tmp_path, q, other)
    send(landing, q, {"a": 1}, {"a": 2, "b": {"K": 1, "M": 2, "T": 3}}, unit="14")
    send(landing, other, {"b": 5, "c": 6}, {"b": 5}, {"b": 7}, unit="14")
    assert landing.rows(CHANGES + " WHERE survey = 'test'" + IN_ORDER) == [
        ("14", "a", None, None, 2, "1", "2"),
        ("14", "b", None, "K", 2, "item_nonresponse", "1"),
        ("14", "b", None, "M", 2, "item_nonresponse", "2"),
        ("14", "b", None, "T", 2, "item_nonresponse", "3"),
    ]
    assert landing.rows(CHANGES + " WHERE survey = 'annan'" + IN_ORDER) == [
        ("14", "c", None, None, 2, "6", "item_nonresponse"),
        ("14", "b", None, None, 3, "5", "7"),
    ]


def test_history_tells_no_number_of_an_item_that_was_ever_small(tmp_path: Path) -> None:
    parts = [item(name, split_by_sex=True, suppress_below=5) for name in ("a", "b", "c")]
    q = questionnaire(*parts, checks=[{"kind": "sum_equals_total", "parts": ["a", "b"], "total": "c"}])
    big = {"K": 20, "M": 30, "T": 50}
    small = {"K": 3, "M": 47, "T": 50}
    both = {"K": 23, "M": 77, "T": 100}
    landing = landed(tmp_path, q, {"a": small, "b": big, "c": both}, {"a": big, "b": small, "c": both})
    send(
        landing,
        q,
        {"a": big, "b": big, "c": {"K": 40, "M": 60, "T": 100}},
        {"a": {"K": 21, "M": 30, "T": 51}, "b": big, "c": {"K": 41, "M": 60, "T": 101}},
        unit="01",
    )
    changes = landing.rows(CHANGES + IN_ORDER)
    assert {(unit, item_id) for unit, item_id, *_ in changes} == {("01", "a"), ("01", "c"), ("14", "a"), ("14", "b")}
    assert {(before, after) for *_, before, after in changes} == {("suppressed", "suppressed")}


def test_a_small_number_that_is_no_longer_sent_stays_hidden(tmp_path: Path) -> None:
    q = questionnaire(item("a", suppress_below=5), item("b"))
    landing = landed(tmp_path, q, {"a": 2, "b": 2}, {"a": 20, "b": 20}, {"a": 30, "b": 30})
    send(landing, q, {"a": 40}, unit="01")
    told = {(item_id, revision): (before, after) for _, item_id, _, _, revision, before, after in landing.rows(CHANGES)}
    assert told == {
        ("a", 2): ("suppressed", "suppressed"),
        ("a", 3): ("suppressed", "suppressed"),
        ("b", 2): ("2", "20"),
        ("b", 3): ("20", "30"),
    }


def test_a_text_that_was_taken_back_is_not_told(tmp_path: Path) -> None:
    q = questionnaire(item("om", "text"))
    landing = landed(tmp_path, q, {"om": "Anna Ek svarar"}, {"om": "Ring Bo"}, {"om": "Ring växeln"})
    assert landing.rows(CHANGES + IN_ORDER) == [
        ("14", "om", None, None, 2, "suppressed", "suppressed"),
        ("14", "om", None, None, 3, "suppressed", "Ring växeln"),
    ]
    assert landing.rows("SELECT count(*) FROM revision r WHERE r::VARCHAR LIKE '%Anna%'") == [(0,)]
