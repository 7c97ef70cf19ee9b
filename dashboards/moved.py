"""How the country's figure has moved while a round is open: a small chart, a sentence and a table."""

from datetime import datetime, timedelta

import streamlit as st

from dashboards import charts, data, format
from dashboards.page import Page
from dashboards.ranking import UNFINISHED
from dashboards.records import Language, Measure, Moved, Survey
from dashboards.said import amount
from dashboards.tables import Cell, Column, remark, sentence, table


def movement(page: Page, survey: Survey, measure: Measure, kind: str) -> None:
    """Draws it for an indicator of a running round; nothing else moves, and a past moment shows how it stood."""
    if survey.state not in UNFINISHED or not measure.is_indicator or measure.form != "number":
        return
    if page.publish_id.startswith(data.PAST):
        return
    moves = data.movement(page.publish_id, survey.survey, survey.year, measure.name, kind)
    st.subheader(f"{page.words('moved_title')}, {survey.year}", anchor=False)
    if not moves:
        st.html(remark(page.words("moved_not")))
        return
    steps = [_step(page, measure, each) for each in moves if each.value is not None]
    if len(steps) > 1:
        until = data.publication(page.publish_id).published_at
        clock = _clock(until - moves[0].published_at, page.language)
        st.altair_chart(charts.steps(steps, _local(until), clock, page.language), theme=None)
    st.html(sentence(_say(page, measure, moves)))
    st.html(_table(page, measure, moves))


def _step(page: Page, measure: Measure, each: Moved) -> charts.Step:
    value = each.value or 0
    return charts.Step(_local(each.published_at), value, amount(value, measure, page.words), _covered(page, each))


def _clock(span: timedelta, language: Language) -> str:
    """Day and month; the time of day where that tells no two moments apart."""
    swedish = language == "sv"
    if span > timedelta(days=4):
        return "%-d/%-m" if swedish else "%-d %b"
    if span > timedelta(hours=1):
        return "%-d/%-m %H.%M" if swedish else "%-d %b %H:%M"
    return "%H.%M.%S" if swedish else "%H:%M:%S"


def _local(at: datetime) -> str:
    """Without a zone: the chart shows it as it stands, wherever the reader is."""
    return at.astimezone(format.STOCKHOLM).replace(tzinfo=None).isoformat()


def _say(page: Page, measure: Measure, moves: list[Moved]) -> str:
    known = [each for each in moves if each.value is not None]
    first, last = (known or moves)[0], moves[-1]
    if first is last:
        moment = format.moment(last.published_at, page.language)
        return page.words(
            "moved_say_one", value=_written(page, measure, last), covered=_covered(page, last), moment=moment
        )
    return page.words(
        "moved_say",
        before=_written(page, measure, first),
        covered_before=_covered(page, first),
        after=_written(page, measure, last),
        covered=_covered(page, last),
        n=len(moves) - 1 - moves.index(first),
        day=format.day(first.published_at, page.language),
    )


def _covered(page: Page, each: Moved) -> str:
    return page.words("n_of", answered=each.answered, expected=each.expected)


def _written(page: Page, measure: Measure, each: Moved) -> str:
    return format.SIGNS[each.missing or "off_path"] if each.value is None else amount(each.value, measure, page.words)


def _table(page: Page, measure: Measure, moves: list[Moved]) -> str:
    words = page.words
    columns = [
        Column(words("moved_from")),
        Column(f"{words('country')}, {measure.unit}", True),
        Column(words("coverage"), True),
    ]
    rows: list[list[Cell]] = [
        [
            format.short_moment(each.published_at, page.language),
            _written(page, measure, each),
            _covered(page, each),
        ]
        for each in reversed(moves)
    ]
    return table(words("moved_title"), columns, rows, tall=len(rows) > 12)
