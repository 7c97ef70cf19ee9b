"""What changed between the accepted versions of a response: every version made into answers as the current one is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.declarations import Clause
from pipeline.indicators import route, statements

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def make_versions(work: "DuckDBPyConnection", clauses: Iterable[Clause]) -> None:
    """Makes `version`: as `fact`, of every version of the responses that have been sent more than once.

    Reads `visible`, before `counted` is made for those that count.
    """
    work.execute(statements("published_versions"))
    work.execute(statements("published_answers"))
    route(work, clauses)
    work.execute(statements("published_missing"))
    work.execute("CREATE TEMP TABLE version AS FROM fact")
    for name in ("fact", "blank", "path_holds", "counted"):
        work.execute(f"DROP TABLE {name}")
