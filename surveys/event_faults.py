"""What is wrong with an event that could not be read: code, JSON pointer and a sentence, from pydantic's findings."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json

from surveys.cloud_event import CloudEvent, EventFault
from surveys.strict_json import repeated_name
from surveys.upcasting import is_later, lifted

ATTRIBUTES = frozenset(CloudEvent.model_fields)
# What each attribute must be, where pydantic would only show a regular expression.
_RULES = {
    "specversion": 'must be "1.0".',
    "source": "must be a URI-reference (RFC 3986), not empty.",
    "id": "must be a text of 1 to 200 characters without control characters.",
    "subject": "must be a text, not empty, without control characters; leave it out when there is none.",
    "time": "must be a timestamp as RFC 3339 writes it, for example 2026-05-31T14:03:21.123Z.",
    "datacontenttype": "must be a JSON media type (RFC 2046), for example application/json.",
    "dataschema": "must be an absolute URI (RFC 3986) without a fragment.",
}


def fault_in(error: ValidationError, types: set[str]) -> EventFault:
    """The first thing that is wrong, in the order of the envelope; `types` are those that are known."""
    first = error.errors(include_url=False)[0]
    match first["type"]:
        case "json_invalid":
            return EventFault("S301", "", f"is not JSON: {first['ctx']['error']}.")
        case "union_tag_not_found":
            return EventFault("S302", "/type", "is missing.")
        case "union_tag_invalid" if is_later(first["ctx"]["tag"], types):
            return EventFault("S309", "/type", f"{first['ctx']['tag']!r} is of a later version than we know.")
        case "union_tag_invalid":
            return EventFault("S303", "/type", f"{first['ctx']['tag']!r} is not a type we know.")
    path = first["loc"][1:]  # the first step is pydantic's own: the type
    return _in_attribute(path, first) if path else EventFault("S301", "", "is not a JSON object.")


def with_decoded_data(text: bytes) -> bytes | None:
    """The event with its `data_base64` as the JSON it carries, as `data`; None when it has no such member.

    Raises EventFault when it has `data` too (they exclude one another) or when it does not hold base64 of JSON.
    """
    members = _object(text) if b"data_base64" in text else {}
    if "data_base64" not in members:
        return None
    if "data" in members:
        raise EventFault("S304", "/data_base64", "stands beside data; they exclude one another.")
    must_say_each_name_once(text)
    try:
        carried = base64.b64decode(members.pop("data_base64"), validate=True)
        from_json(carried, allow_inf_nan=False)
    except (binascii.Error, ValueError, TypeError):
        raise EventFault("S304", "/data_base64", "is not base64 (RFC 4648) of JSON.") from None
    return b'{"data":' + carried + b"," + json.dumps(members).encode()[1:]


def lifted_event(text: bytes) -> bytes | None:
    """The event of an earlier version as the newest one; None when it is of none.

    Raises EventFault when its data is not what that version says.
    """
    try:
        newest = lifted(text)
    except (ValueError, TypeError, KeyError, AttributeError, LookupError):
        raise EventFault("S306", "/data", "is not what this version of the event holds.") from None
    if newest is not None:
        must_say_each_name_once(text)
    return newest


def _object(text: bytes) -> dict[str, Any]:
    try:
        members = from_json(text)
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def must_say_each_name_once(text: bytes) -> None:
    """Raises EventFault when an object of this JSON text repeats a name."""
    path = repeated_name(text)
    if path is not None:
        raise EventFault("S308", pointer(path), "is written more than once in its object.")


def pointer(path: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) of a path; "" is the whole document."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _in_attribute(path: tuple[str | int, ...], first: ErrorDetails) -> EventFault:
    attribute = path[0]
    if first["type"] == "missing":
        return EventFault("S302", pointer(path), "is missing.")
    if attribute == "data":
        return EventFault("S306", pointer(path), _sentence(first))
    if attribute in ATTRIBUTES:
        return EventFault("S304", pointer(path[:1]), _RULES.get(str(attribute), _sentence(first)))
    return EventFault("S305", pointer(path[:1]), "is not an extension attribute as CloudEvents allows it.")


def _sentence(first: ErrorDetails) -> str:
    said = str(first.get("ctx", {}).get("error", first["msg"]))
    return f"{said[0].lower()}{said[1:]}."
