"""A button that gives what a page is about as PowerPoint: the same file as the command `report` writes."""

from functools import partial

import streamlit as st

from dashboards import data
from dashboards.page import Page
from dashboards.records import Survey, Unit
from dashboards.report.files import SUFFIX, name_of
from dashboards.texts import Words

POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def offer(page: Page, survey: Survey, unit: Unit | None = None) -> None:
    """The button for a mapping's report, or for that of one unit. Nothing is made until it is pressed."""
    st.download_button(
        page.words("report_download"),
        partial(report, page.publish_id, survey.survey, survey.year, unit.unit_id if unit else None, page.words),
        file_name=name_of(survey, unit) if unit else f"{survey.survey}-{survey.year}{SUFFIX}",
        mime=POWERPOINT,
        key=f"report|{survey.survey}|{survey.year}|{unit.unit_id if unit else ''}",
        on_click="ignore",
    )


def report(publish_id: str, survey: str, year: int, unit: str | None, words: Words) -> bytes:
    """The report as a file of PowerPoint, of the publication that the page shows."""
    # Here, since what draws it takes longer to import than a page to be drawn.
    from dashboards.report.asked import book_of, unit_of
    from dashboards.report.draw import drawn
    from dashboards.report.mapping import mapping_deck
    from dashboards.report.unit import unit_deck

    book = book_of(data.reading(publish_id), survey, year, words)
    fictitious = data.is_demonstration()
    if unit is None:
        return drawn(mapping_deck(book, fictitious))
    return drawn(unit_deck(book, unit_of(book, unit), fictitious))
