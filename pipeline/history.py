"""The history of audits: when each expectation began to hold or to fail. It grows with changes, not with audits.

It stands in the warehouse, is published with every publication, and is the one thing that no log can give back: a
rebuild takes it over from the warehouse it replaces, and it begins anew only where that cannot be read.
"""

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.published import connect_current
from pipeline.indicators import statements
from pipeline.suite_errors import PublishedWithout
from surveys.model import Frozen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# An expectation that holds and fails by turns says no more after that many turns.
KEPT = 20


class Change(Frozen):
    """One expectation on one part that ended otherwise than the time before (`before`; None when it was new).

    `origin`, `check` and `column` tell the expectation apart, `sv` and `en` what it means. `observed` names what did
    not hold at that moment. Outcomes are holds, fails and not_asked.
    """

    survey: str
    year: int
    origin: str
    check: str
    column: str
    severity: str
    before: str | None
    outcome: str
    observed: str | None
    changed_at: datetime
    sv: str
    en: str


def note_changes(connection: "DuckDBPyConnection") -> None:
    """Adds what has changed in the parts of `audited_now` since their last audit, and lets go of the oldest changes."""
    connection.execute("SET VARIABLE kept = $kept", {"kept": KEPT})
    connection.execute(statements("audit_history"))


def take_over_history(live: "DuckDBPyConnection", anew: "DuckDBPyConnection") -> None:
    """Copies the history into a warehouse made anew; what its own audits change follows after it."""
    history = live.sql("SELECT * FROM audited.history").to_arrow_table()
    anew.register("history_before", history)
    anew.execute("INSERT INTO audited.history BY NAME FROM history_before")
    anew.unregister("history_before")


def changes(data_dir: Path, survey: str | None = None, year: int | None = None) -> list[Change]:
    """The changes that are published, newest first. Raises NothingPublished, PublishedWithout."""
    publish_id, publication = connect_current(data_dir)
    with closing(publication):
        if not has_table(publication, "audit_history"):
            raise PublishedWithout(publish_id, "audit_history")
        rows = publication.execute(
            """
            SELECT
                survey, year, origin, check_id, column_name, severity, before, outcome, observed, changed_at,
                expectation_sv, expectation_en
            FROM audit_history
            WHERE survey = coalesce($survey, survey) AND year = coalesce($year, year)
            ORDER BY changed_at DESC, outcome, survey, year DESC, check_id, column_name, nth DESC
            """,
            {"survey": survey, "year": year},
        ).fetchall()
    return [Change(**dict(zip(Change.model_fields, row, strict=True))) for row in rows]


def has_table(publication: "DuckDBPyConnection", name: str) -> bool:
    """Whether the publication has a table: one that was made by an earlier version may lack it."""
    found = publication.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = $name", {"name": name})
    row = found.fetchone()
    return row is not None and row[0] > 0
