"""The audit: the suite of a part asked of its tables by Great Expectations, and what the answers mean.

Only this module imports Great Expectations, and only when it is used: the import takes seconds.
"""

import logging
import os
import shutil
import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from pipeline import texts
from pipeline.errors import AuditFault, AuditRaised, EmptySuite, NotAllAudited, NothingToAudit, UnknownExpectation
from pipeline.frames import Tables, tables
from pipeline.handwritten_questions import handwritten_questions
from pipeline.joined import Asking, joined, named_rows
from pipeline.mart import Part
from pipeline.suites import Origin, Question, Severity, check_questions, stacked
from pipeline.whole_table import table_questions
from surveys.model import Text
from surveys.questionnaire import Questionnaire

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation import Expectation

NAMED_ROWS = 10
ROW_COUNT = "expect_table_row_count_to_equal"
# One after the other: an audit may go on after the publication that asked for it has failed.
_ONE_AT_A_TIME = Lock()
# Results come in an order of their own: each carries the place of its question.
PLACE = "place"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one expectation. `observed` names rows that do not hold, never their values: they may be hidden.

    `origin` says where it comes from, and `check` by which id: an edit check, or a line of the hand-written suite.
    `elements` is how many values were looked at (missing ones are not), `unexpected` how many of them do not hold.
    """

    survey: str
    year: int
    expectation: str
    meaning: Text
    check: str | None
    column: str | None
    severity: Severity
    success: bool
    observed: str | None
    elements: int | None
    unexpected: int | None
    checked_at: datetime
    origin: Origin = "table"
    reason: Text | None = None


def warm() -> None:
    """Imports Great Expectations, so that the first audit does not have to wait for it."""
    with _quiet():
        import great_expectations  # noqa: F401


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the audit of a part looks at, read; the checks are not made into questions yet."""

    q: Questionnaire
    found: list[Tables]
    questions: list[Question]

    @property
    def name(self) -> str:
        """How the part is called where something is said of it."""
        return f"{self.q.survey}/{self.q.year}"

    def asked(self) -> list[Question]:
        """Every question of the part's suite."""
        return [*self.questions, *(one for each in self.found for one in check_questions(self.q, each))]


def audit(work: "DuckDBPyConnection", q: Questionnaire, now: datetime, docs: "DataDocs | None" = None) -> list[Result]:
    """The results for one survey and year as it is about to be published; never empty.

    Reads the tables that publishing makes (`counted`, `fact`, `figure` …). The suite is added to `docs`, if given. An
    audit that cannot be done as meant is one critical result, so that it is never taken for one that passed.
    """
    gathered = _gathered(work, q)
    return _judged(gathered, now, docs) if isinstance(gathered, Gathered) else [_not_done(q, gathered, now)]


def audit_beside(
    work: "DuckDBPyConnection", questionnaires: Iterable[Questionnaire], now: datetime
) -> "Future[dict[Part, list[Result]]]":
    """The results of several parts, as `audit` gives them, asked together in a thread of their own.

    Everything has been read from `work` when this returns.
    """
    gathered = [(q, _gathered(work, q)) for q in questionnaires]
    beside = ThreadPoolExecutor(1, "audit")
    verdicts = beside.submit(_judged_after_the_last, gathered, now)
    beside.shutdown(wait=False)
    return verdicts


def _judged_after_the_last(
    gathered: "Sequence[tuple[Questionnaire, Gathered | AuditFault]]", now: datetime
) -> dict[Part, list[Result]]:
    with _ONE_AT_A_TIME:
        return _judged_together(gathered, now)


def _judged_together(
    gathered: "Sequence[tuple[Questionnaire, Gathered | AuditFault]]", now: datetime
) -> dict[Part, list[Result]]:
    results = {(q.survey, q.year): [_not_done(q, one, now)] for q, one in gathered if isinstance(one, AuditFault)}
    parts = [(one, one.asked()) for _, one in gathered if isinstance(one, Gathered)]
    try:
        answers = iter(ask("parts", [one for _, questions in parts for one in questions])) if parts else iter(())
    except AuditFault:
        # Whose fault it is shows when each part is asked by itself.
        return results | {(one.q.survey, one.q.year): _judged(one, now) for one, _ in parts}
    for part, questions in parts:
        results[part.q.survey, part.q.year] = [_result(part.q, one, next(answers), now) for one in questions]
    return results


def _judged(part: Gathered, now: datetime, docs: "DataDocs | None" = None) -> list[Result]:
    questions = part.asked()
    try:
        unexpected = ask(part.name, questions, docs)
    except AuditFault as fault:
        return [_not_done(part.q, fault, now)]
    return [_result(part.q, question, rows, now) for question, rows in zip(questions, unexpected, strict=True)]


