"""The front door: what is typed wrongly is told in a line, with the exit status that says whose fault it is."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import lagesbild
from infra.log import get_logger


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, root.level = before


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit status of the command."""
    monkeypatch.setattr(sys, "argv", ["lagesbild", *words])
    with pytest.raises(SystemExit) as ended:
        lagesbild.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


NEEDS_A_FOLDER = [
    "tokens list",
    "rounds list",
    "invite 14",
    "serve",
    "dashboard",
    "pipeline run --once",
    "pipeline status",
    "pipeline rebuild",
    "pipeline verify",
    "dead-letters list",
    "validate",
    "demo --no-serve",
]


@pytest.mark.parametrize("command", NEEDS_A_FOLDER)
def test_a_data_folder_that_is_a_file_is_named_before_anything_starts(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    assert typed(monkeypatch, *command.split(), "--data-dir", str(file)) == 2
    told = capsys.readouterr()
    assert told.err == f"I001 settings: --data-dir {file}: is not a folder. Correct them and start again.\n"
    assert told.out == ""
    assert file.read_text() == "no folder"


@pytest.mark.parametrize("command", ["tokens list", "pipeline run --once", "pipeline rebuild", "dead-letters list"])
def test_a_data_folder_that_cannot_be_made_is_told_in_a_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, *command.split(), "--data-dir", "/proc/finns-ej") == 1
    told = capsys.readouterr().err
    assert "/proc/finns-ej" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        "surveys show finns_ej",
        "surveys show prehospital 1999",
        "surveys diff prehospital 2023 1999",
        "surveys schema prehospital 1999",
        "serve --port 99999",
        "dashboard --port 99999",
        "pipeline run --once --metrics-port 99999",
        "finns-ej",
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert typed(monkeypatch, *command.split()) == 2


def test_a_disk_that_is_full_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert typed(monkeypatch, "surveys", "schema", "prehospital", "2023") == 1
        monkeypatch.undo()
        assert capsys.readouterr().err.startswith("I014 output: it cannot be used (No space left on device).")


def test_a_warning_is_a_line_for_people(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def warn() -> None:
        get_logger("pipeline").info("landed", accepted=1)
        get_logger("pipeline").warning("retrying", attempt=1)
        sys.exit(1)

    monkeypatch.setattr(lagesbild, "app", warn)
    assert typed(monkeypatch) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "[warning  ] retrying" in line
    assert line.endswith("attempt=1")
