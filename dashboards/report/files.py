"""Reports as files: written beside where they are to be, and put in place whole."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboards.errors import ReportInTheWay
from dashboards.records import Survey, Unit

SUFFIX = ".pptx"


def must_be_free(path: Path) -> None:
    """Raises ReportInTheWay unless a report can be written there without writing over anything."""
    if path.suffix.lower() != SUFFIX:
        raise ReportInTheWay(path, "the file of a report ends with .pptx.", f"Name it {path.name}{SUFFIX}.")
    if path.exists():
        raise ReportInTheWay(path, "is there already.", "Name another file, or move that one away.")


def write(report: bytes, path: Path) -> None:
    """Puts the report there in one step; whatever stops it, there is a whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(report)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def name_of(survey: Survey, unit: Unit) -> str:
    """The file of a unit's report: sorted by code, a region before what lies in it, and legible."""
    legible = re.sub(r"\W+", "-", unit.name).strip("-")
    return f"{survey.survey}-{survey.year}-{unit.unit_id}-{legible}{SUFFIX}"


def must_be_empty(folder: Path) -> None:
    """Raises ReportInTheWay unless the folder is new or empty."""
    if folder.exists() and not folder.is_dir():
        raise ReportInTheWay(folder, "is a file, and the reports of all units need a folder.", "Name a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise ReportInTheWay(folder, "the folder is not empty.", "Name a new folder.")


def write_all(reports: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Puts the reports there by name, all of them in one step; whatever stops it, there are all or none.

    They are written one at a time, so that no more than one is held in memory.
    """
    whole = folder.absolute()
    whole.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{whole.name}.", dir=whole.parent) as scratch:
        # Within, since a temporary folder is for its owner alone.
        inside = Path(scratch) / whole.name
        inside.mkdir()
        for name, report in reports:
            (inside / name).write_bytes(report)
        inside.replace(whole)
