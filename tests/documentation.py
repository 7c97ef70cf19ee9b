"""The reference pages that are made from the code of every room: commands, settings, errors.

`python -m tests.documentation` writes them; `tests/test_docs.py` fails when they differ.
"""

import inspect
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import typer.main

import lagesbild
from benchmarks import scaling
from infra.errors import Error
from infra.settings import PREFIX, Settings
from pipeline import suite_handbook
from surveys import handbook
from surveys.errors import SurveyError
from tests.scraped import metrics_page

ROOMS = ("surveys", "infra", "collectors", "pipeline", "dashboards")
_DEFINES_AN_ERROR = re.compile(r"^    code = \"", re.MULTILINE)
Kind = TypeVar("Kind")
Command = Any  # typer carries a click of its own, without public types
DOCS = Path(__file__).parents[1] / "docs"
MADE = "<!-- made by `make docs` from the code -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by its path below docs/."""
    return {
        **handbook.pages(),
        "commands.md": _commands_page(),
        "settings.md": _settings_page(),
        "errors.md": _errors_page(),
        "metrics.md": metrics_page(),
        "scaling.md": scaling.page(),
        "suites.md": MADE + suite_handbook.page(),
    }


def commands() -> Iterator[tuple[str, Command]]:
    """Every command with its full name, `lagesbild surveys list` …"""
    yield from _below("lagesbild", typer.main.get_command(lagesbild.app))


def error_classes() -> list[type[Error] | type[SurveyError]]:
    """Every error that can reach a person, by code."""
    for room in ROOMS:
        for module in pkgutil.walk_packages(import_module(room).__path__, f"{room}."):
            # An error stands on the page wherever it is written, and whatever else has been imported before.
            if _DEFINES_AN_ERROR.search(_source(module)):
                import_module(module.name)
    found: set[type[Error] | type[SurveyError]] = {*_descendants(Error), *_descendants(SurveyError)}
    own = (kind for kind in found if "code" in vars(kind) and not kind.code.endswith("000"))
    return sorted(own, key=lambda kind: kind.code)


def _source(module: pkgutil.ModuleInfo) -> str:
    spec = find_spec(module.name)
    return Path(spec.origin).read_text(encoding="utf-8") if spec and spec.origin else ""


def _below(name: str, command: Command) -> Iterator[tuple[str, Command]]:
    children = getattr(command, "commands", None)
    if not children:
        yield name, command
        return
    for child in sorted(children):
        yield from _below(f"{name} {child}", children[child])


def _descendants(kind: type[Kind]) -> Iterator[type[Kind]]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def _commands_page() -> str:
    parts = [
        f"{MADE}# Commands\n\nEvery command says more with `--help`. Exit 0: done; 1: it does not hold; 2: usage.\n"
    ]
    for name, command in commands():
        parts.append(f"## `{name}`\n\n{inspect.cleandoc(command.help or '')}\n")
    return "\n".join(parts)


def _settings_page() -> str:
    rows = [f"| `{PREFIX}{name.upper()}` | {_default(name)} |" for name in Settings.model_fields]
    intro = "In the environment, or in lower case without the prefix in `lagesbild.toml` (`LAGESBILD_CONFIG`).\n"
    return f"{MADE}# Settings\n\n{intro}\n| setting | default |\n|---|---|\n" + "\n".join(rows) + "\n"


def _default(name: str) -> str:
    field = Settings.model_fields[name]
    if field.default_factory is not None:
        return f"`{field.get_default(call_default_factory=True, validated_data={'data_dir': 'data'})}`"
    return "none" if field.default is None else f"`{field.default}`"


def _errors_page() -> str:
    rows = [f"| {kind.code} | {kind.__name__} | {_first_sentence(kind)} |" for kind in error_classes()]
    head = "Each message says where, what and what to do now. Faults of a definition: `definition-faults.md`.\n"
    return f"{MADE}# Errors\n\n{head}\n| code | error | when |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _first_sentence(kind: type) -> str:
    own = vars(kind).get("__doc__") or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).capitalize() + "."
    return " ".join(own.split("\n\n")[0].split()).replace("|", "\\|")


if __name__ == "__main__":
    for path, text in pages().items():
        (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / path).write_text(text, encoding="utf-8")
