"""Backups restored for real: taken while responses come in, on both kinds of log and database."""

import shutil
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from collectors import tokens
from collectors.errors import LogDown
from collectors.gate import Gate, new_id, open_gate
from collectors.receive import Request, receive
from infra.archive import archive_digest
from infra.errors import ArchiveDamaged, ArchiveNewer, CannotWriteArchive, LogUnavailable, RestoreRefused
from infra.event_log import DEAD_LETTERS, RESPONSES, TOPICS, open_log
from infra.kafka.broker import Broker
from infra.log_backup import log_backup
from infra.operational_db import engine
from infra.published import connect_current
from infra.settings import Settings
from pipeline.backup import BackedUp, back_up, bring_back, check
from pipeline.compare import PUBLISHED, digests
from pipeline.consume import run_once, utc_now
from pipeline.ledger import records
from pipeline.proof import prove
from pipeline.snapshot import leave, left
from surveys.catalogue import load_catalogue
from surveys.units import reference_units
from tests.collectors.build import opened_round
from tests.conftest import require_kafka
from tests.pipeline.test_population_file import file_of

SURVEY, YEAR = "handlingsplaner", 2023
KOMMUNER = [unit.unit_id for unit in reference_units() if unit.kind == "kommun"]


@contextmanager
def opened(settings: Settings) -> Iterator[Any]:
    gate = open_gate(settings)
    try:
        yield gate
    finally:
        gate.close()


class Respondents(threading.Thread):
    """Kommuner that answer one after the other, until they are stopped; `acknowledged` grows by each receipt."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.acknowledged: list[str] = []
        self.enough = threading.Event()
        self.stop = threading.Event()
        self._settings = settings

    def run(self) -> None:
        with opened(self._settings) as gate:
            for number, unit in enumerate(KOMMUNER):
                if self.stop.is_set():
                    return
                _sent_until_acknowledged(_request(unit, f"submission-{number}"), gate)
                self.acknowledged.append(f"submission-{number}")
                if number >= 30:
                    self.enough.set()


def _sent_until_acknowledged(request: Request, gate: Gate) -> None:
    """As a client does when it is told "nothing is lost, send again": a busy machine's broker may be slow to start."""
    while True:
        with suppress(LogDown):
            receive(request, gate, utc_now(), new_id)
            return


def _request(unit: str, submission: str) -> Request:
    answers = {"arbete": "nej", "plan": "nej", "samordnare": False}
    return Request(survey=SURVEY, year=YEAR, unit=unit, submission_id=submission, answers=answers, mode="api")


def prepared(settings: Settings) -> None:
    """An open round, a token and an event that will be parked."""
    now = utc_now()
    with opened(settings) as gate:
        opened_round(gate.log, SURVEY, YEAR)
        tokens.create(gate.engine, KOMMUNER[0], now)
        gate.log.append(RESPONSES, [("1480", b"not an event \xff")])


def submissions(settings: Settings) -> Counter[str]:
    """How often each submission counts in what is published."""
    with closing(connect_current(settings.data_dir)[1]) as publication:
        rows = publication.execute("SELECT submission_id FROM response").fetchall()
    return Counter(submission for (submission,) in rows)


def published(settings: Settings) -> dict[str, Any]:
    """The digest of every table; of the publication itself all but when it was made."""
    told = "SELECT events, accepted, parked, held, watermarks FROM publication"
    with closing(connect_current(settings.data_dir)[1]) as publication:
        return digests(publication, PUBLISHED) | {"main.publication": publication.execute(told).fetchall()}


def rows(settings: Settings) -> dict[str, list[Any]]:
    """Everything in the operational database."""
    database = engine(settings)
    with database.connect() as connection:
        names = inspect(connection).get_table_names()
        found = {name: sorted(map(str, connection.execute(text(f'SELECT * FROM "{name}"')))) for name in names}
    database.dispose()
    return found


def small(tmp_path: Path) -> Settings:
    """A log with one good response and one event that will be a dead letter."""
    settings = Settings(data_dir=tmp_path / "data")
    prepared(settings)
    with opened(settings) as gate:
        receive(_request("1480", "submission-0"), gate, utc_now(), new_id)
    return settings


def backed_up_while_responses_came(settings: Settings, output: Path) -> tuple[BackedUp, set[str]]:
    """A backup in the middle of it all, and what had been acknowledged before it."""
    respondents = Respondents(settings)
    respondents.start()
    assert respondents.enough.wait(60)
    before = set(respondents.acknowledged)
    done = back_up(settings, output, utc_now())
    respondents.stop.set()
    respondents.join()
    assert check(done.path, done.digest)["log"] == done.manifest["log"]
    return done, before


