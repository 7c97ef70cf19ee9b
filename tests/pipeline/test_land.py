from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from infra.event_log import RESPONSES, StoredEvent
from pipeline.errors import LandingFailed
from pipeline.land import land, positions, prepare
from pipeline.parse import parse
from surveys.questionnaire import Questionnaire
from tests.pipeline.build import (
    NOON,
    asked,
    event,
    every_kind,
    everyday,
    landed,
    response,
    stored,
    stored_all,
    warehouse,
)
from tests.surveys.build import item, questionnaire

Row = tuple[Any, ...]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = warehouse(tmp_path)
    yield opened
    opened.close()


def answer_rows(connection: duckdb.DuckDBPyConnection, item_id: str) -> list[Row]:
    """row_no, sex, number, text, code, missing of an item."""
    return connection.execute(
        "SELECT row_no, sex, value_number, value_text, value_code, missing FROM landing.answer "
        "WHERE item_id = ? ORDER BY row_no, sex, value_code",
        [item_id],
    ).fetchall()


def test_every_kind_of_answer_is_landed_in_its_long_form(connection: duckdb.DuckDBPyConnection) -> None:
    answers = {
        "status": "i_drift",
        "enheter": 3,
        "andel": 12.5,
        "kostnad": 1e6,
        "start": 2020,
        "stod": True,
        "malgrupp": ["vuxna", "barn"],
        "exempel": "Ett 'gott'\nexempel",
        "antagen": "2023-01-02",
        "oppet": everyday(),
        "kommuner": ["1480", "1401"],
        "insatser": {"K": 2, "M": 3, "T": 5},
        "programlista": [
            {"program": "Ångesthjälpen Ung Plus", "lage": "erbjuds", "grupper": ["aldre", "vuxna"], "ar": 2020},
            {"program": "Orosappen", "anvandare": {"K": 1, "M": 2, "T": 3}},
        ],
    }
    assert landed(connection, [stored(event(response(answers=answers)))]).accepted == 1
    expected: dict[str, list[Row]] = {
        "status": [(None, None, None, None, "i_drift", None)],
        "enheter": [(None, None, 3.0, None, None, None)],
        "andel": [(None, None, 12.5, None, None, None)],
        "kostnad": [(None, None, 1e6, None, None, None)],
        "start": [(None, None, 2020.0, None, None, None)],
        "stod": [(None, None, 1.0, None, "true", None)],
        "malgrupp": [(1, None, None, None, "vuxna", None), (2, None, None, None, "barn", None)],
        "exempel": [(None, None, None, "Ett 'gott'\nexempel", None, None)],
        "antagen": [(None, None, None, "2023-01-02", None, None)],
        "oppet": [
            (1, None, 9.5, "08:00-17:30", None, None),
            (2, None, 0.0, "closed", None, None),
            (3, None, 0.0, "closed", None, None),
            (4, None, 0.0, "closed", None, None),
            (5, None, 8.0, "20:00-04:00", None, None),
            (6, None, 24.0, "24h", None, None),
            (7, None, 0.0, "closed", None, None),
        ],
        "kommuner": [(1, None, None, None, "1480", None), (2, None, None, None, "1401", None)],
        "insatser": [
            (None, "K", 2.0, None, None, None),
            (None, "M", 3.0, None, None, None),
            (None, "T", 5.0, None, None, None),
        ],
        "programlista": [(None, None, 2.0, None, None, None)],
        "programlista.program": [
            (1, None, None, "Ångesthjälpen Ung Plus", "angesthjalpen-ung-plus", None),
            (2, None, None, "Orosappen", "orosappen", None),
        ],
        "programlista.lage": [(1, None, None, None, "erbjuds", None)],
        "programlista.grupper": [(1, None, None, None, "aldre", None), (1, None, None, None, "vuxna", None)],
        "programlista.ar": [(1, None, 2020.0, None, None, None)],
        "programlista.anvandare": [
            (2, "K", 1.0, None, None, None),
            (2, "M", 2.0, None, None, None),
            (2, "T", 3.0, None, None, None),
        ],
    }
    assert {item_id: answer_rows(connection, item_id) for item_id in expected} == expected
    total = connection.execute("SELECT count(*) FROM landing.answer").fetchall()
    assert total == [(sum(len(rows) for rows in expected.values()),)]


