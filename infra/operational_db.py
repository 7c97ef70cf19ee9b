"""The operational database: contacts, tokens, rounds. SQLite by default, PostgreSQL in production."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError

from infra.errors import DatabaseUnavailable
from infra.settings import Settings
from infra.sqlite_wal import use_wal

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that nobody else locks in the same PostgreSQL database.
MIGRATION_LOCK = 7_202_311
BUSY_SECONDS = 5


def engine(settings: Settings) -> Engine:
    """An engine for `settings.database_url`; nothing is connected yet. The caller disposes of it."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    # pre_ping: a connection that the server closed in the night is replaced, not shown to a respondent.
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 3},
        hide_parameters=True,
    )


def migrate(engine: Engine, revision: str = "head") -> None:
    """Brings the tables to a version, the newest by default, all or nothing; several processes may start at once.

    Raises DatabaseUnavailable.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    try:
        with engine.begin() as connection:
            _wait_for_turn(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except OperationalError as fault:
        raise DatabaseUnavailable(engine.url.render_as_string(), str(fault.orig).strip()) from fault


def _wait_for_turn(connection: Connection) -> None:
    # SQLite needs no lock of its own: its transactions begin immediate, see _sqlite_engine.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(url, hide_parameters=True)  # what it was given has no place in a message
    event.listen(made, "connect", _on_connect)
    event.listen(made, "begin", _on_begin)
    return made


def _on_connect(connection: Any, _record: Any) -> None:
    # None: SQLAlchemy's own BEGIN below is the only one, so tables and their version change together.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")
    use_wal(connection, BUSY_SECONDS)


def _on_begin(connection: Connection) -> None:
    # A transaction that reads first and then writes would fail at once beside another writer; this one waits its turn.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
