"""The history of audits: it grows with what changes, and with nothing else."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.published import marts_dir
from infra.settings import Settings
from pipeline.history import KEPT, Change, changes, take_over_history
from pipeline.publish import prepare_state
from pipeline.refresh import refresh
from pipeline.suite_errors import PublishedWithout
from tests.pipeline.build import settings, warehouse
from tests.pipeline.published import NOON, Landing
from tests.surveys.build import item, questionnaire

Q = questionnaire(
    item("a"), checks=[{"id": "a.liten", "kind": "range", "item": "a", "max": 10, "severity": "soft"}], survey="ett"
)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path, Q)


@pytest.fixture
def run(landing: Landing) -> Callable[[int], None]:
    """One run of the pipeline: region 14 answers so, and what follows on it."""
    runs = iter(range(1_000))

    def once(value: int) -> None:
        now = NOON + timedelta(hours=next(runs))
        landing.sent(Q, "14", {"a": value}, now, explanations={"a.liten": "Ja."} if value > 10 else {})
        assert refresh(landing.connection, Settings(data_dir=landing.folder), now, landing.definitions)

    return once


def of_check(landing: Landing) -> list[Change]:
    return [one for one in changes(landing.folder) if one.check == "a.liten"]


def kept(landing: Landing) -> dict[str, int]:
    """The rows of every table about audits and publications, which is all that one run tells the next."""
    tables = landing.connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'audited'"
    ).fetchall()
    counts: dict[str, int] = {}
    for (table,) in tables:
        (counts[table],) = landing.connection.execute(f"SELECT count(*) FROM audited.{table}").fetchone() or (0,)
    return counts


def test_when_an_expectation_began_to_fail_is_kept(landing: Landing, run: Callable[[int], None]) -> None:
    for value in (1, 2, 11, 12, 3):
        run(value)
    found = [(one.before, one.outcome, one.observed, one.changed_at) for one in of_check(landing)]
    assert found == [
        ("fails", "holds", None, NOON + timedelta(hours=4)),
        ("holds", "fails", "14", NOON + timedelta(hours=2)),
        (None, "holds", None, NOON),
    ]


def test_nothing_that_a_run_reads_grows_with_the_number_of_runs(landing: Landing, run: Callable[[int], None]) -> None:
    for value in (1, 2, 3, 4):
        run(value)
    after_few = kept(landing)
    for value in (5, 6, 7, 8, 9, 10, 1, 2):
        run(value)
    assert kept(landing) == after_few
    assert after_few["history"] == after_few["result"] > 3


def test_of_an_expectation_that_comes_and_goes_the_newest_changes_are_kept(
    landing: Landing, run: Callable[[int], None]
) -> None:
    for turn in range(KEPT + 4):
        run(11 if turn % 2 else 1)
    found = of_check(landing)
    assert len(found) == KEPT
    assert found[0].changed_at == NOON + timedelta(hours=KEPT + 3)


def test_an_expectation_that_is_asked_no_more_is_told(landing: Landing, run: Callable[[int], None]) -> None:
    run(11)
    without = Q.model_copy(update={"checks": ()})
    landing.definitions = type(landing.definitions)(without)
    landing.connection.execute("UPDATE audited.part SET seen = ''")
    refresh(landing.connection, Settings(data_dir=landing.folder), NOON + timedelta(hours=1), landing.definitions)
    assert [(one.before, one.outcome) for one in of_check(landing)] == [("fails", "not_asked"), (None, "fails")]


def test_a_warehouse_made_anew_goes_on_with_the_history(
    landing: Landing, run: Callable[[int], None], tmp_path: Path
) -> None:
    for value in (1, 11):
        run(value)
    anew = tmp_path / "anew"
    anew.mkdir()
    connection = warehouse(anew)
    prepare_state(connection)
    take_over_history(landing.connection, connection)

    def rows(of: Any) -> list[Any]:
        found: list[Any] = of.execute("SELECT * FROM audited.history ORDER BY ALL").fetchall()
        return found

    assert rows(connection) == rows(landing.connection) != []


def test_a_publication_of_an_earlier_version_is_told(landing: Landing, run: Callable[[int], None]) -> None:
    import duckdb

    run(1)
    (path,) = marts_dir(landing.folder).glob("*.duckdb")
    with duckdb.connect(str(path)) as publication:
        publication.execute("DROP TABLE audit_history")
    with pytest.raises(PublishedWithout, match="P054"):
        changes(settings(landing.folder).data_dir)