def test_a_missing_answer_lands_its_reason_and_no_value(connection: duckdb.DuckDBPyConnection) -> None:
    unknown = {"missing": "dont_know"}
    answers = {
        "status": "i_drift",
        "enheter": unknown,
        "exempel": {"missing": "not_applicable"},
        "oppet": unknown,
        "insatser": {"K": unknown, "M": 3, "T": 5},
        "programlista": [{"program": "Oro", "ar": unknown}],
    }
    landed(connection, [stored(event(response(answers=answers)))])
    reasons = {"enheter": "dont_know", "exempel": "not_applicable", "oppet": "dont_know"}
    for item_id, reason in reasons.items():
        assert answer_rows(connection, item_id) == [(None, None, None, None, None, reason)]
    assert answer_rows(connection, "programlista.ar") == [(1, None, None, None, None, "dont_know")]
    assert answer_rows(connection, "insatser") == [
        (None, "K", None, None, None, "dont_know"),
        (None, "M", 3.0, None, None, None),
        (None, "T", 5.0, None, None, None),
    ]


def test_a_text_that_looks_like_a_missing_answer_is_a_text(connection: duckdb.DuckDBPyConnection) -> None:
    sly = '{"missing":"dont_know"}'
    landed(connection, [stored(event(response(answers={"status": "utreds", "exempel": sly})))])
    assert answer_rows(connection, "exempel") == [(None, None, None, sly, None, None)]


def test_a_roster_without_rows_is_answered(connection: duckdb.DuckDBPyConnection) -> None:
    landed(connection, [stored(event(response(answers={"status": "utreds", "programlista": []})))])
    assert answer_rows(connection, "programlista") == [(None, None, 0.0, None, None, None)]


