"""Reports as files: written beside where they are to be, and put in place whole."""

import os
from pathlib import Path

from dashboards.errors import ReportInTheWay

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
