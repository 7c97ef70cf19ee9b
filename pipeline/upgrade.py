"""A warehouse of an earlier version brought up to date: by numbered steps in one transaction.

`sql/landing.sql` and `sql/published_state.sql` say what the newest version's tables are, and make those that are
missing. A step `sql/upgrades/NNNN_what.sql` says what to do to tables that are there already. One that begins with
`-- From the log` cannot be done in place: everything it would need is in the log, so the pipeline makes the warehouse
anew.
"""

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from infra.log import get_logger
from pipeline.errors import WarehouseNewer, WarehouseOutdated

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FROM_THE_LOG = "-- From the log"
Steps = dict[int, str]


def bring_up_to_date(connection: "DuckDBPyConnection", path: Path, steps: Steps | None = None) -> None:
    """Takes every step that the warehouse at `path` has not taken, all or none; a new one has taken them all.

    Raises WarehouseNewer when a later version made it, WarehouseOutdated when it can only be made anew.
    """
    steps = steps or packaged_steps()
    newest, found = max(steps), _version(connection)
    if found > newest:
        raise WarehouseNewer(path, found, newest)
    if found == newest:
        return
    if _has_tables(connection):
        _take(connection, path, {number: steps[number] for number in range(found + 1, newest + 1)}, found)
        get_logger("pipeline").warning("warehouse_upgraded", found=found, now=newest)
    else:
        _stamp(connection, newest)


@lru_cache(maxsize=1)
def packaged_steps() -> Steps:
    """The steps of this version, by number."""
    folder = resources.files("pipeline").joinpath("sql/upgrades")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return {int(file.name[:4]): file.read_text(encoding="utf-8") for file in files}


def _take(connection: "DuckDBPyConnection", path: Path, steps: Steps, found: int) -> None:
    import duckdb

    if impossible := [number for number, sql in steps.items() if sql.startswith(FROM_THE_LOG)]:
        raise WarehouseOutdated(path, found, f"step {impossible[0]} needs the log")
    connection.begin()
    try:
        for sql in steps.values():
            connection.execute(sql)
        _stamp(connection, max(steps))
        connection.commit()
    except duckdb.Error as fault:
        connection.rollback()
        raise WarehouseOutdated(path, found, str(fault).splitlines()[0]) from fault
    except BaseException:
        connection.rollback()
        raise


def _version(connection: "DuckDBPyConnection") -> int:
    """The last step taken; 0 before there were any."""
    if not _tables(connection, "schema_name = 'main' AND table_name = 'warehouse_version'"):
        return 0
    row = connection.execute("SELECT coalesce(max(version), 0) FROM main.warehouse_version").fetchone()
    return int(row[0]) if row else 0


def _has_tables(connection: "DuckDBPyConnection") -> bool:
    return _tables(connection, "schema_name IN ('landing', 'audited')") > 0


def _tables(connection: "DuckDBPyConnection", which: str) -> int:
    row = connection.execute(
        f"SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() AND {which}"
    ).fetchone()
    return int(row[0]) if row else 0


def _stamp(connection: "DuckDBPyConnection", version: int) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS main.warehouse_version (version INTEGER NOT NULL)")
    connection.execute("DELETE FROM main.warehouse_version")
    connection.execute("INSERT INTO main.warehouse_version VALUES (?)", [version])