@pytest.mark.parametrize("name", ["o'brien", "select", "å"])
def test_names_that_sql_would_misread_are_landed(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    q = questionnaire(item(name, "one_of", options=[{"code": "x'y", "label": {"sv": "X", "en": "X"}}]))
    data = response(questionnaire=q.fingerprint, answers={name: "x'y"})
    land(connection, parse([stored(event(data))], asked(q)), NOON)
    assert answer_rows(connection, name) == [(None, None, None, None, "x'y", None)]


def test_the_event_is_landed_with_all_it_says(connection: duckdb.DuckDBPyConnection) -> None:
    data = response(submission="s-2", corrects="s-1", reason="fel antal", explanations={"enheter.fler": "Bara en."})
    landed(connection, [stored(event(data, at=None), offset=7, partition=3)])
    assert connection.execute(
        "SELECT topic_partition, log_offset, event_id, survey, year, unit_id, submission_id, mode, corrects, reason "
        "FROM landing.event"
    ).fetchall() == [(3, 7, "event-s-2", "test", 2023, "14", "s-2", "web", "s-1", "fel antal")]
    appended = (NOON + timedelta(seconds=8)).timestamp()
    assert connection.execute(
        "SELECT questionnaire, explanations, answers, epoch(submitted_at), epoch(appended_at) FROM landing.event"
    ).fetchall() == [
        (
            every_kind().fingerprint,
            '{"enheter.fler":"Bara en."}',
            '{"status":"i_drift","enheter":3}',
            appended,
            appended,
        )
    ]
    assert positions(connection, RESPONSES) == {3: 7}


def test_an_explained_soft_check_is_landed_with_the_explanation(connection: duckdb.DuckDBPyConnection) -> None:
    answers = {"status": "i_drift", "enheter": 1}
    landed(connection, [stored(event(response(answers=answers, explanations={"enheter.fler": "Bara en."})))])
    assert connection.execute(
        "SELECT check_id, severity, item_id, row_no, explanation, unit_id FROM landing.check_failure"
    ).fetchall() == [("enheter.fler", "soft", "enheter", None, "Bara en.", "14")]


def test_the_same_submission_again_is_a_repetition(connection: duckdb.DuckDBPyConnection) -> None:
    first = event(response(answers={"status": "i_drift", "enheter": 3}))
    reordered = event(response(answers={"enheter": 3, "status": "i_drift"}), id="another-event")
    landed(connection, [stored(first, 0), stored(reordered, 1)])
    landed(connection, [stored(reordered, 2)])
    assert connection.execute("SELECT log_offset FROM landing.event").fetchall() == [(0,)]
    assert connection.execute("SELECT log_offset, submission_id FROM landing.repeated").fetchall() == [
        (1, "s-1"),
        (2, "s-1"),
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"answers": {"status": "i_drift", "enheter": 4}},
        {"corrects": "s-0", "reason": "fel antal"},
        {"explanations": {"enheter.fler": "Nytt."}},
    ],
)
@pytest.mark.parametrize("apart", [False, True])
def test_a_reused_submission_id_with_other_content_is_parked(
    connection: duckdb.DuckDBPyConnection, changed: dict[str, Any], apart: bool
) -> None:
    events = [stored(event(response())), stored(event(response(**changed)), 1)]
    for batch in [events[:1], events[1:]] if apart else [events]:
        landed(connection, batch)
    assert connection.execute("SELECT log_offset FROM landing.event").fetchall() == [(0,)]
    assert connection.execute("SELECT log_offset, code, pointer, reason_en FROM landing.dead_letter").fetchall() == [
        (
            1,
            "SUBMISSION_ID_REUSED",
            "/data/submission_id",
            "The submission s-1 (0/0) is there already with other content. Send the correction under an id of its own.",
        )
    ]


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("first", ["14", "01"])
def test_no_unit_can_occupy_the_submission_id_of_another(
    connection: duckdb.DuckDBPyConnection, first: str, apart: bool
) -> None:
    own, others = event(response("14")), event(response("01", answers={"status": "utreds"}))
    events = [stored(own, 0, "14", 0), stored(own, 1, "14", 0), stored(others, 0, "01", 1)]
    in_order = events if first == "14" else events[::-1][:1] + events[:2]
    for batch in [[one] for one in in_order] if apart else [in_order]:
        landed(connection, batch)
    assert connection.execute("SELECT unit_id, submission_id FROM landing.event ORDER BY unit_id").fetchall() == [
        ("01", "s-1"),
        ("14", "s-1"),
    ]
    assert connection.execute("SELECT topic_partition, log_offset FROM landing.repeated").fetchall() == [(0, 1)]
    assert connection.execute("SELECT code FROM landing.dead_letter").fetchall() == []


def test_a_refused_response_does_not_take_its_submission_id(connection: duckdb.DuckDBPyConnection) -> None:
    refused = event(response(answers={"status": "i_drift", "enheter": 99}))
    landed(connection, [stored(refused, 0), stored(event(response()), 1)])
    assert connection.execute("SELECT log_offset FROM landing.event").fetchall() == [(1,)]


