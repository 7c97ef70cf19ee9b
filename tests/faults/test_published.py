"""The pointer and the published file, damaged on purpose: readers are told clearly, and the pipeline makes it whole."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboards import data
from infra.errors import PublicationUnreadable
from infra.published import connect_current, current_publish_id, marts_dir, replace_current
from infra.settings import Settings
from tests.faults.chain import drained, published_submissions
from tests.faults.load import filled

SEED = 2023
EXPECTED = 3


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Three responses, published; the dashboards read them."""
    monkeypatch.setenv("LAGESBILD_DATA_DIR", str(tmp_path))
    filled(tmp_path, EXPECTED)
    made = Settings(data_dir=tmp_path)
    drained(made)
    yield made
    data._opened.clear()
    data.publication.clear()


def pointer(folder: Path) -> Path:
    return marts_dir(folder) / "CURRENT"


def in_force(folder: Path) -> Path:
    return marts_dir(folder) / f"{current_publish_id(folder)}.duckdb"


def empty(folder: Path) -> None:
    pointer(folder).write_bytes(b"")


def garbage(folder: Path) -> None:
    pointer(folder).write_bytes(b"\xff\xfe\x00 neither text nor an id")


def zeros(folder: Path) -> None:
    pointer(folder).write_bytes(bytes(24))


def to_a_missing_file(folder: Path) -> None:
    replace_current(folder, "20230101T000000000000Z")


def out_of_the_folder(folder: Path) -> None:
    pointer(folder).write_text("../warehouse\n")


def to_half_a_file(folder: Path) -> None:
    """As a disk leaves it that lost the rest: the pointer names it all the same."""
    file = in_force(folder)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def to_an_empty_file(folder: Path) -> None:
    in_force(folder).write_bytes(b"")


DAMAGES = [empty, garbage, zeros, to_a_missing_file, out_of_the_folder, to_half_a_file, to_an_empty_file]


@pytest.mark.parametrize("news", [0, 2])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_publication_is_named_to_readers_and_healed_by_the_pipeline(
    settings: Settings, damage: Callable[[Path], None], news: int
) -> None:
    folder = settings.data_dir
    damage(folder)
    with pytest.raises(PublicationUnreadable, match=r"I011 .*marts/.*The pipeline makes it anew when it starts"):
        connect_current(folder)
    filled(folder, news)
    drained(settings)
    assert len(published_submissions(folder)) == EXPECTED + news
    current = current_publish_id(folder)
    assert current is not None and data.publication(current).events > 0


@pytest.mark.parametrize("seed", range(SEED, SEED + 6))
def test_a_publication_with_changed_pages_is_told_as_such_and_made_anew(settings: Settings, seed: int) -> None:
    folder, draw = settings.data_dir, random.Random(seed)
    file = in_force(folder)
    content = bytearray(file.read_bytes())
    for start in range(12_288, len(content), 65_536):
        place = start + draw.randrange(min(65_536, len(content) - start))
        content[place] ^= 0xFF
    file.write_bytes(content)
    publish_id = current_publish_id(folder)
    assert publish_id is not None
    with pytest.raises(PublicationUnreadable, match="I011"):
        data.publication(publish_id)
        data.received(publish_id, "sv", 10)
        data.surveys(publish_id, "sv")
    filled(folder, 1)
    drained(settings)
    assert len(published_submissions(folder)) == EXPECTED + 1, f"seed {seed}"
