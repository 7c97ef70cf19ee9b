"""Published definitions are frozen: their fingerprints and copies, kept beside them, and what no longer agrees.

`python -m surveys.frozen freeze SURVEY YEAR` adds both when a year is published; `… check` tells what moved.
A frozen fingerprint is never replaced by the program: whoever means to must delete its line first, and say why.
"""

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from surveys.catalogue import Catalogue, load_catalogue
from surveys.errors import AlreadyFrozen, NotPublished, SurveyError
from surveys.frozen_copies import frozen_copies, write_copies

FILE = "fingerprints.toml"
_HEADING = (
    "# The fingerprint of every published survey and year. A change here moves the meaning of answers already given.\n"
)
_USAGE = "usage: python -m surveys.frozen check | freeze SURVEY YEAR\n"


def fingerprints(folder: Path) -> dict[tuple[str, int], str]:
    """The frozen fingerprints of a folder of definitions, by survey and year; empty when there are none yet."""
    path = folder / FILE
    if not path.exists():
        return {}
    surveys = tomllib.loads(path.read_text(encoding="utf-8"))
    return {(survey, int(year)): value for survey, years in surveys.items() for year, value in years.items()}


def moved(catalogue: Catalogue) -> list[str]:
    """One sentence for each published year that changed, is not frozen, or is gone; none when all is well."""
    frozen = fingerprints(catalogue.folder)
    published = {(q.survey, q.year): q.fingerprint for q in catalogue.all() if q.status == "published"}
    found = []
    for (survey, year), fingerprint in published.items():
        known = frozen.get((survey, year))
        if known is None:
            found.append(f"{survey}/{year} is published but not frozen: freeze it.")
        elif known != fingerprint:
            found.append(f"{survey}/{year} was frozen as {known} and is now {fingerprint}: undo the change.")
    copies = frozen_copies(catalogue.folder, frozen)
    found += [f"{survey}/{year} has no copy: freeze it again." for survey, year in sorted(frozen.keys() - copies)]
    gone = [
        f"{survey}/{year} is frozen but no longer published: restore it." for survey, year in frozen.keys() - published
    ]
    return found + sorted(gone)


def freeze(catalogue: Catalogue, survey: str, year: int) -> str:
    """The fingerprint now kept for a published year.

    Raises NotPublished for an open one, AlreadyFrozen when another fingerprint is kept, UnknownSurvey, UnknownYear.
    """
    q = catalogue.get(survey, year)
    if q.status != "published":
        raise NotPublished(survey, year)
    frozen = fingerprints(catalogue.folder)
    if frozen.get((survey, year), q.fingerprint) != q.fingerprint:
        raise AlreadyFrozen(survey, year, frozen[survey, year])
    frozen[survey, year] = q.fingerprint
    copies = frozen_copies(catalogue.folder, frozen)
    write_copies(catalogue.folder, {**copies, (survey, year): q}.values())
    (catalogue.folder / FILE).write_text(_as_toml(frozen), encoding="utf-8")
    return q.fingerprint


def _as_toml(frozen: dict[tuple[str, int], str]) -> str:
    lines = [_HEADING]
    for survey in sorted({survey for survey, _ in frozen}):
        lines.append(f"\n[{survey}]\n")
        lines += [f'{year} = "{value}"\n' for (name, year), value in sorted(frozen.items()) if name == survey]
    return "".join(lines)


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 done, 1 something moved or was refused, 2 wrong usage."""
    match arguments:
        case ["check"]:
            found = moved(load_catalogue())
            sys.stdout.writelines(f"{one}\n" for one in found)
            return 1 if found else 0
        case ["freeze", survey, year] if year.isdigit():
            try:
                fingerprint = freeze(load_catalogue(), survey, int(year))
            except SurveyError as error:
                sys.stderr.write(f"{error}\n")
                return 1
            sys.stdout.write(f"{survey}/{year} {fingerprint}\n")
            return 0
        case _:
            sys.stderr.write(_USAGE)
            return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
