"""The hand-written suites: one file for each mapping in `pipeline/expected/`, to be read and changed by who knows it.

A suite that cannot be read as meant is an error, never a suite with less in it.
"""

from collections import Counter
from functools import lru_cache
from hashlib import blake2s
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError, model_validator

from pipeline.expectation_kinds import AnyExpected
from pipeline.suite_errors import NoSuchSuite, SuiteDoesNotFit, SuiteFaults, SuiteIsEmpty
from pipeline.suite_fit import misfits
from surveys.marked_yaml import Map, Seq, read_marked
from surveys.model import Frozen
from surveys.questionnaire import Questionnaire


class Suite(Frozen):
    """What is expected of one mapping, each expectation by an id of its own."""

    survey: str
    expectations: tuple[AnyExpected, ...]

    @model_validator(mode="after")
    def _each_once(self) -> "Suite":
        twice = [name for name, times in Counter(one.id for one in self.expectations).items() if times > 1]
        if twice:
            raise ValueError(f"these ids stand more than once: {', '.join(twice)}")
        return self


def packaged_suites() -> Path:
    """The folder of the product's own suites."""
    return Path(str(resources.files("pipeline").joinpath("expected")))


def suite_files() -> list[Path]:
    """The files of the product's own suites, by survey."""
    return sorted(packaged_suites().glob("*.yaml"))


def digest_of(survey: str) -> str:
    """Changes whenever what is expected of the survey is written otherwise; the same for all that have no suite."""
    path = packaged_suites() / f"{survey}.yaml"
    return blake2s(path.read_bytes()).hexdigest() if path.exists() else ""


def expected_of(q: Questionnaire) -> tuple[AnyExpected, ...]:
    """What is expected of that year's answers; () when nobody has written a suite of the survey.

    Raises SuiteDoesNotFit when it names something that the year does not ask, SuiteFaults, SuiteIsEmpty.
    """
    path = packaged_suites() / f"{q.survey}.yaml"
    if not path.exists():
        return ()
    asked, unknown = fitting(read_suite(path), q)
    if unknown:
        raise SuiteDoesNotFit(q.survey, q.year, unknown)
    return asked


def fitting(suite: Suite, q: Questionnaire) -> tuple[tuple[AnyExpected, ...], list[str]]:
    """What the year is asked, and what of it does not fit what the year asks (`id: what`)."""
    asked = tuple(one for one in suite.expectations if one.is_asked(q.year))
    return asked, [f"{one.id}: {what}" for one in asked for what in misfits(one, q)]


def never_asked(suite: Suite, years: list[int]) -> list[str]:
    """The ids of the expectations that no year is asked: what they say holds of nothing."""
    return [one.id for one in suite.expectations if not any(one.is_asked(year) for year in years)]


def read_suite(path: Path) -> Suite:
    """The suite in a file. Raises SuiteFaults telling every fault with its line, SuiteIsEmpty, NoSuchSuite."""
    if not path.is_file():
        raise NoSuchSuite(path.name)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: Path, _written_at: int) -> Suite:
    written, faults = read_marked(path)
    told = [f"line {each.line}: {each.what}" for each in faults]
    if not faults and not (written and written.get("expectations")):
        raise SuiteIsEmpty(path.name)
    if written is None:
        raise SuiteFaults(path.name, told)
    try:
        suite = TypeAdapter(Suite).validate_python(written)
    except ValidationError as fault:
        raise SuiteFaults(path.name, told + [_told(one, written) for one in fault.errors()]) from fault
    if suite.survey != path.stem:
        told.append(f"line {written.at('survey').line}: survey {suite.survey} is not what the file is called")
    if told:
        raise SuiteFaults(path.name, told)
    return suite


def _told(fault: Any, written: Map) -> str:
    """`line 12, bup_barn_andel, min: Input should be a valid number`."""
    place, listed = fault["loc"], written.get("expectations")
    if len(place) > 1 and place[0] == "expectations" and isinstance(listed, Seq):
        one = listed[place[1]]
        name = str(one.get("id", place[1] + 1)) if isinstance(one, Map) else str(place[1] + 1)
        fields = [str(each) for each in place[3:]]  # the one before is the kind
        mark = one.at(fields[0]) if fields and isinstance(one, Map) else listed.marks[place[1]]
        return f"line {mark.line}, {', '.join([name, *fields])}: {fault['msg']}"
    mark = written.at(str(place[0])) if place else written.mark
    return f"line {mark.line}{''.join(f', {each}' for each in place)}: {fault['msg']}"
