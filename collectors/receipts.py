"""The receipt: what a unit can register as proof of what it sent, and verify against the log."""

import hashlib
from datetime import datetime

from surveys.model import Frozen, Text


class Receipt(Frozen):
    """Proof of one accepted response.

    `checksum` is the SHA-256 of the event exactly as it lies in the log, in hexadecimal; `questionnaire` is the
    fingerprint of the questions answered; `version` counts the unit's responses in the same survey and year from 1;
    `answers` is the number of items answered; `late` says that it came after the due date.
    """

    submission_id: str
    event_id: str
    survey: str
    year: int
    title: Text
    unit: str
    unit_name: str
    submitted_at: datetime
    questionnaire: str
    version: int
    mode: str
    corrects: str | None
    reason: str | None
    late: bool
    answers: int
    checksum: str


def checksum(event: bytes) -> str:
    """The SHA-256 of `event` in hexadecimal, as it stands on the receipt."""
    return hashlib.sha256(event).hexdigest()
