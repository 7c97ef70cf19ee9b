"""Definition files read into questionnaires: a first year as it stands, a later one as changes to an earlier."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveys.changes import edition_of
from surveys.draft import draft_of
from surveys.errors import DefinitionFaults
from surveys.faults import Fault, fault
from surveys.marked_yaml import Map, Mark, read_marked
from surveys.outline import tidy_document
from surveys.questionnaire import Questionnaire
from surveys.rules import judge

SUFFIX = ".yaml"


def read_definition(path: Path) -> Questionnaire:
    """The questionnaire a definition file holds, with what it builds on. Raises DefinitionFaults with every fault."""
    return Reader().questionnaire(path)


def check_path(path: Path) -> list[Fault]:
    """Every fault in a definition file, or in all definition files of a folder and the folders in it.

    File by file, and from the top of each.
    """
    if not path.is_dir():
        return _from_the_top(Reader().reading(path).faults)
    files = sorted(file for file in path.rglob("*") if file.suffix in (SUFFIX, ".yml"))
    if not files:
        return [fault("S101", Mark(str(path), 1), reason=f"*{SUFFIX}")]
    reader = Reader()
    readings = [reader.reading(file) for file in files]
    return _from_the_top(one for reading in readings for one in (*reading.faults, *_same_year(reading, readings)))


def _from_the_top(faults: Iterable[Fault]) -> list[Fault]:
    """Each fault once, files in the order in which they are met, lines in their own."""
    once = dict.fromkeys(faults)
    files = {file: place for place, file in enumerate(dict.fromkeys(one.file for one in once))}
    return sorted(once, key=lambda one: (files[one.file], one.line))


@dataclass(frozen=True)
class Reading:
    """What became of one file: the outline later years build on, and the questionnaire when it has no fault."""

    path: Path
    faults: tuple[Fault, ...]
    outline: Map | None = None
    questionnaire: Questionnaire | None = None

    def named(self) -> tuple[Any, Any]:
        outline: dict[str, Any] = self.outline or {}
        return outline.get("survey"), outline.get("year")


class Reader:
    """Reads definition files and what they build on, each file once.

    What a file builds on lies beside it, or else in the folder of that name among the `kept` definitions.
    """

    def __init__(self, kept: Path | None = None) -> None:
        self._readings: dict[Path, Reading] = {}
        self._kept = kept

    def questionnaire(self, path: Path) -> Questionnaire:
        """The questionnaire of a file. Raises DefinitionFaults."""
        reading = self.reading(path)
        if reading.questionnaire is None:
            raise DefinitionFaults(reading.faults)
        return reading.questionnaire

    def reading(self, path: Path) -> Reading:
        """What the file holds and everything that is wrong with it and with what it builds on."""
        if path not in self._readings:
            self._readings[path] = self._read(path)
        return self._readings[path]

    def _read(self, path: Path) -> Reading:
        # 1. The file as YAML.
        document, faults = read_marked(path)
        if document is None:
            return Reading(path, tuple(faults))
        years = self._years(path)
        faults += _misplaced(path, document, years)
        # 2. The year it builds on, and the outline of the two together.
        base: Reading | None = None
        touched: dict[str, Mark] = {}
        if "based_on" in document:
            base_path = base_of(path, document, faults, years)
            base = self.reading(base_path) if base_path else None
            if base is None or base.outline is None:
                return Reading(path, (*(base.faults if base else ()), *faults))
            edition = edition_of(base.outline, document)
            outline, touched = edition.outline, edition.touched
            faults += edition.faults
        else:
            outline = tidy_document(document, faults)
        # 3. Its parts, and the rules between them.
        draft = draft_of(outline, str(path), base.questionnaire if base else None, touched)
        judge(draft)
        known = base.faults if base else ()
        found = (*known, *_new(known, (*faults, *draft.faults)))
        return Reading(path, found, outline, None if found else draft.questionnaire())

    def _years(self, path: Path) -> dict[int, Path]:
        """The definition file of each year that a file may build on."""
        folders = [path.parent] if self._kept is None else [self._kept / path.absolute().parent.name, path.parent]
        found = [one for folder in folders for one in folder.glob(f"*{SUFFIX}") if one.stem.isdigit()]
        return {int(one.stem): one for one in found}


def _new(known: Iterable[Fault], found: Iterable[Fault]) -> list[Fault]:
    """The faults that the year before does not have already: one mistake is told once."""
    told = {(one.code, one.facts) for one in known}
    return [one for one in dict.fromkeys(found) if (one.code, one.facts) not in told]


def base_of(path: Path, document: Map, faults: list[Fault], years: dict[int, Path]) -> Path | None:
    """The file that `based_on` names, when it is an earlier year's; says so when it is not the nearest."""
    year, earlier = document.get("year"), _earlier(path, document, years)
    value = document["based_on"]
    mark = document.at("based_on")
    if type(value) is not int or value not in earlier:
        known = ", ".join(str(one) for one in earlier) or "–"
        faults.append(fault("S180", mark, value=str(value), year=str(year), known=known))
        return None
    if value != earlier[-1]:
        faults.append(fault("S181", mark, value=str(value), nearer=str(earlier[-1])))
    return years[value]


def _earlier(path: Path, document: Map, years: Iterable[int]) -> list[int]:
    """The years before this one that have a file. A base is always earlier, so reading comes to an end."""
    own = int(path.stem) if path.stem.isdigit() else document.get("year")
    return [year for year in sorted(years) if isinstance(own, int) and year < own]


def _misplaced(path: Path, document: Map, years: Iterable[int]) -> list[Fault]:
    """Whether the file's name and folder say the same as what is in it."""
    found = []
    survey, year = document.get("survey"), document.get("year")
    if type(year) is int and path.name != f"{year}{SUFFIX}":
        found.append(fault("S107", document.at("year"), name=path.name, year=str(year)))
    folder = path.absolute().parent.name
    if isinstance(survey, str) and folder != survey:
        found.append(fault("S108", document.at("survey"), folder=folder, survey=survey))
    if "based_on" not in document and (earlier := _earlier(path, document, years)):
        found.append(fault("S110", document.at("year"), earlier=str(earlier[-1])))
    return found


def _same_year(reading: Reading, readings: list[Reading]) -> list[Fault]:
    """Whether an earlier file of the folder already defines the survey and year."""
    if reading.outline is None:
        return []
    before = readings[: readings.index(reading)]
    others = [one for one in before if one.outline is not None and one.named() == reading.named()]
    return [fault("S109", reading.outline.at("year"), other=str(one.path)) for one in others]
