"""One pipeline owns the warehouse; a second stands by, and takes over when the first is killed."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from infra.event_log import RESPONSES, open_log
from infra.settings import Settings
from pipeline.status import status
from tests.pipeline.test_commands import response
from tests.pipeline.test_status import LONGEST_SECONDS, ROOT, until


def started(settings: Settings, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "lagesbild", "pipeline", "run", "--data-dir", str(settings.data_dir), *more]
    environment = {"LAGESBILD_LOG_FORMAT": "json", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def told(process: "subprocess.Popen[str]", event: str) -> dict[str, Any]:
    assert process.stderr is not None
    return next(line for line in map(json.loads, process.stderr) if line["event"] == event)


def append(settings: Settings, unit: str) -> None:
    with closing(open_log(settings)) as log:
        log.append(RESPONSES, [response(unit)])


def test_a_second_pipeline_stands_by_and_takes_over_when_the_first_is_killed(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    append(settings, "1480")
    first = started(settings)
    told(first, "landed")
    second = started(settings, "--standby")
    refused = started(settings)
    try:
        assert told(second, "standing_by")
        assert refused.wait(LONGEST_SECONDS) == 1
        first.kill()
        assert told(second, "taking_over")
        append(settings, "1481")
        until(lambda: (tmp_path / "pipeline.json").exists() and status(settings).accepted == 2)
    finally:
        for process in (first, second, refused):
            process.kill()
            process.communicate()
