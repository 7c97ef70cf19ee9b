"""Backup and restore: what everything else is made from, as one file, and everything else made anew from it.

In the file: the event log, the operational database, inhabitants of one's own, at which positions each survey and year
last passed its audit, and the record of publications. Not in it: the warehouse and what is published, which are made
anew; passwords and secrets.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from infra.archive import ArchiveWriter, archive_digest, new_archive, unpack
from infra.database_backup import dump, refuse_unknown_version, refuse_unless_empty, restore
from infra.errors import ArchiveDamaged, RestoreRefused
from infra.log_backup import log_backup
from infra.operational_db import engine
from infra.published import marts_dir
from infra.settings import SECRETS, URLS, Settings, sqlite_path, without_password
from pipeline.consume import Totals, opened_warehouse, run_once
from pipeline.good_positions import take_over
from pipeline.ledger import ledger_path
from pipeline.publish import prepare_state
from pipeline.snapshot import left

DATABASE = "operational.jsonl"
POPULATION = "population-file"
GOOD = "good-positions.json"
LEDGER = "publications.jsonl"
RESTORED_POPULATION = "population-restored"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was written, read again and found whole."""

    path: Path
    digest: str
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and what the pipeline then made of it.

    `moved` counts, by topic, the events that lie at another offset than before; `population_file` is what
    LAGESBILD_POPULATION_FILE has to name from now on, None when it was not set.
    """

    manifest: Mapping[str, Any]
    totals: Totals
    moved: Mapping[str, int]
    population_file: Path | None


def back_up(settings: Settings, output: Path, now: datetime) -> BackedUp:
    """Writes a backup to `output` while everything runs, and reads it again.

    Every response that was acknowledged before the call is in it. Raises CannotWriteArchive, LogUnavailable,
    LogDamaged, DatabaseUnavailable.
    """
    log = log_backup(settings)
    with _beside(output) as folder:
        with new_archive(output) as archive:
            # What names events before the events: so whatever is named is there.
            facts = {"product": version("lagesbild"), "made_at": now.isoformat(), "settings": _shown(settings)}
            _add_good_positions(settings, archive, folder)
            if ledger_path(settings.data_dir).exists():
                archive.add(LEDGER, ledger_path(settings.data_dir))
            database = _add_database(settings, archive, folder)
            if settings.population_file is not None:
                archive.add(POPULATION, settings.population_file)
            topics = log.dump(folder / log.member)
            archive.add(log.member, folder / log.member)
            archive.finish({**facts, "database": database, "log": {"kind": log.kind, "topics": topics}})
        manifest = unpack(output, folder / "read")
    return BackedUp(output, archive_digest(output), manifest)


def check(archive: Path, digest: str | None = None) -> Mapping[str, Any]:
    """The manifest of a backup that is whole. Raises ArchiveDamaged, ArchiveNewer; nothing is restored."""
    with tempfile.TemporaryDirectory(prefix="lagesbild-check-") as folder:
        return _unpacked(archive, Path(folder), digest)


def bring_back(settings: Settings, archive: Path, digest: str | None = None) -> Restored:
    """Restores a backup into an empty data folder, log and database, then lands, audits and publishes all of it.

    Everything is read and checked before anything is restored. `digest` is the one that `back_up` gave. Raises
    ArchiveDamaged, ArchiveNewer, RestoreRefused, RestoreInterrupted and what reaching log and database raises.
    """
    # 1. The folder is empty, 2. the backup is whole, 3. log and database are of its kind, and empty.
    _refuse_unless_empty(settings.data_dir)
    with _beside(settings.data_dir / "restored") as folder:
        manifest = _unpacked(archive, folder, digest)
        log, database = log_backup(settings), engine(settings)
        if manifest["log"]["kind"] != log.kind:
            now = f"Set LAGESBILD_LOG_URL to a log of that kind ({manifest['log']['kind']})."
            raise RestoreRefused(str(archive), f"it holds a log of another kind than {log.kind}.", now)
        log.refuse_unless_empty(manifest["log"]["topics"])
        if manifest["database"]:
            refuse_unknown_version(manifest["database"]["revision"], archive)
            refuse_unless_empty(database)
        # 4. The database first: with a log but no tokens nobody could answer.
        if manifest["database"]:
            restore(database, folder / DATABASE, manifest["database"]["revision"])
        database.dispose()
        moved = log.restore(folder / log.member, manifest["log"]["topics"])
        # 5. Everything else anew. Positions say nothing in a log whose events moved.
        settings, population_file = _with_population(settings, folder)
        if not moved:
            _take_over(settings, folder / GOOD)
            _give_ledger(settings, folder / LEDGER)
        return Restored(manifest, run_once(settings), moved, population_file)


def _unpacked(archive: Path, folder: Path, digest: str | None) -> dict[str, Any]:
    manifest = unpack(archive, folder)
    if digest is not None and archive_digest(archive) != digest.lower():
        raise ArchiveDamaged(archive, "its digest is not the one that was told")
    return manifest


def _shown(settings: Settings) -> dict[str, Any]:
    """How it was set up, for who sets it up again; no secret and no password."""
    values = settings.model_dump(mode="json", exclude=set(SECRETS))
    return {name: without_password(value) if name in URLS and value else value for name, value in values.items()}


def _add_good_positions(settings: Settings, archive: ArchiveWriter, folder: Path) -> None:
    snapshot = left(settings.data_dir)
    (folder / GOOD).write_text(json.dumps(snapshot.good if snapshot else {}), encoding="utf-8")
    archive.add(GOOD, folder / GOOD)


def _add_database(settings: Settings, archive: ArchiveWriter, folder: Path) -> dict[str, Any] | None:
    """None when no collector has ever been started here."""
    url = settings.database_url
    if url.startswith("sqlite:") and not sqlite_path(url).exists():
        return None
    database = engine(settings)
    try:
        facts = dump(database, folder / DATABASE)
    finally:
        database.dispose()
    archive.add(DATABASE, folder / DATABASE)
    return facts


def _refuse_unless_empty(data_dir: Path) -> None:
    if data_dir.exists() and (found := sorted(each.name for each in data_dir.iterdir())):
        now = "Stop what runs there and move the folder away, or name another with --data-dir."
        raise RestoreRefused(str(data_dir), f"the folder is not empty ({', '.join(found[:3])} …).", now)


def _with_population(settings: Settings, folder: Path) -> tuple[Settings, Path | None]:
    if not (folder / POPULATION).exists():
        return settings, None
    kept = settings.data_dir / RESTORED_POPULATION
    shutil.copyfile(folder / POPULATION, kept)
    return settings.model_copy(update={"population_file": kept}), kept


def _give_ledger(settings: Settings, kept: Path) -> None:
    """Every recorded publication can be made again from the log."""
    if kept.exists():
        marts_dir(settings.data_dir).mkdir()
        shutil.copyfile(kept, ledger_path(settings.data_dir))


def _take_over(settings: Settings, positions: Path) -> None:
    """Lets a held part be published as it last was when it passed its audit."""
    with opened_warehouse(settings) as connection:
        prepare_state(connection)
        take_over(connection, json.loads(positions.read_text(encoding="utf-8")))


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A folder on the same disk, which is gone afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder:
        yield Path(folder)
