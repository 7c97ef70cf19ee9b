"""A disk that is really full: nothing acknowledged is lost, everybody is told, and it goes on when there is room."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from infra.event_log import RESPONSES
from infra.published import current_publish_id, is_readable
from infra.settings import Settings
from pipeline.consume import opened_log, utc_now
from pipeline.errors import PipelineGaveUp
from pipeline.watch import Watch
from tests.collectors.build import ANSWERS, SURVEY, UNIT, YEAR, served
from tests.faults.chain import assert_each_is_published_once, consuming, drained, events_of, published_submissions
from tests.faults.load import filled
from tests.faults.processes import ROOT
from tests.faults.small_disk import SmallDisk, small_disk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SEED = 2023
PATH = f"/api/v1/surveys/{SURVEY}/{YEAR}/units/{UNIT}/responses"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=48) as mounted:
        yield mounted


def test_a_collector_on_a_full_disk_says_so_and_loses_nothing_acknowledged(disk: SmallDisk) -> None:
    draw = random.Random(SEED)
    acknowledged: list[str] = []
    codes: set[str] = set()
    with served(disk.folder) as collector:
        collector.http.headers.update(collector.as_unit())
        number = 0
        for _ in range(12):
            with disk.full(but=draw.randrange(0, 80) * 4096):
                while (answer := sent(collector.http, number)).status_code == 201:
                    acknowledged.append(name(number))
                    number += 1
                codes.add(assert_told_that_nothing_is_lost(answer))
                assert collector.http.get("/healthz").status_code == 200
            again = sent(collector.http, number)
            assert again.status_code in (200, 201), f"seed {SEED}: {again.text}"
            acknowledged.append(name(number))
            number += 1
        assert {one["receipt"]["corrects"] for one in collector.http.get(PATH).json()} == {None}
    assert codes <= {"LOG_UNAVAILABLE", "DATABASE_UNAVAILABLE"}
    assert_each_is_published_once(disk.folder, f"sqlite:///{disk.folder}/log.sqlite", acknowledged, SEED)


def test_a_pipeline_whose_disk_is_full_stops_with_a_reason_and_what_is_published_stays_whole(
    disk: SmallDisk, tmp_path: Path
) -> None:
    settings = on(disk, tmp_path)
    filled(tmp_path)
    drained(settings)
    draw = random.Random(SEED)
    gave_up: set[str] = set()
    for _ in range(6):
        filled(tmp_path, 12)
        before = published_submissions(disk.folder)
        # Half of the draws leave no room to land, the others too little to publish.
        room = draw.choice([draw.randrange(0, 5), draw.randrange(50, 600)]) * 4096
        with disk.full(but=room), consuming(settings, backoff_seconds=(0.01,)) as consumer:
            with pytest.raises(PipelineGaveUp, match="No space left on device") as stopped:
                consumer.drain()
            gave_up.add(str(getattr(stopped.value.cause, "code", "")))
            assert published_submissions(disk.folder) == before, f"seed {SEED}, {room} bytes"
    assert gave_up == {"P002", "P010"}
    with opened_log(settings) as log:
        acknowledged = events_of(log).keys()
    assert_each_is_published_once(disk.folder, settings.log_url, acknowledged, SEED)
    marts = disk.folder / "marts"
    assert len(list(marts.glob("*.duckdb"))) == 2, "what could not be finished is gone"
    assert [*marts.glob("*.tmp"), *marts.glob("*.wal")] == []
    assert is_readable(marts / f"{current_publish_id(disk.folder)}.duckdb")


@pytest.mark.parametrize("room", [0, 1_000_000])
def test_a_running_pipeline_goes_on_when_there_is_room_again(disk: SmallDisk, tmp_path: Path, room: int) -> None:
    settings = on(disk, tmp_path)
    filled(tmp_path)
    drained(settings)
    filled(tmp_path, 12)
    watch, stop = Watch(utc_now, disk.folder), threading.Event()
    with opened_log(settings) as log:
        with consuming(settings, backoff_seconds=(0.1,) * 600, watch=watch) as consumer:
            running = threading.Thread(target=consumer.follow, args=[stop])
            with disk.full(but=room):
                running.start()
                until(lambda: "No space left" in (watch.unready(log) or ""), running)
            until(lambda: len(published_submissions(disk.folder)) == sum(log.ends(RESPONSES).values()), running)
            until(lambda: watch.unready(log) is None, running)
            stop.set()
            running.join()
        assert_each_is_published_once(disk.folder, settings.log_url, events_of(log).keys(), SEED)


@pytest.mark.skipif(os.geteuid() == 0, reason="as root the tests above mount their disk themselves")
def test_without_root_all_of_it_holds_in_a_namespace_of_our_own() -> None:
    namespace = ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("neither root nor a user namespace, so no file system can be mounted")
    again = [*namespace, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    done = subprocess.run(again, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "4 passed, 1 skipped" in done.stdout


def on(disk: SmallDisk, elsewhere: Path) -> Settings:
    """Warehouse and publications on the disk, the log elsewhere."""
    return Settings(data_dir=disk.folder, log_url=f"sqlite:///{elsewhere}/log.sqlite")


def name(number: int) -> str:
    return f"full-disk-{number:04d}"


def sent(http: httpx.Client, number: int) -> httpx.Response:
    return http.post(PATH, json={"submission_id": name(number), "answers": ANSWERS})


def assert_told_that_nothing_is_lost(answer: httpx.Response) -> str:
    assert answer.status_code == 503, f"seed {SEED}: {answer.text}"
    assert answer.headers["Retry-After"] == "5"
    assert "Inget har gått förlorat. Skicka igen om en stund med samma submission_id." in answer.json()["message"]
    return str(answer.json()["code"])


def until(holds: Callable[[], object], running: threading.Thread) -> None:
    deadline = time.monotonic() + 90
    while not holds():
        assert running.is_alive(), "it ended"
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)
