"""The part of the quality page about what could not be accepted: how much, why, which, and what now."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from dashboards import address, data, format
from dashboards.page import Page
from dashboards.records import ParkedEvent
from dashboards.tables import Cell, Column, sentence, table
from surveys.dead_letters import MENDER_NAMES, REASONS, mendable_by

FIRST = 60  # what a reader takes in; the rest is one press away


def show_parked(page: Page, survey: str, year: str) -> None:
    """The inbox of what waits: of a survey and a year, or of all when they are empty."""
    words = page.words
    st.header(words("parked_title"), anchor=False)
    waiting = [each for each in data.parked_events(page.publish_id) if _is_about(each, survey, year)]
    if not waiting:
        st.markdown(words("parked_none"))
        return
    st.markdown(words("parked_lead"))
    st.html(_by_reason(page, waiting))
    mine = sum(mendable_by(each.code) == "respondent" for each in waiting)
    reasons = len({each.code for each in waiting})
    count = format.whole(len(waiting), page.language)
    st.html(sentence(words("parked_say_shown", n=count, reasons=reasons, respondent=mine)))
    code = address.choose(
        "skal",
        words("reason"),
        ["", *sorted({each.code for each in waiting})],
        "",
        lambda code: _title(page, code) if code else words("all_reasons"),
        scope=f"{survey}/{year}",
    )
    _each(page, [each for each in waiting if code in ("", each.code)])
    st.markdown(words("parked_replay"))
    st.code(_command(survey, year, code), language=None)


def _is_about(event: ParkedEvent, survey: str, year: str) -> bool:
    return survey in ("", event.survey) and year in ("", str(event.year))


def _by_reason(page: Page, waiting: Sequence[ParkedEvent]) -> str:
    words = page.words
    heads = ("reason", "mapping", "year", "count", "mended_by", "what_now")
    columns = [Column(words(name), name in ("year", "count")) for name in heads]
    found = Counter((each.code, each.survey, each.year) for each in waiting)
    order = sorted(found.items(), key=lambda one: (-one[1], one[0][0], one[0][1] or "", one[0][2] or 0))
    rows: list[list[Cell]] = [
        [
            _title(page, code),
            _mapping(page, survey),
            str(year or ""),
            format.whole(count, page.language),
            MENDER_NAMES[mendable_by(code)].in_language(page.language),
            REASONS[code].now.in_language(page.language) if code in REASONS else "",
        ]
        for (code, survey, year), count in order
    ]
    return table(words("parked_by_reason"), columns, rows, tall=len(rows) > 15)


def _each(page: Page, shown: Sequence[ParkedEvent]) -> None:
    words = page.words
    is_all = len(shown) <= FIRST or st.checkbox(words("show_all", n=format.whole(len(shown), page.language)))
    heads = ("letter", "mapping", "year", "unit", "reason", "rule", "arrived")
    rows: list[list[Cell]] = [
        [
            each.letter,
            _mapping(page, each.survey),
            str(each.year or ""),
            each.unit or "",
            _title(page, each.code),
            each.rule or "",
            format.moment(each.arrived_at, page.language),
        ]
        for each in (shown if is_all else shown[:FIRST])
    ]
    columns = [Column(words(name), name == "year") for name in heads]
    st.html(table(words("parked_title"), columns, rows, tall=len(rows) > 15))


def _title(page: Page, code: str) -> str:
    """The reason in words; a code of a newer version as it is."""
    return REASONS[code].title.in_language(page.language) if code in REASONS else code


def _mapping(page: Page, survey: str | None) -> str:
    titles = {each.survey: each.title for each in page.surveys()}
    return titles.get(survey or "", page.words("unknown_survey"))


def _command(survey: str, year: str, code: str) -> str:
    """What an operator types to replay just what is shown."""
    chosen = [f"--{name} {value}" for name, value in (("survey", survey), ("year", year), ("code", code)) if value]
    return f"lagesbild dead-letters replay {' '.join(chosen or ['--all'])} --dry-run"
