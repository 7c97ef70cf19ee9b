"""Whoever changes the log after it was landed is found out, at the event that was changed."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import pytest

from infra.embedded_log import EmbeddedLog
from infra.errors import LogDamaged
from infra.event_log import ADMINISTRATION, RESPONSES, StoredEvent
from infra.kafka.broker import Broker
from infra.kafka_log import KafkaLog
from infra.published import current_publish_id
from infra.settings import Settings
from infra.warehouse import connect
from pipeline.chain import digest, first_link, next_link
from pipeline.consume import opened_warehouse, run_once
from pipeline.errors import LogAltered, LogShortened
from pipeline.ledger import records
from pipeline.links import MARK_BYTES, add_links, heads, landed_links
from pipeline.log_proof import prove_landed
from surveys.event_data import UnitAdded
from surveys.events import encode, new_administration_event
from tests.pipeline.build import NOON, event, landed, response, stored, stored_all, warehouse
from tests.pipeline.processes import held_by_another
from tests.pipeline.test_commands import response as plan
from tests.pipeline.trickle import each_part
from tests.pipeline.typed import printed, typed

UNITS = ("1480", "1481", "1401", "1402", "1407", "1415")


def test_nothing_can_be_moved_from_one_part_of_a_link_to_another() -> None:
    before = first_link(RESPONSES, 0)
    assert before != first_link(RESPONSES, 1) != first_link(ADMINISTRATION, 1)
    same = {digest("14", b"80"), digest("148", b"0"), digest("1480", b""), digest("", b"1480")}
    assert len(same) == 4
    assert next_link(before, 1, digest("14", b"80")) != next_link(before, 2, digest("14", b"80"))


def by_hand(topic: str, partition: int, events: list[StoredEvent]) -> str:
    """The head as docs/operations.md says that it is reckoned."""
    link = sha256(f"lagesbild chain 1: {topic}[{partition}]".encode()).digest()
    for one in events:
        key = one.key.encode()
        said = sha256(len(key).to_bytes(8, "big") + key + one.value).digest()
        link = sha256(link + one.offset.to_bytes(8, "big") + said).digest()
    return link.hex()


def test_each_partition_has_its_chain_however_events_came_in_batches(tmp_path: Path) -> None:
    one = [stored(event(response("14", f"s-{n}")), n, "14", 0) for n in range(4)]
    other = [stored(event(response("03", f"t-{n}")), n, "03", 1) for n in range(3)] + [stored(b"{}", 3, "03", 1)]
    with closing(warehouse(tmp_path)) as connection:
        landed(connection, [*one[:2], *other[:1]])
        # Delivered again, with more: what was landed is passed over.
        landed(connection, [*one, *other])
        found = heads(connection, RESPONSES)
        assert {partition: head.link for partition, head in found.items()} == {
            0: by_hand(RESPONSES, 0, one),
            1: by_hand(RESPONSES, 1, other),
        }
        known = list(landed_links(connection, RESPONSES, 1, found[1]))
        assert [(offset, len(link)) for offset, link in known] == [
            (0, 32),
            *((n, MARK_BYTES) for n in (1, 2, 3)),
            (3, 32),
        ]


def test_events_delivered_again_are_not_hashed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = stored_all(event(response("14", f"s-{n}")) for n in range(5))
    hashed: list[bytes] = []

    def counted(key: str, value: bytes) -> bytes:
        hashed.append(value)
        return digest(key, value)

    monkeypatch.setattr("pipeline.links.digest", counted)
    with closing(warehouse(tmp_path)) as connection:
        for batch in (events[:3], events[:3], events):
            landed(connection, batch)
    assert hashed == [one.value for one in events]


@pytest.fixture(scope="module")
def lying(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with six responses in two publications, and a unit that was added."""
    folder = tmp_path_factory.mktemp("lying")
    with closing(EmbeddedLog(folder / "log.sqlite")) as log, pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipeline.refresh.audit_beside", each_part(lambda _work, _q, _now: []))
        added = UnitAdded(unit_id="9901", name="Ny", kind="kommun", region_code="14", parent_id="14")
        log.append(ADMINISTRATION, [("9901", encode(new_administration_event(added, event_id="e-1", time=NOON)))])
        for some in (UNITS[:3], UNITS[3:]):
            log.append(RESPONSES, [plan(unit) for unit in some])
            run_once(Settings(data_dir=folder))
    return folder


@pytest.fixture
def log(lying: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedLog]:
    monkeypatch.setattr("pipeline.refresh.audit_beside", each_part(lambda _work, _q, _now: []))
    shutil.copytree(lying, tmp_path / "data")
    with closing(EmbeddedLog(tmp_path / "data" / "log.sqlite")) as log:
        yield log


