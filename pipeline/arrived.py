"""Arrow tables that SQL reads under a name, for as long as a statement needs them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyarrow import Table


def insert(connection: "DuckDBPyConnection", table: str, rows: "Table") -> None:
    """Puts rows into a landing table, by the names of their columns; the caller holds the transaction."""
    with registered(connection, "arrived", rows):
        connection.execute(f"INSERT INTO landing.{table} BY NAME SELECT * FROM arrived")


@contextmanager
def registered(connection: "DuckDBPyConnection", name: str, rows: "Table") -> Iterator[None]:
    """Lets SQL read an Arrow table under a name, for as long as the block lasts."""
    connection.register(name, rows)
    try:
        yield
    finally:
        connection.unregister(name)
