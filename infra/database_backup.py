"""The operational database as a file of lines, the same from SQLite and PostgreSQL: either is restored from both."""

import json
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, inspect, select
from sqlalchemy.exc import OperationalError

from infra.errors import ArchiveNewer, DatabaseUnavailable, RestoreRefused
from infra.operational_db import MIGRATIONS, migrate

# Alembic's own table: which version the tables have.
VERSION = "alembic_version"
ROWS_AT_ONCE = 200  # with workbooks of a megabyte in memory


def dump(engine: Engine, path: Path) -> dict[str, Any]:
    """Writes every row to `path` as it is at one moment; returns the version of the tables and their rows.

    Writers go on meanwhile. Raises DatabaseUnavailable.
    """
    try:
        with _one_moment(engine, path) as connection:
            return _written(connection, path)
    except OperationalError as fault:
        raise DatabaseUnavailable(engine.url.render_as_string(), str(fault.orig).strip()) from fault
    except sqlite3.DatabaseError as fault:
        raise DatabaseUnavailable(engine.url.render_as_string(), str(fault)) from fault


def refuse_unless_empty(engine: Engine) -> None:
    """Raises RestoreRefused when the database has tables, DatabaseUnavailable."""
    try:
        tables = inspect(engine).get_table_names()
    except OperationalError as fault:
        raise DatabaseUnavailable(engine.url.render_as_string(), str(fault.orig).strip()) from fault
    if tables:
        what = f"the operational database has tables ({', '.join(sorted(tables)[:3])} …)."
        raise RestoreRefused(engine.url.render_as_string(), what, "Let LAGESBILD_DATABASE_URL name an empty one.")


def refuse_unknown_version(revision: str, archive: Path) -> None:
    """Raises ArchiveNewer when no migration of this version makes these tables."""
    try:
        ScriptDirectory(str(MIGRATIONS)).get_revision(revision)
    except CommandError as fault:
        raise ArchiveNewer(archive, f"the operational database is at {revision}") from fault


def restore(engine: Engine, path: Path, revision: str) -> None:
    """Makes the tables as they were at `revision`, fills them, and brings them to the newest version."""
    migrate(engine, revision)
    tables = MetaData()
    with engine.begin() as connection:
        tables.reflect(connection)
        with path.open(encoding="utf-8") as lines:
            for name, rows in groupby(map(json.loads, lines), key=lambda line: line["table"]):
                _fill(connection, tables.tables[name], (line["row"] for line in rows))
    migrate(engine)


@contextmanager
def _one_moment(engine: Engine, path: Path) -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever is written meanwhile."""
    if engine.dialect.name == "sqlite":
        # Reading through the engine would keep writers waiting; SQLite's own backup does not.
        copy = path.with_name(f"{path.name}.sqlite")
        with (
            closing(sqlite3.connect(f"file:{engine.url.database}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(copy)) as into,
        ):
            source.backup(into)
        with _disposing(create_engine(f"sqlite:///{copy}")) as copied, copied.connect() as connection:
            yield connection
        copy.unlink()
        return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        yield connection


@contextmanager
def _disposing(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def _written(connection: Connection, path: Path) -> dict[str, Any]:
    tables = MetaData()
    tables.reflect(connection)
    counts: dict[str, int] = {}
    with path.open("w", encoding="utf-8") as file:
        # Parents before children, so that they can be put back in this order.
        for table in tables.sorted_tables:
            if table.name == VERSION:
                continue
            counts[table.name] = 0
            for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table)).mappings():
                values = {name: _out(value) for name, value in row.items()}
                file.write(json.dumps({"table": table.name, "row": values}, ensure_ascii=False) + "\n")
                counts[table.name] += 1
    return {"revision": MigrationContext.configure(connection).get_current_revision(), "rows": counts}


def _fill(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        connection.execute(table.insert(), [{name: _in(value) for name, value in row.items()} for row in some])


def _out(value: object) -> object:
    """As JSON can say it. SQLite forgets the time zone of what it is given, which was UTC."""
    match value:
        case bytes() | memoryview():
            return {"base64": b64encode(value).decode()}
        case datetime():
            return {"time": (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()}
        case date():
            return {"date": value.isoformat()}
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(f"a column holds {type(value).__name__}, which a backup cannot say")


def _in(value: object) -> object:
    match value:
        case {"base64": str(text)}:
            return b64decode(text)
        case {"time": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
    return value
