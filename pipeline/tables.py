"""Rows as Arrow tables that SQL can join."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]


def table(schema: Mapping[str, str], rows: Iterable[Row]) -> "pa.Table":
    """The rows with the columns of `schema`, by name of kind; what a row has beside them is left out."""
    import pyarrow as pa

    kinds: dict[str, pa.DataType] = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "whole": pa.int32(),
        "number": pa.float64(),
        "truth": pa.bool_(),
        "day": pa.date32(),
        "time": pa.timestamp("us", tz="UTC"),
    }
    return pa.Table.from_pylist(list(rows), pa.schema([(name, kinds[kind]) for name, kind in schema.items()]))
