"""The import arrows of the architecture: who may import whom."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("surveys", "infra", "collectors", "pipeline", "dashboards")
MAY_IMPORT = {
    "surveys": {"surveys"},
    "infra": {"infra"},
    "collectors": {"collectors", "surveys", "infra"},
    "pipeline": {"pipeline", "surveys", "infra"},
    "dashboards": {"dashboards", "surveys", "infra"},
}
OURS = {*ROOMS, "lagesbild"}
HEAVY = {
    "great_expectations",
    "pandas",
    "streamlit",
    "kafka",
    "openpyxl",
    "altair",
    "pyarrow",
    "fastapi",
    "alembic",
    "pptx",
}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the arrows"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_its_arrows_allow(room: str) -> None:
    assert modules(room), f"{room}/ is empty"
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(room)
        for name in imported(path)
        if name in OURS and name not in MAY_IMPORT[room]
    }
    assert not wrong


def test_only_audit_imports_great_expectations() -> None:
    users = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in modules(room)
        if "great_expectations" in set(imported(path))
    }
    assert users == {"pipeline/audit.py"}


def test_only_dashboards_data_opens_the_published_file() -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in modules("dashboards")
        if re.search(r"\bduckdb\b|connect_current", path.read_text())
    }
    assert users == {"dashboards/data.py"}


def test_the_top_level_holds_only_the_rooms_of_the_architecture() -> None:
    allowed = {*ROOMS, "tests", "docs", "benchmarks"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
    assert folders - {"data", "build", "lagesbild.egg-info"} <= allowed


def test_the_command_line_starts_without_heavy_packages() -> None:
    import subprocess
    import sys

    code = "import lagesbild, sys; print(*(set(sys.modules) & set(%r)))" % sorted(HEAVY)  # noqa: UP031
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
