"""Digests of tables that do not depend on the order of rows: the same content, the same digest."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Digest = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """Which tables are compared: all of a schema but `tables`, all columns but `columns`."""

    schema: str
    tables: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()


# When something was done here says nothing about what the log says. Positions of the dead-letter topic neither: it is
# read to know what has been told. The chain is held against the log itself.
LANDING = Compared(
    "landing", frozenset({"position", "chain", "link"}), frozenset({"parked_at", "announced_at", "replayed_at"})
)
# When an expectation began to fail, or a figure was published, is known to whoever did it then, and to no log.
PUBLISHED = Compared(
    "main", frozenset({"audit_history", "figure_movement"}), frozenset({"publish_id", "published_at", "checked_at"})
)


def digests(connection: "DuckDBPyConnection", compared: Compared) -> dict[str, Digest]:
    """The digest of each table by `schema.table`: the number of rows, and the sum of their hashes."""
    columns = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        # A view says what the tables say.
        "SEMI JOIN duckdb_tables() USING (database_name, schema_name, table_name) "
        "WHERE schema_name = ? AND database_name = current_database() ORDER BY table_name, column_name",
        [compared.schema],
    ).fetchall()
    by_table: dict[str, list[str]] = {}
    for table, column, kind in columns:
        if table not in compared.tables and column not in compared.columns:
            by_table.setdefault(table, []).append(_value(column, kind))
    return {
        f"{compared.schema}.{table}": _digest(connection, f"{compared.schema}.{table}", values)
        for table, values in by_table.items()
    }


def _value(column: str, kind: str) -> str:
    # A sum of fractions depends on the order of adding in its last digits; twelve are more than anything counted here.
    return f"""printf('%.12g', "{column}")""" if kind in ("DOUBLE", "FLOAT") else f'"{column}"'


def _digest(connection: "DuckDBPyConnection", table: str, values: list[str]) -> Digest:
    # Whole numbers: DuckDB adds UHUGEINT as fractions, whose sum depends on the order.
    row = connection.execute(
        f"SELECT count(*), coalesce(sum(hash({', '.join(values)})::HUGEINT), 0) FROM {table}"
    ).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0], row[1]
