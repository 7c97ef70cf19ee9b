"""Several processes end together: when told to, and when one of them cannot go on."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

STAYS = [sys.executable, "-c", "import os, time; os.write(1, b'%d\\n' % os.getpid()); time.sleep(60)"]
FAILS = [sys.executable, "-c", "import sys, time; time.sleep(0.5); sys.exit(3)"]
TOGETHER = "import json, sys; from infra.processes import run_together; sys.exit(run_together(json.loads(sys.argv[1])))"


def together(*commands: list[str]) -> subprocess.Popen[str]:
    started = [sys.executable, "-c", TOGETHER, json.dumps(commands)]
    return subprocess.Popen(started, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_with_zero(number: signal.Signals) -> None:
    with together(STAYS, STAYS) as running:
        assert running.stdout is not None
        pids = [int(running.stdout.readline()) for _ in range(2)]
        running.send_signal(number)
        assert running.wait(20) == 0
        assert [pid for pid in pids if alive(pid)] == []


def test_one_that_fails_ends_all_and_its_status_is_told() -> None:
    with together(STAYS, FAILS) as running:
        assert running.stdout is not None
        pid = int(running.stdout.readline())
        assert running.wait(20) == 3
        assert not alive(pid)
