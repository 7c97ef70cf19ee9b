"""The rows of a population file: one line per unit, year, sex and age band, each with its source."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from surveys.errors import SurveyError

Sex = Literal["K", "M", "T"]
COLUMNS = ("unit_id", "year", "sex", "from_age", "to_age", "persons", "source")


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """Persons on 31 December of `year`, ages `from_age`..`to_age` inclusive (None: open at that end)."""

    unit_id: str
    year: int
    sex: Sex
    from_age: int | None
    to_age: int | None
    persons: int
    source: str

    @property
    def age_group(self) -> str:
        return age_group(self.from_age, self.to_age)

    @property
    def cell(self) -> tuple[str, int, Sex, int | None, int | None]:
        return self.unit_id, self.year, self.sex, self.from_age, self.to_age


class PopulationFileFaults(SurveyError):
    """A population file cannot be read; `faults` has a sentence for each, with its line."""

    code = "S331"

    def __init__(self, path: Path, faults: tuple[str, ...]) -> None:
        super().__init__(str(path), " ".join(faults), "Correct the file and import it again; nothing of it was used.")
        self.path = path
        self.faults = faults


def age_group(from_age: int | None, to_age: int | None) -> str:
    """`all`, `0-17`, `18+`: the band as the published table names it."""
    if from_age is None and to_age is None:
        return "all"
    return f"{from_age or 0}+" if to_age is None else f"{from_age or 0}-{to_age}"


def read_population_file(path: Path) -> tuple[PopulationRow, ...]:
    """Every row of the file; raises PopulationFileFaults with every fault in it.

    CSV in UTF-8, comma or semicolon between, with the columns of COLUMNS in any order. `sex` is K, M or T. Both ages
    empty: all ages; `to_age` empty: that age and older. Codes keep their zeros ("01", "0114"). No cell stands twice.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PopulationFileFaults(path, (f"The file cannot be read as UTF-8 text ({error}).",)) from None
    rows, faults = _rows(lines)
    if faults:
        raise PopulationFileFaults(path, tuple(faults))
    return tuple(rows)


def _rows(lines: list[str]) -> tuple[list[PopulationRow], list[str]]:
    reader = csv.DictReader(lines, delimiter=";" if lines and ";" in lines[0] else ",")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        return [], [f"Line 1: the columns {', '.join(missing)} are missing."]
    rows: list[PopulationRow] = []
    faults: list[str] = []
    first: dict[object, int] = {}
    for raw in reader:
        line = reader.line_num
        values = {name: (raw.get(name) or "").strip() for name in COLUMNS}
        wrong = list(_faults_in(values))
        row = None if wrong else _row(values)
        if row is not None and first.setdefault(row.cell, line) != line:
            wrong = [f"the same unit, year, sex and ages stand on line {first[row.cell]}"]
        faults += [f"Line {line}: {what}." for what in wrong]
        rows += [row] if row is not None else []
    return rows, faults or ([] if rows else ["The file has no rows."])


def _faults_in(values: dict[str, str]) -> Iterator[str]:
    if not (values["unit_id"].isdecimal() and len(values["unit_id"]) in (2, 4)):
        yield f"unit_id {values['unit_id']!r} is not a code of two or four digits (are its zeros lost?)"
    if not (values["year"].isdecimal() and len(values["year"]) == 4):
        yield f"year {values['year']!r} is not a year"
    if values["sex"] not in get_args(Sex):
        yield f"sex {values['sex']!r} is not K, M or T"
    if not values["persons"].isdecimal():
        yield f"persons {values['persons']!r} is not a whole number without separators"
    if not values["source"]:
        yield "source is empty"
    yield from _age_faults(values)


def _age_faults(values: dict[str, str]) -> Iterator[str]:
    ages = values["from_age"], values["to_age"]
    if any(age and not age.isdecimal() for age in ages):
        yield f"ages {ages[0]!r} to {ages[1]!r} are not whole numbers or empty"
    elif all(ages) and int(ages[0]) > int(ages[1]):
        yield f"from_age {ages[0]} is above to_age {ages[1]}"


def _row(values: dict[str, str]) -> PopulationRow:
    return PopulationRow(
        unit_id=values["unit_id"],
        year=int(values["year"]),
        sex=cast(Sex, values["sex"]),
        from_age=_from(values["from_age"], values["to_age"]),
        to_age=int(values["to_age"]) if values["to_age"] else None,
        persons=int(values["persons"]),
        source=values["source"],
    )


def _from(from_age: str, to_age: str) -> int | None:
    """An open beginning is 0 when the end is given, so that a band has one name."""
    if from_age and (int(from_age) or to_age):
        return int(from_age)
    return 0 if to_age else None
