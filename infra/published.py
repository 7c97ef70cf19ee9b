"""The published file: which publication is in force, how it is replaced, and how old ones go away."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

from infra.errors import NothingPublished, PublicationUnreadable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# What the file says of itself: its blocks, after one header of the file and two of the database.
BYTES = """
SELECT total_blocks * block_size + 3 * 4096 FROM pragma_database_size()
WHERE database_name = coalesce($name, current_database())
"""
CHUNK_BYTES = 1_000_000
PUBLISH_ID = re.compile(rb"[0-9A-Za-z][0-9A-Za-z._-]{0,99}\n?")


def marts_dir(data_dir: Path) -> Path:
    """The folder of the publications: `<publish_id>.duckdb` each, and the pointer CURRENT."""
    return data_dir / "marts"


def current_publish_id(data_dir: Path) -> str | None:
    """The publish id in force, None before the first publication.

    Raises PublicationUnreadable when the pointer does not name a publication.
    """
    pointer = _pointer(data_dir)
    try:
        named = pointer.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise PublicationUnreadable(pointer, fault.strerror or str(fault)) from fault
    if PUBLISH_ID.fullmatch(named) is None:
        raise PublicationUnreadable(pointer, "it names no publication")
    return named.decode().strip()


def legible_publish_id(data_dir: Path) -> str | None:
    """As `current_publish_id`, and None when the pointer is damaged: for those who are about to replace it."""
    try:
        return current_publish_id(data_dir)
    except PublicationUnreadable:
        return None


def is_readable(path: Path) -> bool:
    """Whether the publication is there and whole enough to be opened."""
    import duckdb

    try:
        open_publication(path).close()
    except duckdb.Error:
        return False
    return True


def open_publication(path: Path) -> "DuckDBPyConnection":
    """A read-only connection to the file. Raises duckdb.Error when it is missing, damaged or lacks its end."""
    import duckdb

    size = _size(path)
    connection = duckdb.connect(str(path), read_only=True)
    try:
        _check_end(connection, None, size)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def attached_publication(connection: "DuckDBPyConnection", path: Path, name: str) -> Iterator[None]:
    """The file as the database `name` of a connection: quicker than one of its own.

    Raises PublicationUnreadable when it is missing, damaged or lacks its end.
    """
    import duckdb

    try:
        size = _size(path)
        connection.execute("ATTACH $path AS " + name + " (READ_ONLY)", {"path": str(path)})
    except duckdb.Error as fault:
        raise PublicationUnreadable(path, str(fault)) from fault
    try:
        try:
            _check_end(connection, name, size)
        except duckdb.Error as fault:
            raise PublicationUnreadable(path, str(fault)) from fault
        yield
    finally:
        connection.execute(f"DETACH {name}")


def copy_publication(path: Path, copy: Path, checksum: str) -> None:
    """Copies the file to a new one. Raises PublicationUnreadable when it is not what it was at that checksum."""
    found = sha256()
    with path.open("rb") as source, copy.open("xb") as target:
        for chunk in _chunks(source):
            found.update(chunk)
            target.write(chunk)
    if found.hexdigest() != checksum:
        raise PublicationUnreadable(path, "it has changed since it was published")


def checksum_of(path: Path) -> str:
    """The SHA-256 of the file, which processors have an instruction for."""
    with path.open("rb") as file:
        return file_digest(file, sha256).hexdigest()


def restore_length(connection: "DuckDBPyConnection", path: Path) -> None:
    """Gives a new file its whole length: a file that is shorter than it says is taken for one that lost its end.

    DuckDB counts the free blocks at the end that it has cut off.
    """
    connection.execute("ATTACH $path AS written (READ_ONLY)", {"path": str(path)})
    try:
        ((size_told,),) = connection.execute(BYTES, {"name": "written"}).fetchall()
    finally:
        connection.execute("DETACH written")
    if path.stat().st_size < size_told:
        os.truncate(path, size_told)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def _size(path: Path) -> int:
    import duckdb

    try:
        return path.stat().st_size  # before it is opened: by the time it is, it may have been collected
    except OSError as fault:
        raise duckdb.IOException(fault.strerror or str(fault)) from fault


def _check_end(connection: "DuckDBPyConnection", name: str | None, size: int) -> None:
    import duckdb

    # All of it: a result that is left unfinished would stand in the way of whoever asks next.
    ((size_told,),) = connection.execute(BYTES, {"name": name}).fetchall() or [(None,)]
    # DuckDB itself notices only when it reads what lay there.
    if size_told is None or size < size_told:
        raise duckdb.IOException(f"the file ends before its {size_told} bytes do")


def replace_current(data_dir: Path, publish_id: str) -> None:
    """Puts `publish_id` in force, durably and in one step: a reader sees the old or the new, never neither."""
    pointer = _pointer(data_dir)
    pointer.parent.mkdir(parents=True, exist_ok=True)
    written = pointer.with_name(f"CURRENT.{os.getpid()}.tmp")
    try:
        with written.open("w", encoding="utf-8") as file:
            file.write(publish_id + "\n")
            file.flush()
            os.fsync(file.fileno())
        written.replace(pointer)
    except OSError:
        written.unlink(missing_ok=True)
        raise
    _flush_folder(pointer.parent)


def connect_current(data_dir: Path) -> "tuple[str, DuckDBPyConnection]":
    """The publish id in force and a read-only connection to its file; the caller closes it.

    A publication collected between looking and opening means that a newer one is in force: that one is opened.
    Raises NothingPublished, or PublicationUnreadable when the one in force is missing or damaged.
    """
    import duckdb

    while True:
        publish_id = current_publish_id(data_dir)
        if publish_id is None:
            raise NothingPublished(marts_dir(data_dir))
        path = _file(data_dir, publish_id)
        try:
            return publish_id, open_publication(path)
        except duckdb.Error as fault:
            if current_publish_id(data_dir) == publish_id:
                raise PublicationUnreadable(path, str(fault)) from fault


def connect_past(data_dir: Path, name: str) -> "DuckDBPyConnection":
    """A read-only connection to a publication that is not the one in force, by its name below the folder of them.

    Raises PublicationUnreadable when it is missing or damaged; the caller closes the connection.
    """
    import duckdb

    path = _file(data_dir, name)
    try:
        return open_publication(path)
    except duckdb.Error as fault:
        raise PublicationUnreadable(path, str(fault)) from fault


def collect_old(data_dir: Path, keep: int) -> list[str]:
    """Deletes publications, oldest first, until `keep` (at least 1) of those up to the one in force are left.

    The one in force and newer files (being built) always stay; a reader keeps what it has open. Returns the
    deleted ids.
    """
    current = legible_publish_id(data_dir)
    if current is None or not _file(data_dir, current).exists():
        return []
    in_force = _age(_file(data_dir, current))
    files = marts_dir(data_dir).glob("*.duckdb")
    older = sorted((file for file in files if _age(file) < in_force), key=_age, reverse=True)
    collected = older[max(keep, 1) - 1 :]
    for file in collected:
        file.unlink(missing_ok=True)
        file.with_name(file.name + ".wal").unlink(missing_ok=True)
    return [file.stem for file in collected]


def _pointer(data_dir: Path) -> Path:
    return marts_dir(data_dir) / "CURRENT"


def _file(data_dir: Path, publish_id: str) -> Path:
    return marts_dir(data_dir) / f"{publish_id}.duckdb"


def _age(file: Path) -> tuple[int, str]:
    return file.stat().st_mtime_ns, file.stem


def _flush_folder(folder: Path) -> None:
    # Without this a power cut may bring the old name back, although the new content was flushed.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
