"""Every survey and year that is defined, read when first asked for."""

from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from surveys.definition import SUFFIX, Reader
from surveys.errors import UnknownSurvey, UnknownYear
from surveys.questionnaire import Questionnaire


def load_catalogue(path: Path | None = None) -> "Catalogue":
    """The catalogue of a folder of definitions, the product's own when none is given; the same object each time."""
    return _catalogue((path or packaged_definitions()).absolute())


@lru_cache(maxsize=8)
def _catalogue(folder: Path) -> "Catalogue":
    return Catalogue(folder)


def packaged_definitions() -> Path:
    """The folder of the definitions that come with the product."""
    return Path(str(files("surveys") / "definitions"))


class Catalogue:
    """Surveys by name and year, from `<folder>/<survey>/<year>.yaml`. A file is read when its year is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reader = Reader()
        self._years = {one.name: _years_in(one) for one in sorted(folder.iterdir()) if one.is_dir() and _years_in(one)}

    def surveys(self) -> list[str]:
        """The names of all surveys, in alphabetical order."""
        return list(self._years)

    def years(self, survey: str) -> list[int]:
        """The years a survey is defined for, earliest first. Raises UnknownSurvey."""
        if survey not in self._years:
            raise UnknownSurvey(survey, self._years)
        return list(self._years[survey])

    def get(self, survey: str, year: int) -> Questionnaire:
        """One survey of one year. Raises UnknownSurvey, UnknownYear, DefinitionFaults."""
        if year not in self.years(survey):
            raise UnknownYear(survey, year, self._years[survey])
        return self._reader.questionnaire(self.folder / survey / f"{year}{SUFFIX}")

    def previous(self, survey: str, year: int) -> Questionnaire | None:
        """The nearest earlier year of the survey, None when `year` is the first. Raises UnknownSurvey."""
        earlier = [one for one in self.years(survey) if one < year]
        return self.get(survey, earlier[-1]) if earlier else None

    def all(self) -> list[Questionnaire]:
        """Everything that is defined, by survey and year."""
        return [self.get(survey, year) for survey in self.surveys() for year in self.years(survey)]


def _years_in(folder: Path) -> list[int]:
    return sorted(int(file.stem) for file in folder.glob(f"*{SUFFIX}") if file.stem.isdigit())
