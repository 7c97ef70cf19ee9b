"""Published definitions as they were when they were frozen, kept whole: what a change is measured against.

A fingerprint says that something moved; only the copy says what. One line of JSON for each published survey and year,
without indicators (they are what we make of answers, not what was asked), so that the fingerprint proves the copy.
"""

from collections.abc import Iterable
from pathlib import Path

from surveys.errors import CopyDiffers
from surveys.questionnaire import Questionnaire

FILE = "frozen.jsonl"
Key = tuple[str, int]


def frozen_copies(folder: Path, fingerprints: dict[Key, str]) -> dict[Key, Questionnaire]:
    """The copies kept in a folder of definitions, by survey and year; those without a fingerprint are left out.

    Raises CopyDiffers when a copy is not what its fingerprint says.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    copies = [Questionnaire.model_validate_json(line) for line in lines if line]
    kept = {(q.survey, q.year): q for q in copies if (q.survey, q.year) in fingerprints}
    for (survey, year), q in kept.items():
        if q.fingerprint != fingerprints[survey, year]:
            raise CopyDiffers(survey, year, fingerprints[survey, year])
    return kept


def write_copies(folder: Path, questionnaires: Iterable[Questionnaire]) -> None:
    """Keep exactly these, by survey and year."""
    ordered = sorted(questionnaires, key=lambda q: (q.survey, q.year))
    (folder / FILE).write_text("".join(f"{_line(q)}\n" for q in ordered), encoding="utf-8")


def _line(q: Questionnaire) -> str:
    return q.model_dump_json(by_alias=True, exclude_defaults=True, exclude={"indicators"})
