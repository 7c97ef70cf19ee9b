"""The only module that asks the published file. Everything it gives is cached by the publication it comes from.

A function takes the id of the publication that the page shows. When that one has been collected meanwhile,
NewerPublication is raised: the page is drawn anew.
"""

import re
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboards import burden_queries, queries, trace_queries
from dashboards.errors import NewerPublication
from dashboards.reading import LEVELS, Reading, rows_of
from dashboards.records import (
    Behind,
    Burdened,
    Corrected,
    Expectation,
    Explained,
    Fed,
    Figure,
    FollowedUp,
    Language,
    Measure,
    Moved,
    Parked,
    ParkedEvent,
    Place,
    Publication,
    PublishedFigure,
    Received,
    RevisedFigure,
    Revision,
    Sent,
    Survey,
    TimeSpent,
    Unit,
    Used,
    YearOfMeasure,
)
from infra.errors import PublicationUnreadable
from infra.published import connect_current, connect_past, current_publish_id, marts_dir
from infra.settings import load_settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Enough for the pages that some tens of people look at, of a few publications.
REMEMBERED = 600
# A publication that is open stays readable after it was collected; more than a few would only hold disk.
OPEN = 4
# The id of a publication of a past moment begins so: where it lies, below the folder of publications.
PAST = "as-of/"


def data_dir() -> Path:
    """The folder with the publications."""
    return load_settings().data_dir


def in_force() -> str | None:
    """The id of the publication in force, None before the first."""
    return current_publish_id(data_dir())


def exists(publish_id: str) -> bool:
    """Whether that publication is still there."""
    return (marts_dir(data_dir()) / f"{publish_id}.duckdb").exists()


def is_demonstration() -> bool:
    """Whether all answers here are invented."""
    return (data_dir() / "DEMONSTRATION").exists()


def region_level(kind: str) -> str:
    """The level at which regions are compared when units of that kind answer."""
    return LEVELS[kind]


@st.cache_resource(max_entries=OPEN, show_spinner=False)
def _opened(folder: str, publish_id: str) -> "DuckDBPyConnection":
    if publish_id.startswith(PAST):
        return connect_past(Path(folder), publish_id)
    current, connection = connect_current(Path(folder))
    if current != publish_id:
        connection.close()
        raise NewerPublication(publish_id, current)
    return connection


