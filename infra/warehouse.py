"""The warehouse: one DuckDB file, open for writing in one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import WarehouseLocked, WarehouseUnreadable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def connect(path: Path, threads: int | None = None) -> "DuckDBPyConnection":
    """A writing connection to the warehouse in `path`, which is made when missing; the caller closes it.

    `threads` limits DuckDB's own; None lets it take all cores. Raises WarehouseLocked while another process has
    the file open, WarehouseUnreadable when it is no warehouse or may not be opened.
    """
    import duckdb

    # A server does not fetch extensions from the internet while it runs.
    config: dict[str, str | bool | int | float | list[str]] = {"autoinstall_known_extensions": False}
    if threads is not None:
        config["threads"] = threads
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(str(path), config=config)
    except duckdb.IOException as fault:
        if "lock" in str(fault):
            raise WarehouseLocked(path, _first_line(fault)) from fault
        raise WarehouseUnreadable(path, _first_line(fault)) from fault
    except (duckdb.Error, OSError) as fault:
        raise WarehouseUnreadable(path, _first_line(fault)) from fault


def _first_line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0]


@contextmanager
def transaction(connection: "DuckDBPyConnection") -> Iterator[None]:
    """Commits what is done inside, or takes all of it back."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
