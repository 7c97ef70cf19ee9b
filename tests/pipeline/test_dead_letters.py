import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import DEAD_LETTERS, LARGEST_EVENT_BYTES, RESPONSES
from pipeline import dead_letters
from pipeline.announce import announce, catch_up
from pipeline.consume import Consumer, Totals
from pipeline.dead_letters import dead_letter, payload
from pipeline.errors import UnknownDeadLetter
from pipeline.rehearse import rehearse
from pipeline.replay import replay
from surveys.letter_records import ParkedRecord, ReplayedRecord
from tests.pipeline.build import NOON, Definitions, event, every_kind, landed, response, stored, warehouse
from tests.surveys.build import item, questionnaire


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = warehouse(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EmbeddedLog]:
    opened = EmbeddedLog(tmp_path / "log.sqlite")
    yield opened
    opened.close()


def consumed(log: EmbeddedLog, connection: duckdb.DuckDBPyConnection, definitions: Definitions | None = None) -> Totals:
    """Lands what the log has."""
    known = definitions or Definitions(every_kind())
    consumer = Consumer(log, connection, known, lambda _connection, _now: None, lambda: NOON)
    totals = consumer.drain()
    consumer.close()
    return totals


def answers(**given: Any) -> bytes:
    return event(response(answers={"status": "i_drift", "enheter": 3} | given))


Poison = tuple[bytes, str, str, str | None]
POISON: dict[str, Poison] = {
    "no JSON": (b"not an event", "S301", "", None),
    "no object": (b"[]", "S301", "", None),
    "nothing": (b"", "S301", "", None),
    "no UTF-8": (b'{"specversion": "\xff"}', "S301", "", None),
    "deeply nested": (b"[" * 50_000, "S301", "", None),
    "no type": (b'{"specversion": "1.0"}', "S302", "/type", None),
    "unknown type": (event(response(), type="se.lagesbild.other.v1"), "S303", "/type", None),
    "later version": (event(response(), type="se.lagesbild.response-submitted.v2"), "S309", "/type", None),
    "empty id": (event(response(), id=""), "S304", "/id", None),
    "upper-case attribute": (event(response(), Trace="x"), "S305", "/Trace", None),
    "year as text": (event(response(year="2023")), "S306", "/data/year", None),
    "unknown member": (event(response(extra=1)), "S306", "/data/extra", None),
    "other subject": (event(response(), subject="test/2023/01"), "S307", "/subject", None),
    "name twice": (
        event(response()).replace(b'"enheter": 3', b'"enheter": 3, "enheter": 99'),
        "S308",
        "/data/answers/enheter",
        None,
    ),
    "infinite": (answers(kostnad=float("inf")), "S301", "/data", None),
    "unknown survey": (event(response(survey="okand")), "UNKNOWN_SURVEY", "/data/survey", None),
    "unknown year": (event(response(year=2031)), "UNKNOWN_SURVEY", "/data/year", None),
    "unknown unit": (event(response("99")), "UNKNOWN_UNIT", "/data/unit", None),
    "unit not asked": (event(response("1480")), "UNIT_NOT_ASKED", "/data/unit", None),
    "other questionnaire": (
        event(response(questionnaire="0" * 16)),
        "QUESTIONNAIRE_MISMATCH",
        "/data/questionnaire",
        None,
    ),
    "hard check": (answers(enheter=51), "CHECKS_FAILED", "/data/answers/enheter", "enheter.range"),
    "soft check": (answers(enheter=1), "CHECKS_FAILED", "/data/answers/enheter", "enheter.fler"),
    "shape": (answers(andel="mycket"), "CHECKS_FAILED", "/data/answers/andel", "andel.shape"),
    "option": (answers(malgrupp=["ovriga"]), "CHECKS_FAILED", "/data/answers/malgrupp", "malgrupp.options"),
    "unknown item": (answers(**{"a/b": 1}), "CHECKS_FAILED", "/data/answers/a~1b", "unknown_item"),
    "sum": (answers(insatser={"K": 1, "M": 1, "T": 3}), "CHECKS_FAILED", "/data/answers/insatser", "insatser.sum"),
    "off path": (answers(status="utreds"), "CHECKS_FAILED", "/data/answers/enheter", "enheter.off_path"),
    "unanswered": (event(response(answers={})), "CHECKS_FAILED", "/data/answers/status", "status.required"),
    "a row": (
        answers(programlista=[{"program": "A"}, {"program": "B", "ar": 1990}]),
        "CHECKS_FAILED",
        "/data/answers/programlista/1/ar",
        "ar.range",
    ),
    "same rows": (
        answers(programlista=[{"program": "A"}, {"program": "A"}]),
        "CHECKS_FAILED",
        "/data/answers/programlista/1",
        "program.unika",
    ),
}


