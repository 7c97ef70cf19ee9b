"""Publishing: which responses count, why the rest is missing, and how a new file takes the place of the old one."""

import os
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from infra.published import current_publish_id, marts_dir
from surveys.event_data import ProgrammeMerged, RoundOpened, UnitAdded
from tests.pipeline.published import NOON, Landing, indicator, opened
from tests.surveys.build import item, options, questionnaire

ROUTED = questionnaire(
    item("status", "one_of", options=options("i_drift", "utreds"), missing_allowed=["dont_know"]),
    item("enheter", when={"item": "status", "is": "i_drift"}),
    item("insatser", split_by_sex=True, missing_allowed=["dont_know"]),
    item("team", "roster", items=[item("namn", "text"), item("antal")]),
)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path, ROUTED)


def answers_of(landing: Landing, address: str) -> list[tuple[object, ...]]:
    return landing.rows(
        "SELECT row_no, sex, value_number, value_text, value_code, missing FROM answer WHERE item_id = $item "
        "ORDER BY row_no, sex",
        item=address,
    )


def test_the_response_submitted_last_counts_whatever_order_it_came_in(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"status": "i_drift", "enheter": 2}, NOON + timedelta(hours=1))
    landing.sent(ROUTED, "14", {"status": "i_drift", "enheter": 1}, NOON)
    assert landing.rows("SELECT submission_id, revision, current FROM response ORDER BY revision") == [
        ("s-1", 1, False),
        ("s-0", 2, True),
    ]
    assert answers_of(landing, "enheter") == [(None, None, 2.0, None, None, None)]


def test_of_two_submitted_at_the_same_moment_the_later_in_the_log_counts(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"status": "i_drift", "enheter": 1})
    landing.sent(ROUTED, "14", {"status": "i_drift", "enheter": 2})
    assert landing.rows("SELECT submission_id FROM response WHERE current") == [("s-1",)]


def test_an_item_that_its_condition_leaves_out_is_off_path(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"status": "utreds"})
    assert answers_of(landing, "enheter") == [(None, None, None, None, None, "off_path")]


def test_an_item_on_path_without_an_answer_is_item_nonresponse(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"status": "i_drift"})
    assert answers_of(landing, "enheter") == [(None, None, None, None, None, "item_nonresponse")]


def test_a_condition_over_a_missing_answer_is_false(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"status": {"missing": "dont_know"}})
    assert answers_of(landing, "status") == [(None, None, None, None, None, "dont_know")]
    assert answers_of(landing, "enheter") == [(None, None, None, None, None, "off_path")]


def test_a_reason_given_for_a_split_item_stands_for_each_sex(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"insatser": {"missing": "dont_know"}})
    assert [(row[1], row[5]) for row in answers_of(landing, "insatser")] == [
        ("K", "dont_know"),
        ("M", "dont_know"),
        ("T", "dont_know"),
    ]


def test_a_total_alone_leaves_the_sexes_missing_and_invents_nothing(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"insatser": {"T": 9}})
    assert [(row[1], row[2], row[5]) for row in answers_of(landing, "insatser")] == [
        ("K", None, "item_nonresponse"),
        ("M", None, "item_nonresponse"),
        ("T", 9.0, None),
    ]


def test_a_roster_without_rows_is_an_answer(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"team": []})
    assert answers_of(landing, "team") == [(None, None, 0.0, None, None, None)]


def test_rows_of_a_roster_stand_by_their_number(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"team": [{"namn": "A", "antal": 2}, {"namn": "B"}]})
    assert [row[:4] for row in answers_of(landing, "team.namn")] == [(1, None, None, "A"), (2, None, None, "B")]
    assert answers_of(landing, "team.antal") == [(1, None, 2.0, None, None, None)]


def test_an_item_asked_of_others_has_no_row(tmp_path: Path) -> None:
    q = questionnaire(
        item("plan", "boolean", respondents=["kommun"]), item("stod", "boolean"), respondents=["region", "kommun"]
    )
    landing = Landing(tmp_path, q)
    landing.sent_all(q, {"14": {}, "1480": {}})
    assert landing.rows("SELECT unit_id, item_id FROM answer ORDER BY ALL") == [
        ("14", "stod"),
        ("1480", "plan"),
        ("1480", "stod"),
    ]


def test_the_response_rate_is_by_region_and_for_the_country(landing: Landing) -> None:
    landing.sent_all(ROUTED, {"14": {}, "01": {}})
    rates = {row[0]: row[1:] for row in landing.rows("SELECT region_code, answered, expected, rate FROM response_rate")}
    assert rates["14"] == (1, 1, 1.0)
    assert rates["03"] == (0, 1, 0.0)
    assert rates["00"] == (2, 21, 2 / 21)


def test_a_unit_that_has_ceased_is_not_expected_but_counts_if_it_answered(tmp_path: Path) -> None:
    q = questionnaire(item("besok"), respondents=["mottagning"])
    landing = Landing(tmp_path, q)
    for unit, last in (("um1", None), ("um2", date(2021, 12, 31)), ("um3", date(2021, 12, 31))):
        landing.happened(UnitAdded(unit_id=unit, kind="mottagning", name=unit, region_code="14", valid_to=last))
    landing.sent(q, "um3", {"besok": 1})
    assert landing.rows("SELECT answered, expected FROM response_rate WHERE region_code = '00'") == [(1, 2)]


