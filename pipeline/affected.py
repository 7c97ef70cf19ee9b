"""What has been answered, for the gate on definitions: as the published file tells, which never stands in the way."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from infra.errors import NothingPublished
from infra.published import connect_current
from surveys.frozen_copies import Key
from surveys.proposal import Given
from surveys.refusals import Refusal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_GIVEN = """
SELECT survey, year, count(*), any_value(s.fingerprint)
FROM response r JOIN survey s USING (survey, year) WHERE r.current GROUP BY ALL
"""
# A unit's answer is one, however many rows it has. What is hidden was answered all the same.
_ANSWERS = """
SELECT count(DISTINCT (year, item_id, unit_id)) FROM answer
WHERE survey = $survey AND list_contains($places, year || ' ' || item_id)
    AND (missing IS NULL OR missing = 'suppressed') AND ($code IS NULL OR value_code = $code)
"""


def given_responses(data_dir: Path) -> dict[Key, Given]:
    """How many responses each survey and year has in the publication in force; empty before the first one."""
    try:
        _, publication = connect_current(data_dir)
    except NothingPublished:
        return {}
    with publication:
        rows = publication.execute(_GIVEN).fetchall()
    return {(survey, year): Given(responses, fingerprint) for survey, year, responses, fingerprint in rows}


def with_answers(refusals: Iterable[Refusal], data_dir: Path) -> list[Refusal]:
    """The refusals with the number of units' answers each is about, where something is published."""
    try:
        _, publication = connect_current(data_dir)
    except NothingPublished:
        return list(refusals)
    with publication:
        return [one.model_copy(update={"answers": _answers(one, publication)}) for one in refusals]


def _answers(refusal: Refusal, publication: "DuckDBPyConnection") -> int | None:
    if not refusal.answered:
        return None
    places = [f"{year} {item}" for year, item in refusal.answered]
    facts = {"survey": refusal.answered_in or refusal.survey, "places": places, "code": refusal.option}
    row = publication.execute(_ANSWERS, facts).fetchone()
    return None if row is None else int(row[0])
