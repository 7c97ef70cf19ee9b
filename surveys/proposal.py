"""A proposed change of the definitions, and what is kept that it is held against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from surveys.catalogue import Catalogue, packaged_definitions
from surveys.definition import SUFFIX, Reader, check_path
from surveys.errors import DefinitionFaults, UnknownSurvey, UnknownYear
from surveys.frozen import fingerprints
from surveys.frozen_copies import Key, frozen_copies
from surveys.questionnaire import Questionnaire


class Editions:
    """Questionnaires by survey and year, as a catalogue has them, whatever they were read from."""

    def __init__(self, questionnaires: Iterable[Questionnaire]) -> None:
        self._known = {(q.survey, q.year): q for q in questionnaires}

    def surveys(self) -> list[str]:
        """The names of all surveys, in alphabetical order."""
        return sorted({survey for survey, _ in self._known})

    def years(self, survey: str) -> list[int]:
        """The years of a survey, earliest first. Raises UnknownSurvey."""
        if survey not in self.surveys():
            raise UnknownSurvey(survey, self.surveys())
        return sorted(year for name, year in self._known if name == survey)

    def get(self, survey: str, year: int) -> Questionnaire:
        """One survey of one year. Raises UnknownSurvey, UnknownYear."""
        if year not in self.years(survey):
            raise UnknownYear(survey, year, self.years(survey))
        return self._known[survey, year]

    def previous(self, survey: str, year: int) -> Questionnaire | None:
        """The nearest earlier year of the survey, None when `year` is the first."""
        earlier = [one for one in self.years(survey) if one < year]
        return self.get(survey, earlier[-1]) if earlier else None

    def find(self, survey: str, year: int) -> Questionnaire | None:
        """One survey of one year, None when there is none."""
        return self._known.get((survey, year))

    def all(self) -> list[Questionnaire]:
        """Everything, by survey and year."""
        return [self._known[key] for key in sorted(self._known)]


@dataclass(frozen=True, slots=True)
class Given:
    """How many responses a survey and year has, and the definition they were given to."""

    responses: int
    fingerprint: str


@dataclass(frozen=True)
class Kept:
    """What a proposal is held against: every survey and year, which of them are frozen, and what has been answered.

    `given` is empty when nothing published was looked at.
    """

    editions: Editions
    frozen: frozenset[Key]
    given: Mapping[Key, Given] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """Proposed questionnaires.

    Of each of the `whole` surveys every year there shall be is proposed; with `every_survey`, every survey too.
    """

    questionnaires: tuple[Questionnaire, ...]
    whole: frozenset[str] = frozenset()
    every_survey: bool = False


def read_kept(folder: Path | None = None, given: Mapping[Key, Given] | None = None) -> Kept:
    """What is kept in a folder of definitions (the product's own when None).

    Of a published year it is the copy made when it was frozen, of any other the definition as it stands.
    Raises DefinitionFaults, CopyDiffers.
    """
    catalogue = Catalogue(folder or packaged_definitions())
    copies = frozen_copies(catalogue.folder, fingerprints(catalogue.folder))
    keys = [(survey, year) for survey in catalogue.surveys() for year in catalogue.years(survey)]
    standing = [catalogue.get(*key) for key in keys if key not in copies]
    return Kept(Editions([*copies.values(), *standing]), frozenset(copies), given or {})


def read_proposal(path: Path, kept: Path | None = None) -> Proposal:
    """What a path proposes: one year (a file), one survey whole (its folder), or all surveys (a folder of folders).

    A file may build on a year that lies in the `kept` definitions (the product's own when None) and not beside it.
    Raises DefinitionFaults with every fault.
    """
    if not path.is_dir():
        return Proposal(tuple(_file(path, Reader(kept or packaged_definitions()))))
    faults = check_path(path)
    if faults:
        raise DefinitionFaults(faults)
    reader = Reader()
    found = tuple(reader.questionnaire(file) for file in sorted(path.rglob(f"*{SUFFIX}")))
    one_survey = any(file.stem.isdigit() for file in path.glob(f"*{SUFFIX}"))
    return Proposal(found, frozenset(q.survey for q in found), every_survey=not one_survey)


def _file(path: Path, reader: Reader) -> list[Questionnaire]:
    """The file's own year, and the years beside it that it builds on."""
    q = reader.questionnaire(path)
    base = None if q.based_on is None else path.with_name(f"{q.based_on}{SUFFIX}")
    return [*(_file(base, reader) if base is not None and base.exists() else ()), q]