def test_a_batch_that_cannot_be_landed_leaves_nothing_behind(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("DROP TABLE landing.repeated")
    events = stored_all([event(response()), event(response()), b"not an event"])
    with pytest.raises(LandingFailed, match=r"P003 .*offset 0 to .*offset 2"):
        landed(connection, events)
    prepare(connection)
    assert connection.execute("SELECT count(*) FROM landing.event").fetchall() == [(0,)]
    assert connection.execute("SELECT count(*) FROM landing.dead_letter").fetchall() == [(0,)]
    assert positions(connection, RESPONSES) == {}
    assert landed(connection, events).accepted == 1


def test_two_questionnaires_in_one_batch_land_side_by_side(connection: duckdb.DuckDBPyConnection) -> None:
    other: Questionnaire = questionnaire(item("antal"), survey="annan")
    data = response(survey="annan", questionnaire=other.fingerprint, submission="s-2", answers={"antal": 8})
    events = stored_all([event(response()), event(data), event(response(submission="s-3"))])
    result = land(connection, parse(events, asked(every_kind(), other)), NOON)
    assert result.parts == {("test", 2023), ("annan", 2023)}
    assert connection.execute(
        "SELECT survey, count(*) FROM landing.answer GROUP BY survey ORDER BY survey"
    ).fetchall() == [("annan", 1), ("test", 4)]


deliveries = st.lists(st.tuples(st.integers(0, 11), st.integers(1, 6)), min_size=1, max_size=12)


@hypothesis_settings(max_examples=25, deadline=None)
@given(
    deliveries=deliveries, kinds=st.lists(st.sampled_from(["new", "same", "other", "poison"]), min_size=1, max_size=12)
)
def test_however_the_log_is_delivered_each_event_is_accounted_for_once(
    deliveries: list[tuple[int, int]], kinds: list[str]
) -> None:
    """Batches overlap, repeat and begin too early; the result is that of one reading from the start."""
    log = stored_all(_values(kinds))
    once, often = duckdb.connect(), duckdb.connect()
    for connection in (once, often):
        prepare(connection)
    landed(once, log)
    for start, length in deliveries:
        reached = positions(often, RESPONSES).get(0, -1) + 1
        landed(often, log[min(start, reached) : min(start, reached) + length])
    landed(often, log)
    assert _accounts(often) == _accounts(once)
    assert sorted(offset for offset, _ in _accounts(often)) == list(range(len(log)))
    once.close()
    often.close()


def _values(kinds: list[str]) -> list[bytes]:
    values = []
    for number, kind in enumerate(kinds):
        earlier = f"s-{max(number - 1, 0)}"
        values.append(
            {
                "new": event(response(submission=f"s-{number}")),
                "same": event(response(submission=earlier)),
                "other": event(response(submission=earlier, answers={"status": "utreds"})),
                "poison": b"poison",
            }[kind]
        )
    return values


def _accounts(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """What became of each offset."""
    return connection.execute(
        "SELECT log_offset, 'accepted ' || answers::VARCHAR FROM landing.event UNION ALL "
        "SELECT log_offset, 'repeated' FROM landing.repeated UNION ALL "
        "SELECT log_offset, code FROM landing.dead_letter ORDER BY ALL"
    ).fetchall()


@hypothesis_settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(8)), cut=st.integers(0, 8))
def test_in_whatever_order_partitions_are_read_the_same_responses_are_accepted(order: list[int], cut: int) -> None:
    """Eight units on eight partitions, each with a response, a correction and the correction once more, all of them
    under the same two ids."""
    connection = duckdb.connect()
    prepare(connection)
    units = ["01", "03", "04", "05", "06", "07", "08", "09"]
    per_unit: list[list[StoredEvent]] = []
    for number, unit in enumerate(units):
        values = [event(response(unit, f"s-{nth}")) for nth in (1, 2, 2)]
        per_unit.append([stored(value, nth, unit, number) for nth, value in enumerate(values)])
    events = [one for number in order for one in per_unit[number]]
    landed(connection, events[: cut * 3])
    landed(connection, events[cut * 3 :])
    assert connection.execute(
        "SELECT unit_id, list(log_offset ORDER BY log_offset) FROM landing.event GROUP BY unit_id ORDER BY unit_id"
    ).fetchall() == [(unit, [0, 1]) for unit in units]
    assert positions(connection, RESPONSES) == dict.fromkeys(range(8), 2)
    connection.close()
