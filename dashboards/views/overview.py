"""Overview: what is being collected, how many have answered, how fresh the figures are, what waits."""

from html import escape

import streamlit as st

from dashboards import charts, data, format
from dashboards.page import Page, head, warning
from dashboards.records import Survey
from dashboards.tables import Column, sentence, table

RUNNING = ("open", "paused", "not_yet_open")
NEWEST = 12


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_overview"), words("overview_lead"))
    st.header(words("rounds"), anchor=False)
    running = [each for each in page.surveys() if each.state in RUNNING]
    if running:
        st.html(f'<div class="lb-cards">{"".join(_card(page, each) for each in running)}</div>')
    else:
        st.markdown(words("no_rounds"))
    st.header(words("response_rates"), anchor=False)
    _rates(page)
    st.header(words("waiting"), anchor=False)
    _waiting(page)
    st.header(words("latest_responses"), anchor=False)
    st.html(_latest(page))
    with st.expander(words("reading_title")):
        st.markdown("\n".join(f"- {words(f'reading_{number}')}" for number in range(1, 7)))


def _card(page: Page, survey: Survey) -> str:
    words = page.words
    rate = 100 * survey.answered / survey.expected if survey.expected else 0
    when = _when(page, survey)
    in_time = words("in_time_and_late", in_time=survey.answered - survey.late, late=survey.late)
    counted = words("n_of", answered=survey.answered, expected=survey.expected)
    return (
        f'<div class="lb-card"><span class="lb-state {survey.state}">{escape(words(f"state_{survey.state}"))}</span>'
        f"<b>{escape(survey.title)} {survey.year}</b><small>{escape(when)}</small>"
        f'<p class="big">{escape(counted)}</p><div class="lb-progress"><i style="width:{rate:.0f}%"></i></div>'
        f"<small>{escape(in_time)}</small></div>"
    )


def _when(page: Page, survey: Survey) -> str:
    if survey.state == "not_yet_open" and survey.opens_at:
        return page.words("opens", day=format.day(survey.opens_at, page.language))
    if survey.due_at:
        return page.words("due", day=format.last_day(survey.due_at, page.language))
    return ""


def _rates(page: Page) -> None:
    words, language = page.words, page.language
    asked = [each for each in page.surveys() if each.expected]
    newest = {each.survey: each for each in asked if each.status == "published"}
    shown = sorted(newest.values(), key=_rate, reverse=True)
    if shown:
        rows = [
            charts.Bar(f"{each.title} {each.year}", _rate(each), _percent(each, language), "plain") for each in shown
        ]
        st.altair_chart(charts.bars(rows, None, ""), theme=None)
        st.html(sentence(_rates_sentence(page, shown)))
    columns = [
        Column(words("mapping")),
        Column(words("year"), True),
        Column(words("answered"), True),
        Column(words("asked"), True),
        Column(words("rate"), True),
        Column(words("late"), True),
        Column(words("round_state")),
    ]
    body = [
        [
            each.title,
            str(each.year),
            format.whole(each.answered, language),
            format.whole(each.expected, language),
            _percent(each, language),
            format.whole(each.late, language),
            words(f"state_{each.state}") if each.state else "",
        ]
        for each in sorted(asked, key=lambda each: (-each.year, each.title))
    ]
    st.html(table(words("response_rates"), columns, body, tall=True))


def _rates_sentence(page: Page, shown: list[Survey]) -> str:
    highest, lowest = shown[0], shown[-1]
    return page.words(
        "rates_say" if len(shown) > 1 else "rates_say_one",
        highest=f"{highest.title} {highest.year}",
        highest_rate=_percent(highest, page.language),
        lowest=f"{lowest.title} {lowest.year}",
        lowest_rate=_percent(lowest, page.language),
    )


def _rate(survey: Survey) -> float:
    return 100 * survey.answered / survey.expected


def _percent(survey: Survey, language: str) -> str:
    return format.quantity(_rate(survey), 0, True, "en" if language == "en" else "sv")


def _waiting(page: Page) -> None:
    words = page.words
    held = [each for each in page.surveys() if each.held_reason]
    parked = sum(each.n for each in data.parked(page.publish_id))
    for each in held:
        warning(words("held_say", part=f"{each.title} {each.year}", reason=each.held_reason or ""))
    if parked:
        warning(words("parked_say" if parked > 1 else "parked_say_one", n=parked).replace("`", ""))
    if not held and not parked:
        st.markdown(words("waiting_none"))


def _latest(page: Page) -> str:
    words = page.words
    columns = [Column(words(name)) for name in ("received_at", "unit", "mapping", "mode", "what")]
    body = [
        [
            format.short_moment(each.submitted_at, page.language),
            each.unit,
            f"{each.title} {each.year}",
            words.known("mode", each.mode),
            words("corrected" if each.revision > 1 else "first_time"),
        ]
        for each in data.received(page.publish_id, page.language, NEWEST)
    ]
    return table(words("latest_responses"), columns, body)
