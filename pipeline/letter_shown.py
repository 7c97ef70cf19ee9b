"""A dead letter for reading: the payload laid out line by line, with a mark at the place that the reason points to."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MARK, PLAIN = "▶ ", "  "
STEP = "  "


@dataclass(frozen=True, slots=True)
class Laid:
    """The payload as lines, marked or not, and the value at the pointer: as JSON, None when there is nothing there."""

    lines: tuple[str, ...]
    value: str | None


class _Members(list[tuple[str, Any]]):
    """An object as it is written: in order, and a name as often as it stands there."""


def laid_out(payload: bytes, pointer: str) -> Laid:
    """The payload with its pointed-at place marked; what is not JSON stays as it came, with its bytes shown."""
    try:
        value = json.loads(payload, object_pairs_hook=_Members)
        steps = _steps(pointer)
        return Laid(tuple(_lines(value, "", "", steps)), _value_at(value, steps))
    except (ValueError, RecursionError):
        text = payload.decode("utf-8", errors="backslashreplace")
        return Laid(tuple(PLAIN + line for line in text.splitlines()), None)


def _steps(pointer: str) -> list[str] | None:
    """The steps of a JSON pointer; none for the whole, which marks nothing."""
    if not pointer:
        return None
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.removeprefix("/").split("/")]


def _lines(value: Any, name: str, indent: str, steps: list[str] | None, last: bool = True) -> Iterator[str]:
    here = steps == []
    mark, end = MARK if here else PLAIN, "" if last else ","
    if not isinstance(value, list) or not (value or steps):
        yield f"{mark}{indent}{name}{_written(value)}{end}"
    else:
        opening, closing = "{}" if isinstance(value, _Members) else "[]"
        yield f"{mark}{indent}{name}{opening}"
        yield from _members(value, indent + STEP, steps)
        yield f"{PLAIN}{indent}{closing}{end}"


def _members(value: list[Any], indent: str, steps: list[str] | None) -> Iterator[str]:
    is_object = isinstance(value, _Members)
    wanted = steps[0] if steps else None
    for number, member in enumerate(value):
        key, inner = member if is_object else (str(number), member)
        name = f"{_written(key)}: " if is_object else ""
        further = steps[1:] if steps and key == wanted else None
        yield from _lines(inner, name, indent, further, number == len(value) - 1)
    known = [key for key, _ in value] if is_object else [str(number) for number in range(len(value))]
    if steps and wanted not in known:
        yield f"{MARK}{indent}{_written(wanted)}: saknas · is missing"


def _value_at(value: Any, steps: list[str] | None) -> str | None:
    if steps is None:
        return None
    for step in steps:
        members = dict(value) if isinstance(value, _Members) else dict(enumerate(value)) if _is_list(value) else {}
        key: Any = int(step) if _is_list(value) and step.isdecimal() else step
        if key not in members:
            return None
        value = members[key]
    return _written(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and not isinstance(value, _Members)


def _written(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, _Members):
        return {key: _plain(member) for key, member in value}
    return [_plain(member) for member in value] if isinstance(value, list) else value
