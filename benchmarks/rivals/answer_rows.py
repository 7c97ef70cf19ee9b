"""A response's answers as rows, as somebody would write it who knows nothing but the JSON: no checks, no register."""

from collections.abc import Iterator
from typing import Any

from surveys.events import Event, ResponseSubmittedEvent

Row = tuple[str, int, str, str, str | None, str | None]
TABLE = "CREATE TABLE answer (survey VARCHAR, year INTEGER, unit VARCHAR, item VARCHAR, part VARCHAR, value VARCHAR)"
INSERT = "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?)"


def rows(event: Event) -> Iterator[Row]:
    """One row for each value; `part` says where in a nested answer it stood."""
    assert isinstance(event, ResponseSubmittedEvent)
    data = event.data
    for item, answer in data.answers.items():
        for part, value in _values(answer, ""):
            yield data.survey, data.year, data.unit, item, part or None, None if value is None else str(value)


def _values(answer: Any, part: str) -> Iterator[tuple[str, Any]]:
    if isinstance(answer, dict):
        for name, member in answer.items():
            yield from _values(member, f"{part}.{name}" if part else name)
    elif isinstance(answer, list):
        for place, member in enumerate(answer, start=1):
            yield from _values(member, f"{part}.{place}" if part else str(place))
    else:
        yield part, answer
