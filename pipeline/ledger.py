"""The ledger of publications: each one that was put in force, in order, with what is needed to make it again.

DATA_DIR/marts/publications.jsonl, one line for each thing said. A publication is recorded before it is in force; its
digests are said after it. A line that was not written whole is no line: what it was about never came in force.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime
from functools import lru_cache
from hashlib import blake2s
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from infra.published import is_readable, legible_publish_id, marts_dir
from pipeline.compare import PUBLISHED, digests
from pipeline.declarations import declarations
from pipeline.links import Head
from surveys.model import Frozen
from surveys.population import population_in_force

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from infra.settings import Settings
    from pipeline.parse import Definitions

# Enough for the last publication of hundreds of parts: asking whether it is in order does not grow with the ledger.
TAIL_BYTES = 1_000_000
LAST = 15  # as `nice` has it
# Every row is read once: without a limit DuckDB keeps all that it has read.
DIGESTING_MEMORY = "32MB"


class RecordedPart(Frozen):
    """A survey and year: its last good position by partition, and why it was held, if it was."""

    survey: str
    year: int
    good: dict[int, int] | None = None
    held_sv: str | None = None
    held_en: str | None = None


class Ground(Frozen):
    """Digests of what a publication was made with: the questionnaires, the inhabitants, the product itself."""

    definitions: str
    population: str
    product: str


class Record(Frozen):
    """A publication. `positions`: the last event read in each partition of each topic; `moment` and `until` are of one
    that leaves out what was submitted later. `digests`: rows and content of each table, None until they are known.
    `chain`: the head of each partition's chain, so what log it was made of; empty where no whole log was read.
    `checksum` is that of the file; records of earlier versions have none.
    """

    publish_id: str
    published_at: datetime
    as_of: datetime
    positions: dict[str, dict[int, int]]
    parts: tuple[RecordedPart, ...]
    ground: Ground
    moment: str | None = None
    until: datetime | None = None
    digests: dict[str, str] | None = None
    chain: dict[str, dict[int, Head]] = Field(default_factory=dict)
    checksum: str | None = None


class _Digested(Frozen):
    digested: str
    digests: dict[str, str]


class _Withdrawn(Frozen):
    """It was recorded but never came in force."""

    withdrawn: str


def record(data_dir: Path, one: Record) -> None:
    """Adds the record, durably."""
    _append(data_dir, one)


def records(data_dir: Path) -> list[Record]:
    """Every publication that was put in force, first to last."""
    return list(_gathered(_lines(ledger_path(data_dir))).values())


def settle(data_dir: Path) -> None:
    """Completes what an ended process left: a record that never came in force is withdrawn, digests are added.

    Nothing is said of what is in order. Only the process that publishes may call it.
    """
    current = legible_publish_id(data_dir)
    known = _gathered(_lines(ledger_path(data_dir), TAIL_BYTES))
    # Digests are said of what is in force only: with them it was, whatever has become of the pointer since.
    if known and (last := list(known)[-1]) != current and known[last].digests is None:
        _append(data_dir, _Withdrawn(withdrawn=last))
        del known[last]
    if current in known and known[current].digests is None and is_readable(marts_dir(data_dir) / f"{current}.duckdb"):
        digest(data_dir, current)


def digest(data_dir: Path, publish_id: str, known: dict[str, str] | None = None) -> None:
    """Adds the digests of a publication whose file is there: those `known`, or else its content is read for them."""
    path = marts_dir(data_dir) / f"{publish_id}.duckdb"
    if path.exists():
        _append(data_dir, _Digested(digested=publish_id, digests=known or digests_of(path)))


class Digesting:
    """Adds digests in a thread of its own, so that the next publication need not wait for those of the last."""

    def __init__(self) -> None:
        self._beside = ThreadPoolExecutor(1, "digests")
        self._last: Future[None] | None = None

    def add(self, data_dir: Path, publish_id: str) -> None:
        """As `digest`, soon."""
        self._last = self._beside.submit(_digest_last, data_dir, publish_id)

    def wait(self) -> None:
        """Returns when the last ones are added; raises what stopped them, once."""
        last, self._last = self._last, None
        if last is not None:
            last.result()

    def close(self) -> None:
        """Waits for the last ones and ends the thread; what stopped them is mended by the next `settle`."""
        self._beside.shutdown(wait=True)


def _digest_last(data_dir: Path, publish_id: str) -> None:
    """As `digest`, after everything else that wants the processor: nobody waits for it."""
    with suppress(OSError):  # only Linux lets one thread step back
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LAST)
    digest(data_dir, publish_id)


def last_record(data_dir: Path) -> Record | None:
    """The record of the publication in force; None when there is none."""
    current = legible_publish_id(data_dir)
    return None if current is None else _gathered(_lines(ledger_path(data_dir), TAIL_BYTES)).get(current)


def digests_of(path: Path) -> dict[str, str]:
    """The digests of a published file's tables, as the ledger keeps them."""
    import duckdb

    with closing(duckdb.connect(str(path), read_only=True)) as published:
        published.execute(f"SET threads = 1; SET memory_limit = '{DIGESTING_MEMORY}'")
        found = digests(published, PUBLISHED)
    return {name.removeprefix("main."): f"{rows}:{content:x}" for name, (rows, content) in found.items()}


