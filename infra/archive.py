"""A backup's file: members, and a manifest that says what each of them must be. Whole, or refused.

A zip file, so that anybody can look into it. The manifest comes last: a file that was cut off has none.
"""

import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from infra.errors import ArchiveDamaged, ArchiveNewer, CannotWriteArchive

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK_BYTES = 1 << 20
# A backup holds the key that signs sessions, and answers that are not published yet.
OWNER_ONLY = 0o600


class ArchiveWriter:
    """Takes in members one by one."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, source: Path) -> None:
        """Copies a file in under `name`."""
        digest, size = sha256(), 0
        with source.open("rb") as content, self._file.open(name, "w", force_zip64=True) as member:
            while chunk := content.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
                member.write(chunk)
        self._members[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Writes the manifest: `facts`, and the size and checksum of each member."""
        manifest = {"format": FORMAT, **facts, "members": self._members}
        self._file.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))


@contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Writes the archive `path` in one step: it is there whole when the block has ended well, else not at all.

    Raises CannotWriteArchive when it is there already, or cannot be written.
    """
    if path.exists():
        raise CannotWriteArchive(path, "there is a file by that name already")
    being_made = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(being_made, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY)
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
                yield ArchiveWriter(made)
            file.flush()
            os.fsync(file.fileno())
        being_made.replace(path)
    except OSError as fault:
        raise CannotWriteArchive(path, fault.strerror or str(fault)) from fault
    finally:
        being_made.unlink(missing_ok=True)


def unpack(path: Path, folder: Path) -> dict[str, Any]:
    """The manifest, with every member lying in `folder` (made when missing) exactly as it was put in.

    Raises ArchiveDamaged when anything is missing, cut off or changed; ArchiveNewer for a later version's.
    """
    with _opened(path) as archive:
        manifest = _manifest(path, archive)
        folder.mkdir(parents=True, exist_ok=True)
        for name, member in manifest["members"].items():
            _extract(path, archive, name, member, folder / name)
    return manifest


def archive_digest(path: Path) -> str:
    """The SHA-256 of the whole file: kept elsewhere, it tells whether somebody has made the file anew."""
    with path.open("rb") as file:
        return _measured(file)[0]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as fault:
        raise ArchiveDamaged(path, str(fault)) from fault
    except OSError as fault:
        raise ArchiveDamaged(path, fault.strerror or str(fault)) from fault


def _manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        known = {MANIFEST, *manifest["members"]}
        found = manifest["format"]
    except (KeyError, ValueError, TypeError) as fault:
        raise ArchiveDamaged(path, "it has no manifest") from fault
    if found > FORMAT:
        raise ArchiveNewer(path, f"its format is {found}, this version knows {FORMAT}")
    if strangers := sorted(set(archive.namelist()) - known):
        raise ArchiveDamaged(path, f"{strangers[0]} is not in its manifest")
    if outside := [name for name in manifest["members"] if Path(name).name != name]:
        raise ArchiveDamaged(path, f"{outside[0]} is no plain name")
    return dict(manifest)


def _extract(path: Path, archive: zipfile.ZipFile, name: str, member: Mapping[str, Any], into: Path) -> None:
    try:
        with archive.open(name) as content, into.open("wb") as file:
            shutil.copyfileobj(content, file, CHUNK_BYTES)
    except (KeyError, zlib.error) as fault:
        raise ArchiveDamaged(path, f"{name}: {fault}") from fault
    with into.open("rb") as file:
        digest, size = _measured(file)
    if (size, digest) != (member["bytes"], member["sha256"]):
        raise ArchiveDamaged(path, f"{name} is not what was put in")


def _measured(file: IO[bytes]) -> tuple[str, int]:
    digest, size = sha256(), 0
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
