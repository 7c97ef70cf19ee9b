"""kafka-python's clients, set up as an event log needs them: safe writes, bounded waits, faults as our errors."""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any

from infra.errors import LogDamaged, LogRefused, LogUnavailable
from infra.event_log import RESPONSES
from infra.settings import Settings

# The log is the truth: nothing in it ever expires, and its own clock says when an event was appended.
KEPT_FOR_EVER = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "message.timestamp.type": "LogAppendTime",
}


class KafkaClients:
    """Makes producers, consumers and topics on one cluster. What they raise is turned into our errors by `faults`."""

    def __init__(self, bootstrap: str, settings: Settings, longest_wait: float) -> None:
        self.log = f"kafka://{bootstrap}"
        self.longest_wait = longest_wait
        self._bootstrap = bootstrap.split(",")
        self._partitions = settings.kafka_partitions
        self._common = self._connection(settings)

    def producer(self) -> Any:
        """A KafkaProducer whose send is acknowledged by all in-sync replicas, once, or fails within the wait."""
        from kafka import KafkaProducer

        return self._start(
            KafkaProducer,
            acks="all",
            enable_idempotence=True,
            delivery_timeout_ms=self._wait_ms,
            max_block_ms=self._wait_ms,
            batch_size=128 * 1024,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )

    def consumer(self) -> Any:
        """A KafkaConsumer that commits nothing, sees committed events only and never jumps by itself."""
        from kafka import KafkaConsumer

        return self._start(
            KafkaConsumer,
            group_id=None,
            enable_auto_commit=False,
            # `earliest` would read on from another place, without a word, when the position is gone.
            auto_offset_reset="none",
            isolation_level="read_committed",
            max_partition_fetch_bytes=4 * 1024 * 1024,
            # A reader that has just moved waits for the fetch under way to end: 0.1 s, not 0.5.
            fetch_max_wait_ms=100,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )

    def ensure_topic(self, topic: str) -> None:
        """Returns when the topic exists: responses in several partitions, everything else in one."""
        from kafka import KafkaAdminClient
        from kafka.errors import TopicAlreadyExistsError

        with closing(self._start(KafkaAdminClient)) as admin:
            if admin.describe_topics([topic])[0]["error_code"] == 0:
                return
            with suppress(TopicAlreadyExistsError):  # another process was quicker
                admin.create_topics({topic: self._layout(topic, len(admin.describe_cluster()["brokers"]))})
            admin.wait_for_topics([topic], timeout_ms=self._wait_ms)

    def topics(self) -> list[str]:
        """The names of the topics that this account may see, sorted."""
        from kafka import KafkaAdminClient

        with closing(self._start(KafkaAdminClient)) as admin:
            return sorted(admin.list_topics())

    def partitions(self, topic: str) -> int:
        """How many partitions the topic has; 0 when there is no such topic."""
        from kafka import KafkaAdminClient

        with closing(self._start(KafkaAdminClient)) as admin:
            described = admin.describe_topics([topic])[0]
        return 0 if described["error_code"] else len(described["partitions"])

    def prepare_topic(self, topic: str, partitions: int, configs: Mapping[str, str]) -> None:
        """Returns when the topic exists with these settings; it is made with so many partitions when missing."""
        from kafka import KafkaAdminClient

        if self.partitions(topic):
            self.configure_topic(topic, configs)
            return
        with closing(self._start(KafkaAdminClient)) as admin:
            layout = self._layout(topic, len(admin.describe_cluster()["brokers"])) | {"num_partitions": partitions}
            admin.create_topics({topic: layout | {"configs": {**layout["configs"], **configs}}})
            admin.wait_for_topics([topic], timeout_ms=self._wait_ms)

    def configure_topic(self, topic: str, configs: Mapping[str, str]) -> None:
        """Returns when the topic has these settings, beside those that it has."""
        from kafka import KafkaAdminClient
        from kafka.admin import ConfigResource, ConfigResourceType

        with closing(self._start(KafkaAdminClient)) as admin:
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=dict(configs))])

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turns what kafka-python raises into LogUnavailable, LogRefused or LogDamaged."""
        from kafka import errors

        refusals = (
            errors.AuthorizationError,
            errors.SaslAuthenticationFailedError,
            errors.KafkaConfigurationError,
            errors.MessageSizeTooLargeError,
            errors.PolicyViolationError,
            errors.InvalidTopicError,
        )
        try:
            yield
        except refusals as fault:
            raise LogRefused(self.log, str(fault)) from fault
        except errors.CorruptRecordError as fault:
            raise LogDamaged(self.log, str(fault)) from fault
        except errors.KafkaError as fault:
            raise LogUnavailable(self.log, f"{fault}{self._hint(fault)}") from fault

    def _hint(self, fault: Exception) -> str:
        # The handshake's own reason stays inside kafka-python, which only says that it could not start.
        if "bootstrap" not in str(fault):
            return ""
        return "; somebody listens there, but it may want other LAGESBILD_KAFKA_* settings: protocol, account, CA file"

    @property
    def _wait_ms(self) -> int:
        return int(self.longest_wait * 1000)

    def _connection(self, settings: Settings) -> dict[str, Any]:
        secret = settings.kafka_sasl_password
        return {
            "bootstrap_servers": self._bootstrap,
            "client_id": "lagesbild",
            "bootstrap_timeout_ms": self._wait_ms,
            "request_timeout_ms": self._wait_ms,
            "reconnect_backoff_max_ms": 1000,
            # Partitions that are added are written to and read within this time, not in five minutes.
            "metadata_max_age_ms": 10_000,
            "security_protocol": settings.kafka_security_protocol,
            "ssl_cafile": _text(settings.kafka_ssl_cafile),
            "ssl_certfile": _text(settings.kafka_ssl_certfile),
            "ssl_keyfile": _text(settings.kafka_ssl_keyfile),
            "sasl_mechanism": settings.kafka_sasl_mechanism,
            "sasl_plain_username": settings.kafka_sasl_username,
            "sasl_plain_password": None if secret is None else secret.get_secret_value(),
        }

    def _layout(self, topic: str, brokers: int) -> dict[str, Any]:
        copies = min(3, brokers)
        return {
            "num_partitions": self._partitions if topic == RESPONSES else 1,
            "replication_factor": copies,
            "configs": {**KEPT_FOR_EVER, "min.insync.replicas": str(max(1, copies - 1))},
        }

    def _start(self, kind: Callable[..., Any], **settings: Any) -> Any:
        """A client of that kind; when it cannot start, nothing of it is left behind."""
        from kafka.net.compat import KafkaNetClient

        self._knock()
        connections: list[Any] = []

        def connect(**config: Any) -> Any:
            connections.append(KafkaNetClient(**config))
            return connections[0]

        try:
            return kind(**self._common, **settings, kafka_client=connect)
        except BaseException:
            # The caller never gets the client, and its thread would try to connect for ever.
            for each in connections:
                each.close()
            raise

    def _knock(self) -> None:
        """Raises LogUnavailable at once when nobody listens, instead of after the longest wait."""
        reasons = [_reason(address, self.longest_wait / len(self._bootstrap)) for address in self._bootstrap]
        if all(reasons):
            raise LogUnavailable(self.log, "; ".join(filter(None, reasons)))


def _reason(address: str, seconds: float) -> str | None:
    """Why nobody can be reached there, None when somebody can."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), seconds).close()
    except OSError as fault:
        return f"{address}: {fault.strerror or fault}"
    return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def end_producer(producer: Any, seconds: float) -> None:
    """Closes a KafkaProducer within `seconds`, whatever state it is in; what it had not sent fails."""
    from kafka.errors import KafkaError

    # close() alone first waits for what is to be sent, and without success leaves its thread running for ever.
    producer._sender.force_close()
    with suppress(KafkaError):
        producer.close(timeout=seconds)
