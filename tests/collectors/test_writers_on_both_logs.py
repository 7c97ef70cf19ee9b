"""Units' own systems on both logs, from their topic to the figures; on Kafka with the accounts of docs/writers.md."""

import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import SecretStr

from collectors.gate import Gate, new_id, open_gate, utc_now
from collectors.writers import Taken, Writers
from infra.errors import LogRefused
from infra.event_log import ADMINISTRATION, DEAD_LETTERS, RESPONSES, open_log, writer_topic
from infra.kafka.broker import Broker
from infra.published import connect_current
from infra.settings import Settings
from pipeline.consume import Consumer, opened_warehouse
from pipeline.rebuild import rebuild, verify
from pipeline.refresh import refresh
from tests.collectors.build import OTHER_UNIT, SURVEY, UNIT, YEAR, opened_round, trial_catalogue
from tests.collectors.test_writers import written
from tests.conftest import require_kafka
from tests.infra import test_kafka_accounts as accounts

DOCS = Path(__file__).parents[2] / "docs" / "writers.md"
PASSWORDS = {"broker": "broker", "lagesbild": "vart-eget", "region-14": "regionens", "region-12": "den-andras"}
BAD = {"lage": "i_drift", "enheter": 733}

As = Callable[[str], Settings]


@pytest.fixture(params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
def as_account(request: pytest.FixtureRequest, tmp_path: Path) -> As:
    """The settings of an account by its name; the embedded log has no accounts."""
    if request.param == "embedded":
        return lambda _name: Settings(data_dir=tmp_path)
    granted: tuple[Broker, Path] = request.getfixturevalue("granted")
    return lambda name: account(granted, name, tmp_path)


@pytest.fixture(scope="module")
def granted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Path]]:
    """A broker that lets an account do what the commands of docs/writers.md give it, and its certificate."""
    require_kafka()
    folder = tmp_path_factory.mktemp("acl")
    accounts.make_certificate(folder)
    users = " ".join(f'user_{name}="{password}"' for name, password in PASSWORDS.items())
    login = f'{accounts.PLAIN} required username="broker" password="broker" {users};'
    with Broker(
        properties=accounts.properties(folder)
        | {
            "listener.name.client.plain.sasl.jaas.config": login,
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            # The controllers' listener has no accounts; it listens on this machine alone.
            "super.users": "User:broker;User:ANONYMOUS",
        }
    ) as broker:
        here = (broker, folder / "ca.pem")
        commands = documented("acls create")
        run(commands[0], here)
        with closing(open_log(account(here, "lagesbild", folder))) as log:
            for unit in (UNIT, OTHER_UNIT):
                assert log.ends(writer_topic(unit)) == {0: 0}
        run(commands[1], here)
        run(commands[1].replace(UNIT, OTHER_UNIT), here)
        yield here


def account(granted: tuple[Broker, Path], name: str, folder: Path) -> Settings:
    broker, certificate = granted
    return Settings(
        data_dir=folder,
        log_url=broker.url,
        kafka_security_protocol="SASL_SSL",
        kafka_ssl_cafile=certificate,
        kafka_sasl_mechanism="PLAIN",
        kafka_sasl_username=name,
        kafka_sasl_password=SecretStr(PASSWORDS[name]),
    )


def documented(words: str) -> list[str]:
    """The commands of the page that have these words in them."""
    lines = [line.strip() for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("    ")]
    return [line for line in lines if line.startswith("python -m kafka.admin $CONNECT") and words in line]


def run(command: str, granted: tuple[Broker, Path]) -> None:
    broker, certificate = granted
    connect = f"-b {broker.bootstrap} -S SASL_SSL -M PLAIN -U broker -P broker -C ssl_cafile={certificate}"
    _, *words = shlex.split(command.replace("$CONNECT", connect))
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def send(settings: Settings, topic: str, *values: bytes) -> None:
    with closing(open_log(settings)) as log:
        log.append(topic, [(UNIT, value) for value in values])


def landed(settings: Settings) -> None:
    def publish(connection: duckdb.DuckDBPyConnection, now: datetime) -> object:
        return refresh(connection, settings, now, trial_catalogue())

    with closing(open_log(settings)) as log, opened_warehouse(settings) as connection:
        consumer = Consumer(log, connection, trial_catalogue(), publish, lambda: datetime.now(UTC))
        consumer.drain()
        consumer.close()


