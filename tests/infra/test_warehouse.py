"""The warehouse: made when missing, one writer at a time, and clear words when it cannot be opened."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra import warehouse
from infra.errors import WarehouseLocked, WarehouseUnreadable

HOLDER = """
import sys
from pathlib import Path
from infra import warehouse
connection = warehouse.connect(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def test_it_is_made_with_its_folder_and_keeps_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "data" / "warehouse.duckdb"
    with warehouse.connect(path) as connection:
        connection.execute("CREATE TABLE response AS SELECT 14 AS unit")
    with warehouse.connect(path) as connection:
        assert connection.execute("FROM response").fetchall() == [(14,)]


def test_its_threads_can_be_limited(tmp_path: Path) -> None:
    with warehouse.connect(tmp_path / "w.duckdb", threads=1) as connection:
        assert connection.execute("SELECT current_setting('threads')").fetchall() == [(1,)]


def test_a_second_process_is_told_who_is_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(WarehouseLocked, match=r"I012 .*w\.duckdb.*stop the other one"):
            warehouse.connect(path)
        holder.communicate("")
    warehouse.connect(path).close()


def test_what_is_no_warehouse_is_named(tmp_path: Path) -> None:
    (tmp_path / "w.duckdb").write_bytes(b"something else " * 1000)
    with pytest.raises(WarehouseUnreadable, match=r"I013 .*w\.duckdb"):
        warehouse.connect(tmp_path / "w.duckdb")
    with pytest.raises(WarehouseUnreadable, match="I013"):
        warehouse.connect(tmp_path / "w.duckdb" / "below-a-file.duckdb")