def test_a_response_after_the_round_was_due_is_late(landing: Landing) -> None:
    times = {"opens_at": NOON - timedelta(days=9), "due_at": NOON, "closes_at": NOON + timedelta(days=9)}
    landing.happened(RoundOpened(survey="test", year=2023, **times))
    landing.sent(ROUTED, "14", {}, NOON)
    landing.sent(ROUTED, "01", {}, NOON + timedelta(seconds=1))
    assert landing.rows("SELECT unit_id, late FROM response WHERE current ORDER BY unit_id") == [
        ("01", True),
        ("14", False),
    ]


def test_before_a_round_opens_nothing_is_published_of_it(landing: Landing) -> None:
    q = questionnaire(
        item("enheter"), indicators=[indicator(numerator={"kind": "sum", "items": ["enheter"]})], year=2024
    )
    landing.definitions = type(landing.definitions)(ROUTED, q)
    times = {
        "opens_at": NOON + timedelta(days=1),
        "due_at": NOON + timedelta(days=2),
        "closes_at": NOON + timedelta(days=3),
    }
    landing.happened(RoundOpened(survey="test", year=2024, **times))
    assert landing.rows("SELECT DISTINCT missing FROM indicator WHERE year = 2024") == [("not_yet_published",)]


def test_a_merged_programme_counts_as_the_other_from_then_on(tmp_path: Path) -> None:
    q = questionnaire(item("lista", "roster", register="programme", items=[item("program", "text")]))
    landing = Landing(tmp_path, q)
    landing.sent(q, "14", {"lista": [{"program": "Oroshjälpen"}, {"program": "Oroshjälpen Plus"}]})
    landing.happened(ProgrammeMerged(programme="oroshjalpen-plus", into="oroshjalpen"))
    codes = landing.rows("SELECT value_text, value_code FROM answer WHERE item_id = 'lista.program' ORDER BY row_no")
    assert codes == [("Oroshjälpen", "oroshjalpen"), ("Oroshjälpen Plus", "oroshjalpen")]


def test_as_of_a_moment_later_corrections_are_left_out(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {"status": "i_drift", "enheter": 1}, NOON)
    landing.sent(ROUTED, "14", {"status": "i_drift", "enheter": 2}, NOON + timedelta(days=300))
    with opened(landing.published(NOON + timedelta(days=400), as_of=NOON + timedelta(days=1))) as then:
        assert then.execute("SELECT value_number FROM answer WHERE item_id = 'enheter'").fetchall() == [(1.0,)]
    with opened(landing.published(NOON + timedelta(days=400))) as now:
        assert now.execute("SELECT value_number FROM answer WHERE item_id = 'enheter'").fetchall() == [(2.0,)]


def test_the_publication_counts_what_was_read(landing: Landing) -> None:
    landing.sent(ROUTED, "14", {})
    landing.sent(ROUTED, "14", {})
    rows = landing.rows("SELECT events, accepted, parked, held, watermarks->>'0' FROM publication")
    assert rows == [(2, 2, 0, [], "1")]


def test_two_publications_of_one_moment_are_two_files(landing: Landing) -> None:
    first, second = landing.published(), landing.published()
    assert first.path.exists() and second.path.exists()
    assert first.publish_id < second.publish_id == current_publish_id(landing.folder)


def test_a_failure_while_building_leaves_what_is_in_force_and_no_litter(landing: Landing) -> None:
    before = landing.published()
    landing.connection.execute("ALTER TABLE landing.event RENAME COLUMN answers TO something_else")
    landing.connection.execute("DROP TABLE landing.answer")
    with pytest.raises(duckdb.CatalogException):
        landing.published(NOON + timedelta(minutes=1))
    assert current_publish_id(landing.folder) == before.publish_id
    assert [file.name for file in marts_dir(landing.folder).glob("*.duckdb*")] == [before.path.name]


def test_old_files_go_but_never_one_younger_than_a_minute(landing: Landing) -> None:
    for age in range(6, 0, -1):
        published = landing.published(NOON - timedelta(minutes=age))
        moment = (NOON - timedelta(minutes=age)).timestamp()
        os.utime(published.path, (moment, moment))
    for seconds in range(5):
        published = landing.published(NOON + timedelta(seconds=seconds))
        moment = (NOON + timedelta(seconds=seconds)).timestamp()
        os.utime(published.path, (moment, moment))
    assert len(list(marts_dir(landing.folder).glob("*.duckdb"))) >= 5
    landing.published(NOON + timedelta(minutes=5))
    assert len(list(marts_dir(landing.folder).glob("*.duckdb"))) == 3


def test_the_file_holds_the_tables_of_the_contract_and_no_others(landing: Landing) -> None:
    tables = {row[0] for row in landing.rows("SELECT DISTINCT table_name FROM duckdb_columns() WHERE NOT internal")}
    assert tables == {
        "publication", "unit", "population", "survey", "section", "item", "item_option", "response", "answer",
        "revision", "response_rate", "indicator_definition", "indicator", "published_figure", "check_failure",
        "audit_result",
        "dead_letter", "dead_letter_count", "round", "indicator_item", "check_item", "counted_row", "figure_unit",
        "figure_answer", "audit_history", "figure_movement", "follow_up",
        "item_use", "time_spent", "item_unchanged", "item_burden",
    }  # fmt: skip