def assert_every_one_counts_once(target: Settings, done: BackedUp, acknowledged: set[str]) -> None:
    restored = bring_back(target, done.path)
    assert restored.moved == {}
    assert acknowledged <= submissions(target).keys()
    assert set(submissions(target).values()) == {1}
    ends = done.manifest["log"]["topics"][RESPONSES].values()
    assert restored.totals.accepted + restored.totals.parked == sum(ends)


def test_a_backup_taken_while_responses_come_in_has_every_acknowledged_one(tmp_path: Path) -> None:
    settings, target = Settings(data_dir=tmp_path / "data"), Settings(data_dir=tmp_path / "restored")
    prepared(settings)
    assert_every_one_counts_once(target, *backed_up_while_responses_came(settings, tmp_path / "backup.zip"))


def test_what_is_restored_is_what_was_there_to_the_last_row(tmp_path: Path) -> None:
    settings, target = small(tmp_path), Settings(data_dir=tmp_path / "restored")
    run_once(settings)
    bring_back(target, back_up(settings, tmp_path / "backup.zip", utc_now()).path)
    assert published(target) == published(settings)
    assert rows(target) == rows(settings)
    assert rows(target)["token"]
    assert [one.publish_id for one in records(target.data_dir)][:-1] == [
        one.publish_id for one in records(settings.data_dir)
    ]
    # What was published before the backup still follows from the restored log.
    with closing(open_log(target)) as log:
        proofs = list(prove(target, tmp_path / "anew", records(target.data_dir), log, load_catalogue()))
    assert [proof.outcome for proof in proofs] == ["equal", "equal"]
    with closing(open_log(settings)) as log, closing(open_log(target)) as again:
        for topic in (RESPONSES, DEAD_LETTERS):
            assert again.read(topic, {}, 10) == log.read(topic, {}, 10) != []


# kafka-python leaves the socket of a connection that a busy machine was too slow for to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.kafka
@pytest.mark.postgres
def test_kafka_and_postgresql_are_restored_as_they_were(postgres_server: Any, tmp_path: Path) -> None:
    require_kafka()
    with Broker() as broker:
        settings = Settings(data_dir=tmp_path / "data", log_url=broker.url, database_url=postgres_server.new_database())
        facts = {"data_dir": tmp_path / "restored", "database_url": postgres_server.new_database()}
        target = settings.model_copy(update=facts)
        prepared(settings)
        done, acknowledged = backed_up_while_responses_came(settings, tmp_path / "backup.zip")
        with pytest.raises(RestoreRefused, match="has, or had, events"):
            bring_back(target, done.path)
        with closing(open_log(settings)) as log:
            before = set(log.read(RESPONSES, {}, 1_000))
        _delete_topics(broker)
        assert_every_one_counts_once(target, done, acknowledged)
        # Every event has kept place and time, and what comes now gets the log's own time again.
        with closing(open_log(target)) as log:
            assert set(log.read(RESPONSES, {}, 1_000)) <= before
            ends = {partition: end - 1 for partition, end in log.ends(RESPONSES).items() if end}
            log.append(RESPONSES, [("1480", b"after the restoring")])
            [late] = log.read(RESPONSES, ends, 10)
            assert abs(late.appended_at - utc_now()) < timedelta(minutes=5)
        with pytest.raises(RestoreRefused, match="another kind than embedded"):
            bring_back(Settings(data_dir=tmp_path / "embedded"), done.path)
        assert_events_behind_a_gap_move_up(broker, target, tmp_path / "gap.jsonl")


def assert_events_behind_a_gap_move_up(broker: Broker, settings: Settings, file: Path) -> None:
    """Another writer's transaction leaves a mark that is no event; dead letters, which name places, are left out."""
    from kafka import KafkaProducer

    with closing(KafkaProducer(bootstrap_servers=broker.bootstrap, transactional_id="region")) as producer:
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(RESPONSES, b"foreign", None, [("content-type", b"\xff")], 0).get(10)
        producer.commit_transaction()
        producer.begin_transaction()
        producer.send(RESPONSES, None, b"broken \xff", partition=0).get(10)
        producer.commit_transaction()
    log = log_backup(settings)
    topics = log.dump(file)
    with closing(open_log(settings)) as before:
        events = before.read(RESPONSES, {}, 1_000)
        assert before.ends(DEAD_LETTERS) == {0: 1}
    _delete_topics(broker)
    assert log.restore(file, topics) == {RESPONSES: 1}
    with closing(open_log(settings)) as after:
        same = {(one.partition, one.key, one.value, one.appended_at) for one in after.read(RESPONSES, {}, 1_000)}
        assert same == {(one.partition, one.key, one.value, one.appended_at) for one in events}
        assert after.ends(DEAD_LETTERS) == {0: 0}


