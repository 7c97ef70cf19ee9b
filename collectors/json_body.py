"""Reads a request's JSON strictly: what two readers could understand differently is refused, with the reason."""

import json
from math import isfinite
from typing import Any, NoReturn

from collectors.errors import BadRequest
from surveys.model import Text
from surveys.response import LARGEST
from surveys.strict_json import repeated_name

DEEPEST = 20  # answers → roster → row → split → missing is 5


def parse_json(body: bytes) -> Any:
    """The value in these bytes; raises BadRequest when they are not one JSON text that is safe to keep."""
    try:
        value = json.loads(_decoded(body), parse_int=_integer, parse_float=_number, parse_constant=_constant)
        repeated = repeated_name(body)
    except RecursionError:
        _refuse_depth()
    except json.JSONDecodeError as fault:
        raise _not_json(fault) from fault
    if repeated is not None:
        name = str(repeated[-1])[:50]
        raise _bad(
            Text(
                sv=f"Namnet ”{name}” står mer än en gång i samma objekt.",
                en=f"The name “{name}” stands more than once in its object.",
            )
        )
    _refuse_unsafe(value, 1)
    return value


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as fault:
        place = fault.start
        what = Text(sv=f"Innehållet är inte UTF-8 (byte {place}).", en=f"The content is not UTF-8 (byte {place}).")
        raise BadRequest(
            "body", what, Text(sv="Spara som UTF-8 och skicka igen.", en="Save as UTF-8 and send again.")
        ) from fault


def _integer(digits: str) -> int:
    # Python itself stops at 4 300 digits; beyond LARGEST a reader with doubles would see another number.
    if len(digits) > len(str(LARGEST)) + 1 or abs(int(digits)) > LARGEST:
        _refuse_number(digits)
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if not isfinite(number) or abs(number) > LARGEST:
        _refuse_number(digits)
    return number


def _constant(name: str) -> NoReturn:
    raise _bad(Text(sv=f"{name} är inget tal i JSON.", en=f"{name} is not a number in JSON."))


def _refuse_number(digits: str) -> NoReturn:
    shown = digits if len(digits) <= 25 else digits[:25] + "…"
    raise _bad(Text(sv=f"Talet {shown} är för stort.", en=f"The number {shown} is too large."))


def _refuse_unsafe(value: Any, depth: int) -> None:
    """No text that cannot be kept (half a character, a zero), and no deeper than answers ever are."""
    if depth > DEEPEST:
        _refuse_depth()
    match value:
        case str():
            if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
                raise _bad(
                    Text(
                        sv="En text har tecken som inte går att spara.", en="A text has characters that cannot be kept."
                    )
                )
        case list():
            for member in value:
                _refuse_unsafe(member, depth + 1)
        case dict():
            for name, member in value.items():
                _refuse_unsafe(name, depth + 1)
                _refuse_unsafe(member, depth + 1)


def _refuse_depth() -> NoReturn:
    raise _bad(Text(sv="Innehållet är nästlat för djupt.", en="The content is nested too deeply.")) from None


def _not_json(fault: json.JSONDecodeError) -> BadRequest:
    sv = f"Innehållet är inte JSON (rad {fault.lineno}, tecken {fault.colno})."
    return _bad(Text(sv=sv, en=f"The content is not JSON (line {fault.lineno}, character {fault.colno}: {fault.msg})."))


def _bad(what: Text) -> BadRequest:
    return BadRequest("body", what, Text(sv="Rätta det och skicka igen.", en="Correct it and send again."))
