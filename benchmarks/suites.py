"""An audit measured: 25 expectations on 13 000 rows, warm. `python -m benchmarks.suites NAME` runs one way.

Each way is asked once before it is measured and prints `{"per_second", "seconds", "peak_mb"}`, expectations a second.
Rows that do not hold are named by both, and must be the same ones.
"""

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from pipeline.audit import ask, warm
from pipeline.suites import BETWEEN, Question
from surveys.model import Text

ROWS = 13_000
IN_SET = "expect_column_values_to_be_in_set"
REGEX = "expect_column_values_to_match_regex"
LENGTH = "expect_column_value_lengths_to_be_between"
UNIQUE = "expect_column_values_to_be_unique"
CODES = ["ja", "planeras", "under_framtagande", "nej"]
FAULTS = (7, 4_711, 12_345)  # rows that do not hold, in every fifth column
Way = Callable[[Sequence[Question]], list[list[str]]]


def questions() -> list[Question]:
    """25 of the kinds that edit checks become; the columns are drawn from a seed."""
    drawn = random.Random(13_000)
    of_text: list[tuple[str, dict[str, Any]]] = [
        (REGEX, {"regex": "^[a-z]+$"}),
        (LENGTH, {"min_value": 2, "max_value": 40}),
    ]
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        *(("number", BETWEEN, {"min_value": 0, "max_value": 1_000 + 100 * n}) for n in range(13)),
        *(("choice", IN_SET, {"value_set": CODES}) for _ in range(6)),
        *(("text", type_, kwargs) for type_, kwargs in of_text * 2),
        *(("id", UNIQUE, {}) for _ in range(2)),
    ]
    return [_question(number, *kind, drawn) for number, kind in enumerate(kinds)]


def _question(number: int, kind: str, type_: str, kwargs: dict[str, Any], drawn: random.Random) -> Question:
    values = [_drawn(kind, row, drawn) for row in range(ROWS)]
    if number % 5 == 0:
        wrong = {"number": -1.0, "choice": "kanske", "text": "Å", "id": "enhet-0"}[kind]
        for row in FAULTS:
            values[row] = wrong
    column = pd.Series(values, index=[str(row) for row in range(ROWS)], name=f"fraga_{number}")
    meaning = Text(sv="Mening", en="Meaning")
    return Question(type_, kwargs, "warning", meaning, f"fraga_{number}", column)


def _drawn(kind: str, row: int, drawn: random.Random) -> object:
    match kind:
        case "number":
            return float(drawn.randrange(1_000))
        case "choice":
            return drawn.choice(CODES)
        case "text":
            return "".join(drawn.choices("abcdefgh", k=12))
        case _:
            return f"enhet-{row}"


def ours(asked: Sequence[Question]) -> list[list[str]]:
    """As every part is audited."""
    return ask("benchmark", asked)


def one_at_a_time(asked: Sequence[Question]) -> list[list[str]]:
    """Great Expectations as its guide has it: a frame, a batch, `validate` for each expectation."""
    import great_expectations
    from great_expectations.expectations.registry import get_expectation_impl

    context = great_expectations.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("benchmark").add_dataframe_asset("part")
    frame = pd.DataFrame({one.column: one.values.reset_index(drop=True) for one in asked})
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
    found = []
    for one in asked:
        make: Any = get_expectation_impl(one.type)
        expectation = make(column=one.column, **one.kwargs)
        result = batch.validate(expectation, result_format={"result_format": "COMPLETE"})
        found.append([str(row) for row in result.result.get("unexpected_index_list") or []])
    return found


WAYS: dict[str, Way] = {"ours": ours, "one_at_a_time": one_at_a_time}


def main(name: str) -> None:
    """Measure one way, and print it."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    asked, way = questions(), WAYS[name]
    warm()
    found = way(asked)
    wrong = [number for number, rows in enumerate(found) if rows]
    assert wrong == list(range(0, 25, 5)), wrong
    assert all(set(map(str, FAULTS)) <= set(found[number]) for number in wrong)
    began = time.perf_counter()
    way(asked)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    sys.stdout.write(json.dumps({"per_second": len(asked) / took, "seconds": took, "peak_mb": peak}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
