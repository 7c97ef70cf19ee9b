"""Many questions asked as few: Great Expectations takes some milliseconds for each expectation, whatever its size.

Bounds stand in a column of their own beside the values that they bound, members of a set and unique values carry the
number of their question: so one expectation asks all bounds, one all sets, one all that is unique. What cannot be put
so is asked of columns end to end (`suites.Stack`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.suites import BETWEEN, Question, stacked

if TYPE_CHECKING:
    import pandas as pd

IN_SET = "expect_column_values_to_be_in_set"
UNIQUE = "expect_column_values_to_be_unique"
GREATER = "expect_column_pair_values_a_to_be_greater_than_b"
Numbered = tuple[int, Question]


class Asking(Protocol):
    """One expectation on behalf of some questions, each with its place among all of them."""

    @property
    def questions(self) -> list[Numbered]: ...

    @property
    def type(self) -> str: ...

    def kwargs(self) -> dict[str, Any]:
        """The expectation's arguments, with the names of its columns."""
        ...

    def columns(self) -> "dict[str, pd.Series[Any]]":
        """The columns it is asked of: the rows of its questions end to end."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """All lower bounds (`side` min_value) or all upper ones (max_value) of numbers."""

    side: str
    questions: list[Numbered] = field(default_factory=list)
    type: str = GREATER

    def kwargs(self) -> dict[str, Any]:
        larger, smaller = ("value", "bound") if self.side == "min_value" else ("bound", "value")
        names = {"column_A": f"{self.side} {larger}", "column_B": f"{self.side} {smaller}"}
        return {**names, "or_equal": True, "ignore_row_if": "either_value_is_missing"}

    def columns(self) -> "dict[str, pd.Series[Any]]":
        import numpy as np
        import pandas as pd

        bounds = np.repeat(
            [float(one.kwargs[self.side]) for _, one in self.questions], [len(one.values) for _, one in self.questions]
        )
        return {
            f"{self.side} value": _end_to_end(self.questions).astype(float),
            f"{self.side} bound": pd.Series(bounds),
        }


@dataclass(frozen=True, slots=True)
class Sets:
    """All questions whether values belong to a set: `7:i_drift` belongs to what question 7 allows."""

    questions: list[Numbered] = field(default_factory=list)
    type: str = IN_SET

    def kwargs(self) -> dict[str, Any]:
        allowed = [_marked(number, value) for number, one in self.questions for value in one.kwargs["value_set"]]
        return {"column": "members", "value_set": allowed}

    def columns(self) -> "dict[str, pd.Series[Any]]":
        return {"members": _marked_values(self.questions)}


@dataclass(frozen=True, slots=True)
class Unique:
    """All questions whether values stand once."""

    questions: list[Numbered] = field(default_factory=list)
    type: str = UNIQUE

    def kwargs(self) -> dict[str, Any]:
        return {"column": "once"}

    def columns(self) -> "dict[str, pd.Series[Any]]":
        return {"once": _marked_values(self.questions)}


@dataclass(frozen=True, slots=True)
class Alike:
    """Questions that are the same but for the column."""

    name: str
    questions: list[Numbered]

    @property
    def type(self) -> str:
        return self.questions[0][1].type

    def kwargs(self) -> dict[str, Any]:
        return {"column": self.name, **self.questions[0][1].kwargs}

    def columns(self) -> "dict[str, pd.Series[Any]]":
        return {self.name: _end_to_end(self.questions)}


def joined(questions: Sequence[Question]) -> list[Asking]:
    """The expectations to ask; a question with two bounds has its place in two of them."""
    lower, upper, sets, unique = Bounds("min_value"), Bounds("max_value"), Sets(), Unique()
    rest: list[Numbered] = []
    for numbered in enumerate(questions):
        _, one = numbered
        if _is_bounded(one):
            for side in (lower, upper):
                if one.kwargs.get(side.side) is not None:
                    side.questions.append(numbered)
        elif one.type == IN_SET and one.kwargs.keys() == {"value_set"}:
            sets.questions.append(numbered)
        elif one.type == UNIQUE and not one.kwargs:
            unique.questions.append(numbered)
        else:
            rest.append(numbered)
    place = {id(one): numbered for numbered in rest for one in numbered[1:]}
    alike = [
        Alike(stack.name, [place[id(one)] for one in stack.questions]) for stack in stacked(one for _, one in rest)
    ]
    every: list[Asking] = [lower, upper, sets, unique, *alike]
    return [each for each in every if each.questions]


def named_rows(asking: Asking, rows: Iterable[int]) -> Iterable[tuple[int, str]]:
    """The place of the question and the name of the row, for rows of the expectation's columns."""
    ends = list(accumulate(len(one.values) for _, one in asking.questions))
    for row in rows:
        place = bisect_right(ends, row)
        number, one = asking.questions[place]
        yield number, str(one.values.index[row - ends[place]])


def _is_bounded(one: Question) -> bool:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    bounds = [one.kwargs.get("min_value"), one.kwargs.get("max_value")]
    numbers = is_numeric_dtype(one.values) and not is_bool_dtype(one.values)
    known = one.kwargs.keys() <= {"min_value", "max_value"} and any(bound is not None for bound in bounds)
    return one.type == BETWEEN and numbers and known


def _end_to_end(questions: Iterable[Numbered]) -> "pd.Series[Any]":
    import pandas as pd

    return pd.concat([one.values for _, one in questions], ignore_index=True)


def _marked_values(questions: Iterable[Numbered]) -> "pd.Series[Any]":
    import pandas as pd

    missing = pd.isna
    values = (
        None if missing(value) else _marked(number, value) for number, one in questions for value in one.values.tolist()
    )
    return pd.Series(list(values), dtype="object")


def _marked(number: int, value: Any) -> str:
    """The value with its question's number; 10 and 10.0 are the same number."""
    plain = float(value) if isinstance(value, int | float) else value
    return f"{number}:{plain}"