def _delete_topics(broker: Broker) -> None:
    from kafka import KafkaAdminClient

    with closing(KafkaAdminClient(bootstrap_servers=broker.bootstrap)) as admin:
        admin.delete_topics(list(TOPICS))
        while any(described["error_code"] == 0 for described in admin.describe_topics(list(TOPICS))):
            time.sleep(0.05)


def test_positions_of_passed_audits_come_along(tmp_path: Path) -> None:
    """Without them a part that fails its audit would have no last good content after a restore."""
    settings, target = small(tmp_path), Settings(data_dir=tmp_path / "restored")
    run_once(settings)
    snapshot = left(settings.data_dir)
    assert snapshot is not None
    assert snapshot.good == {f"{SURVEY}/{YEAR}": {0: 1}}
    leave(settings.data_dir, snapshot.model_copy(update={"good": {**snapshot.good, "prehospital/2023": {0: 0}}}))
    bring_back(target, back_up(settings, tmp_path / "backup.zip", utc_now()).path)
    restored = left(target.data_dir)
    assert restored is not None
    assert restored.good == {f"{SURVEY}/{YEAR}": {0: 1}, "prehospital/2023": {0: 0}}


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(bytes(content))


def exchanged(path: Path) -> None:
    """A member of another content, the zip around it faultless."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["operational.jsonl"] = members["operational.jsonl"].replace(b"1480", b"1481")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def lacking_a_member(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != "log.sqlite"}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    return back_up(small(folder), folder / "backup.zip", utc_now()).path


@pytest.mark.parametrize("harm", [torn, flipped, exchanged, lacking_a_member, emptied])
def test_a_backup_that_is_not_whole_is_refused_and_nothing_restored(backup: Path, harm: Any, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.zip"
    shutil.copyfile(backup, damaged)
    harm(damaged)
    with pytest.raises(ArchiveDamaged, match="Nothing was restored"):
        bring_back(Settings(data_dir=tmp_path / "restored"), damaged)
    assert list((tmp_path / "restored").iterdir()) == []


def test_a_backup_made_anew_by_somebody_is_told_by_its_digest(backup: Path, tmp_path: Path) -> None:
    assert check(backup, archive_digest(backup))["format"] == 1
    with pytest.raises(ArchiveDamaged, match="digest"):
        check(backup, "0" * 64)


def test_a_later_version_s_backup_is_refused(backup: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.zip"
    with zipfile.ZipFile(backup) as archive, zipfile.ZipFile(later, "w") as made:
        for name in archive.namelist():
            made.writestr(name, archive.read(name).replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(ArchiveNewer, match="knows 1"):
        check(later)
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(backup) as archive, zipfile.ZipFile(newer, "w") as made:
        for name in archive.namelist():
            made.writestr(name, archive.read(name).replace(b'"revision": "', b'"revision": "9'))
    with pytest.raises(ArchiveNewer, match="operational database"):
        bring_back(Settings(data_dir=tmp_path / "restored"), newer)


def test_nothing_that_is_there_is_written_over(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(RestoreRefused, match="not empty"):
        bring_back(Settings(data_dir=backup.parent / "data"), backup)
    with pytest.raises(RestoreRefused, match="there is a log already"):
        bring_back(Settings(data_dir=tmp_path / "a", log_url=f"sqlite:///{backup.parent}/data/log.sqlite"), backup)
    with pytest.raises(RestoreRefused, match="has tables"):
        elsewhere = f"sqlite:///{backup.parent}/data/operational.sqlite"
        bring_back(Settings(data_dir=tmp_path / "b", database_url=elsewhere), backup)
    with pytest.raises(CannotWriteArchive, match="already"):
        back_up(Settings(data_dir=backup.parent / "data"), backup, utc_now())


def test_a_backup_without_a_log_is_none(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable):
        back_up(Settings(data_dir=tmp_path / "data"), tmp_path / "backup.zip", utc_now())
    assert list(tmp_path.glob("*backup*")) == []


def test_a_backup_is_for_its_owner_and_holds_no_password(tmp_path: Path) -> None:
    settings = small(tmp_path).model_copy(update={"mail_url": "smtp://post:hemligt@example.se:25"})
    done = back_up(settings, tmp_path / "backup.zip", utc_now())
    assert done.path.stat().st_mode & 0o077 == 0
    assert "hemligt" not in str(done.manifest)
    assert done.manifest["settings"]["mail_url"] == "smtp://post:***@example.se:25"


def test_inhabitants_of_one_s_own_come_along(tmp_path: Path) -> None:
    settings = small(tmp_path)
    file = file_of(tmp_path, "1480,2023,T,,,500,Egen")
    settings = settings.model_copy(update={"population_file": file})
    target = Settings(data_dir=tmp_path / "restored")
    done = bring_back(target, back_up(settings, tmp_path / "backup.zip", utc_now()).path)
    assert done.population_file is not None
    assert done.population_file.read_bytes() == file.read_bytes()
