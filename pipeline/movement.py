"""How the country's figures have moved from publication to publication: a row for each change, none for standing still.

It is published as `figure_movement`. The publication in force holds all of it; the warehouse takes it over from there
before the next is made, and so does a rebuild. Each row names its publication, which can be made again as it was.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import PublicationUnreadable
from infra.log import get_logger
from infra.published import attached_publication, current_publish_id, marts_dir
from infra.warehouse import transaction
from pipeline.indicators import statements

if TYPE_CHECKING:
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

    work = connection.cursor()
    try:
        publish_id = current_publish_id(data_dir)
        if publish_id is None:
            return
        with attached_publication(work, marts_dir(data_dir) / f"{publish_id}.duckdb", "in_force"):
            if _says_movement(work):
                _keep(work, "in_force.figure_movement")
    except (PublicationUnreadable, duckdb.Error) as fault:
        get_logger("pipeline").warning("movement_unread", fault=str(fault))
    finally:
        work.close()


def copy_movement(live: "DuckDBPyConnection", anew: "DuckDBPyConnection") -> None:
    """Copies it into a warehouse made anew."""
    work = anew.cursor()
    try:
        work.register("movement_before", live.sql("FROM audited.movement").to_arrow_table())
        _keep(work, "movement_before")
    finally:
        work.close()


def _says_movement(work: "DuckDBPyConnection") -> bool:
    ((tables,),) = work.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'in_force' AND table_name = 'figure_movement'"
    ).fetchall()
    return bool(tables) and not work.execute("FROM in_force.publication WHERE moment IS NOT NULL").fetchall()


def _keep(work: "DuckDBPyConnection", rows: str) -> None:
    with transaction(work):
        work.execute("DELETE FROM audited.movement")
        work.execute(f"INSERT INTO audited.movement BY NAME FROM {rows}")
