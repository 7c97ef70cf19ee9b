from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from infra.embedded_log import EmbeddedLog
from infra.errors import WarehouseLocked
from infra.event_log import DEAD_LETTERS, RESPONSES, open_log
from infra.published import connect_current, current_publish_id, marts_dir
from infra.settings import Settings
from pipeline.consume import Consumer, opened_warehouse, utc_now
from pipeline.dead_letters import dead_letters
from pipeline.errors import WarehouseDiffers
from pipeline.ledger import digests_of, records
from pipeline.rebuild import rebuild, verify
from pipeline.refresh import refresh
from pipeline.replay import replay
from pipeline.status import status
from surveys.letter_records import ParkedRecord
from tests.pipeline.build import NOON, Definitions, event, every_kind, response, settings
from tests.pipeline.processes import held_by_another

DEFINITIONS = Definitions(every_kind())


def drained(where: Settings) -> None:
    """Everything in the log landed and published, as `run_once` does with the product's own definitions."""

    def publish(connection: duckdb.DuckDBPyConnection, now: object) -> None:
        refresh(connection, where, utc_now(), DEFINITIONS)

    log = open_log(where)
    with opened_warehouse(where) as connection:
        consumer = Consumer(log, connection, DEFINITIONS, publish, utc_now)
        consumer.drain()
        consumer.close()
    log.close()


def append(where: Settings, *values: bytes) -> None:
    log = EmbeddedLog(where.data_dir / "log.sqlite")
    log.append(RESPONSES, [("14", value) for value in values])
    log.close()


@pytest.fixture
def live(tmp_path: Path) -> Settings:
    """A log with a response, a repetition of it, a correction and two dead letters, all landed and published."""
    where = settings(tmp_path)
    first = event(response(submission="s-1"))
    correction = event(response(submission="s-2", corrects="s-1", reason="fel antal"))
    append(where, first, b"not an event", first, correction, event(response("99", "s-3")))
    drained(where)
    return where


def test_a_warehouse_made_anew_is_what_the_live_one_is(live: Settings, tmp_path: Path) -> None:
    verified = verify(live, tmp_path / "anew", DEFINITIONS)
    assert verified.responses == 2
    assert {"landing.event", "landing.answer", "landing.dead_letter", "main.indicator"} <= set(verified.tables)
    assert not (tmp_path / "anew").exists()


def test_what_was_replayed_or_parked_since_is_no_difference_and_afterwards_part_of_what_is_made_anew(
    live: Settings, tmp_path: Path
) -> None:
    facts = {"code": "WRITER_NOT_ALLOWED", "reason": {"sv": "a", "en": "b"}, "pointer": "/data/unit", "rule": None}
    about = {"failures": (), "unit": "01", "survey": "test", "year": 2023, "appended_at": NOON, "parked_at": NOON}
    parked = ParkedRecord.model_validate({"letter": "from.14/0/3", "key": "14", "payload": "{}", **facts, **about})
    with closing(open_log(live)) as log:
        list(replay(log, dead_letters(log)[:1], "here", utc_now))
        log.append(DEAD_LETTERS, [("14", parked.encoded())])
    verify(live, tmp_path / "anew", DEFINITIONS)
    drained(live)
    verify(live, tmp_path / "anew", DEFINITIONS)
    rebuild(live, tmp_path / "anew", DEFINITIONS)
    _, publication = connect_current(tmp_path)
    with publication:
        counted = publication.execute("SELECT code, n FROM dead_letter_count ORDER BY code").fetchall()
    assert counted == [("S301", 1), ("S307", 1), ("WRITER_NOT_ALLOWED", 1)]


def test_a_changed_answer_in_the_warehouse_is_found(live: Settings, tmp_path: Path) -> None:
    with opened_warehouse(live) as connection:
        connection.execute("UPDATE landing.answer SET value_number = 4 WHERE item_id = 'enheter' AND log_offset = 0")
    with pytest.raises(WarehouseDiffers) as raised:
        verify(live, tmp_path / "anew", DEFINITIONS)
    assert raised.value.tables == ("landing.answer",)


def test_a_changed_figure_in_the_publication_is_found(live: Settings, tmp_path: Path) -> None:
    path = tmp_path / "marts" / f"{current_publish_id(tmp_path)}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE answer SET value_number = 7 WHERE item_id = 'enheter'")
    with pytest.raises(WarehouseDiffers) as raised:
        verify(live, tmp_path / "anew", DEFINITIONS)
    assert raised.value.tables == ("main.answer",)


def test_what_came_after_the_landing_is_no_difference(live: Settings, tmp_path: Path) -> None:
    append(live, *(event(response(submission=f"later-{number}")) for number in range(3)))
    assert verify(live, tmp_path / "anew", DEFINITIONS).responses == 2


def test_a_rebuild_replaces_what_was_changed_by_hand_and_tells_no_letter_twice(live: Settings, tmp_path: Path) -> None:
    with opened_warehouse(live) as connection:
        connection.execute("DELETE FROM landing.event")
        connection.execute("DROP TABLE landing.dead_letter")
    before = current_publish_id(tmp_path)
    assert rebuild(live, tmp_path / "anew", DEFINITIONS).accepted == 2
    assert current_publish_id(tmp_path) != before
    verify(live, tmp_path / "anew", DEFINITIONS)
    drained(live)
    log = open_log(live)
    assert log.ends(DEAD_LETTERS) == {0: 2}
    log.close()
    publish_id, publication = connect_current(tmp_path)
    assert publication.execute("SELECT publish_id, accepted, parked FROM publication").fetchall() == [
        (publish_id, 2, 2)
    ]
    publication.close()


def test_what_a_rebuild_published_is_recorded_with_the_digests_of_its_file(live: Settings, tmp_path: Path) -> None:
    rebuild(live, tmp_path / "anew", DEFINITIONS)
    last = records(tmp_path)[-1]
    assert last.publish_id == current_publish_id(tmp_path)
    assert last.digests == digests_of(marts_dir(tmp_path) / f"{last.publish_id}.duckdb")


def test_a_damaged_warehouse_can_be_made_anew(live: Settings, tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"not a database")
    assert rebuild(live, tmp_path / "anew", DEFINITIONS).accepted == 2


def test_a_rebuild_beside_a_running_pipeline_is_refused(live: Settings, tmp_path: Path) -> None:

    with held_by_another(tmp_path / "warehouse.duckdb"), pytest.raises(WarehouseLocked, match="stop the other one"):
        rebuild(live, tmp_path / "anew", DEFINITIONS)


def test_status_counts_what_became_of_every_event(live: Settings, tmp_path: Path) -> None:
    append(live, event(response(submission="s-9")))
    found = status(live)
    assert (found.accepted, found.repeated, found.parked) == (2, 1, 2)
    assert [(progress.topic, progress.lag) for progress in found.topics] == [
        (RESPONSES, 1),
        ("lagesbild.administration.v1", 0),
    ]
    assert found.publish_id == current_publish_id(tmp_path)
    assert not found.running


def test_status_of_a_running_pipeline_is_what_it_has_published(live: Settings, tmp_path: Path) -> None:

    append(live, event(response(submission="s-9")))
    with held_by_another(tmp_path / "warehouse.duckdb"):
        found = status(live)
    assert found.running
    assert (found.accepted, found.repeated, found.parked) == (2, None, 2)
    assert found.topics[0].lag == 1
