"""Processes that are killed again and again, as a test runs them beside itself."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[2]


class Killed:
    """A running `module`; `lines` are what it printed so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: list[str] = []
        self._process = process
        self._news: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def next_line(self) -> str:
        return self._news.get(timeout=60)

    def join(self) -> None:
        """Waits for the end of what it prints."""
        self._reader.join()

    def count(self, word: str) -> int:
        """How many lines begin with the word."""
        return sum(line.startswith(word) for line in self.lines)

    def wait_for(self, line: str, seconds: float) -> None:
        """Returns when it has printed the line; fails after so many seconds, or when it has ended."""
        while (news := self._news.get(timeout=seconds)) != line:
            assert news, f"it ended: {self._process.wait(10)}"

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.strip())
            self._news.put(line.strip())
        self._news.put("")


@contextmanager
def killed_again(module: str, folder: Path, log_url: str, seed: int, times: int) -> Iterator[Killed]:
    """The module's main, in a process of its own; whatever it runs is killed when the block ends."""
    command = [sys.executable, "-W", "error", "-m", module, str(folder), log_url, str(seed), str(times)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        running = Killed(process)
        try:
            yield running
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(30) == 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # whatever it runs too: it would keep its output open
            running.join()
