"""Backup and restore, one command each."""

from pathlib import Path
from typing import Annotated, Any

import typer

from infra.settings import load_settings
from infra.terminal import print_json, say

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the front door."""
    app.command("backup")(write_backup)
    app.command("restore")(restore_backup)


def write_backup(
    output: Annotated[Path, typer.Option("--output", help="The file to write; it must not be there yet.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Write the event log and the operational database to one file, while everything runs, and read it again.

    Warehouse and published files are made anew from it, so they are not in it. Keep the file as you keep secrets: it
    holds unpublished answers and the key that signs sessions. Keep the digest somewhere else.

    Example: lagesbild backup --output backup-2026-05-31.zip
    """
    from pipeline.backup import back_up
    from pipeline.consume import utc_now

    done = back_up(load_settings(data_dir), output, utc_now())
    if as_json:
        print_json({"path": str(done.path), "sha256": done.digest, **done.manifest})
        return
    for topic, ends in done.manifest["log"]["topics"].items():
        say(f"{topic}: up to {_ends(ends)}")
    for table, rows in (done.manifest["database"] or {"rows": {}})["rows"].items():
        say(f"{table}: {rows} rows")
    say(f"{done.path}: written, read again, whole. SHA-256 {done.digest}")


def restore_backup(
    file: Annotated[Path, typer.Argument(help="What `lagesbild backup` wrote.", exists=True, dir_okay=False)],
    check_only: Annotated[bool, typer.Option("--check", help="Only say whether the file is whole.")] = False,
    digest: Annotated[str | None, typer.Option("--sha256", help="Refuse a file with another digest.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty folder, log and database, then land, audit and publish everything anew.

    The file is checked whole before anything is written. What is there already is never overwritten.

    Example: lagesbild restore backup-2026-05-31.zip --data-dir restored
    """
    from pipeline.backup import bring_back, check

    settings = load_settings(data_dir)
    if check_only:
        manifest = check(file, digest)
        _tell({"whole": True, **manifest}, f"{file}: whole, made {manifest['made_at']}.", as_json)
        return
    done = bring_back(settings, file, digest)
    totals = done.totals
    if as_json:
        counts = {"accepted": totals.accepted, "repeated": totals.repeated, "parked": totals.parked}
        print_json({**counts, "moved": dict(done.moved), "population_file": done.population_file})
        return
    counted = f"{totals.accepted} accepted, {totals.repeated} repeated, {totals.parked} parked"
    say(f"Restored to {settings.data_dir}: {counted}; published.")
    for topic, events in done.moved.items():
        say(f"{topic}: {events} events lie at other offsets than before; dead letters were parked anew.")
    if done.population_file is not None:
        say(f"Set LAGESBILD_POPULATION_FILE to {done.population_file}: the inhabitants that figures stand on.")


def _tell(facts: dict[str, Any], sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        say(sentence)


def _ends(ends: dict[str, int]) -> str:
    return ", ".join(f"{partition}/{end}" for partition, end in ends.items())
