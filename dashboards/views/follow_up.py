"""The follow-up list on the page of data quality: numbers worth a question, with what the respondent has said."""

import streamlit as st

from dashboards import data, format
from dashboards.page import Page
from dashboards.records import FollowedUp
from dashboards.tables import Cell, Column, sentence, table

FEW_DECIMALS = 1
SMALL = 100  # below it a decimal says something


def show_follow_up(page: Page, survey: str, year: str) -> None:
    """The list for a survey ('' for all) and year ('' for all)."""
    words = page.words
    st.header(words("follow_up_title"), anchor=False)
    st.markdown(words("follow_up_lead"))
    every = data.follow_up(page.publish_id, page.language)
    shown = [each for each in every if survey in ("", each.survey) and year in ("", str(each.year))]
    if not shown:
        st.markdown(words("follow_up_none"))
        return
    st.html(sentence(words("follow_up_say", n=len(shown), explained=sum(bool(each.explanation) for each in shown))))
    titles = {each.survey: each.title for each in page.surveys()}
    heads = ("mapping", "year", "unit", "question_asked", "value", "expected_range", "beside", "explanation")
    columns = [Column(words(name), name in ("year", "value")) for name in heads]
    rows: list[list[Cell]] = [[titles[each.survey], str(each.year), *_cells(page, each)] for each in shown]
    st.html(table(words("follow_up_title"), columns, rows, tall=len(rows) > 15))


def _cells(page: Page, each: FollowedUp) -> list[Cell]:
    words = page.words
    question = each.question if each.sex == "T" else f"{each.question} ({words(f'sex_{each.sex}').lower()})"
    expected = f"{_shown(page, each.expected_low)}–{_shown(page, each.expected_high)}"
    beside = f"beside_{each.kind}_per_inhabitant" if each.per_inhabitant else f"beside_{each.kind}"
    return [each.unit, question, _shown(page, each.value), expected, words(beside), each.explanation or ""]


def _shown(page: Page, value: float) -> str:
    is_whole = value >= SMALL or value == int(value)
    return format.number(value, 0 if is_whole else FEW_DECIMALS, page.language)
