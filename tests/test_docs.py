"""The documentation says what the code does: nothing unnamed, nothing out of date, no dead link."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from surveys.catalogue import load_catalogue
from tests.documentation import DOCS, commands, error_classes, pages

ROOT = DOCS.parent
WRITTEN = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("benchmarks/*.md")])


@pytest.mark.parametrize("page", sorted(pages()))
def test_a_made_page_is_what_the_code_says(page: str) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == pages()[page], "run `make docs`"


def test_every_command_has_help_with_an_example() -> None:
    without = [name for name, command in commands() if f"Example: {name.split()[0]}" not in (command.help or "")]
    assert without == []


def test_every_error_has_a_code_of_its_own() -> None:
    codes = Counter(kind.code for kind in error_classes())
    assert [code for code, times in codes.items() if times > 1] == []
    assert len(codes) > 30


def test_every_open_indicator_is_on_its_survey_page() -> None:
    catalogue = load_catalogue()
    for survey in catalogue.surveys():
        page = (DOCS / f"surveys/{survey}.md").read_text(encoding="utf-8")
        for indicator in catalogue.get(survey, catalogue.years(survey)[-1]).indicators:
            assert f"`{indicator.id}`" in page


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_within_the_project_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_readme_names_only_targets_and_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", readme, re.MULTILINE))
    assert targets <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    known = {name for name, _ in commands()}
    named = set(re.findall(r"^(?:\$ )?(?:\.venv/bin/)?(lagesbild(?: [a-z-]+)+)", readme, re.MULTILINE))
    assert {line for line in named if not any(line.startswith(name) for name in known)} == set()


def test_no_file_names_a_package_registry_or_a_path_of_a_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    hosts = re.compile(
        "|".join(("pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "repo1" + r"\.maven"))
    )
    wrong = [
        name
        for name in tracked
        if name and (ROOT / name).is_file() and hosts.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert wrong == []


def test_the_table_of_benchmarks_is_what_was_measured() -> None:
    from benchmarks.run import README, RESULTS, with_table

    page = README.read_text(encoding="utf-8")
    assert with_table(page, RESULTS) == page
