"""What killed processes have left in the data folder: removed when a pipeline starts, never a file in use."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from infra.errors import PublicationUnreadable
from infra.published import current_publish_id, marts_dir

# Folders in which everything is made anew, and in which a backup is gathered or taken apart.
SCRATCH = ("anew-*", ".backup-*")
# Their own processes write to them all the time; one that is quiet for so long has no process.
QUIET = timedelta(hours=1)


def clear_leftovers(data_dir: Path, now: datetime) -> list[str]:
    """Removes them and returns their names. Only the process that holds the warehouse may call it.

    Half-built publications and pointers that never came in force go at once: nobody but that process builds any.
    Scratch folders, which others make too, go when nothing in them has changed for an hour.
    """
    gone = [*_half_built(data_dir), *_half_written(data_dir), *_quiet(data_dir, (now - QUIET).timestamp())]
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return [str(path.relative_to(data_dir)) for path in gone]


def _half_built(data_dir: Path) -> Iterator[Path]:
    """Published files newer than the one in force: made beside it, and never put in force."""
    try:
        current = current_publish_id(data_dir)
    except PublicationUnreadable:
        return  # as below
    in_force = marts_dir(data_dir) / f"{current}.duckdb"
    if current is not None and not in_force.exists():
        return  # the pointer is damaged: nothing here is known to be in nobody's use
    for file in marts_dir(data_dir).glob("*.duckdb"):
        if current is None or (file != in_force and file.stat().st_mtime_ns > in_force.stat().st_mtime_ns):
            yield file
            yield from marts_dir(data_dir).glob(f"{file.name}.wal")


def _half_written(data_dir: Path) -> Iterator[Path]:
    yield from marts_dir(data_dir).glob("CURRENT.*.tmp")
    yield from data_dir.glob("pipeline.json.*.tmp")


def _quiet(data_dir: Path, before: float) -> Iterator[Path]:
    for pattern in SCRATCH:
        yield from (folder for folder in data_dir.glob(pattern) if _last_change(folder) < before)


def _last_change(folder: Path) -> float:
    return max(each.stat().st_mtime for each in (folder, *folder.rglob("*")))
