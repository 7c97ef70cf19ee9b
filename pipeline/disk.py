"""Which errors come from the disk, through DuckDB or not: what they stopped goes well once there is room again."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import WarehouseUnavailable

REFUSED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS})


def is_of_the_disk(fault: Exception) -> bool:
    """Whether the disk refused, or the database ended itself because it had: it is whole when opened again."""
    import duckdb

    if isinstance(fault, OSError):
        return fault.errno in REFUSED
    if isinstance(fault, duckdb.IOException | duckdb.FatalException):
        return True
    # A commit wraps what the disk said in an error of its own.
    return isinstance(fault, duckdb.TransactionException) and "Failed to commit: Could not" in str(fault)


@contextmanager
def disk_faults() -> Iterator[None]:
    """Raises WarehouseUnavailable where the disk refuses what is done inside."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as fault:
        if is_of_the_disk(fault):
            raise WarehouseUnavailable(str(fault)) from fault
        raise
