"""Whether a JSON text says one thing only: every name once in its object, every number finite.

Readers differ in what they make of a repeated name, so a text that repeats one must not reach any of them.
"""

import json
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

_BLANKS = b" \t\r\n"


class _Repeating(dict[str, Any]):
    """An object that says `name` more than once."""

    name = ""


def names_in(values: Iterable[Any]) -> int:
    """The number of names in all objects within these values; raises ValueError when a number is infinite."""
    names = 0
    for value in values:
        kind = type(value)
        if kind is dict:
            names += len(value) + names_in(value.values())
        elif kind is list:
            names += names_in(value)
        elif kind is float and not isfinite(value):
            raise ValueError("holds a number that is not finite")
    return names


def names_written(source: bytes, text: bytes, value: Any) -> int:
    """As `names_in` of the one value that was read in `source`, at a third of the cost: what `surely_unique` asks for.

    `text` is the value written anew by `to_json`. Without a backslash in the source every text stands in both as it is,
    so a text that begins with a colon, which looks like a name's end, is counted in both too.
    """
    if b"\\" in source or _may_be_infinite(text):
        return names_in((value,))
    return text.count(b'":')


def rest_of(source: bytes, name: bytes, text: bytes) -> bytes | None:
    """The source without the value of that name, None unless it stands there exactly as `to_json` wrote it in `text`.

    `name` is as the source has it, quotation marks and colon included. A value that reads as it stands says each name
    once, so only the rest is left to look at, a third of the whole. Without a backslash in the source every quotation
    mark begins or ends a text, and no letter follows the end of one: what looks like the name is a name.
    """
    place = source.find(name)
    begin = place + len(name)
    if place < 0 or not source.startswith(text, begin) or b"\\" in source or _may_be_infinite(text):
        return None
    return source[:begin] + source[begin + len(text) :]


def _may_be_infinite(text: bytes) -> bool:
    """Looks for one letter first: that is five times as fast."""
    return (b"N" in text and b"NaN" in text) or (b"I" in text and b"Infinity" in text)


def surely_unique(text: bytes, names: int) -> bool:
    """True when a text that was read as that many names cannot have repeated one; False says: look closer.

    Each name ends in `":` when blanks are taken away. Texts can only add such pairs, so equal counts are proof.
    """
    return text.translate(None, _BLANKS).count(b'":') == names


def repeated_name(text: bytes) -> tuple[str | int, ...] | None:
    """The path of the first name that an object of this JSON text repeats, None when none does."""
    return next(_repeated(json.loads(text, object_pairs_hook=_object), ()), None)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    names = [name for name, _ in pairs]
    found = _Repeating(members)
    found.name = next(name for place, name in enumerate(names) if name in names[:place])
    return found


def _repeated(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, _Repeating):
        yield (*path, value.name)
    inner: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for step, member in inner:
        yield from _repeated(member, (*path, step))
