"""The only module that asks the published file. Everything it gives is cached by the publication it comes from.

A function takes the id of the publication that the page shows. When that one has been collected meanwhile,
NewerPublication is raised: the page is drawn anew.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboards import queries
from dashboards.errors import NewerPublication
from dashboards.records import (
    Expectation,
    Explained,
    Figure,
    Language,
    Measure,
    Parked,
    ParkedEvent,
    Publication,
    PublishedFigure,
    Received,
    Survey,
    Unit,
    YearOfMeasure,
)
from infra.published import connect_current, connect_past, current_publish_id, marts_dir
from infra.settings import load_settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Enough for the pages that some tens of people look at, of a few publications.
REMEMBERED = 600
# A publication that is open stays readable after it was collected; more than a few would only hold disk.
OPEN = 4
LEVELS = {"region": "unit", "kommun": "region", "mottagning": "region"}


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
    # A cursor of its own: one connection serves many sessions at once.
    cursor = _opened(str(data_dir()), publish_id).cursor()
    try:
        # By Arrow: moments come with their zone, without another package for it.
        return list(cursor.sql(sql, params=parameters).to_arrow_table().to_pylist())
    finally:
        cursor.close()


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def publication(publish_id: str) -> Publication:
    """What is in force."""
    row = _rows(publish_id, queries.PUBLICATION)[0]
    return Publication(**{**row, "held": tuple(row["held"]), "watermarks": json.loads(row["watermarks"])})


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def surveys(publish_id: str, language: Language) -> list[Survey]:
    """Every year of every mapping, by name and then year, with how many have answered."""
    rows = _rows(publish_id, queries.in_language(queries.SURVEYS, language))
    return [Survey(**{**row, "respondents": tuple(row["respondents"])}) for row in rows]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def regions(publish_id: str) -> list[Unit]:
    """The regions in Swedish order of their names."""
    return [Unit(**row) for row in _rows(publish_id, queries.REGIONS)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def measures(publish_id: str, survey: str, year: int, language: Language) -> list[Measure]:
    """What units can be compared by that year: the indicators first, then the items as they were asked."""
    asked = {"survey": survey, "year": year}
    rows = [
        *_rows(publish_id, queries.in_language(queries.INDICATORS, language), **asked),
        *_rows(publish_id, queries.in_language(queries.ITEMS, language), **asked),
    ]
    return [Measure(**{**row, "kinds": tuple(row["kinds"])}) for row in rows]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def figures(
    publish_id: str, survey: str, year: int, measure: str, form: str, kind: str, language: Language
) -> list[Figure]:
    """The values of a measure that year: of every unit of the kind, of the regions they are in, of the country.

    Items have no declared national figure: for them regions and country are the median of the units that answered,
    or the share of them for each option, in per cent.
    """
    source, _, name = measure.partition(":")
    sql = queries.INDICATOR_FIGURES if source == "indicator" else queries.ITEM_FIGURES[form]
    rows = _rows(publish_id, queries.in_language(sql, language), survey=survey, year=year, measure=name, unit_kind=kind)
    return [Figure(**row) for row in rows]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def years_with_figures(publish_id: str, survey: str) -> list[int]:
    """The years in which somebody has answered, earliest first."""
    return [row["year"] for row in _rows(publish_id, queries.ANSWERED_YEARS, survey=survey)]


@st.cache_data(max_entries=REMEMBERED, show_spinner=False)
def years_of_measure(publish_id: str, survey: str, measure: str, language: Language) -> list[YearOfMeasure]:
    """The years that have the measure, earliest first, and where the line breaks."""
    source, _, name = measure.partition(":")
    sql = queries.INDICATOR_YEARS if source == "indicator" else queries.ITEM_YEARS
    rows = _rows(publish_id, queries.in_language(sql, language), survey=survey, measure=name)
    return [YearOfMeasure(row["year"], row["comparable"], tuple(row["notes"] or ())) for row in rows]


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
def received(publish_id: str, language: Language, limit: int) -> list[Received]:
    """The newest responses."""
    return [Received(**row) for row in _rows(publish_id, queries.in_language(queries.RECEIVED, language), limit=limit)]
