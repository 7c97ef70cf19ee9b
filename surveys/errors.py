"""Errors of the survey room: where, what, what now, and a code from this one catalogue (S001 and on)."""

from typing import ClassVar


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
