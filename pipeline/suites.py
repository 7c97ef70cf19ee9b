"""The suite of one part: its checks as expectations, and what else must hold of the whole table.

Expectations that say the same of several columns are asked once, of those columns end to end: Great Expectations takes
some milliseconds for each question, whatever its size. Every check keeps a result of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pipeline.frames import Tables
from surveys.expectations import ExpectationSpec, with_derived
from surveys.implied import suite
from surveys.model import Text
from surveys.questionnaire import Questionnaire

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["critical", "warning"]
# An edit check of the questionnaire, a rule about any part as a whole, or a line of a hand-written suite.
Origin = Literal["check", "table", "handwritten"]
BETWEEN = "expect_column_values_to_be_between"
# What holds of a column cell by cell holds of columns end to end.
CELL_BY_CELL = frozenset(
    {
        BETWEEN,
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_match_regex",
        "expect_column_value_lengths_to_be_between",
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """One expectation on one column: `values`, indexed by what to call a row of it (`14`, `14 rad 3`).

    `kwargs` are the expectation's own, without the column. An expectation on a whole table has its `values` named
    None and is asked of the table's rows.
    `check` is the id of the check or of the hand-written expectation that it comes from; `reason` says why it is
    expected, where somebody has written that down.
    """

    type: str
    kwargs: dict[str, Any]
    severity: Severity
    meaning: Text
    column: str
    values: "pd.Series[Any]"
    check: str | None = None
    origin: Origin = "check"
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """Questions that are the same but for the column."""

    name: str
    questions: list[Question] = field(default_factory=list)


def check_questions(q: Questionnaire, found: Tables) -> list[Question]:
    """Every check of the survey, implied and declared, as questions on the tables of one kind of unit."""
    specs = suite(q, found.kind)
    frames = [(None, found.responses), *found.rosters.items()]
    questions: list[Question] = []
    for roster, table in frames:
        own = [spec for spec in specs if spec.roster == roster]
        if len(table):
            questions += _on_table(own, with_derived(table, own), roster)
    return questions


def _on_table(specs: Iterable[ExpectationSpec], table: "pd.DataFrame", roster: str | None) -> list[Question]:
    units = table["unit_id"].astype(str)
    labels = units if roster is None else units + " rad " + table["row_no"].astype(int).astype(str)
    return [_question(spec, table, labels) for spec in specs]


def _question(spec: ExpectationSpec, table: "pd.DataFrame", labels: "pd.Series[Any]") -> Question:
    kwargs = {name: value for name, value in spec.kwargs.items() if name != "column"}
    values = table[spec.column].set_axis(labels)
    return Question(spec.type, kwargs, spec.severity, spec.description, spec.column, values, spec.check)


def stacked(questions: Iterable[Question]) -> list[Stack]:
    """The questions by what they ask; one that cannot be joined with others stands alone."""
    stacks: dict[tuple[object, ...], Stack] = {}
    for number, question in enumerate(questions):
        alone = None if question.type in CELL_BY_CELL else number
        key = (question.type, repr(sorted(question.kwargs.items())), question.severity, question.values.dtype, alone)
        stacks.setdefault(key, Stack(f"fråga {len(stacks) + 1}")).questions.append(question)
    return list(stacks.values())
