"""TLS and SASL, against a broker that demands both."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from infra.errors import LogUnavailable
from infra.event_log import RESPONSES, open_log
from infra.kafka.broker import Broker
from infra.settings import Settings
from tests.conftest import require_kafka

pytestmark = pytest.mark.kafka

PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
STORE_PASSWORD = "changeit"


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Path]]:
    """A broker that takes TLS with an account only, and the certificate that it shows."""
    require_kafka()
    folder = tmp_path_factory.mktemp("tls")
    make_certificate(folder)
    with Broker(properties=properties(folder)) as broker:
        yield broker, folder / "ca.pem"


def make_certificate(folder: Path) -> None:
    store = ["-keystore", str(folder / "broker.p12"), "-storetype", "PKCS12", "-storepass", STORE_PASSWORD]
    made = ["-genkeypair", "-alias", "broker", "-keyalg", "EC", "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1"]
    subprocess.run(["keytool", *made, *store], check=True, capture_output=True)
    exported = ["-exportcert", "-rfc", "-alias", "broker", "-file", str(folder / "ca.pem")]
    subprocess.run(["keytool", *exported, *store], check=True, capture_output=True)


def properties(folder: Path) -> dict[str, str]:
    accounts = 'username="broker" password="broker" user_broker="broker" user_collector="hemligt"'
    return {
        "listener.security.protocol.map": "CLIENT:SASL_SSL,CONTROLLER:PLAINTEXT",
        "sasl.enabled.mechanisms": "PLAIN",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "listener.name.client.plain.sasl.jaas.config": f"{PLAIN} required {accounts};",
        "ssl.keystore.location": str(folder / "broker.p12"),
        "ssl.keystore.type": "PKCS12",
        "ssl.keystore.password": STORE_PASSWORD,
        "ssl.truststore.location": str(folder / "ca.pem"),
        "ssl.truststore.type": "PEM",
    }


def settings(broker: Broker, certificate: Path | None, password: str) -> Settings:
    return Settings(
        log_url=broker.url,
        kafka_security_protocol="SASL_SSL",
        kafka_ssl_cafile=certificate,
        kafka_sasl_mechanism="PLAIN",
        kafka_sasl_username="collector",
        kafka_sasl_password=SecretStr(password),
    )


def test_the_right_account_over_tls_appends_and_reads(secured: tuple[Broker, Path]) -> None:
    broker, certificate = secured
    with closing(open_log(settings(broker, certificate, "hemligt"))) as log:
        [position] = log.append(RESPONSES, [("14", "ett säkert svar".encode())])
        assert [event.value.decode() for event in log.read(RESPONSES, {}, 10)] == ["ett säkert svar"]
        assert log.ends(RESPONSES)[position.partition] == 1


@pytest.mark.parametrize(("trusting", "password"), [(True, "felaktigt"), (False, "hemligt")])
def test_a_wrong_password_or_an_unknown_certificate_is_said_within_seconds(
    secured: tuple[Broker, Path], trusting: bool, password: str
) -> None:
    broker, certificate = secured
    started, threads = time.monotonic(), set(threading.enumerate())
    log = open_log(settings(broker, certificate if trusting else None, password))
    with closing(log), pytest.raises(LogUnavailable, match=r"LAGESBILD_KAFKA_\* settings") as caught:
        log.append(RESPONSES, [("14", b"x")])
    assert time.monotonic() - started < 30, "kafka-python by itself would go on for ever"
    assert password not in str(caught.value)
    assert set(threading.enumerate()) <= threads
