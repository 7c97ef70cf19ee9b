"""What follows on landing: the parts that changed are audited, and what has become new is published."""

from datetime import datetime
from typing import TYPE_CHECKING

from pipeline.parse import Definitions
from pipeline.publish import Published, prepare_state, publish
from surveys.catalogue import load_catalogue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from infra.settings import Settings


def refresh(
    connection: "DuckDBPyConnection", settings: "Settings", now: datetime, definitions: Definitions | None = None
) -> Published | None:
    """The new publication in force, None when nothing has changed since the last one."""
    prepare_state(connection)
    return publish(connection, settings.data_dir, definitions or load_catalogue(), now)
