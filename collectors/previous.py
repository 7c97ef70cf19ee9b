"""What a unit answered an earlier year: shown beside the question, and what change is measured against."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from collectors.published_answers import is_published, latest_published_at, published_answers
from collectors.submissions import Submissions
from surveys.questionnaire import Questionnaire


class PreviousAnswers(Protocol):
    """Where earlier responses are found."""

    def of_unit(self, questionnaire: Questionnaire, unit: str) -> Mapping[str, Any] | None:
        """The unit's newest answers to that questionnaire, by its item ids; None when there are none."""

    def has(self, survey: str, year: int, unit: str, submission_id: str) -> bool:
        """Whether the unit has that accepted submission in that survey and year."""

    def latest_at(self, survey: str, year: int, unit: str) -> datetime | None:
        """When the unit's newest accepted response in that survey and year was submitted; None without any."""


class NothingEarlier:
    """Nobody answered before."""

    def of_unit(self, questionnaire: Questionnaire, unit: str) -> Mapping[str, Any] | None:
        return None

    def has(self, survey: str, year: int, unit: str, submission_id: str) -> bool:
        return False

    def latest_at(self, survey: str, year: int, unit: str) -> datetime | None:
        return None


class EarlierAnswers:
    """What came through this collector, and else what is published (it may have come another way)."""

    def __init__(self, submissions: Submissions, data_dir: Path) -> None:
        self._submissions = submissions
        self._data_dir = data_dir

    def of_unit(self, questionnaire: Questionnaire, unit: str) -> Mapping[str, Any] | None:
        own = self._submissions.of_unit(unit, questionnaire.survey, questionnaire.year)
        if own:
            return own[0].answers
        return published_answers(self._data_dir, questionnaire, unit)

    def has(self, survey: str, year: int, unit: str, submission_id: str) -> bool:
        if any(own.submission_id == submission_id for own in self._submissions.of_unit(unit, survey, year)):
            return True
        return is_published(self._data_dir, survey, year, unit, submission_id)

    def latest_at(self, survey: str, year: int, unit: str) -> datetime | None:
        own = [one.receipt.submitted_at for one in self._submissions.of_unit(unit, survey, year)[:1]]
        published = latest_published_at(self._data_dir, survey, year, unit)
        return max([*own, *([] if published is None else [published])], default=None)