@pytest.mark.parametrize("name", POISON)
def test_poison_is_parked_with_code_pointer_and_rule_and_its_neighbours_are_landed(
    connection: duckdb.DuckDBPyConnection, name: str
) -> None:
    poison, code, pointer, rule = POISON[name]
    key = "14" if not poison.startswith(b'{"specversion": "1.0", "type"') else _unit(poison)
    good = [event(response(submission=f"good-{number}")) for number in range(2)]
    landed(connection, [stored(good[0]), stored(poison, 1, key), stored(good[1], 2)])
    assert connection.execute(
        "SELECT log_offset, code, pointer, rule, payload, event_key FROM landing.dead_letter"
    ).fetchall() == [(1, code, pointer, rule, poison, key)]
    assert connection.execute("SELECT submission_id FROM landing.event ORDER BY 1").fetchall() == [
        ("good-0",),
        ("good-1",),
    ]
    reasons = connection.execute("SELECT reason_sv, reason_en FROM landing.dead_letter").fetchall()[0]
    assert reasons[0] != reasons[1]


def _unit(poison: bytes) -> str:
    return str(json.loads(poison)["data"]["unit"])


def test_an_event_under_another_units_key_is_parked(connection: duckdb.DuckDBPyConnection) -> None:
    landed(connection, [stored(event(response()), key="01")])
    assert connection.execute("SELECT code, unit_id, survey, year FROM landing.dead_letter").fetchall() == [
        ("S307", "14", "test", 2023)
    ]


def test_an_administration_event_among_responses_is_parked(connection: duckdb.DuckDBPyConnection) -> None:
    misplaced = event(response()).replace(b"response-submitted", b"round-closed")
    envelope = json.loads(misplaced) | {"subject": "test/2023", "data": {"survey": "test", "year": 2023}}
    landed(connection, [stored(json.dumps(envelope).encode(), key="test/2023")])
    assert connection.execute("SELECT code, pointer FROM landing.dead_letter").fetchall() == [("WRONG_TOPIC", "/type")]


def test_all_that_fails_goes_along(connection: duckdb.DuckDBPyConnection) -> None:
    landed(connection, [stored(answers(enheter=51, andel="mycket"))])
    rows = connection.execute("SELECT json_extract_string(failures, '$[*].check') FROM landing.dead_letter").fetchall()
    assert rows == [(["enheter.range", "andel.shape"],)]


