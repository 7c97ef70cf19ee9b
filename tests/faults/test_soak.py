"""A collector and a pipeline under steady load: nothing is lost or doubled, and neither grows with what it has done."""

from pathlib import Path

import pytest

from infra.published import marts_dir
from infra.settings import Settings
from surveys.catalogue import load_catalogue
from tests.faults.chain import assert_each_is_published_once
from tests.faults.load import UNITS, load
from tests.faults.whole import ASKED, Running, aged, collector, opened, pipeline

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# Work is counted, not time: a busy machine takes longer and is asked for the same.
WARM, SOAKED = 60, 240
PAUSE = 0.1
# A process that kept each answer or publication would grow by far more: the pipeline makes some tens of publications,
# and what it builds one with takes 50 MB. Measured: 0 to 25 MB, which is how malloc keeps what it was given back.
MOST_MORE_MB = 60
MOST_MORE_FILES = 5
KEPT = Settings().publications_kept


def memory_mb(one: Running) -> float:
    """The resident memory of the process."""
    for line in Path(f"/proc/{one.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise AssertionError("it has ended")


def open_files(one: Running) -> int:
    return len(list(Path(f"/proc/{one.process.pid}/fd").iterdir()))


def test_steady_load_neither_loses_nor_doubles_nor_grows(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/log.sqlite"
    secrets = opened(tmp_path, url, UNITS)
    with collector(tmp_path, url) as (taking, address), pipeline(tmp_path, url) as landing:
        landing.wait_for("landed")
        both = {"collector": taking, "pipeline": landing}
        with load(address, secrets, PAUSE, ASKED) as answering:
            answering.wait_for(WARM)
            landing.wait_for("landed")
            memory = {name: memory_mb(one) for name, one in both.items()}
            files = {name: open_files(one) for name, one in both.items()}
            answering.wait_for(SOAKED // 2)
            old = aged(tmp_path)
            answering.wait_for(SOAKED // 2)
            landing.forget()
            landing.wait_for("landed")
            more = {name: memory_mb(one) - memory[name] for name, one in both.items()}
            more_files = {name: open_files(one) - files[name] for name, one in both.items()}
        publications = len((marts_dir(tmp_path) / "publications.jsonl").read_text().splitlines()) // 2
        assert landing.end() == taking.end() == 0
    assert max(more.values()) < MOST_MORE_MB, more
    assert max(more_files.values()) < MOST_MORE_FILES, more_files
    assert publications > len(old) > KEPT
    assert sum(file.exists() for file in old) < KEPT, "old publications go"
    assert_each_is_published_once(tmp_path, url, answering.acknowledged, 0, load_catalogue())
