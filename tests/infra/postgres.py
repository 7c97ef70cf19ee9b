"""A PostgreSQL server of its own from Debian's binaries, on a free port of 127.0.0.1."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

OWNER = "lagesbild"
READY_SECONDS = 30.0


def newest_binaries() -> Path | None:
    """The folder of the newest server installed by Debian's package, None without one."""
    found = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    return max((each.parent for each in found), key=lambda folder: int(folder.parent.name), default=None)


class PostgresServer:
    """Runs while its `with` block does; every database in it starts empty."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        # Root may not run PostgreSQL: Debian's package has made a user for it.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="lagesbild-postgres-"))
        self._numbers = count(1)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = int(free.getsockname()[1])

    def __enter__(self) -> Self:
        if self._user:
            shutil.chown(self._folder, self._user)
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", OWNER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._server = subprocess.Popen(
            [self._binaries / "postgres", "-D", data, *self._listening(), "-F"],
            user=self._user,
            cwd=self._folder,
            stderr=subprocess.DEVNULL,
        )
        self._wait_until_ready()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._server.send_signal(signal.SIGINT)
        self._server.wait(20)
        shutil.rmtree(self._folder)

    def new_database(self) -> str:
        """The URL of a database that nobody has used."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self._url(name)

    def _url(self, database: str) -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self._port}/{database}"

    def _listening(self) -> tuple[str, ...]:
        return "-h", "127.0.0.1", "-p", str(self._port), "-k", str(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        subprocess.run(command, user=self._user, cwd=self._folder, check=True, capture_output=True)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                psycopg.connect(self._url("postgres")).close()
                return
            except psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
