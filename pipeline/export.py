"""What an export holds: every row that a publication has of a survey, table by table, and a manifest that counts."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tables import Row
from pipeline.wide import WIDE, make_wide
from surveys.errors import UnknownSurvey, UnknownYear
from surveys.model import Frozen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MANIFEST = "manifest.json"
# Whose rows belong to a survey under another name than `survey`, and those that every survey needs.
_OWNER = {"published_figure": "mapping"}
_SHARED = ("publication", "unit")
# What waits as dead letters has not been accepted: it is no content of the publication.
_LEFT_OUT = frozenset({"dead_letter", "dead_letter_count"})


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an export: its query, and its columns with DuckDB's types in order."""

    name: str
    sql: str
    columns: dict[str, str]
    rows: int


class Written(Frozen):
    """A file of an export. `rows` is None for files that describe others."""

    file: str
    table: str | None
    rows: int | None
    bytes: int
    sha256: str


class Manifest(Frozen):
    """What was exported: from which publication, as of when, how many rows of each table, and every file.

    `responses` is how many accepted responses the export has (corrected ones too), `held` the parts ('survey/year') of
    it that keep their last good content.
    """

    survey: str
    years: tuple[int, ...]
    publish_id: str
    published_at: datetime
    as_of: datetime
    responses: int
    held: tuple[str, ...]
    fictitious: bool
    tables: dict[str, int]
    files: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """A publication's content of one survey, ready to be written. Lives as long as its connection."""

    connection: "DuckDBPyConnection"
    manifest: Manifest
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        return next(one for one in self.tables if one.name == name)

    def rows(self, sql: str) -> Iterator[Row]:
        """The rows of a query, some thousands at a time."""
        for batch in self.connection.sql(sql).to_arrow_reader(4_000):
            yield from batch.to_pylist()


def export_of(connection: "DuckDBPyConnection", survey: str, year: int | None, *, fictitious: bool = False) -> Export:
    """What the publication behind `connection` has of a survey, of one year or (None) of all.

    Beside the published tables stands `wide`: a row for each current response, a column for each question.
    The connection is given views and must not be used for anything else. Raises UnknownSurvey, UnknownYear.
    """
    years = _years(connection, survey, year)
    connection.execute("SET TimeZone = 'UTC'; SET VARIABLE survey = $survey", {"survey": survey})
    connection.execute("SET VARIABLE years = $years", {"years": list(years)})
    make_wide(connection, survey, years)
    tables = (*_published(connection), _table(connection, WIDE, f"SELECT * FROM {WIDE} ORDER BY ALL"))
    return Export(connection, _manifest(connection, survey, years, tables, fictitious), tables)


def _years(connection: "DuckDBPyConnection", survey: str, year: int | None) -> tuple[int, ...]:
    known: dict[str, list[int]] = {}
    for name, one in connection.execute("SELECT survey, year FROM survey ORDER BY ALL").fetchall():
        known.setdefault(name, []).append(one)
    if survey not in known:
        raise UnknownSurvey(survey, known)
    if year is not None and year not in known[survey]:
        raise UnknownYear(survey, year, known[survey])
    return tuple(known[survey]) if year is None else (year,)


def _published(connection: "DuckDBPyConnection") -> Iterator[Table]:
    names = connection.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() "
        # Not the views: they say what the tables say.
        "SEMI JOIN duckdb_tables() USING (database_name, schema_name, table_name) "
        "WHERE schema_name = 'main' AND NOT internal AND database_name = current_database() "
        "GROUP BY table_name ORDER BY table_name"
    ).fetchall()
    for name, columns in names:
        owner = _OWNER.get(name, "survey")
        if name in _SHARED:
            yield _table(connection, name, f"SELECT * FROM {name} ORDER BY rowid")
        elif name not in _LEFT_OUT and owner in columns:
            of_years = "" if name in _OWNER else " AND list_contains(getvariable('years'), year)"
            where = f"{owner} = getvariable('survey'){of_years}"
            yield _table(connection, name, f"SELECT * FROM {name} WHERE {where} ORDER BY rowid")


def _table(connection: "DuckDBPyConnection", name: str, sql: str) -> Table:
    described = connection.execute(f"DESCRIBE {sql}").fetchall()
    ((rows,),) = connection.execute(f"SELECT count(*) FROM ({sql})").fetchall()
    return Table(name, sql, {column: kind for column, kind, *_ in described}, rows)


def _manifest(
    connection: "DuckDBPyConnection", survey: str, years: Sequence[int], tables: Sequence[Table], fictitious: bool
) -> Manifest:
    (row,) = (
        connection.sql("SELECT publish_id, published_at, as_of, held FROM publication").to_arrow_table().to_pylist()
    )
    own = {f"{survey}/{year}" for year in years}
    counts = {table.name: table.rows for table in tables}
    return Manifest(
        survey=survey,
        years=tuple(years),
        publish_id=row["publish_id"],
        published_at=row["published_at"],
        as_of=row["as_of"],
        responses=counts["response"],
        held=tuple(part for part in row["held"] if part in own),
        fictitious=fictitious,
        tables=counts,
    )


def written(path: Path, table: Table | None = None) -> Written:
    """The file as the manifest names it."""
    content = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            content.update(chunk)
    rows = None if table is None else table.rows
    name = None if table is None else table.name
    return Written(file=path.name, table=name, rows=rows, bytes=path.stat().st_size, sha256=content.hexdigest())


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Writes the manifest into the folder it is about."""
    told = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(told + "\n", encoding="utf-8")
