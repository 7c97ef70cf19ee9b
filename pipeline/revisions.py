"""What changed between the accepted versions of a response: every version made into answers as the current one is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.declarations import Clause
from pipeline.indicators import route, statements

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Versions at a time: memory does not grow with how often a response has been sent.
AT_ONCE = 4_000
_OF_SOME = ("counted", "fact", "path_holds", "version_cell", "placed")


def find_changes(work: "DuckDBPyConnection", clauses: Iterable[Clause]) -> None:
    """Makes `changed_cell`: what each version of the responses that have been sent more than once changed.

    Reads `visible`, before `counted` is made for the versions that count.
    """
    work.execute(statements("published_versions"))
    ((versions,),) = work.execute("SELECT count(*) FROM version_in_order").fetchall()
    for first in range(0, versions, AT_ONCE):
        work.execute("SET VARIABLE first = $first", {"first": first})
        work.execute("SET VARIABLE last = $last", {"last": first + AT_ONCE - 1})
        work.execute(statements("published_some_versions"))
        work.execute(statements("published_answers"))
        route(work, clauses)
        work.execute(statements("published_missing"))
        work.execute(statements("published_changes"))
        for name in _OF_SOME:
            work.execute(f"DROP TABLE {name}")
