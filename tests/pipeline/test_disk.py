from pathlib import Path

import pytest

from pipeline.disk import disk_faults
from pipeline.errors import WarehouseUnavailable


def test_a_full_device_is_told_as_what_passes_when_there_is_room() -> None:
    with pytest.raises(WarehouseUnavailable, match=r"P002 .*No space left on device"), disk_faults():
        Path("/dev/full").write_text("more than it takes")


def test_a_missing_file_is_no_fault_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), disk_faults():
        (tmp_path / "missing").read_text()
