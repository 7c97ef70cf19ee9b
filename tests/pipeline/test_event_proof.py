"""A receipt's event is led to a head that a publication recorded; a proof with any byte changed proves nothing."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES, Position
from infra.kafka.broker import Broker
from infra.kafka_clients import KafkaClients
from infra.kafka_log import KafkaLog
from infra.settings import Settings
from pipeline.consume import run_once
from pipeline.errors import LogAltered, NotYetRecorded, ProofFails, ReceiptDiffers
from pipeline.event_proof import EventProof, prove_event, read_proof, recorded_by, written
from pipeline.ledger import Record, records
from pipeline.links import add_links, heads
from surveys.moment import NoSuchMoment
from tests.documentation import DOCS
from tests.pipeline.build import NOON, event, response, warehouse
from tests.pipeline.test_commands import response as plan
from tests.pipeline.trickle import each_part
from tests.pipeline.typed import printed, typed

PUBLISHED = (("1480", "1481", "1401"), ("1402", "1407", "1415"), ("1419",))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedLog]:
    """Seven responses in three publications, and one that no publication has yet."""
    folder = tmp_path_factory.mktemp("proved")
    with closing(EmbeddedLog(folder / "log.sqlite")) as log, pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipeline.refresh.audit_beside", each_part(lambda _work, _q, _now: []))
        for units in PUBLISHED:
            log.append(RESPONSES, [plan(unit) for unit in units])
            run_once(Settings(data_dir=folder))
        log.append(RESPONSES, [plan("1427")])
        yield log


def ledger(log: EmbeddedLog) -> list[Record]:
    return records(log.path.parent)


def head(one: Record) -> str:
    found = one.chain[RESPONSES][0]
    return f"responses/0/{found.offset}:{found.link}"


def proved(log: EmbeddedLog, file: Path, name: str, *more: str) -> EventProof:
    typed(log, "trace", name, "--proof", str(file), *more)
    return read_proof(file.read_bytes(), file.name)


@pytest.mark.parametrize(("offset", "publication", "later"), [(0, 0, 2), (2, 0, 0), (3, 1, 2), (4, 1, 1), (6, 2, 0)])
def test_an_event_leads_to_the_first_publication_that_was_made_of_it(
    log: EmbeddedLog, tmp_path: Path, offset: int, publication: int, later: int
) -> None:
    proof = proved(log, tmp_path / "proof.json", f"responses/0/{offset}")
    record = ledger(log)[publication]
    assert (proof.head_named, len(proof.after)) == (head(record), later)
    assert recorded_by(proof, ledger(log)) == record
    told = printed(log, "trace", "--verify-proof", str(tmp_path / "proof.json"))
    assert (told["publication"], told["position"]) == (record.publish_id, f"responses/0/{offset}")


def test_a_receipt_is_led_to_a_head_that_others_were_told(log: EmbeddedLog, tmp_path: Path) -> None:
    *_, last = ledger(log)
    file = tmp_path / "proof.json"
    receipt = printed(log, "trace", "responses/0/1")
    proved(log, file, receipt["submission_id"], "--checksum", receipt["checksum"], "--publication", last.publish_id)
    told = printed(log, "trace", "--verify-proof", str(file), "--head", head(last), "--checksum", receipt["checksum"])
    said = ("submission_id", "event_id", "unit", "checksum", "position")
    assert {name: told[name] for name in said} == {name: receipt[name] for name in said}
    with pytest.raises(ReceiptDiffers):
        typed(log, "trace", "--verify-proof", str(file), "--checksum", "sha256:" + 64 * "0")
    with pytest.raises(ProofFails, match="leads to the head responses/0/6:"):
        typed(log, "trace", "--verify-proof", str(file), "--head", head(ledger(log)[0]))


def test_a_proof_with_any_byte_changed_proves_nothing(log: EmbeddedLog, tmp_path: Path) -> None:
    proved(log, tmp_path / "proof.json", "responses/0/0")
    known = ledger(log)
    content = (tmp_path / "proof.json").read_bytes()
    for at in range(len(content)):
        for bit in (0x01, 0x20):
            changed = bytearray(content)
            changed[at] ^= bit
            with pytest.raises(ProofFails):
                assert_proves(bytes(changed), known)
        with pytest.raises(ProofFails):
            assert_proves(content[:at] + content[at + 1 :], known)


def assert_proves(content: bytes, known: list[Record]) -> None:
    """As the command does: the file by itself, and the head in the ledger."""
    if recorded_by(read_proof(content, "proof.json"), known) is None:
        raise ProofFails("proof.json", "unknown head")


@pytest.mark.parametrize(
    "change",
    [
        {"topic": "lagesbild.administration.v1"},
        {"topic": "another"},
        {"partition": 1},
        {"offset": 1},
        {"key": "1481"},
        {"event": "e30="},
        {"before": 64 * "0"},
        {"after": {}},
        {"after": {"1": 64 * "0"}},
        {"head": 64 * "0"},
        {"proof": "lagesbild event 2"},
        {"more": 1},
    ],
    ids=lambda change: "-".join(map(str, next(iter(change.items())))),
)
def test_a_proof_that_says_something_else_proves_nothing(
    log: EmbeddedLog, tmp_path: Path, change: dict[str, Any]
) -> None:
    file = tmp_path / "proof.json"
    proved(log, file, "responses/0/0")
    file.write_text(json.dumps(json.loads(file.read_text()) | change, indent=1) + "\n")
    with pytest.raises(ProofFails, match="P063"):
        typed(log, "trace", "--verify-proof", str(file))


def test_a_made_up_chain_leads_to_no_head_that_is_on_record(log: EmbeddedLog, tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    proof = proved(log, file, "responses/0/0")
    other = proof.model_copy(update={"event": proof.event.replace(b'"nej"', b'"ja"')})
    file.write_bytes(written(other.model_copy(update={"head": other.leads_to})))
    assert read_proof(file.read_bytes(), "it follows by itself").event != proof.event
    with pytest.raises(ProofFails, match="no publication recorded here"):
        typed(log, "trace", "--verify-proof", str(file))


def test_what_no_publication_was_made_of_cannot_be_proved_yet(log: EmbeddedLog, tmp_path: Path) -> None:
    with pytest.raises(NotYetRecorded, match="P062"):
        typed(log, "trace", "responses/0/7", "--proof", str(tmp_path / "proof.json"))
    first = ledger(log)[0].publish_id
    with pytest.raises(NotYetRecorded):
        typed(log, "trace", "responses/0/5", "--proof", str(tmp_path / "proof.json"), "--publication", first)
    with pytest.raises(NoSuchMoment):
        typed(log, "trace", "responses/0/5", "--proof", str(tmp_path / "proof.json"), "--publication", "never")
    assert not (tmp_path / "proof.json").exists()


@pytest.mark.parametrize("changed", [3, 4, 5])
def test_no_proof_is_made_from_a_log_that_was_changed(log: EmbeddedLog, tmp_path: Path, changed: int) -> None:
    copy = tmp_path / "log.sqlite"
    with closing(sqlite3.connect(log.path)) as source, closing(sqlite3.connect(copy)) as file, file:
        source.backup(file)
        where = 'WHERE topic = ? AND "offset" = ?'
        (value,) = file.execute(f"SELECT value FROM event {where}", [RESPONSES, changed]).fetchone()
        value = value.replace(b'"nej"', b'"ja"')
        file.execute(f"UPDATE event SET value = ?, crc32 = ? {where}", [value, crc32(value), RESPONSES, changed])
    known = ledger(log)
    with closing(EmbeddedLog(copy)) as other, pytest.raises(LogAltered, match="between offset 3 and offset 5"):
        prove_event(other, Position(RESPONSES, 0, 4), known, known)


@pytest.mark.parametrize(
    "words",
    [
        ["--head", "responses/0/1:ab"],
        ["responses/0/0", "--publication", "p"],
        ["handlingsplaner/2023/1480/plan", "--proof", "proof.json"],
        [],
    ],
    ids=" ".join,
)
def test_options_that_do_not_go_together_are_wrong_usage(log: EmbeddedLog, words: list[str]) -> None:
    assert typed(log, "trace", *words).exit_code == 2


def test_the_lines_in_the_documentation_verify_a_proof_with_the_standard_library_only(
    log: EmbeddedLog, tmp_path: Path
) -> None:
    page = (DOCS / "operations.md").read_text()
    lines = page.split("```python\n")[1].split("```")[0]
    proof = proved(log, tmp_path / "proof.json", "responses/0/1")

    def ran() -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-I", "-S", "-c", lines]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran().stdout.split() == [f"{RESPONSES}[0]", "2", proof.head]
    changed = proof.model_copy(update={"key": "14"})
    (tmp_path / "proof.json").write_bytes(written(changed))
    assert ran().stdout.split()[-1] == changed.leads_to != proof.head


@pytest.mark.kafka
def test_an_event_among_partitions_of_a_real_broker_is_proved(
    broker: Broker, log: EmbeddedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path, log_url=broker.url)
    topic = "lagesbild.test.proof.v1"
    monkeypatch.setattr("pipeline.event_proof.CHAINED", (topic,))
    KafkaClients(broker.bootstrap, settings, 3.0).prepare_topic(topic, 3, {})
    with closing(KafkaLog(broker.bootstrap, settings)) as kafka, closing(warehouse(tmp_path)) as connection:
        sent = [(f"{unit:02}", event(response("14", f"s-{unit}"), NOON)) for unit in range(30)]
        positions = kafka.append(topic, sent)
        while events := kafka.read(topic, {p: one.offset for p, one in heads(connection, topic).items()}, 7):
            add_links(connection, events)
        chain = heads(connection, topic)
        record = ledger(log)[0].model_copy(update={"chain": {topic: chain}})
        assert len(chain) == 3
        for at, (key, value) in zip(positions, sent, strict=True):
            proof = prove_event(kafka, at, [record], [record])
            assert (proof.key, proof.event, proof.head) == (key, value, chain[at.partition].link)
            assert read_proof(written(proof), "proof.json") == proof
