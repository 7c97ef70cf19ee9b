"""Events of earlier versions lifted to the newest, in one place: whoever decodes an event gets the newest version.

The log is never rewritten. When the data of an event changes shape, its type gets the next number, and UPCASTERS says
how data of the number before becomes data of that number. Until now no event has changed shape since the first one
recorded, so there is none; `tests/data/versions/` has recorded events of earlier versions.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic_core import from_json

Data = dict[str, Any]
_VERSIONED = re.compile(r"(se\.lagesbild\.[a-z-]+)\.v([1-9][0-9]{0,3})", re.ASCII)


class Upcaster(NamedTuple):
    """The type that it lifts to, and how: the data of this version from the data of the version before."""

    to: str
    lift: Callable[[Data], Data]


# By the type that is lifted.
UPCASTERS: Mapping[str, Upcaster] = {}


def lifted(text: bytes, upcasters: Mapping[str, Upcaster] | None = None) -> bytes | None:
    """The event as its newest version says it; None when there is nothing to lift.

    A lift that fails raises what it raises: data that is not what its version says is for the caller to refuse.
    """
    known = UPCASTERS if upcasters is None else upcasters
    event = from_json(text)
    if not known or not isinstance(event, dict) or event.get("type") not in known:
        return None
    while (step := known.get(event["type"])) is not None:
        event = {**event, "type": step.to, "data": step.lift(event["data"])}
    return json.dumps(event, ensure_ascii=False).encode()


def is_later(found: object, known: set[str]) -> bool:
    """Whether `found` is a later version of a type that is known."""
    matched = _VERSIONED.fullmatch(found) if isinstance(found, str) else None
    if matched is None:
        return False
    name, version = matched[1], int(matched[2])
    ours = [int(each[2]) for each in map(_VERSIONED.fullmatch, known) if each and each[1] == name]
    return bool(ours) and version > max(ours)
