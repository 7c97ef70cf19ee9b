"""The broker for a developer's machine: the command, what it says when it cannot, and what it leaves behind."""

import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from infra.errors import BrokerFailed, ProgramsMissing
from infra.event_log import RESPONSES, open_log
from infra.kafka import jars
from infra.kafka.broker import Broker, _new_cluster_id
from infra.settings import Settings
from tests.conftest import require_kafka


@contextmanager
def command(data_dir: Path) -> Iterator[str]:
    """`python -m infra.kafka` while it runs, as the LOG_URL that it prints; it must end well on SIGTERM."""
    arguments = [sys.executable, "-m", "infra.kafka", "--data-dir", str(data_dir)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        key, _, url = process.stdout.readline().strip().partition("=")
        assert key == "LAGESBILD_LOG_URL"
        yield url
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def nobody_listens(url: str) -> bool:
    host, _, port = url.removeprefix("kafka://").rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


@pytest.mark.kafka
@pytest.mark.slow
def test_the_command_serves_until_told_to_end_and_keeps_its_data(tmp_path: Path) -> None:
    require_kafka()
    with command(tmp_path) as url, closing(open_log(Settings(log_url=url))) as log:
        log.append(RESPONSES, [("14", b"kept")])
    assert nobody_listens(url)
    with command(tmp_path) as url, closing(open_log(Settings(log_url=url))) as log:
        assert [event.value for event in log.read(RESPONSES, {}, 10)] == [b"kept"]


@pytest.mark.kafka
def test_a_node_that_cannot_run_says_why(tmp_path: Path) -> None:
    require_kafka()
    with pytest.raises(BrokerFailed, match=r"log\.flush\.interval\.messages"):
        Broker(data_dir=tmp_path, properties={"log.flush.interval.messages": "often"}).start_all()


def test_no_cluster_id_looks_like_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([uuid.UUID(bytes=bytes([248]) + bytes(15)), uuid.UUID(int=0)])
    monkeypatch.setattr(uuid, "uuid4", lambda: next(drawn))
    assert _new_cluster_id() == "A" * 22


def test_a_taken_port_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BrokerFailed, match=f"port {port}"):
            Broker(data_dir=tmp_path, port=port).start_all()


def test_missing_programs_are_named_with_their_debian_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    assert jars.missing_programs() == ("java", "mvn")
    with pytest.raises(ProgramsMissing, match="apt-get install openjdk-17-jre-headless maven"):
        jars.classpath()


def test_maven_is_not_needed_once_the_jars_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    jars._folder().mkdir(parents=True)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert jars.missing_programs() == ("java",)


def test_what_maven_says_when_it_fails_is_passed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for program in ("java", "mvn"):
        (tmp_path / program).write_text("#!/bin/sh\necho cannot resolve the jars\nexit 1\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(BrokerFailed, match="cannot resolve the jars"):
        jars.classpath()
    assert not jars._folder().exists()
