"""The embedded log after a power cut or a failing disk: whole, or said to be damaged, and never other than it was.

What is promised: a commit is flushed before it is acknowledged, so a write that was under way at a power cut tears
nothing before it. Where the disk itself loses or changes what it had taken, the log says LogDamaged, or, when it lost
all of its end, the reader that had come further says LogPositionLost.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from infra.embedded_log import EmbeddedLog
from infra.errors import LogDamaged, LogPositionLost
from infra.event_log import RESPONSES

TOPIC = RESPONSES
SEED = 2023
PAGE = 4096
CHECKPOINTED, ACKNOWLEDGED = 300, 400  # several pages of the table and of its index


def value(number: int) -> bytes:
    return b"answer %d " % number * 20


def fill(log: EmbeddedLog, first: int, end: int) -> None:
    for number in range(first, end, 5):
        log.append(TOPIC, [("14", value(each)) for each in range(number, number + 5)])


def read(path: Path) -> list[bytes]:
    """Every event, as a pipeline reads them: in batches, until there is no more."""
    found: list[bytes] = []
    with closing(EmbeddedLog(path)) as log:
        while events := log.read(TOPIC, {0: len(found) - 1}, 50):
            found += [event.value for event in events]
        assert log.ends(TOPIC) == {0: len(found)}
    return found


@pytest.fixture(scope="module")
def at_the_cut(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The files as they lie on the disk with a commit under way, and where in the WAL the acknowledged ones end."""
    folder = tmp_path_factory.mktemp("log")
    with closing(EmbeddedLog(folder / "written.sqlite")) as log:
        fill(log, 0, CHECKPOINTED)
    with closing(EmbeddedLog(folder / "written.sqlite")) as log:
        fill(log, CHECKPOINTED, ACKNOWLEDGED)
        acknowledged = (folder / "written.sqlite-wal").stat().st_size
        fill(log, ACKNOWLEDGED, ACKNOWLEDGED + 20)
        for end in ("", "-wal"):
            shutil.copy(folder / f"written.sqlite{end}", folder / f"cut.sqlite{end}")
    assert (folder / "cut.sqlite-wal").stat().st_size > acknowledged
    return folder / "cut.sqlite", acknowledged


def torn(at_the_cut: Path, path: Path, draw: random.Random, first: int) -> None:
    """A copy whose WAL from a place after `first` on is gone, empty, old or garbage, as a torn write leaves it."""
    shutil.copy(at_the_cut, path)
    content = Path(f"{at_the_cut}-wal").read_bytes()
    cut = draw.randint(first, len(content))
    tail = len(content) - cut
    ends: list[Callable[[], bytes]] = [
        lambda: b"",
        lambda: bytes(tail),
        lambda: draw.randbytes(tail),
        lambda: content[:tail],
        lambda: draw.randbytes(min(tail, 512)) + content[cut + min(tail, 512) :],
    ]
    Path(f"{path}-wal").write_bytes(content[:cut] + draw.choice(ends)())


@pytest.mark.parametrize("seed", range(SEED, SEED + 40))
def test_a_write_torn_at_its_end_leaves_everything_acknowledged(
    at_the_cut: tuple[Path, int], tmp_path: Path, seed: int
) -> None:
    cut, acknowledged = at_the_cut
    path = tmp_path / "torn.sqlite"
    torn(cut, path, random.Random(seed), acknowledged)
    found = read(path)
    assert len(found) >= ACKNOWLEDGED
    assert len(found) % 5 == 0, "a commit is there as a whole or not at all"
    assert found == [value(number) for number in range(len(found))]
    with closing(EmbeddedLog(path)) as log:
        fill(log, len(found), len(found) + 5)
    assert read(path) == [value(number) for number in range(len(found) + 5)]


@pytest.mark.parametrize("seed", range(SEED, SEED + 40))
def test_a_disk_that_loses_the_end_keeps_what_was_checkpointed_and_a_reader_ahead_of_it_is_told(
    at_the_cut: tuple[Path, int], tmp_path: Path, seed: int
) -> None:
    path = tmp_path / "torn.sqlite"
    torn(at_the_cut[0], path, random.Random(seed), 0)
    found = read(path)
    assert len(found) >= CHECKPOINTED
    assert found == [value(number) for number in range(len(found))]
    with closing(EmbeddedLog(path)) as log, pytest.raises(LogPositionLost, match=f"has {len(found)} events"):
        log.read(TOPIC, {0: len(found)}, 10)


def test_changed_pages_are_called_damage_and_never_read_as_something_else(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    with closing(EmbeddedLog(path)) as log:
        fill(log, 0, ACKNOWLEDGED)
    whole = path.read_bytes()
    became: Counter[str] = Counter()
    for seed in range(SEED, SEED + 600):
        path.write_bytes(changed(whole, random.Random(seed)))
        try:
            assert read(path) == [value(number) for number in range(ACKNOWLEDGED)], f"seed {seed}"
            became["whole"] += 1
        except LogDamaged:
            became["damaged"] += 1
        for end in ("-wal", "-shm"):
            Path(f"{path}{end}").unlink(missing_ok=True)
    assert became["damaged"] > 200, became


def changed(whole: bytes, draw: random.Random) -> bytes:
    """Some bytes changed, a page emptied, exchanged for another or shortened, or the file cut off."""
    content = bytearray(whole)
    for _ in range(draw.randint(0, 8)):
        content[draw.randrange(len(content))] = draw.randrange(256)
    page, other = (draw.randrange(0, len(whole), PAGE) for _ in range(2))
    match draw.randrange(4):
        case 0:
            content[page : page + PAGE] = bytes(PAGE)
        case 1:
            content[page : page + PAGE] = whole[other : other + PAGE]
        case 2:
            del content[draw.randrange(len(content)) :]
        case 3:
            shorten(content, page)
    return bytes(content)


def shorten(content: bytearray, page: int) -> None:
    """The page says that it has half the rows it had, which hides the others without another trace."""
    cells = slice(page + 3, page + 5)
    content[cells] = (int.from_bytes(content[cells]) // 2).to_bytes(2)


@pytest.mark.parametrize("events", [60, ACKNOWLEDGED])
def test_no_page_hides_events_that_it_has(tmp_path: Path, events: int) -> None:
    path = tmp_path / "log.sqlite"
    with closing(EmbeddedLog(path)) as log:
        fill(log, 0, events)
    whole = path.read_bytes()
    for page in range(PAGE, len(whole), PAGE):
        content = bytearray(whole)
        shorten(content, page)
        path.write_bytes(content)
        with suppress(LogDamaged):
            assert read(path) == [value(number) for number in range(events)], f"page at {page}"
