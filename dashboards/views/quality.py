"""Data quality: what the audits say, what respondents explained, what is held and what is parked."""

from collections import Counter

import streamlit as st

from dashboards import address, charts, data, format
from dashboards.page import Page, head, warning
from dashboards.records import Expectation
from dashboards.tables import Cell, Column, legend, sentence, table
from dashboards.views.follow_up import show_follow_up
from dashboards.views.parked import show_parked

FIRST = 60  # what a reader takes in; the rest is one press away


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_quality"), words("quality_lead"))
    survey, year = _choose(page)
    shown = [each for each in data.expectations(page.publish_id, page.language) if _is_in(each, survey, year)]
    _audit(page, shown)
    show_follow_up(page, survey, year)
    _explained(page, survey, year)
    st.header(words("held_title"), anchor=False)
    held = [each for each in page.surveys() if each.held_reason and _is_in(each, survey, year)]
    for each in held:
        warning(words("held_say", part=f"{each.title} {each.year}", reason=each.held_reason or ""))
    if not held:
        st.markdown(words("held_none"))
    show_parked(page, survey, year)


def _choose(page: Page) -> tuple[str, str]:
    words = page.words
    titles = {each.survey: each.title for each in page.surveys()}
    first, second = st.columns(2)
    with first:
        survey = address.choose(
            "granska", words("mapping"), ["", *titles], "", lambda name: titles.get(name, words("all_mappings"))
        )
    years = sorted({str(each.year) for each in page.surveys() if survey in ("", each.survey)}, reverse=True)
    with second:
        year = address.choose(
            "granska_ar", words("year"), ["", *years], "", lambda each: each or words("all_years"), scope=survey
        )
    return survey, year


def _is_in(part: object, survey: str, year: str) -> bool:
    of_survey, of_year = getattr(part, "survey", ""), getattr(part, "year", "")
    return survey in ("", of_survey) and year in ("", str(of_year))


def _audit(page: Page, shown: list[Expectation]) -> None:
    words = page.words
    if not shown:
        st.markdown(words("audit_none"))
        return
    failed = [each for each in shown if not each.success]
    by_severity = Counter(each.severity for each in failed)
    st.header(words("audit_chart"), anchor=False)
    st.html(legend(charts.category_key([words("holds"), words("fails")])))
    st.altair_chart(_outcome_chart(page, shown), theme=None)
    st.html(
        sentence(
            words(
                "audit_say",
                passed=format.whole(len(shown) - len(failed), page.language),
                of=format.whole(len(shown), page.language),
                critical=by_severity["critical"],
                warning=by_severity["warning"],
            )
        )
    )
    st.caption(words("checked_at", moment=format.moment(max(each.checked_at for each in shown), page.language)))
    st.header(words("audit_failed"), anchor=False)
    if failed:
        st.html(_expectations(page, words("audit_failed"), failed))
    else:
        st.markdown(words("audit_all_hold"))
    passed = [each for each in shown if each.success]
    with st.expander(f"{words('audit_passed')} ({format.whole(len(passed), page.language)})"):
        is_all = len(passed) <= FIRST or st.checkbox(words("show_all", n=format.whole(len(passed), page.language)))
        st.html(_expectations(page, words("audit_passed"), passed if is_all else passed[:FIRST]))


def _outcome_chart(page: Page, shown: list[Expectation]) -> "charts.Drawn":
    titles = {(each.survey, each.year): f"{each.title} {each.year}" for each in page.surveys()}
    total = Counter((each.survey, each.year) for each in shown)
    held = Counter((each.survey, each.year) for each in shown if each.success)
    parts = []
    for part in sorted(total):
        for label, count in ((page.words("holds"), held[part]), (page.words("fails"), total[part] - held[part])):
            share = 100 * count / total[part]
            parts.append(charts.Part(titles[part], label, share, format.whole(count, page.language)))
    return charts.shares(parts, [page.words("holds"), page.words("fails")])


def _expectations(page: Page, caption: str, shown: list[Expectation]) -> str:
    words = page.words
    titles = {each.survey: each.title for each in page.surveys()}
    heads = ("mapping", "year", "expectation", "reason_why", "severity", "observed", "deviating", "since")
    columns = [Column(words(name), name in ("year", "deviating")) for name in heads]
    rows: list[list[Cell]] = [
        [
            titles[each.survey],
            str(each.year),
            each.title,
            each.reason or "",
            words(f"severity_{each.severity}"),
            each.observed or "",
            "" if each.unexpected is None else words("n_of", answered=each.unexpected, expected=each.elements),
            "" if each.changed_at is None else format.short_moment(each.changed_at, page.language),
        ]
        for each in shown
    ]
    return table(caption, columns, rows, tall=len(rows) > 15)


def _explained(page: Page, survey: str, year: str) -> None:
    words = page.words
    st.header(words("explained_title"), anchor=False)
    shown = [each for each in data.explained(page.publish_id, page.language) if _is_in(each, survey, year)]
    if not shown:
        st.markdown(words("explained_none"))
        return
    st.html(sentence(words("explained_say", n=len(shown), explained=sum(bool(each.explanation) for each in shown))))
    titles = {each.survey: each.title for each in page.surveys()}
    columns = [Column(words(name), name == "year") for name in ("mapping", "year", "unit", "rule", "explanation")]
    rows: list[list[Cell]] = [
        [titles[each.survey], str(each.year), each.unit, each.rule, each.explanation or ""] for each in shown
    ]
    st.html(table(words("explained_title"), columns, rows, tall=len(rows) > 15))
