"""What a response says, whatever order or spelling it was written in: for comparing content and for receipts."""

import json
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from typing import Any


def canonical(answers: Mapping[str, Any]) -> bytes:
    """The answers as UTF-8 JSON that is the same for the same content.

    Keys in code point order, no spaces, texts in NFC, 3.0 written as 3. The order in a list is content.
    Raises ValueError for a number that JSON cannot hold (infinite or not a number).
    """
    return _written(answers)


def checksum(
    answers: Mapping[str, Any],
    explanations: Mapping[str, str] | None = None,
    corrects: str | None = None,
    reason: str | None = None,
) -> str:
    """`sha256:` and 64 hex digits over everything a respondent says; the same for the same content."""
    content = {"answers": answers, "explanations": explanations or {}, "corrects": corrects, "reason": reason}
    return f"sha256:{sha256(_written(content)).hexdigest()}"


def _written(value: object) -> bytes:
    body = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    # A lone surrogate cannot be written as UTF-8; it must not stop a comparison either.
    return body.encode("utf-8", "surrogatepass")


def _plain(value: object) -> object:
    match value:
        case str():
            return value if value.isascii() else unicodedata.normalize("NFC", value)
        case Mapping():
            return {_plain(key): _plain(member) for key, member in value.items()}
        case list() | tuple():
            return [_plain(member) for member in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
