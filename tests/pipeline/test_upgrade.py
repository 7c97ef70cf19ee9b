"""What earlier versions left is opened, brought up to date and says the same as before."""

import gzip
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import inspect, text

from infra import operational_db
from infra.published import connect_current, marts_dir, replace_current
from infra.settings import Settings
from pipeline.consume import ASIDE, opened_warehouse, run_once, warehouse_path
from pipeline.errors import WarehouseNewer, WarehouseOutdated
from pipeline.publish import prepare_state
from pipeline.rebuild import rebuild, verify
from pipeline.upgrade import bring_up_to_date, packaged_steps

VERSIONS = sorted(each for each in (Path(__file__).parents[1] / "data" / "versions").iterdir() if each.is_dir())
COLUMNS = (
    "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
    "WHERE database_name = current_database() AND NOT internal ORDER BY ALL"
)
# What a published file says of answers and figures, whatever columns a later version adds.
SAID = {
    "response": "survey, year, unit_id, submission_id, revision, current, submitted_at, mode, event_id, log_offset",
    "answer": "survey, year, unit_id, item_id, row_no, sex, value_number, value_text, value_code, missing",
    "response_rate": "survey, year, unit_kind, region_code, expected, answered, rate",
    "indicator": "indicator_id, survey, year, unit_id, sex, value, numerator, denominator, answered, missing",
}


@pytest.fixture(params=VERSIONS, ids=lambda folder: folder.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """The data folder of an earlier version, its publication in force."""
    for packed in request.param.glob("*.gz"):
        name = packed.name.removesuffix(".gz")
        into = marts_dir(tmp_path) / "old.duckdb" if name == "published.duckdb" else tmp_path / name
        into.parent.mkdir(exist_ok=True)
        with gzip.open(packed) as content, into.open("wb") as file:
            shutil.copyfileobj(content, file)
    replace_current(tmp_path, "old")
    return Settings(data_dir=tmp_path)


def said(settings: Settings) -> dict[str, list[Any]]:
    with closing(connect_current(settings.data_dir)[1]) as publication:
        return {
            table: publication.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()
            for table, columns in SAID.items()
        }


def shape(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    prepare_state(connection)
    return connection.execute(COLUMNS).fetchall()


@pytest.fixture(scope="module")
def new_shape(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    with opened_warehouse(Settings(data_dir=tmp_path_factory.mktemp("new"))) as connection:
        return shape(connection)


def test_an_upgraded_warehouse_has_the_tables_of_a_new_one(old: Settings, new_shape: list[Any]) -> None:
    with opened_warehouse(old) as connection:
        assert shape(connection) == new_shape
        assert connection.execute("SELECT version FROM main.warehouse_version").fetchall() == [(max(packaged_steps()),)]


def test_what_was_published_is_published_again(old: Settings) -> None:
    before = said(old)
    assert len(before["response"]) == 6
    totals = run_once(old)
    assert (totals.accepted, totals.repeated, totals.parked) == (0, 0, 0)
    assert current(old) != "old"
    assert said(old) == before
    verify(old, old.data_dir / "anew")


def test_made_anew_from_an_older_log_it_is_the_same(old: Settings) -> None:
    before = said(old)
    warehouse_path(old).unlink()
    rebuild(old, old.data_dir / "anew")
    assert said(old) == before


def test_an_older_operational_database_keeps_its_rows(old: Settings) -> None:
    engine = operational_db.engine(old)
    operational_db.migrate(engine)
    with engine.connect() as connection:
        assert "draft" in inspect(connection).get_table_names()
        assert connection.execute(text("SELECT token_id, unit FROM token")).fetchall() == [("abc", "1480")]
    engine.dispose()


def current(settings: Settings) -> str:
    publish_id, connection = connect_current(settings.data_dir)
    connection.close()
    return publish_id


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("CREATE SCHEMA landing; CREATE TABLE landing.event (survey VARCHAR)")
        yield connection


PLACE = Path("warehouse.duckdb")


def test_a_step_that_fails_takes_back_the_steps_before_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    steps = {1: "ALTER TABLE landing.event ADD COLUMN year INTEGER", 2: "ALTER TABLE landing.nowhere DROP COLUMN x"}
    with pytest.raises(WarehouseOutdated, match="nowhere"):
        bring_up_to_date(warehouse, PLACE, steps)
    assert [row[0] for row in warehouse.execute("DESCRIBE landing.event").fetchall()] == ["survey"]
    bring_up_to_date(warehouse, PLACE, steps | {2: "ALTER TABLE landing.event ADD COLUMN unit VARCHAR"})
    assert [row[0] for row in warehouse.execute("DESCRIBE landing.event").fetchall()] == ["survey", "year", "unit"]


def test_a_warehouse_of_a_later_version_is_refused_and_can_be_replaced(old: Settings) -> None:
    with opened_warehouse(old) as connection:
        connection.execute("UPDATE main.warehouse_version SET version = 99")
    with pytest.raises(WarehouseNewer, match="its version is 99"):
        run_once(old)
    rebuild(old, old.data_dir / "anew")
    assert run_once(old).accepted == 0


def test_a_warehouse_that_cannot_be_upgraded_is_made_anew_by_the_pipeline(
    old: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = said(old)
    newest = max(packaged_steps())
    steps = {**packaged_steps(), newest + 1: "-- From the log: every answer is read in another way."}
    monkeypatch.setattr("pipeline.upgrade.packaged_steps", lambda: steps)
    with pytest.raises(WarehouseOutdated, match="makes the warehouse anew"), opened_warehouse(old):
        pass
    assert run_once(old).accepted == 6
    assert said(old) == before
    assert "warehouse_made_anew" in caplog.text
    assert (old.data_dir / f"warehouse.duckdb{ASIDE}").exists()
