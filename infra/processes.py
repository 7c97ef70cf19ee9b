"""Several processes side by side that end together."""

import signal
import subprocess
import time
from collections.abc import Sequence
from types import FrameType

GRACE_SECONDS = 10.0  # a pipeline finishes its batch and a collector its requests well within this


def run_together(commands: Sequence[Sequence[str]]) -> int:
    """Run the commands until one ends or Ctrl-C or SIGTERM comes; then end all.

    Returns the exit status of the one that ended by itself, 0 when it was a signal.
    """
    stopped = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    # A session of its own each: Ctrl-C reaches us alone and every process gets one clean SIGTERM.
    processes = [subprocess.Popen(command, start_new_session=True) for command in commands]
    try:
        while not stopped and all(process.poll() is None for process in processes):
            time.sleep(0.2)
        return next((process.returncode for process in processes if process.returncode), 0)
    finally:
        _end(processes)


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
