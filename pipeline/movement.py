"""How the country's figures have moved from publication to publication: a row for each change, none for standing still.

It is published as `figure_movement`. The publication in force holds all of it; the warehouse takes it over from there
before the next is made, and so does a rebuild. Each row names its publication, which can be made again as it was.
"""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import NothingPublished, PublicationUnreadable
from infra.log import get_logger
from infra.published import connect_current
from pipeline.history import has_table
from pipeline.indicators import statements

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

# Of each figure: the newest changes, and of those before them the last of each day, for a round of some months.
KEPT = 50
KEPT_DAYS = 100


def fill_movement(work: "DuckDBPyConnection") -> None:
    """Makes `mart.figure_movement`: what has been taken over, and what changes with the publication being built."""
    work.execute("SET VARIABLE kept = $kept", {"kept": KEPT})
    work.execute("SET VARIABLE kept_days = $kept", {"kept": KEPT_DAYS})
    work.execute(statements("published_movement"))


def take_over_movement(connection: "DuckDBPyConnection", data_dir: Path) -> None:
    """Keeps in the warehouse what the publication in force says. One of a past moment, or without it, says nothing.

    One that is damaged is about to be replaced, and takes no more with it than what it was the first to say.
    """
    import duckdb

    try:
        _, publication = connect_current(data_dir)
        with closing(publication):
            if not has_table(publication, "figure_movement") or _is_of_the_past(publication):
                return
            rows = publication.sql("FROM figure_movement").to_arrow_table()
    except NothingPublished:
        return
    except (PublicationUnreadable, duckdb.Error) as fault:
        get_logger("pipeline").warning("movement_unread", fault=str(fault))
        return
    _keep(connection, rows)


def copy_movement(live: "DuckDBPyConnection", anew: "DuckDBPyConnection") -> None:
    """Copies it into a warehouse made anew."""
    _keep(anew, live.sql("FROM audited.movement").to_arrow_table())


def _is_of_the_past(publication: "DuckDBPyConnection") -> bool:
    return bool(publication.execute("SELECT 1 FROM publication WHERE moment IS NOT NULL").fetchall())


def _keep(connection: "DuckDBPyConnection", rows: "pa.Table") -> None:
    work = connection.cursor()
    try:
        work.register("movement_before", rows)
        work.begin()
        work.execute("DELETE FROM audited.movement")
        work.execute("INSERT INTO audited.movement BY NAME FROM movement_before")
        work.commit()
    finally:
        work.close()
