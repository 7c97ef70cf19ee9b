"""A file system of a few megabytes, which is really full when it is full."""

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHUNK = 64 * 1024


class SmallDisk:
    """A mounted file system; `folder` is its root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def full(self, but: int) -> Iterator[None]:
        """All but that many bytes are taken until the block ends."""
        ballast = self.folder / "ballast"
        try:
            with ballast.open("wb", buffering=0) as file:
                _write_to_the_end(file.fileno())
                os.ftruncate(file.fileno(), max(file.tell() - but, 0))
            yield
        finally:
            ballast.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mounts one in `folder`, which is made; skips the test where this may not be done."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system can be mounted by root only")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _write_to_the_end(file: int) -> None:
    size = CHUNK
    while size:
        try:
            os.write(file, bytes(size))
        except OSError as fault:
            if fault.errno != errno.ENOSPC:
                raise
            size //= 2