def test_a_dead_letter_stands_on_the_topic_with_all_that_is_known_of_it(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    log.append(RESPONSES, [("14", answers(enheter=51)), ("14", b"\xff")])
    consumed(log, connection)
    text, binary = (json.loads(one.value) for one in log.read(DEAD_LETTERS, {}, 10))
    assert text["payload"].encode() == answers(enheter=51)
    assert {name: text[name] for name in ("kind", "letter", "key", "code", "pointer", "rule", "unit", "survey")} == {
        "kind": "parked",
        "letter": "responses/0/0",
        "key": "14",
        "code": "CHECKS_FAILED",
        "pointer": "/data/answers/enheter",
        "rule": "enheter.range",
        "unit": "14",
        "survey": "test",
    }
    assert (binary["payload"], binary["payload_base64"]) == (None, "/w==")
    assert payload(log, dead_letter(log, "responses/0/1")) == b"\xff"


def test_a_letter_is_told_once_though_the_process_ended_before_it_was_marked(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    log.append(RESPONSES, [("14", b"poison"), ("14", b"more poison")])
    consumed(log, connection)
    connection.execute("UPDATE landing.dead_letter SET announced_at = NULL")
    connection.execute("DELETE FROM landing.position WHERE topic = ?", [DEAD_LETTERS])
    assert announce(connection, log, NOON) == 0
    assert log.ends(DEAD_LETTERS) == {0: 2}
    assert connection.execute("SELECT count(announced_at) FROM landing.dead_letter").fetchall() == [(2,)]


def test_a_letter_too_large_for_the_topic_is_read_from_its_own_place(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    large = b"\xff" * LARGEST_EVENT_BYTES
    log.append(RESPONSES, [("14", event(response())), ("14", large), ("14", event(response(submission="s-2")))])
    consumed(log, connection)
    letter = dead_letter(log, "responses/0/1")
    assert letter.parked.value is None
    assert payload(log, letter) == large


def test_a_replay_is_accepted_once_its_cause_is_mended(log: EmbeddedLog, connection: duckdb.DuckDBPyConnection) -> None:
    q = questionnaire(item("antal"), survey="ny")
    data = response(survey="ny", questionnaire=q.fingerprint, answers={"antal": 1})
    log.append(RESPONSES, [("14", event(data))])
    consumed(log, connection)
    letter = dead_letter(log, "responses/0/0")
    mended = Definitions(every_kind(), q)
    before, after = (rehearse(log, [letter], definitions)[0] for definitions in (Definitions(every_kind()), mended))
    assert before.refused is not None
    assert before.refused.code == "UNKNOWN_SURVEY"
    assert after.refused is None
    assert log.ends(RESPONSES) == {0: 1}, "a rehearsal writes nothing"
    assert [place.offset for _, place in replay(log, [letter], "here", lambda: NOON)] == [1]
    assert consumed(log, connection, mended).accepted == 1
    assert connection.execute("SELECT count(*) FROM landing.dead_letter WHERE replayed_at IS NULL").fetchall() == [(0,)]


@pytest.mark.parametrize("letter", ["responses/0/7", "responses/0", "annat/0/1", "responses/x/1"])
def test_an_unknown_letter_is_said_to_be(log: EmbeddedLog, letter: str) -> None:
    with pytest.raises(UnknownDeadLetter, match=r"P005 .*lagesbild dead-letters list"):
        dead_letter(log, letter)


def test_what_others_put_on_the_topic_is_passed_over(log: EmbeddedLog, connection: duckdb.DuckDBPyConnection) -> None:
    log.append(DEAD_LETTERS, [("x", b"graffiti")])
    log.append(RESPONSES, [("14", b"poison")])
    consumed(log, connection)
    assert [one.letter for one in dead_letters.dead_letters(log)] == ["responses/0/0"]


@pytest.mark.parametrize(
    "odd", ["\x00", "a\x00b", "\u2028", "'; DROP TABLE x; --", '{"missing": "dont_know"}', "😀" * 99]
)
def test_odd_texts_stop_nothing(connection: duckdb.DuckDBPyConnection, odd: str) -> None:
    """Whatever is written in a reason or an explanation, or as an item's name, is landed or parked as it came."""
    data = response(corrects="s-0", reason=odd, explanations={odd: odd})
    named = response(submission="s-2", answers={"status": "i_drift", "enheter": 3, odd: odd})
    landed(connection, [stored(event(data)), stored(event(named), 1)])
    assert connection.execute("SELECT reason FROM landing.event").fetchall() == [(odd,)]
    assert connection.execute("SELECT explanations FROM landing.event").fetchall() == [
        (json.dumps({odd: odd}, ensure_ascii=False, separators=(",", ":")),)
    ]
    assert connection.execute("SELECT payload FROM landing.dead_letter").fetchall() == [(event(named),)]


def test_a_warehouse_made_anew_in_small_batches_knows_every_replay(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """What the dead-letter topic says of an event that is landed later is not lost."""
    log.append(RESPONSES, [("14", b"poison %d" % number) for number in range(5)])
    consumed(log, connection)
    list(replay(log, dead_letters.dead_letters(log)[3:], "here", lambda: NOON))
    consumed(log, connection)
    known = "SELECT log_offset, replayed_at, announced_at IS NOT NULL FROM landing.dead_letter ORDER BY ALL"
    before, ends = connection.execute(known).fetchall(), log.ends(DEAD_LETTERS)
    for tell in (announce, catch_up):
        (tmp_path / tell.__name__).mkdir()
        with closing(warehouse(tmp_path / tell.__name__)) as anew:
            consumer = Consumer(
                log, anew, Definitions(every_kind()), lambda _c, _n: None, lambda: NOON, tell=tell, batch_events=1
            )
            consumer.drain()
            consumer.close()
            assert anew.execute(known).fetchall() == before
    assert log.ends(DEAD_LETTERS) == ends, "nothing was told twice"


def test_a_record_of_an_event_that_is_nowhere_holds_nothing_up(
    log: EmbeddedLog, connection: duckdb.DuckDBPyConnection
) -> None:
    log.append(DEAD_LETTERS, [("x", ReplayedRecord(letter="responses/0/99", partition=0, offset=1, at=NOON).encoded())])
    log.append(RESPONSES, [("14", b"poison")])
    consumed(log, connection)
    assert [one.letter for one in dead_letters.dead_letters(log)] == ["responses/0/0"]


def test_what_a_collector_parked_is_taken_in_once(log: EmbeddedLog, connection: duckdb.DuckDBPyConnection) -> None:
    facts = {"code": "WRITER_NOT_ALLOWED", "reason": {"sv": "a", "en": "b"}, "pointer": "/data/unit", "rule": None}
    about = {"failures": (), "unit": "01", "survey": "test", "year": 2023, "appended_at": NOON, "parked_at": NOON}
    record = ParkedRecord.model_validate({"letter": "from.14/0/3", "key": "14", "payload": "{}", **facts, **about})
    log.append(DEAD_LETTERS, [("14", record.encoded()), ("14", record.encoded())])
    consumed(log, connection)
    assert connection.execute(
        "SELECT topic, log_offset, code, payload, unit_id, announced_at IS NOT NULL FROM landing.dead_letter"
    ).fetchall() == [("lagesbild.responses.v1.from.14", 3, "WRITER_NOT_ALLOWED", b"{}", "01", True)]