def recorded_parts(connection: "DuckDBPyConnection") -> tuple[RecordedPart, ...]:
    """What the audit has said of every part so far."""
    rows = connection.execute(
        "SELECT survey, year, good_position, held_sv, held_en FROM audited.part ORDER BY survey, year"
    ).fetchall()
    return tuple(
        RecordedPart(survey=s, year=y, good=_good(good), held_sv=sv, held_en=en) for s, y, good, sv, en in rows
    )


def ground_now(settings: "Settings", definitions: "Definitions") -> Ground:
    """What a publication would be made with now."""
    inhabitants = population_in_force(settings.population_file)
    return Ground(definitions=declarations(definitions).digest, population=inhabitants.digest, product=product())


@lru_cache(maxsize=1)
def product() -> str:
    """The digest of everything that makes answers into tables: two rooms with what lies there, and DuckDB's version."""
    import duckdb

    found = blake2s(duckdb.__version__.encode())
    for room, beside in (("pipeline", "sql"), ("surveys", "reference")):
        for name, content in sorted(_sources(room, beside)):
            found.update(f"{name} {len(content)} ".encode() + content)
    return found.hexdigest()


def _sources(room: str, beside: str) -> Iterator[tuple[str, bytes]]:
    """Code and SQL of the room, and the tables that are published as they stand."""
    for folder in (resources.files(room), resources.files(room).joinpath(beside)):
        for each in folder.iterdir():
            if each.name.endswith((".py", ".sql", ".csv")):
                yield f"{room}/{each.name}", each.read_bytes()


def _good(written: str | None) -> dict[int, int] | None:
    from pydantic_core import from_json

    return None if written is None else {int(partition): last for partition, last in from_json(written).items()}


def ledger_path(data_dir: Path) -> Path:
    """The file of the ledger."""
    return marts_dir(data_dir) / "publications.jsonl"


def _append(data_dir: Path, said: "Record | _Digested | _Withdrawn") -> None:
    path = ledger_path(data_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = said.model_dump_json(exclude_none=True).encode() + b"\n"
    with path.open("a+b") as file:
        if file.tell() and not _ends_whole(file):
            line = b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _ends_whole(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return bool(file.read(1) == b"\n")


def _lines(path: Path, tail: int | None = None) -> Iterator[bytes]:
    """The lines written whole; of the last `tail` bytes only, when it is given."""
    try:
        with path.open("rb") as file:
            if tail is not None and file.seek(0, os.SEEK_END) > tail:
                file.seek(-tail, os.SEEK_END)
                file.readline()
            else:
                file.seek(0)
            yield from (line for line in file if line.endswith(b"\n"))
    except FileNotFoundError:
        return


def _gathered(lines: Iterable[bytes]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for line in lines:
        match _read(line):
            case Record() as one:
                found[one.publish_id] = one
            case _Digested(digested=publish_id, digests=said) if publish_id in found:
                found[publish_id] = found[publish_id].model_copy(update={"digests": said})
            case _Withdrawn(withdrawn=publish_id):
                found.pop(publish_id, None)
    return found


def _read(line: bytes) -> "Record | _Digested | _Withdrawn | None":
    for kind in (Record, _Digested, _Withdrawn):
        try:
            return kind.model_validate_json(line)
        except ValidationError:
            continue
    return None
