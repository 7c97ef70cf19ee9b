"""An export written as files of one table each: CSV for programs, CSV for Excel in Swedish, Parquet."""

from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.condition_sql import literal
from pipeline.export import Export, Table, Written, written

BOM = b"\xef\xbb\xbf"
# What spreadsheets take for the beginning of a formula when they open a CSV file.
_FORMULA = "[=+@\\-\\t\\r]"
Shown = Callable[[str], str]


def write_csv(export: Export, folder: Path) -> Iterator[Written]:
    """`<table>.csv`, UTF-8: comma, point, ISO 8601 in UTC. Lists are JSON."""
    for table in export.tables:
        yield _copied(export, table, folder / f"{table.name}.csv", _plain(table), "FORMAT csv, HEADER")


def write_csv_sv(export: Export, folder: Path) -> Iterator[Written]:
    """`<table>.sv.csv` for Excel in Swedish: semicolon, decimal comma, byte order mark, Swedish time, ja and nej.

    A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    for table in export.tables:
        path = folder / f"{table.name}.sv.csv"
        bare = path.with_suffix(".bare")
        _copied(export, table, bare, _swedish(table), "FORMAT csv, HEADER, DELIMITER ';'")
        with path.open("wb") as file, bare.open("rb") as rest:
            file.write(BOM)
            while chunk := rest.read(1 << 20):
                file.write(chunk)
        bare.unlink()
        yield written(path, table)


def write_parquet(export: Export, folder: Path) -> Iterator[Written]:
    """`<table>.parquet` with the types of the published tables."""
    for table in export.tables:
        yield _copied(export, table, folder / f"{table.name}.parquet", table.sql, "FORMAT parquet")


def _copied(export: Export, table: Table, path: Path, sql: str, options: str) -> Written:
    export.connection.execute(f"COPY ({sql}) TO {literal(str(path))} ({options})")
    return written(path, table)


def _plain(table: Table) -> str:
    shown = {"TIMESTAMP WITH TIME ZONE": "strftime({0}, '%Y-%m-%dT%H:%M:%S.%gZ')"}
    return _selected(table, lambda kind: shown.get(kind) or ("to_json({0})::VARCHAR" if kind.endswith("[]") else "{0}"))


def _swedish(table: Table) -> str:
    shown = {
        # Whole numbers as such; others with all the digits that they have.
        "DOUBLE": "CASE WHEN {0} = trunc({0}) AND abs({0}) < 1e15 THEN {0}::BIGINT::VARCHAR "
        "ELSE replace({0}::VARCHAR, '.', ',') END",
        "BOOLEAN": "CASE WHEN {0} THEN 'ja' WHEN NOT {0} THEN 'nej' END",
        "TIMESTAMP WITH TIME ZONE": "strftime({0} AT TIME ZONE 'Europe/Stockholm', '%Y-%m-%d %H:%M:%S')",
        "VARCHAR": f"CASE WHEN regexp_matches({{0}}, '^{_FORMULA}') THEN '''' || {{0}} ELSE {{0}} END",
    }
    return _selected(
        table, lambda kind: shown.get(kind) or ("array_to_string({0}, '; ')" if kind.endswith("[]") else "{0}")
    )


def _selected(table: Table, shown: Shown) -> str:
    """The table's rows with each column written as `shown` says for its type."""
    columns = ", ".join(
        f"{shown(kind).format(_quoted(name))} AS {_quoted(name)}" for name, kind in table.columns.items()
    )
    return f"SELECT {columns} FROM ({table.sql})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
