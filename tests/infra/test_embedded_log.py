"""What only a file can suffer: other content, a torn end, changed bytes, many makers at once."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.embedded_log import EmbeddedLog
from infra.errors import LogDamaged, LogUnavailable
from infra.event_log import ADMINISTRATION, RESPONSES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "log.sqlite"


def filled(path: Path, events: int = 400) -> None:
    with closing(EmbeddedLog(path)) as log:
        log.append("t", [("14", b"x" * 500) for _ in range(events)])


def test_what_comes_later_bears_a_later_time_though_the_clock_was_set_back(path: Path) -> None:
    noon = datetime(2023, 5, 31, 12, tzinfo=UTC)
    times = iter([noon, noon - timedelta(hours=1), noon - timedelta(hours=2), noon + timedelta(seconds=1)])
    for topic in (ADMINISTRATION, RESPONSES, RESPONSES, RESPONSES):
        with closing(EmbeddedLog(path, clock=lambda: next(times))) as log:
            log.append(topic, [("14", b"{}")])
    with closing(EmbeddedLog(path)) as log:
        read = [event.appended_at - noon for topic in (ADMINISTRATION, RESPONSES) for event in log.read(topic, {}, 9)]
    steps = [timedelta(0), timedelta(microseconds=1), timedelta(microseconds=2), timedelta(seconds=1)]
    assert read == steps


def test_the_clock_is_the_log_s_own(path: Path) -> None:
    at = datetime(2023, 5, 31, 14, 3, 21, 123456, tzinfo=UTC)
    with closing(EmbeddedLog(path, clock=lambda: at)) as log:
        log.append("t", [("14", b"x")])
        assert log.read("t", {}, 1)[0].appended_at == at


def test_a_commit_is_flushed_to_the_disk(path: Path) -> None:
    with closing(EmbeddedLog(path)) as log:
        settings = [log._writer.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert settings == ["wal", 2]


def test_a_torn_file_is_called_damaged(path: Path) -> None:
    filled(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(LogDamaged, match=r"I003 .*log\.sqlite.*restore the log from its backup"):
        EmbeddedLog(path).append("t", [("14", b"x")])


def test_a_file_that_is_no_database_is_called_damaged(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, by far\n" * 100)
    with pytest.raises(LogDamaged, match="not a database"):
        EmbeddedLog(path)


def test_another_database_is_not_taken_for_a_log(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE contact (name TEXT)")
    with pytest.raises(LogDamaged, match="not an event log"):
        EmbeddedLog(path)


def test_a_later_format_is_refused(path: Path) -> None:
    filled(path, 1)
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(LogDamaged, match="format is 99"):
        EmbeddedLog(path)


def test_changed_bytes_are_noticed_when_read(path: Path) -> None:
    filled(path, 3)
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("""UPDATE event SET value = ? WHERE "offset" = 1""", (b"y" * 500,))
    with closing(EmbeddedLog(path)) as log:
        assert log.read("t", {}, 1)[0].value == b"x" * 500
        with pytest.raises(LogDamaged, match="t offset 1 fails its checksum"):
            log.read("t", {}, 3)


def test_a_path_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LogUnavailable, match="I002"):
        EmbeddedLog(tmp_path / "file" / "log.sqlite")


def test_reading_goes_on_while_another_process_writes(path: Path) -> None:
    filled(path, 2)
    with closing(EmbeddedLog(path)) as log, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert len(log.read("t", {}, 10)) == 2
        assert log.ends("t") == {0: 2}


def test_many_processes_may_make_the_file_at_once(path: Path) -> None:
    opening = "import sys; from pathlib import Path; from infra.embedded_log import EmbeddedLog\n"
    opening += "EmbeddedLog(Path(sys.argv[1])).append('t', [('14', b'x')])"
    processes = [subprocess.Popen([sys.executable, "-c", opening, str(path)]) for _ in range(6)]
    assert [process.wait(60) for process in processes] == [0] * 6
    with closing(EmbeddedLog(path)) as log:
        assert log.ends("t") == {0: 6}
