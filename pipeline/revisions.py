"""What changed between the accepted versions of a response: every version made into answers as the current one is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from infra.warehouse import transaction
from pipeline.declarations import Clause
from pipeline.indicators import route, statements

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Versions at a time: memory does not grow with how often a response has been sent.
AT_ONCE = 4_000
TOLD_AT_ONCE = 10_000
_OF_SOME = ("counted", "fact", "path_holds", "version_cell", "placed")
# A version that came late, or is not shown any more, has changed what stands before another one.
_OTHERWISE = """
SELECT 1
FROM (FROM compared.version SEMI JOIN built_part USING (survey, year)) c
LEFT JOIN version_in_order v USING (n)
WHERE v.n IS NULL OR v.previous IS DISTINCT FROM c.previous
LIMIT 1
"""
_KEPT = ("version", "changed_cell", "small_version")
_NOT_COMPARED = "SELECT min(n), max(n) FROM version_in_order WHERE NOT is_compared"


def find_changes(work: "DuckDBPyConnection", clauses: Iterable[Clause], *, afresh: bool) -> None:
    """Makes `compared.changed_cell`: what each version of the responses that have been sent more than once changed.

    Reads `visible`, before `counted` is made for the versions that count. What was compared for the publications
    before stays, unless `afresh`.
    """
    work.execute(statements("published_compared"))
    if afresh:
        forget_changes(work)
    work.execute(statements("published_versions"))
    if work.execute(_OTHERWISE).fetchall():
        forget_changes(work)
        work.execute(statements("published_versions"))
    ((first, last),) = work.execute(_NOT_COMPARED).fetchall()
    for some in range(first, last + 1, AT_ONCE) if first else ():
        _choose(work, some, AT_ONCE)
        _compare_some(work, clauses)
        if some + AT_ONCE <= last:
            work.execute("CHECKPOINT compared")


def forget_changes(work: "DuckDBPyConnection") -> None:
    """Empties what has been compared.

    All of it or nothing: what was left of it would be told of the versions that get its numbers next.
    """
    work.execute(statements("published_compared"))
    with transaction(work):
        for name in _KEPT:
            work.execute(f"DELETE FROM compared.{name}")


def tell_changes(work: "DuckDBPyConnection") -> None:
    """Fills the published `revision` with what `find_changes` found, as readers see it. Reads `hidden`."""
    work.execute(statements("published_small_items"))
    ((first, last),) = work.execute("SELECT min(n), max(n) FROM version_in_order").fetchall()
    for some in range(first, last + 1, TOLD_AT_ONCE) if first else ():
        _choose(work, some, TOLD_AT_ONCE)
        work.execute(statements("published_revisions"))


def _choose(work: "DuckDBPyConnection", first: int, count: int) -> None:
    work.execute(f"SET VARIABLE first = {first}; SET VARIABLE last = {first + count - 1}")


def _compare_some(work: "DuckDBPyConnection", clauses: Iterable[Clause]) -> None:
    work.execute(statements("published_some_versions"))
    work.execute(statements("published_answers"))
    route(work, clauses)
    work.execute(statements("published_missing"))
    with transaction(work):
        work.execute(statements("published_changes"))
    for name in _OF_SOME:
        work.execute(f"DROP TABLE {name}")
