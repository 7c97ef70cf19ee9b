"""What every command prints: a table for people, JSON for programs, errors without a traceback."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any


def print_json(value: Any) -> None:
    """Print `value` as indented JSON; dates and anything else unknown become text."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool, title: str | None = None) -> None:
    """Print rows of the same keys: as a JSON list, or as a table whose heads are the keys.

    None is printed as nothing; an empty table says so.
    """
    if as_json:
        print_json([dict(row) for row in rows])
        return
    from rich.console import Console
    from rich.table import Table

    # What respondents write is not markup: a bracket in it is a bracket.
    console = Console(width=None if sys.stdout.isatty() else 200, markup=False, emoji=False)
    if not rows:
        console.print(f"{title or 'Nothing'}: none")
        return
    table = Table(title=title, title_justify="left")
    for name, value in rows[0].items():
        table.add_column(name, justify="right" if isinstance(value, int | float) else "left")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    console.print(table)


def say(line: str) -> None:
    """Print one line to standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """Print one line to standard error."""
    sys.stderr.write(line + "\n")
