"""The receipt: what a unit can register as proof of what it sent, and verify against the log."""

from datetime import datetime

from surveys.model import Frozen, Text


class Receipt(Frozen):
    """Proof of one accepted response.

    `checksum` is `sha256:` and 64 digits over everything that the respondent said (`surveys.content`), computed again
    from the log's event by `lagesbild trace`; `questionnaire` is the fingerprint of the questions answered;
    `version` counts the unit's responses in the same survey and year from 1; `answers` is the number of items
    answered; `late` says that it came after the due date.
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