def _gathered(work: "DuckDBPyConnection", q: Questionnaire) -> Gathered | AuditFault:
    found = [each for kind in q.respondents if len((each := tables(work, q, kind)).responses)]
    if not found:
        return NothingToAudit(f"{q.survey}/{q.year}")
    try:
        return Gathered(q, found, [*table_questions(work, q, found), *handwritten_questions(work, q)])
    except AuditFault as fault:
        return fault


def ask(name: str, questions: Sequence[Question], docs: "DataDocs | None" = None) -> "list[list[str]]":
    """For each question, in order, the names of the rows that do not hold; empty where all do.

    Raises UnknownExpectation, EmptySuite, NothingToAudit, NotAllAudited or AuditRaised instead of passing over what
    was not asked, or not answered.
    """
    if not questions:
        raise EmptySuite(name)
    if not any(len(one.values) for one in questions):
        raise NothingToAudit(name)
    found: list[list[str]] = [[] for _ in questions]
    with _quiet():
        for asking, rows in _unexpected(name, joined(questions)):
            for number, row in named_rows(asking, rows):
                found[number].append(row)
        if docs is not None:
            docs.add(name, *_readable(name, questions))
    return [list(dict.fromkeys(rows)) for rows in found]


def _unexpected(name: str, asked: Sequence[Asking]) -> Iterator[tuple[Asking, list[int]]]:
    """The expectations that do not hold, each with the rows of its columns that do not."""
    import pandas as pd

    frame = pd.DataFrame({column: values for each in asked for column, values in each.columns().items()})
    expectations = [
        _expectation(name, each.type, {"meta": {PLACE: number}, **each.kwargs()}) for number, each in enumerate(asked)
    ]
    batch = _whole().get_batch({"dataframe": frame})
    failed = _failing(name, frame, batch, expectations)
    rows = _unexpected_rows(name, frame, batch, [expectations[number] for number in failed])
    return ((asked[number], found) for number, found in zip(failed, rows, strict=True))


def _readable(name: str, questions: Iterable[Question]) -> "tuple[pd.DataFrame, list[Expectation]]":
    """The suite as Data Docs show it: one expectation for each that differs, saying in words what it stands for."""
    import pandas as pd

    stacks = stacked(questions)
    frame = pd.DataFrame(
        {each.name: pd.concat([one.values for one in each.questions], ignore_index=True) for each in stacks}
    )
    expectations = []
    for number, stack in enumerate(stacks):
        first = stack.questions[0]
        told = "\n".join(_said(one) for one in stack.questions)
        about = {"meta": {PLACE: number}, "severity": first.severity, "description": told}
        expectations.append(_expectation(name, first.type, {"column": stack.name, **about, **first.kwargs}))
    return frame, expectations


def _expectation(name: str, kind: str, arguments: dict[str, Any]) -> "Expectation":
    from great_expectations.exceptions.exceptions import ExpectationNotFoundError

    try:
        return _made(kind, **arguments)
    except (ExpectationNotFoundError, ValueError) as fault:
        raise UnknownExpectation(name, kind, str(fault)) from fault


def _said(question: Question) -> str:
    """What stands in the Data Docs: what it means, where it comes from, and why it is expected."""
    meaning = f"{question.meaning.sv} / {question.meaning.en} ({question.column})"
    if question.reason is None:
        return meaning
    return f"{meaning} [{question.check}] {question.reason.sv} / {question.reason.en}"


def _failing(name: str, frame: "pd.DataFrame", batch: "Batch", expectations: "Sequence[Expectation]") -> list[int]:
    results = _validate(name, frame, batch, expectations, {"result_format": "BOOLEAN_ONLY"})
    return [number for number, result in enumerate(results) if not result.success]


def _unexpected_rows(
    name: str, frame: "pd.DataFrame", batch: "Batch", expectations: "Sequence[Expectation]"
) -> list[list[int]]:
    """Which rows do not hold: asked only of what failed, since it takes longer."""
    if not expectations:
        return []
    results = _validate(name, frame, batch, expectations, {"result_format": "COMPLETE"})
    rows = [result.result.get("unexpected_index_list") for result in results]
    if not all(rows):
        raise NotAllAudited(name, "failing expectations", sum(map(bool, rows)), len(rows))
    return [list(found) for found in rows if found]


def _validate(
    name: str,
    frame: "pd.DataFrame",
    batch: "Batch",
    expectations: "Sequence[Expectation]",
    result_format: dict[str, Any],
) -> "list[ExpectationValidationResult]":
    """One answer for each expectation, in order."""
    from great_expectations import ExpectationSuite

    suite = ExpectationSuite(name=name, expectations=[*expectations, _all_rows(frame)])
    outcome = batch.validate(suite, result_format=result_format)
    return _answers(name, suite.expectations, outcome.results, len(frame))