def published(settings: Settings, sql: str) -> list[Any]:
    _, connection = connect_current(settings.data_dir)
    with connection:
        return connection.execute(sql).fetchall()


def received(gate: Gate) -> Taken:
    return Writers(gate, (UNIT, OTHER_UNIT), new_id, utc_now).drain()


def test_its_own_is_published_and_what_speaks_for_others_is_parked_and_made_anew(
    as_account: As, tmp_path: Path
) -> None:
    ours = as_account("lagesbild")
    send(
        as_account("region-14"),
        writer_topic(UNIT),
        written(),
        written(OTHER_UNIT, "for-another-unit"),
        written(submission="does-not-hold", answers=BAD),
        written(),
    )
    gate = open_gate(ours, trial_catalogue())
    opened_round(gate.log)
    assert received(gate) == Taken(accepted=1, repeated=1, parked=2)
    assert received(gate) == Taken()
    landed(ours)
    assert [one.code for one in gate.inbox.waiting(UNIT, SURVEY, YEAR)] == ["CHECKS_FAILED"]
    assert gate.inbox.waiting(OTHER_UNIT, SURVEY, YEAR) == []
    gate.close()
    for _ in range(2):
        assert published(ours, "SELECT unit_id, submission_id, mode FROM response") == [
            (UNIT, "from-a-system-1", "kafka")
        ]
        assert published(ours, "SELECT code, n FROM dead_letter_count ORDER BY code") == [
            ("CHECKS_FAILED", 1),
            ("WRITER_NOT_ALLOWED", 1),
        ]
        verify(ours, tmp_path / "anew", trial_catalogue())
        rebuild(ours, tmp_path / "anew", trial_catalogue())


@pytest.mark.kafka
@pytest.mark.parametrize("topic", [RESPONSES, writer_topic(OTHER_UNIT), ADMINISTRATION, DEAD_LETTERS])
def test_a_regions_account_writes_to_its_own_topic_only(
    granted: tuple[Broker, Path], tmp_path: Path, topic: str
) -> None:
    from kafka import KafkaProducer
    from kafka.errors import TopicAuthorizationFailedError

    with closing(open_log(account(granted, "lagesbild", tmp_path))) as log:
        before = sum(log.ends(topic).values())  # the topic is there
    settings = account(granted, "region-14", tmp_path)
    with pytest.raises(LogRefused):
        send(settings, topic, written())
    # As a system of its own does it: nothing of ours in between.
    producer = KafkaProducer(
        bootstrap_servers=granted[0].bootstrap,
        security_protocol="SASL_SSL",
        ssl_cafile=str(granted[1]),
        sasl_mechanism="PLAIN",
        sasl_plain_username="region-14",
        sasl_plain_password=PASSWORDS["region-14"],
        max_block_ms=10_000,
    )
    try:
        with pytest.raises(TopicAuthorizationFailedError):
            producer.send(topic, written(), b"14").get(timeout=15)
        assert producer.send(writer_topic(UNIT), b"poison", b"14").get(timeout=15).offset >= 0
    finally:
        producer.close(timeout=5)
    with closing(open_log(account(granted, "lagesbild", tmp_path))) as log:
        assert sum(log.ends(topic).values()) == before


@pytest.mark.kafka
def test_a_regions_account_reads_nothing_of_others(granted: tuple[Broker, Path], tmp_path: Path) -> None:
    with closing(open_log(account(granted, "region-14", tmp_path))) as log, pytest.raises(LogRefused):
        log.read(writer_topic(OTHER_UNIT), {}, 1)


@pytest.mark.kafka
def test_a_right_taken_back_is_gone(granted: tuple[Broker, Path], tmp_path: Path) -> None:
    """On the other unit's account, so that it may run in any order."""
    own = writer_topic(OTHER_UNIT)
    send(account(granted, "region-12", tmp_path), own, b"poison")
    run(documented("acls delete")[0].replace(UNIT, OTHER_UNIT), granted)
    with pytest.raises(LogRefused):
        send(account(granted, "region-12", tmp_path), own, b"poison")
    run(documented("acls create")[1].replace(UNIT, OTHER_UNIT), granted)
