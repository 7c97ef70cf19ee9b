"""Errors of the survey room: where, what, what now, and a code from this one catalogue (S001 and on)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from surveys.faults import Fault


class SurveyError(Exception):
    """A fault that names where it is, what is wrong and what to do now."""

    code: ClassVar[str] = "S000"

    def __init__(self, where: str, what: str, now: str) -> None:
        super().__init__(where, what, now)
        self.where = where
        self.what = what
        self.now = now

    def __str__(self) -> str:
        return f"{self.code} {self.where}: {self.what} {self.now}"


class UnknownSurvey(SurveyError):
    """No survey of that name is defined; `known` are those that are."""

    code = "S001"

    def __init__(self, survey: str, known: Iterable[str]) -> None:
        self.survey = survey
        self.known = tuple(known)
        names = ", ".join(self.known) or "none"
        super().__init__(survey, "there is no such survey.", f"Choose one that is defined: {names}.")


class UnknownYear(SurveyError):
    """The survey is not defined for that year; `known` are the years it is."""

    code = "S002"

    def __init__(self, survey: str, year: int, known: Iterable[int]) -> None:
        self.survey = survey
        self.year = year
        self.known = tuple(known)
        now = f"Choose one that is: {', '.join(str(one) for one in self.known) or 'none'}."
        super().__init__(f"{survey}/{year}", "the survey is not defined for that year.", now)


class UnknownItem(SurveyError):
    """The survey and year have no item of that address."""

    code = "S003"

    def __init__(self, survey: str, year: int, address: str) -> None:
        self.survey = survey
        self.year = year
        self.address = address
        now = f"See the items with `lagesbild surveys show {survey} {year}`."
        super().__init__(f"{survey}/{year}, {address}", "there is no such item.", now)


class DefinitionFaults(SurveyError):
    """A definition cannot be used; `faults` is everything that is wrong with it, in the order of the files."""

    code = "S004"

    def __init__(self, faults: Iterable["Fault"]) -> None:
        self.faults = tuple(faults)
        files = ", ".join(dict.fromkeys(one.file for one in self.faults))
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__(
            files, f"{count} in the definition.", "Correct these:\n" + "\n".join(str(one) for one in self.faults)
        )


class NotPublished(SurveyError):
    """Only a published survey and year can be frozen: an open one may still change."""

    code = "S005"

    def __init__(self, survey: str, year: int) -> None:
        self.survey = survey
        self.year = year
        super().__init__(f"{survey}/{year}", "the year is not published.", "Set `status: published` in its file first.")


class AlreadyFrozen(SurveyError):
    """The survey and year was frozen with another content than it has now."""

    code = "S006"

    def __init__(self, survey: str, year: int, fingerprint: str) -> None:
        self.survey = survey
        self.year = year
        self.fingerprint = fingerprint
        now = "Undo the change to the definition: answers were given to the frozen one."
        super().__init__(f"{survey}/{year}", f"it is frozen as {fingerprint} and has changed since.", now)


class CopyDiffers(SurveyError):
    """The copy kept of a published definition is not the one that was frozen."""

    code = "S040"

    def __init__(self, survey: str, year: int, fingerprint: str) -> None:
        self.survey = survey
        self.year = year
        self.fingerprint = fingerprint
        now = "Restore frozen.jsonl: it is written by `python -m surveys.frozen` and never by hand."
        super().__init__(f"{survey}/{year}", f"the kept copy is not the one frozen as {fingerprint}.", now)
