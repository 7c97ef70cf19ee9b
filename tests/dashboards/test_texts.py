"""The dashboards' texts: whole in both languages, and all that the pages ask for."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from dashboards.texts import TEXTS, Words

DASHBOARDS = Path(__file__).parents[2] / "dashboards"


@pytest.mark.parametrize("key", TEXTS)
def test_a_text_is_whole_in_both_languages(key: str) -> None:
    swedish, english = TEXTS[key]
    assert swedish.strip() and english.strip()
    assert placeholders(swedish) == placeholders(english)


def test_every_text_that_a_page_asks_for_exists() -> None:
    asked = {key for path in DASHBOARDS.rglob("*.py") for key in asked_in(path)}
    assert len(asked) > 80
    assert asked - set(TEXTS) == set()


def test_a_name_without_a_text_stands_for_itself() -> None:
    assert Words("sv").known("mode", "web") == "Webb"
    assert Words("sv").known("mode", "journalsystem") == "journalsystem"


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def asked_in(path: Path) -> set[str]:
    """The keys written out in calls of words(…) and page.words(…)."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    firsts = [call.args[0] for call in calls if call.args and ast.unparse(call.func).split(".")[-1] == "words"]
    return {node.value for node in firsts if isinstance(node, ast.Constant) and isinstance(node.value, str)}