def _answers(
    name: str, asked: "Sequence[Expectation]", results: "Iterable[ExpectationValidationResult]", rows: int
) -> "list[ExpectationValidationResult]":
    """The results in the order asked, the last one left out: it tells that all rows were looked at."""
    by_place = {result.expectation_config.meta[PLACE]: result for result in results if result.expectation_config}
    answers = [by_place[each.meta[PLACE]] for each in asked if each.meta and each.meta[PLACE] in by_place]
    if len(answers) < len(asked):
        raise NotAllAudited(name, "expectations", len(answers), len(asked))
    for each, answer in zip(asked, answers, strict=True):
        if (cause := _raised(answer.exception_info)) is not None:
            raise AuditRaised(name, each.expectation_type, cause)
    *answers, whole = answers
    if not whole.success:
        raise NotAllAudited(name, "rows", int(whole.result.get("observed_value", 0)), rows)
    return answers


def _raised(info: Any) -> str | None:
    """What an exception said, however deep it lies: Great Expectations keys some by metric."""
    if not isinstance(info, dict):
        return None
    if info.get("raised_exception"):
        return str(info.get("exception_message"))
    return next((cause for each in info.values() if (cause := _raised(each)) is not None), None)


def _all_rows(frame: "pd.DataFrame") -> "Expectation":
    return _made(ROW_COUNT, meta={PLACE: ROW_COUNT}, value=len(frame), severity="critical")


def _made(kind: str, **arguments: Any) -> "Expectation":
    from great_expectations.expectations.registry import get_expectation_impl

    make: Any = get_expectation_impl(kind)
    made: Expectation = make(**arguments)
    return made


@lru_cache(maxsize=1)
def _whole() -> Any:
    """Gives a batch of all of a frame. One for all runs: it keeps nothing of them, and making one takes a while."""
    return _batch_definition(_context())


def _context() -> Any:
    import great_expectations
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = great_expectations.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _batch_definition(context: Any) -> Any:
    source = context.data_sources.add_pandas("publication")
    return source.add_dataframe_asset("part").add_batch_definition_whole_dataframe("whole")


class DataDocs:
    """Pages that show every suite and what became of it; made anew in `folder` each time they are written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with _quiet():
            self._context = _context()
            self._context.add_data_docs_site("lagesbild", _site(folder))
            self._whole = _batch_definition(self._context)

    def add(self, name: str, frame: "pd.DataFrame", expectations: "Sequence[Expectation]") -> None:
        """Asks a suite once more, in a form that is shown."""
        from great_expectations import ExpectationSuite, ValidationDefinition

        name = name.replace("/", "-")  # it becomes the name of a page
        suite = self._context.suites.add(ExpectationSuite(name, expectations=[copy(each) for each in expectations]))
        definition = ValidationDefinition(name=name, data=self._whole, suite=suite)
        self._context.validation_definitions.add(definition)
        definition.run(batch_parameters={"dataframe": frame}, result_format="SUMMARY")

    def write(self) -> Path:
        """Writes the pages and returns the first of them. Pages of earlier runs are gone."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        with _quiet():
            self._context.build_data_docs()
        return self.folder / "index.html"


def _site(folder: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder.absolute())},
    }


@contextmanager
def _quiet() -> Iterator[None]:
    """No reports home, none of the library's warnings about other libraries, and nothing of what it tells itself."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    # Some of its loggers set a level of their own: what they tell goes no further than to them.
    logging.getLogger("great_expectations").propagate = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _result(q: Questionnaire, question: Question, rows: Sequence[str], now: datetime) -> Result:
    named = ", ".join(rows[:NAMED_ROWS]) + (f" (+{len(rows) - NAMED_ROWS})" if len(rows) > NAMED_ROWS else "")
    return Result(
        survey=q.survey,
        year=q.year,
        expectation=question.type,
        meaning=question.meaning,
        check=question.check,
        column=question.column,
        severity=question.severity,
        success=not rows,
        observed=named or None,
        elements=int(question.values.notna().sum()),
        unexpected=len(rows),
        checked_at=now,
        origin=question.origin,
        reason=question.reason,
    )


def _not_done(q: Questionnaire, fault: AuditFault, now: datetime) -> Result:
    meaning = Text(sv=texts.NOT_DONE.sv.format(fault.what), en=texts.NOT_DONE.en.format(fault.what))
    return Result(
        survey=q.survey,
        year=q.year,
        expectation=type(fault).__name__,
        meaning=meaning,
        check=None,
        column=None,
        severity="critical",
        success=False,
        observed=str(fault),
        elements=None,
        unexpected=None,
        checked_at=now,
    )
