"""The jars of Apache Kafka: fetched once by Maven as pom.xml says, then kept."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.errors import BrokerFailed, ProgramsMissing

POM = Path(__file__).with_name("pom.xml")
PACKAGES = {"java": "openjdk-17-jre-headless", "mvn": "maven"}


def classpath() -> str:
    """What `java -cp` takes to run Kafka. Raises ProgramsMissing, BrokerFailed when Maven cannot fetch."""
    folder = _folder()
    if not folder.exists():
        _require("java", "mvn")
        with _only_one(folder):
            if not folder.exists():
                _fetch(folder)
    _require("java")
    return f"{folder}/*"


def missing_programs() -> tuple[str, ...]:
    """Which of java and mvn are needed here and not installed."""
    needed = ("java",) if _folder().exists() else ("java", "mvn")
    return tuple(program for program in needed if shutil.which(program) is None)


def _require(*programs: str) -> None:
    missing = tuple(program for program in programs if shutil.which(program) is None)
    if missing:
        raise ProgramsMissing(missing, tuple(PACKAGES[program] for program in missing))


def _folder() -> Path:
    """One folder for each content of pom.xml, so that another version never mixes with this one."""
    cache = os.environ.get("XDG_CACHE_HOME")
    base = Path(cache) / "lagesbild" / "kafka" if cache else POM.with_name(".cache")
    return base / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(folder: Path) -> None:
    unfinished = folder.with_suffix(".unfinished")
    command = ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={unfinished}"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise BrokerFailed("fetching Kafka's jars with Maven", (run.stdout + run.stderr).strip()[-2000:])
    unfinished.rename(folder)