Change = Callable[[sqlite3.Connection], object]
ALL = 'SELECT id, key, value FROM event WHERE topic = ? ORDER BY "offset"'


def rewritten(file: sqlite3.Connection, events: list[tuple[str, bytes]], topic: str = RESPONSES) -> None:
    """The topic with these events in place of its own, as sound as the log's own checks can tell."""
    file.execute("DELETE FROM event WHERE topic = ?", [topic])
    (first,) = file.execute("SELECT coalesce(max(id), 0) + 1 FROM event").fetchone()
    file.executemany(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, 1685000000000000)",
        [(first + n, topic, n, key, value, crc32(value)) for n, (key, value) in enumerate(events)],
    )


def edited(change: Callable[[list[tuple[str, bytes]]], object], topic: str = RESPONSES) -> Change:
    def edit(file: sqlite3.Connection) -> None:
        events = [(key, value) for _, key, value in file.execute(ALL, [topic]).fetchall()]
        change(events)
        rewritten(file, events, topic)

    return edit


def altered(at: int, old: bytes, new: bytes) -> Callable[[list[tuple[str, bytes]]], object]:
    def change(events: list[tuple[str, bytes]]) -> None:
        key, value = events[at]
        assert old in value
        events[at] = (key, value.replace(old, new))

    return change


def swapped(events: list[tuple[str, bytes]]) -> None:
    events[1], events[2] = events[2], events[1]


TAMPERED: Mapping[str, tuple[Change, str, int]] = {
    "an answer": (edited(altered(2, b'"plan":"nej"', b'"plan":"ja"')), RESPONSES, 2),
    "a space": (edited(altered(0, b'{"', b'{ "')), RESPONSES, 0),
    "the key": (edited(lambda events: events.__setitem__(3, ("14", events[3][1]))), RESPONSES, 3),
    "removed": (edited(lambda events: events.pop(3)), RESPONSES, 3),
    "the first one removed": (edited(lambda events: events.pop(0)), RESPONSES, 0),
    "the last one removed": (edited(lambda events: events.pop()), RESPONSES, 5),
    "put in": (edited(lambda events: events.insert(4, plan("1419"))), RESPONSES, 4),
    "swapped": (edited(swapped), RESPONSES, 1),
    "a unit's name": (edited(altered(0, b'"Ny"', b'"Nx"'), ADMINISTRATION), ADMINISTRATION, 0),
    "everything removed": (edited(lambda events: events.clear()), RESPONSES, 0),
}


def tamper(log: EmbeddedLog, change: Change) -> None:
    with closing(sqlite3.connect(log.path)) as file, file:
        change(file)


@pytest.mark.parametrize(("change", "topic", "offset"), TAMPERED.values(), ids=TAMPERED.keys())
def test_a_log_that_was_changed_by_hand_is_refused_at_the_event(
    log: EmbeddedLog, change: Change, topic: str, offset: int
) -> None:
    tamper(log, change)
    with pytest.raises(LogAltered, match=r"P060 .* was changed after it was landed") as told:
        typed(log, "pipeline", "verify")
    assert (told.value.topic, told.value.partition, told.value.first, told.value.last) == (topic, 0, offset, offset)


def test_a_row_changed_without_its_checksum_or_taken_out_is_damage(log: EmbeddedLog) -> None:
    tamper(log, lambda file: file.execute('DELETE FROM event WHERE topic = ? AND "offset" = 3', [RESPONSES]))
    with pytest.raises(LogDamaged, match="after offset"):
        typed(log, "pipeline", "verify")


def test_the_ledger_tells_between_which_publications_and_what_came_before_still_holds(log: EmbeddedLog) -> None:
    tamper(log, TAMPERED["put in"][0])
    first, second = (one.publish_id for one in records(log.path.parent))
    with held_by_another(log.path.parent / "warehouse.duckdb"):
        with pytest.raises(LogAltered, match=f"publication {second} between offset 3 and offset 5"):
            typed(log, "pipeline", "verify", "--publication", second)
        with pytest.raises(LogAltered, match="the recorded publications"):
            typed(log, "pipeline", "verify", "--every")
        done = typed(log, "pipeline", "verify", "--publication", first)
    assert f"{RESPONSES}[0]: unchanged from offset 0 to 2" in done.stdout


def test_a_log_made_anew_after_it_was_changed_does_not_fool_the_ledger(log: EmbeddedLog) -> None:
    tamper(log, TAMPERED["an answer"][0])
    typed(log, "pipeline", "rebuild")
    with pytest.raises(LogAltered):
        typed(log, "pipeline", "verify", "--every")
    # What is in force now was made of the log as it is now, and says so.
    newest = str(current_publish_id(log.path.parent))
    assert f"{newest}: " in typed(log, "pipeline", "verify", "--publication", newest).stdout