def _rows(publish_id: str, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    import duckdb

    try:
        return rows_of(_opened(str(data_dir()), publish_id), sql, **parameters)
    except (duckdb.IOException, duckdb.FatalException) as fault:
        raise PublicationUnreadable(marts_dir(data_dir()) / f"{publish_id}.duckdb", str(fault)) from fault


def reading(publish_id: str) -> Reading:
    """What a publication says, asked anew each time."""
    return Reading(partial(_rows, publish_id))


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def publication(publish_id: str) -> Publication:
    """What is in force."""
    return reading(publish_id).publication()


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def surveys(publish_id: str, language: Language) -> list[Survey]:
    """Every year of every mapping, by name and then year, with how many have answered."""
    return reading(publish_id).surveys(language)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def regions(publish_id: str) -> list[Unit]:
    """The regions in Swedish order of their names."""
    return reading(publish_id).regions()


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def measures(publish_id: str, survey: str, year: int, language: Language) -> list[Measure]:
    """What units can be compared by that year: the indicators first, then the items as they were asked."""
    return reading(publish_id).measures(survey, year, language)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def figures(
    publish_id: str, survey: str, year: int, measure: str, form: str, kind: str, language: Language
) -> list[Figure]:
    """The values of a measure that year: of every unit of the kind, of the regions they are in, of the country.

    Items have no declared national figure: for them regions and country are the median of the units that answered,
    or the share of them for each option, in per cent.
    """
    return reading(publish_id).figures(survey, year, measure, form, kind, language)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def responded(publish_id: str, survey: str, year: int, kind: str) -> dict[str, tuple[int, int]]:
    """How many units of the kind have responded, of how many: by region, 00 the country."""
    return reading(publish_id).responded(survey, year, kind)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def movement(publish_id: str, survey: str, year: int, indicator: str, kind: str) -> list[Moved]:
    """How the country's figure has moved, earliest first; none where that is not recorded."""
    asked = {"survey": survey, "year": year, "indicator": indicator, "unit_kind": kind}
    return [Moved(**row) for row in _rows(publish_id, queries.MOVEMENT, **asked)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def years_with_figures(publish_id: str, survey: str) -> list[int]:
    """The years in which somebody has answered, earliest first."""
    return [row["year"] for row in _rows(publish_id, queries.ANSWERED_YEARS, survey=survey)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def years_of_measure(publish_id: str, survey: str, measure: str, language: Language) -> list[YearOfMeasure]:
    """The years that have the measure, earliest first, and where the line breaks."""
    return reading(publish_id).years_of_measure(survey, measure, language)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def published_figures(publish_id: str, survey: str, indicator: str, language: Language) -> list[PublishedFigure]:
    """What has been published elsewhere about an indicator."""
    sql = queries.in_language(queries.PUBLISHED_FIGURES, language)
    return [PublishedFigure(**row) for row in _rows(publish_id, sql, survey=survey, indicator=indicator)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def expectations(publish_id: str, language: Language) -> list[Expectation]:
    """What the audits found, failures first."""
    return [Expectation(**row) for row in _rows(publish_id, queries.in_language(queries.EXPECTATIONS, language))]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def follow_up(publish_id: str, language: Language) -> list[FollowedUp]:
    """Numbers worth a question, the newest year first and in it the furthest from what was expected."""
    return [FollowedUp(**row) for row in _rows(publish_id, queries.in_language(queries.FOLLOW_UP, language))]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def time_spent(publish_id: str, survey: str, year: int, language: Language) -> list[TimeSpent]:
    """How long answering took, the whole before its sections; nothing where too few units' time is known."""
    sql = queries.in_language(burden_queries.TIME_SPENT, language)
    return [TimeSpent(**row) for row in _rows(publish_id, sql, survey=survey, year=year)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def burden(publish_id: str, survey: str, year: int, language: Language) -> list[Burdened]:
    """What each question is for and how often its answer is as before, in the order asked."""
    rows = _rows(publish_id, queries.in_language(burden_queries.BURDEN, language), survey=survey, year=year)
    return [Burdened(**{**row, "used_by": tuple(row["used_by"])}) for row in rows]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def explained(publish_id: str, language: Language) -> list[Explained]:
    """The soft checks that current responses fail."""
    return [Explained(**row) for row in _rows(publish_id, queries.in_language(queries.EXPLAINED, language))]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def parked(publish_id: str) -> list[Parked]:
    """What waits as dead letters, by survey and code."""
    return [Parked(**row) for row in _rows(publish_id, queries.PARKED)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def parked_events(publish_id: str) -> list[ParkedEvent]:
    """Every event that waits as a dead letter, newest first."""
    return [ParkedEvent(**row) for row in _rows(publish_id, queries.PARKED_EVENTS)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def corrected(publish_id: str, survey: str, language: Language) -> list[Corrected]:
    """What later responses changed in a survey, newest first in each year."""
    rows = _rows(publish_id, queries.in_language(queries.CORRECTED, language), survey=survey)
    return [Corrected(**row) for row in rows]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def revised_figures(publish_id: str, survey: str, year: int, language: Language) -> list[RevisedFigure]:
    """Published national figures that are no longer what they were."""
    sql = queries.in_language(queries.REVISED_FIGURES, language)
    return [RevisedFigure(**row) for row in _rows(publish_id, sql, survey=survey, year=year)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def received(publish_id: str, language: Language, limit: int) -> list[Received]:
    """The newest responses."""
    return [Received(**row) for row in _rows(publish_id, queries.in_language(queries.RECEIVED, language), limit=limit)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def fingerprint(publish_id: str, survey: str, year: int) -> str:
    """The fingerprint of the questionnaire that the answers were given to."""
    return str(_rows(publish_id, trace_queries.FINGERPRINT, survey=survey, year=year)[0]["fingerprint"])


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def behind(publish_id: str, place: Place) -> list[Behind]:
    """The units behind a figure, by name; of a question those that have responded."""
    sql = trace_queries.BEHIND_INDICATOR if _is_indicator(place) else trace_queries.BEHIND_ITEM
    return [Behind(**row) for row in _at(publish_id, sql, place)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def used(publish_id: str, place: Place, language: Language) -> list[Used]:
    """The answers that a figure looks at, by unit."""
    sql = trace_queries.USED_BY_INDICATOR if _is_indicator(place) else trace_queries.USED_BY_ITEM
    return [Used(**row) for row in _at(publish_id, queries.in_language(sql, language), place)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def earlier_revisions(publish_id: str, place: Place) -> list[Revision]:
    """What the units of a place sent before the response that counts."""
    return [Revision(**row) for row in _at(publish_id, trace_queries.EARLIER, place)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def explained_behind(publish_id: str, place: Place, language: Language) -> list[Explained]:
    """The soft checks on the questions behind a figure that its units fail."""
    sql = queries.in_language(trace_queries.FAILED_CHECKS, language)
    return [Explained(**row) for row in _at(publish_id, sql, place, items=_items(publish_id, place))]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def audited_behind(publish_id: str, place: Place, language: Language) -> list[Expectation]:
    """What the audit found about the questions behind a figure."""
    sql = queries.in_language(trace_queries.AUDIT_OF_ITEMS, language)
    return [Expectation(**row) for row in _at(publish_id, sql, place, items=_items(publish_id, place))]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def sent(publish_id: str, name: str, language: Language) -> Sent | None:
    """The submission with that event id, submission id or position; None when it is not published."""
    rows = _rows(publish_id, queries.in_language(trace_queries.SENT, language), name=name)
    if not rows:
        return None
    own = ("survey", "year", "title", "fingerprint", "unit_id", "kind", "counting")
    revision = Revision(**{key: value for key, value in rows[0].items() if key not in own})
    return Sent(**{key: rows[0][key] for key in own}, revision=revision)


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def held_answers(publish_id: str, event_id: str, language: Language) -> list[Used]:
    """The answers of a response that counts; none of one that was corrected."""
    return [
        Used(**row)
        for row in _rows(publish_id, queries.in_language(trace_queries.HELD_ANSWERS, language), event_id=event_id)
    ]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def fed(publish_id: str, event_id: str, language: Language) -> list[Fed]:
    """Every figure that a response stands behind, in the order of the indicators."""
    rows = _rows(publish_id, queries.in_language(trace_queries.FED, language), event_id=event_id)
    places = ("survey", "year", "measure", "unit_kind", "level", "sex", "category")
    return [
        Fed(
            place=Place(**{key: row[key] for key in places}, unit=row["unit_id"]),
            **{key: value for key, value in row.items() if key not in (*places, "unit_id")},
        )
        for row in rows
    ]


def _is_indicator(place: Place) -> bool:
    return place.measure.startswith("indicator:")


def _at(publish_id: str, sql: str, place: Place, **more: Any) -> list[dict[str, Any]]:
    asked = asdict(place) | {"measure": place.measure.partition(":")[2]} | more
    named = set(re.findall(r"\$(\w+)", sql))
    return _rows(publish_id, sql, **{name: value for name, value in asked.items() if name in named})


def _items(publish_id: str, place: Place) -> list[str]:
    if not _is_indicator(place):
        return [place.measure.partition(":")[2]]
    return [row["item_id"] for row in _at(publish_id, trace_queries.ITEMS_OF_INDICATOR, place)]
