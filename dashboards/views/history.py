"""What has been corrected: each value before and after, when and how it came, why, and the figures it revised."""

import streamlit as st

from dashboards import address, data, format
from dashboards.page import Page, choose_region, choose_survey, head
from dashboards.records import Corrected, RevisedFigure
from dashboards.said import sex_name
from dashboards.tables import Column, sentence, table

HEADS = ("received_at", "unit", "history_item", "history_before", "history_after", "mode", "history_why")


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_history"), words("history_lead"))
    survey = choose_survey(page)
    corrected = data.corrected(page.publish_id, survey, page.language)
    years = sorted({str(each.year) for each in corrected}, reverse=True)
    if not years:
        st.html(sentence(words("history_none")))
        return
    year = int(address.choose("ar", words("year"), years, years[0], scope=f"{survey} corrected"))
    region = choose_region(page, "region", words("region"), words("all_regions"))
    shown = [each for each in corrected if each.year == year and region in ("", each.region_code)]
    revised = data.revised_figures(page.publish_id, survey, year, page.language)
    for each in revised:
        st.html(sentence(_revision(page, each)))
    units = len({each.unit for each in shown})
    st.html(sentence(words("history_say", values=len(shown), units=units)))
    st.html(table(words("page_history"), [Column(words(name)) for name in HEADS], [_row(page, each) for each in shown]))
    st.caption(words("history_hidden"))


def _revision(page: Page, each: RevisedFigure) -> str:
    then, now = (format.quantity(v, each.decimals, each.is_percent, page.language) for v in (each.then, each.now))
    day = format.day(each.as_of, page.language)
    return page.words("history_figure", measure=each.measure, period=each.period, then=then, day=day, now=now)


def _row(page: Page, each: Corrected) -> list[str]:
    item = each.item
    if each.row_no is not None:
        item = page.words("history_row", item=item, row=each.row_no)
    if each.sex is not None:
        item = f"{item}, {sex_name(item, each.sex, page.words).lower()}"
    return [
        format.short_moment(each.submitted_at, page.language),
        each.unit,
        item,
        _said(page, each.before_number, each.before_text, each.before_missing),
        _said(page, each.after_number, each.after_text, each.after_missing),
        page.words.known("mode", each.mode),
        each.reason or "",
    ]


def _said(page: Page, number: float | None, text: str | None, missing: str | None) -> str:
    if text is not None:
        return text
    if number is not None:
        return format.number(number, 0 if number.is_integer() else 1, page.language)
    return page.words.known("missing", missing or "")