def test_an_unchanged_log_is_said_to_be_with_the_head_that_was_published(log: EmbeddedLog) -> None:
    log.append(RESPONSES, [plan("1419")])  # what comes later changes nothing
    *_, last = printed(log, "pipeline", "publications")
    head = last["chain"][RESPONSES]["0"]
    assert (head["begins"], head["offset"]) == (0, 5)
    assert f"responses/0/5 {head['link'][:16]}" in " ".join(typed(log, "pipeline", "publications").stdout.split())
    done = printed(log, "pipeline", "verify", "--publication", last["publish_id"])
    assert [each["chain"] for each in done] == [True]
    with connect(log.path.parent / "warehouse.duckdb") as opened:
        prove_landed(opened, log)


class Shortened(EmbeddedLog):
    """A log whose first events of a topic are gone, as Kafka hands it out after retention."""

    begins = 0

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        after = {0: max(after.get(0, -1), self.begins - 1)} if topic == RESPONSES else after
        return super().read(topic, after, limit, wait_seconds)


def test_a_shortened_log_is_said_to_be_shortened_and_its_rest_is_looked_at(
    log: EmbeddedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = log.path.parent
    (folder / "warehouse.duckdb").unlink()
    monkeypatch.setattr("pipeline.links.WHOLE_EVERY", 2)
    typed(log, "pipeline", "run", "--once")
    with connect(folder / "warehouse.duckdb") as opened, closing(Shortened(log.path)) as shortened:
        shortened.begins = 2
        with pytest.raises(LogShortened, match="offsets 0 to 1 are gone, offsets 2 to 5 are unchanged"):
            prove_landed(opened, shortened)
        shortened.begins = 5
        with pytest.raises(LogShortened, match="offsets 0 to 4 are gone, too little is left"):
            prove_landed(opened, shortened)
        shortened.begins = 1
        tamper(log, edited(altered(4, b'"plan":"nej"', b'"plan":"ja"')))
        with pytest.raises(LogAltered, match="at offset 4"):
            prove_landed(opened, shortened)


def test_what_an_earlier_version_landed_is_chained_when_the_pipeline_starts(log: EmbeddedLog) -> None:
    folder = Settings(data_dir=log.path.parent)
    with opened_warehouse(folder) as opened:
        before = {topic: heads(opened, topic) for topic in (RESPONSES, ADMINISTRATION)}
        opened.execute("DROP TABLE landing.chain; DROP TABLE landing.link; UPDATE warehouse_version SET version = 2")
    log.append(RESPONSES, [plan("1419")])
    with opened_warehouse(folder) as opened:
        assert heads(opened, RESPONSES) == {}
    typed(log, "pipeline", "run", "--once")
    with opened_warehouse(folder) as opened:
        assert heads(opened, ADMINISTRATION) == before[ADMINISTRATION]
        known = list(landed_links(opened, RESPONSES, 0, heads(opened, RESPONSES)[0]))
        assert [offset for offset, _ in known] == [0, 1, 2, 3, 4, 5, 6, 6]
        assert known[5].link == bytes.fromhex(before[RESPONSES][0].link)[:MARK_BYTES]
        prove_landed(opened, log)


@pytest.mark.kafka
def test_retention_on_a_real_broker_is_not_taken_for_tampering(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kafka import KafkaAdminClient, TopicPartition

    topic = "lagesbild.test.chain.v1"
    monkeypatch.setattr("pipeline.log_proof.CHAINED", (topic,))
    monkeypatch.setattr("pipeline.links.WHOLE_EVERY", 2)
    settings = Settings(data_dir=tmp_path, log_url=broker.url)
    with closing(KafkaLog(broker.bootstrap, settings)) as log, closing(warehouse(tmp_path)) as connection:
        log.append(topic, [("14", b"%d" % n) for n in range(6)])
        add_links(connection, log.read(topic, {}, 100, 10.0))
        assert [(one.offset, one.shortened) for one in prove_landed(connection, log)] == [(5, False)]
        with closing(KafkaAdminClient(bootstrap_servers=broker.bootstrap)) as admin:
            admin.delete_records({TopicPartition(topic, 0): 3})
        with pytest.raises(LogShortened, match="offsets 0 to 2 are gone, offsets 4 to 5 are unchanged"):
            prove_landed(connection, log)
        with closing(KafkaAdminClient(bootstrap_servers=broker.bootstrap)) as admin:
            admin.delete_records({TopicPartition(topic, 0): 6})
        with pytest.raises(LogShortened, match="offsets 0 to 5 are gone, too little"):
            prove_landed(connection, log)
