"""Starts, kills and stops one or three Kafka nodes in KRaft mode, all on 127.0.0.1."""

import base64
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.errors import BrokerFailed
from infra.kafka.jars import classpath

HOST = "127.0.0.1"
# Small heaps, the light collector and the quick compiler: three nodes fit beside everything else and start in seconds.
JAVA = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
READY_SECONDS = 90.0
STOP_SECONDS = 15.0


class Broker:
    """A Kafka cluster of its own, started by `with`; nodes are numbered from 1.

    Without `data_dir` it keeps its data in a temporary folder that goes when it ends. `properties` are added to
    every node's own. Start it from a thread that lives as long as it should: its nodes end with that thread.
    Raises ProgramsMissing, BrokerFailed.
    """

    def __init__(
        self,
        nodes: int = 1,
        data_dir: Path | None = None,
        port: int | None = None,
        properties: Mapping[str, str] | None = None,
    ) -> None:
        self._own_folder = data_dir is None
        self.data_dir = Path(tempfile.mkdtemp(prefix="lagesbild-kafka-")) if data_dir is None else data_dir
        free = _free_ports(2 * nodes)
        self._ports = [port or free[0], *free[1:nodes]]
        self._controller_ports = free[nodes:]
        self._properties = dict(properties or {})
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    @property
    def bootstrap(self) -> str:
        """host:port of every node, separated by commas."""
        return ",".join(f"{HOST}:{port}" for port in self._ports)

    @property
    def url(self) -> str:
        """What LAGESBILD_LOG_URL takes."""
        return f"kafka://{self.bootstrap}"

    def __enter__(self) -> Self:
        try:
            self.start_all()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start_all(self) -> None:
        """Starts every node and returns when all of them answer."""
        for port in self._ports:
            _refuse_taken(port)
        for node in self._nodes():
            self._launch(node)
        self._wait_until_ready()

    def start(self, node: int) -> None:
        """Starts a node that was killed, on its old port with its old data; returns when it answers."""
        self._launch(node)
        self._wait_until_ready()

    def kill(self, node: int) -> None:
        """Ends a node with signal 9: nothing is flushed, nobody is told."""
        process = self._running.pop(node)
        process.kill()
        process.wait()

    def pause(self, node: int) -> None:
        """Stops a node where it stands (signal 19): its port still takes connections, and nobody answers."""
        self._running[node].send_signal(signal.SIGSTOP)

    def resume(self, node: int) -> None:
        """Lets a paused node go on."""
        self._running[node].send_signal(signal.SIGCONT)

    def check(self) -> None:
        """Raises BrokerFailed when a node that was started has ended by itself."""
        for node, process in self._running.items():
            if process.poll() is not None:
                raise BrokerFailed(f"node {node}", self._output(node))

    def stop(self) -> None:
        """Stops every node in good order, and removes the data if it was temporary."""
        for process in self._running.values():
            process.terminate()
        # One deadline for all: a node that waits for a quorum that has already left would not end by itself.
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            _wait_or_kill(process, deadline)
        self._running.clear()
        if self._own_folder:
            shutil.rmtree(self.data_dir, ignore_errors=True)

    def _nodes(self) -> range:
        return range(1, len(self._ports) + 1)

    def _launch(self, node: int) -> None:
        folder = self.data_dir / f"node-{node}"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "server.properties"
        file.write_text("".join(f"{key}={value}\n" for key, value in self._server(node).items()), encoding="utf-8")
        if not (folder / "log" / "meta.properties").exists():
            self._format(file)
        with (folder / "output").open("wb") as output:
            self._running[node] = subprocess.Popen(
                [*_dies_with_us(), "java", *JAVA, "-cp", classpath(), "kafka.Kafka", str(file)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the nodes in good order
            )

    def _format(self, file: Path) -> None:
        tool = ["java", *JAVA, "-cp", classpath(), "kafka.tools.StorageTool", "format"]
        run = subprocess.run([*tool, "-t", self._cluster_id(), "-c", str(file)], capture_output=True, check=False)
        if run.returncode != 0:
            raise BrokerFailed("formatting", (run.stdout + run.stderr).decode(errors="replace"))

    def _cluster_id(self) -> str:
        file = self.data_dir / "cluster-id"
        if not file.exists() or file.read_text(encoding="utf-8").startswith("-"):
            file.write_text(_new_cluster_id(), encoding="utf-8")
        return file.read_text(encoding="utf-8")

    def _server(self, node: int) -> dict[str, str]:
        copies = min(3, len(self._ports))
        client = f"CLIENT://{HOST}:{self._ports[node - 1]}"
        voters = (f"{n}@{HOST}:{port}" for n, port in zip(self._nodes(), self._controller_ports, strict=True))
        return {
            "process.roles": "broker,controller",
            "node.id": str(node),
            "controller.quorum.voters": ",".join(voters),
            "controller.listener.names": "CONTROLLER",
            "listeners": f"{client},CONTROLLER://{HOST}:{self._controller_ports[node - 1]}",
            "advertised.listeners": client,
            "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "CLIENT",
            "log.dirs": str(self.data_dir / f"node-{node}" / "log"),
            # As in production: a misspelt topic is an error, and one node may be lost without losing an answer.
            "auto.create.topics.enable": "false",
            "default.replication.factor": str(copies),
            "min.insync.replicas": str(max(1, copies - 1)),
            "offsets.topic.num.partitions": "1",
            "offsets.topic.replication.factor": str(copies),
            "transaction.state.log.num.partitions": "1",
            "transaction.state.log.replication.factor": str(copies),
            "transaction.state.log.min.isr": str(max(1, copies - 1)),
            # A killed node is noticed in four seconds, not in nine.
            "broker.session.timeout.ms": "4000",
            "broker.heartbeat.interval.ms": "1000",
            **self._properties,
        }

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not all(_answers(self._ports[node - 1]) for node in self._running):
            self.check()
            if time.monotonic() > deadline:
                raise BrokerFailed("starting", "\n".join(self._output(node) for node in self._running))
            time.sleep(0.1)

    def _output(self, node: int) -> str:
        text = (self.data_dir / f"node-{node}" / "output").read_text(encoding="utf-8", errors="replace")
        return text.strip()[-2000:] or "it ended without a word"


def _new_cluster_id() -> str:
    """An id as Kafka makes one: it begins with no dash, which the command line would take for an option."""
    while (made := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return made


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _refuse_taken(port: int) -> None:
    # Otherwise whoever listens there would pass for our node.
    try:
        socket.create_server((HOST, port)).close()
    except OSError as fault:
        raise BrokerFailed(f"listening on port {port}", fault.strerror or str(fault)) from fault


def _answers(port: int) -> bool:
    # A KRaft broker opens its port for clients only when the cluster has let it in.
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def _wait_or_kill(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _dies_with_us() -> list[str]:
    # If we are killed with -9, nobody is left to stop the nodes; the kernel then does. Part of util-linux.
    return ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
