"""Where each survey and year last passed its audit: the one thing in the warehouse that the log alone does not say."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# 'survey/year' → the last event of it in each partition.
GoodPositions = Mapping[str, Mapping[int, int]]


def good_positions(connection: "DuckDBPyConnection") -> dict[str, dict[int, int]]:
    """Those that a warehouse knows; the caller has prepared its state."""
    rows = connection.execute(
        "SELECT survey || '/' || year, good_position FROM audited.part WHERE good_position IS NOT NULL ORDER BY ALL"
    ).fetchall()
    return {part: {int(partition): at for partition, at in json.loads(found).items()} for part, found in rows}


def readable_good_positions(connection: "DuckDBPyConnection") -> GoodPositions:
    """As `good_positions`, of a warehouse of any version; none when it does not say them so."""
    import duckdb

    try:
        return good_positions(connection)
    except duckdb.Error:
        return {}


def take_over(connection: "DuckDBPyConnection", good: GoodPositions) -> None:
    """Lets a new warehouse publish a part that fails its audit as it last was; the caller has prepared its state."""
    for part, position in good.items():
        survey, _, year = part.rpartition("/")
        connection.execute(
            "INSERT INTO audited.part (survey, year, seen, good_position, audited_at) VALUES (?, ?, '', ?, now())",
            [survey, int(year), json.dumps(position)],
        )
