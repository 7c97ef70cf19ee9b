"""What a trace tells: a figure with everything it came from, an answer likewise, an event with everything it feeds."""

from datetime import datetime
from typing import Literal

from surveys.model import Frozen, Text

Kind = Literal["figure", "answer", "event"]
# waiting: not read yet. withheld: accepted, but not in this publication (its part is held, or it came later).
State = Literal["current", "superseded", "repeated", "parked", "waiting", "withheld"]


def in_words(number: float | None, text: str | None, code: str | None, missing: str | None) -> str:
    """A value as one reads it: `..` when it is hidden, the reason when it is missing."""
    if missing is not None:
        return ".." if missing == "suppressed" else missing
    return text or code or ("" if number is None else f"{number:.12g}")


class OfPublication(Frozen):
    """The publication that the trace was read from; `watermarks` is the last offset read of each partition."""

    publish_id: str
    published_at: datetime
    as_of: datetime
    watermarks: dict[int, int]


class OfResponse(Frozen):
    """One submission: where it lies in the log, when and how it came, and what it corrects."""

    submission_id: str
    event_id: str
    position: str
    submitted_at: datetime
    mode: str
    revision: int
    current: bool
    late: bool
    corrects: str | None
    reason: str | None


class OfAnswer(Frozen):
    """One value of an answer. What is hidden has no value and is missing as `suppressed`.

    For a figure `side` and `role` say what it is there for and `counts` whether it went in. `sheet` and `cell` are
    where it stood in the workbook it came by.
    """

    item: str
    row: int | None
    sex: str | None
    value_number: float | None
    value_text: str | None
    value_code: str | None
    missing: str | None
    explanation: str | None
    side: str | None = None
    role: str | None = None
    counts: bool | None = None
    sheet: str | None = None
    cell: str | None = None

    @property
    def shown(self) -> str:
        """The value in words, `..` when it is hidden, the reason when it is missing."""
        return in_words(self.value_number, self.value_text, self.value_code, self.missing)


class OfChange(Frozen):
    """What an answer was before a later response changed it, in words; '' for nothing."""

    item: str
    row: int | None
    sex: str | None
    revision: int
    position: str
    submitted_at: datetime
    reason: str | None
    before: str
    after: str


class OfCheck(Frozen):
    """A soft check that a response fails, and what the respondent says about it."""

    check: str
    severity: str
    item: str | None
    row: int | None
    explanation: str | None


class OfAudit(Frozen):
    """What the audit of the survey and year found about the items of a figure."""

    expectation: Text
    check: str | None
    severity: str
    success: bool
    observed: str | None


class Contribution(Frozen):
    """What one unit adds to a figure; `missing` says why it is not in the numerator.

    `numerator` and `denominator` are what it adds, None where that is nothing or hidden. `rows` of its roster count.
    """

    unit: str
    name: str
    numerator: float | None
    denominator: float | None
    missing: str | None
    response: OfResponse | None
    earlier: tuple[OfResponse, ...]
    rows: tuple[int, ...]
    answers: tuple[OfAnswer, ...]
    checks: tuple[OfCheck, ...]


class Hidden(Frozen):
    """What the hidden units come to together: the figure less what is shown, as anybody can reckon."""

    units: int
    numerator: float | None
    denominator: float | None


class FigureTrace(Frozen):
    """A published figure, what it is, and every unit behind it."""

    kind: Literal["figure"] = "figure"
    name: str
    survey: str
    year: int
    indicator: str
    unit: str
    unit_name: str
    unit_kind: str
    level: str
    sex: str
    category: str
    label: Text
    definition: Text
    base: Text
    source: Text
    unit_of_measure: Text
    value: float | None
    numerator: float | None
    denominator: float | None
    scale: float
    counted: str
    answered: int
    expected: int
    missing: str | None
    note: str | None
    questionnaire: str
    held: bool
    publication: OfPublication
    units: tuple[Contribution, ...]
    hidden: Hidden | None
    audit: tuple[OfAudit, ...]


class AnswerTrace(Frozen):
    """A published answer: the response it stands in, what was said earlier, and the figures it goes into."""

    kind: Literal["answer"] = "answer"
    name: str
    survey: str
    year: int
    unit: str
    unit_name: str
    item: str
    label: Text
    questionnaire: str
    publication: OfPublication
    response: OfResponse
    earlier: tuple[OfResponse, ...]
    answers: tuple[OfAnswer, ...]
    changes: tuple[OfChange, ...]
    checks: tuple[OfCheck, ...]
    figures: tuple[str, ...]
    audit: tuple[OfAudit, ...]


class Fed(Frozen):
    """A figure that a response stands behind. `counts`: whether it adds anything, or is there as missing.

    `compared_with`: other years that have the figure; `comparable`: whether with the nearest earlier one.
    """

    name: str
    level: str
    value: float | None
    missing: str | None
    counts: bool
    comparable: bool
    compared_with: tuple[int, ...]


class OfLetter(Frozen):
    """Why an event was parked, and where it was replayed to if it was."""

    letter: str
    code: str
    reason: Text
    pointer: str
    replayed_as: str | None


class EventTrace(Frozen):
    """An event of the log: what it says, whether it counts, and every figure it stands behind.

    `checksum` is recomputed from the log's event: over all that the respondent says, as on a receipt. `receipt` is the
    checksum it was held against, given or kept by the collector; None when there was none.
    """

    kind: Literal["event"] = "event"
    position: str
    state: State
    event_id: str | None
    submission_id: str | None
    survey: str | None
    year: int | None
    unit: str | None
    questionnaire: str | None
    appended_at: datetime
    checksum: str | None
    receipt: str | None
    publication: OfPublication
    response: OfResponse | None
    superseded_by: OfResponse | None
    answers: tuple[OfAnswer, ...]
    checks: tuple[OfCheck, ...]
    letter: OfLetter | None
    figures: tuple[Fed, ...]


Trace = FigureTrace | AnswerTrace | EventTrace
