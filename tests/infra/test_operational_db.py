"""The operational database: the same behaviour on SQLite and on a real PostgreSQL."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from infra import operational_db
from infra.errors import DatabaseUnavailable
from infra.settings import Settings


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path / "data", database_url=f"sqlite:///{tmp_path}/data/operational.sqlite")
    return Settings(data_dir=tmp_path, database_url=request.getfixturevalue("postgres_url"))


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = operational_db.engine(settings)
    yield made
    made.dispose()


def version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    return ScriptDirectory(str(operational_db.MIGRATIONS)).get_current_head()


def test_migrating_brings_an_empty_database_to_the_newest_version(engine: Engine) -> None:
    operational_db.migrate(engine)
    assert version(engine) == newest()
    assert "alembic_version" in inspect(engine).get_table_names()


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    operational_db.migrate(engine)
    before = inspect(engine).get_table_names()
    operational_db.migrate(engine)
    assert inspect(engine).get_table_names() == before


def test_several_processes_may_start_at_once(settings: Settings) -> None:
    engines = [operational_db.engine(settings) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(operational_db.migrate, engines))
    assert {version(engine) for engine in engines} == {newest()}
    for engine in engines:
        engine.dispose()


def test_a_transaction_that_fails_leaves_nothing_not_even_a_table(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO note VALUES (1)"))
        raise ZeroDivisionError
    assert "note" not in inspect(engine).get_table_names()


def test_a_reference_to_nothing_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE unit (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE contact (unit INTEGER REFERENCES unit (id))"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO contact VALUES (14)"))


def test_writers_that_read_first_take_turns(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (1, 0)"))
    together = threading.Barrier(4)

    def count() -> None:
        together.wait()
        for _ in range(10):
            with engine.begin() as connection:
                locking = " FOR UPDATE" if engine.dialect.name == "postgresql" else ""
                n = connection.execute(text(f"SELECT n FROM counter WHERE id = 1{locking}")).scalar_one()
                connection.execute(text("UPDATE counter SET n = :n WHERE id = 1"), {"n": n + 1})

    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(count) for _ in range(4)]:
            each.result()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar_one() == 40


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    url = f"postgresql://app:hemligt@127.0.0.1:{port}/lagesbild"
    with pytest.raises(DatabaseUnavailable, match=r"I020 .*127\.0\.0\.1") as caught:
        operational_db.migrate(operational_db.engine(Settings(data_dir=tmp_path, database_url=url)))
    assert "hemligt" not in str(caught.value)


def test_what_a_statement_was_given_is_not_in_its_error(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(DBAPIError) as failed:
        connection.execute(text("SELECT :answer FROM finns_ej"), {"answer": "svaret"})
    assert "svaret" not in str(failed.value)
