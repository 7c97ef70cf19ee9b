"""The published file: one pointer, replaced in one step, old files collected under nobody's feet."""

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from infra.errors import NothingPublished, PublicationUnreadable
from infra.published import (
    checksum_of,
    collect_old,
    connect_current,
    copy_publication,
    current_publish_id,
    marts_dir,
    open_publication,
    replace_current,
    restore_length,
)


def build(data_dir: Path, publish_id: str, age: int = 0) -> Path:
    """A publication that holds its own id, `age` seconds old."""
    path = marts_dir(data_dir) / f"{publish_id}.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE publication AS SELECT $id AS publish_id", {"id": publish_id})
    os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
    return path


def left(data_dir: Path) -> list[str]:
    return sorted(path.stem for path in marts_dir(data_dir).glob("*.duckdb"))


def read(data_dir: Path) -> tuple[str, str]:
    """The id that was said to be opened, and the one found in the file."""
    publish_id, connection = connect_current(data_dir)
    with connection:
        row = connection.execute("SELECT publish_id FROM publication").fetchone()
    assert row is not None
    return publish_id, row[0]


def test_before_the_first_publication_there_is_none(tmp_path: Path) -> None:
    assert current_publish_id(tmp_path) is None
    assert collect_old(tmp_path, 1) == []
    with pytest.raises(NothingPublished, match="pipeline run --once"):
        connect_current(tmp_path)


def test_the_pointer_holds_the_id_in_force_on_one_line(tmp_path: Path) -> None:
    build(tmp_path, "a")
    build(tmp_path, "b")
    replace_current(tmp_path, "a")
    assert read(tmp_path) == ("a", "a")
    replace_current(tmp_path, "b")
    assert read(tmp_path) == ("b", "b")
    assert (tmp_path / "marts" / "CURRENT").read_text() == "b\n"
    assert list(marts_dir(tmp_path).glob("*.tmp")) == []


def test_a_published_file_cannot_be_written_through_the_connection(tmp_path: Path) -> None:
    build(tmp_path, "a")
    replace_current(tmp_path, "a")
    _, connection = connect_current(tmp_path)
    with connection, pytest.raises(duckdb.InvalidInputException):
        connection.execute("DELETE FROM publication")


def test_a_missing_or_damaged_publication_is_named(tmp_path: Path) -> None:
    replace_current(tmp_path, "gone")
    with pytest.raises(PublicationUnreadable, match=r"gone\.duckdb"):
        connect_current(tmp_path)
    build(tmp_path, "older")
    assert collect_old(tmp_path, 1) == []
    (marts_dir(tmp_path) / "torn.duckdb").write_bytes(b"torn" * 5000)
    replace_current(tmp_path, "torn")
    with pytest.raises(PublicationUnreadable, match=r"torn\.duckdb"):
        connect_current(tmp_path)


@pytest.mark.parametrize(
    ("keep", "kept"),
    [(1, ["c", "d-being-built"]), (2, ["b", "c", "d-being-built"]), (9, ["a", "b", "c", "d-being-built"])],
)
def test_old_publications_go_oldest_first_and_newer_ones_stay(tmp_path: Path, keep: int, kept: Sequence[str]) -> None:
    for age, publish_id in enumerate(["d-being-built", "c", "b", "a"]):
        build(tmp_path, publish_id, age)
    replace_current(tmp_path, "c")
    collected = collect_old(tmp_path, keep)
    assert left(tmp_path) == kept
    assert sorted([*collected, *kept]) == ["a", "b", "c", "d-being-built"]
    assert read(tmp_path) == ("c", "c")


def test_an_older_publication_put_back_in_force_stays(tmp_path: Path) -> None:
    for age, publish_id in enumerate(["c", "b", "a"]):
        build(tmp_path, publish_id, age)
    replace_current(tmp_path, "a")
    assert collect_old(tmp_path, 1) == []
    assert read(tmp_path) == ("a", "a")


def test_a_reader_keeps_what_it_has_open(tmp_path: Path) -> None:
    build(tmp_path, "a", age=1)
    replace_current(tmp_path, "a")
    _, connection = connect_current(tmp_path)
    with connection:
        build(tmp_path, "b")
        replace_current(tmp_path, "b")
        assert collect_old(tmp_path, 1) == ["a"]
        assert connection.execute("SELECT publish_id FROM publication").fetchall() == [("a",)]


def test_readers_always_find_a_whole_publication_while_others_replace_and_collect(tmp_path: Path) -> None:
    build(tmp_path, "0", age=100)
    replace_current(tmp_path, "0")
    done = threading.Event()
    seen: list[tuple[str, str]] = []

    def look() -> None:
        while not done.is_set():
            seen.append(read(tmp_path))

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(1, 40):
        build(tmp_path, str(number), age=100 - number)
        replace_current(tmp_path, str(number))
        collect_old(tmp_path, 1)
    done.set()
    reader.join()
    assert len({said for said, _ in seen}) > 1
    assert all(said == found for said, found in seen)
    assert left(tmp_path) == ["39"]


def test_a_publication_is_copied_only_as_it_was_published(tmp_path: Path) -> None:
    path = build(tmp_path, "a")
    checksum = checksum_of(path)
    copy_publication(path, tmp_path / "copy", checksum)
    assert (tmp_path / "copy").read_bytes() == path.read_bytes()
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x01")
    with pytest.raises(PublicationUnreadable, match=r"a\.duckdb.*changed since it was published"):
        copy_publication(path, tmp_path / "other", checksum)


def test_a_file_from_whose_end_duckdb_cut_free_blocks_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "cut.duckdb"
    with duckdb.connect() as connection:
        for statements in ("CREATE TABLE answer (a UBIGINT)", "DELETE FROM answer", "DELETE FROM answer"):
            connection.execute(f"ATTACH '{path}' AS cut; USE cut; BEGIN; {statements}")
            connection.execute("INSERT INTO answer SELECT hash(range) FROM range(300_000); COMMIT; CHECKPOINT")
            connection.execute("USE memory; DETACH cut")
        with pytest.raises(duckdb.IOException, match="ends before"):
            open_publication(path)
        restore_length(connection, path)
    with open_publication(path) as publication:
        assert publication.execute("SELECT count(*) FROM answer").fetchall() == [(300_000,)]
