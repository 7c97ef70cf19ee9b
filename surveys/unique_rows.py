"""Rows of a roster that say the same thing."""

from collections.abc import Callable
from typing import Any

from surveys.check_kinds import UniqueRows
from surveys.compiled import gate
from surveys.messages import joined, say, shown
from surveys.model import Text
from surveys.questionnaire import Questionnaire
from surveys.routing import Values


def unique_rows(check: UniqueRows, q: Questionnaire) -> Callable[[list[Values]], list[tuple[int, Text]]]:
    """A function that tells each row (1-based) that repeats an earlier one; capitals and outer blanks do not count."""
    holds = gate(check, check.roster)
    columns = _columns(check, q)

    def repeated(rows: list[Values]) -> list[tuple[int, Text]]:
        seen: dict[tuple[Any, ...], int] = {}
        found = []
        for number, row in enumerate(rows, start=1):
            cells = [row.get(column) for column in columns]
            if None in cells or (holds and not holds(row)):
                continue
            first = seen.setdefault(tuple([row_key(cell) for cell in cells]), number)
            if first != number:
                value = joined([shown(cell) for cell in cells])
                found.append((number, check.message or say("unique_rows", first=first, row=number, value=value)))
        return found

    return repeated


def row_keys(check: UniqueRows, q: Questionnaire) -> Callable[[list[Values]], list[tuple[Any, ...]]]:
    """A function that gives what makes each row the same as another: where no two are alike, no row repeats one."""
    columns = _columns(check, q)
    return lambda rows: [tuple([row_key(row.get(column)) for column in columns]) for row in rows]


def _columns(check: UniqueRows, q: Questionnaire) -> list[str]:
    bare = {address.removeprefix(f"{check.roster}.") for address in check.by}
    return [column.id for column in q.items[check.roster].items if column.id in bare]


def row_key(value: Any) -> Any:
    """What makes two values in a roster the same."""
    if isinstance(value, str):
        return value.strip().casefold()
    return tuple(sorted(value)) if isinstance(value, list) else value
