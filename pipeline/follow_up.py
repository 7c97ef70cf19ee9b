"""The follow-up list: numbers far from those of the unit's peers, or from its own earlier ones, worth a question."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from infra.published import connect_current
from pipeline.history import has_table
from pipeline.indicators import statements
from pipeline.suite_errors import PublishedWithout
from surveys.model import Frozen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# How the list is made, as variables of its SQL. 3.5 robust standard deviations is what Iglewicz and Hoaglin (How to
# Detect and Handle Outliers, 1993) take for an outlier; the audit's warning begins further out.
LIMITS = {
    "follow_up_furthest": 3.5,
    "follow_up_peers": 10,  # a median of fewer says little of what is common
    "follow_up_least_years": 3,  # and of two years nothing of how much they differ
    "follow_up_most_years": 5,  # what was longer ago was another service
}


class FollowedUp(Frozen):
    """A number outside what is expected of it.

    `kind` says by what: the unit's `own_history`, or its `peers` (units of the same kind; `per_inhabitant` says that it
    is nearest to them for each inhabitant). `score` is the distance to the median in robust standard deviations.
    `explanation` is what the respondent has said of it, if anything.
    """

    survey: str
    year: int
    unit_id: str
    unit: str
    item_id: str
    item_sv: str
    item_en: str
    sex: str
    value: float
    expected_low: float
    expected_high: float
    kind: Literal["own_history", "peers"]
    per_inhabitant: bool
    score: float
    explanation: str | None


def fill_follow_up(work: "DuckDBPyConnection") -> None:
    """Makes the list of what is being published, for the parts that are made anew; others have theirs already."""
    for name, value in LIMITS.items():
        work.execute(f"SET VARIABLE {name} = $value", {"value": value})
    work.execute(statements("published_follow_up"))


def follow_up(data_dir: Path, survey: str | None = None, year: int | None = None) -> list[FollowedUp]:
    """The list in force, furthest first within each survey and year. Raises NothingPublished, PublishedWithout."""
    publish_id, publication = connect_current(data_dir)
    with closing(publication):
        if not has_table(publication, "follow_up"):
            raise PublishedWithout(publish_id, "follow_up")
        rows = publication.execute(
            """
            SELECT
                f.survey, f.year, f.unit_id, u.name, f.item_id, i.label_sv, i.label_en, f.sex, f.value, f.expected_low,
                f.expected_high, f.kind, f.per_inhabitant, f.score, f.explanation
            FROM follow_up f JOIN unit u USING (unit_id) JOIN item i USING (survey, year, item_id)
            WHERE f.survey = coalesce($survey, f.survey) AND f.year = coalesce($year, f.year)
            ORDER BY f.survey, f.year DESC, f.score DESC, f.unit_id, f.item_id, f.sex, f.kind
            """,
            {"survey": survey, "year": year},
        ).fetchall()
    return [FollowedUp(**dict(zip(FollowedUp.model_fields, row, strict=True))) for row in rows]
