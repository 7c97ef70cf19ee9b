"""One region's profile: every indicator of every mapping with value, country, place, the year before and coverage."""

from html import escape

import streamlit as st

from dashboards import data
from dashboards.download import offer
from dashboards.page import Page, choose_region, head, remarks
from dashboards.profiles import Line, can_be_compared, line_of, names_its_unit, place_among, say_before, say_profile
from dashboards.records import Figure, Measure, Survey, Unit
from dashboards.said import written
from dashboards.shown import place_of, traced
from dashboards.tables import Cell, Column, Markup, facts, sentence, spread, table


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_profile"), words("profile_lead"))
    region = choose_region(page, "region", words("region"))
    unit = next(each for each in data.regions(page.publish_id) if each.unit_id == region)
    st.header(unit.name, anchor=False)
    newest = {each.survey: each for each in page.surveys() if each.answered and each.status == "published"}
    for survey in newest.values():
        _mapping(page, survey, unit)
    st.caption(words("spread_key"))


def _mapping(page: Page, survey: Survey, unit: Unit) -> None:
    region, name = unit.unit_id, unit.name
    st.subheader(f"{survey.title} {survey.year}", anchor=False)
    remarks(page, survey)
    lines = [
        _line(page, survey, measure, region)
        for measure in data.measures(page.publish_id, survey.survey, survey.year, page.language)
        if measure.is_indicator and measure.form == "number"
    ]
    st.html(sentence(say_profile(name, lines, page.words)))
    words = page.words
    heads = [
        words("measure"),
        name,
        words("country"),
        words("place"),
        words("before"),
        words("coverage"),
        words("spread"),
    ]
    columns = [Column(head, 0 < at < 6) for at, head in enumerate(heads)]
    st.html(table(f"{survey.title} {survey.year}", columns, [_row(page, survey, line, name) for line in lines]))
    offer(page, survey, unit)
    with st.expander(words("definitions")):
        st.html(facts([(line.measure.label, line.measure.definition) for line in lines]))
        st.html(facts([(words("source"), source) for source in dict.fromkeys(line.measure.source for line in lines)]))


def _line(page: Page, survey: Survey, measure: Measure, region: str) -> Line:
    kind = measure.kinds[0]

    def figures_in(year: int) -> list[Figure]:
        return data.figures(page.publish_id, survey.survey, year, measure.id, measure.form, kind, page.language)

    years = data.years_of_measure(page.publish_id, survey.survey, measure.id, page.language)
    return line_of(measure, survey.year, region, data.region_level(kind), years, figures_in)


def _row(page: Page, survey: Survey, line: Line, name: str) -> list[Cell]:
    own, measure = line.own, line.measure
    if own is None:
        return [measure.label, "", "", "", "", "", ""]
    responded = data.responded(page.publish_id, survey.survey, survey.year, measure.kinds[0])
    yes_or_no, where = line.is_yes_or_no, place_among(line, survey, responded, page.words)
    return [
        _named(measure),
        _linked(page, survey, measure, own, yes_or_no),
        _linked(page, survey, measure, line.country) if line.country else "",
        where,
        say_before(line, page.words),
        page.words("n_of", answered=own.answered, expected=own.expected),
        Markup("") if yes_or_no else _spread(line, name, where),
    ]


def _linked(page: Page, survey: Survey, measure: Measure, figure: Figure, yes_or_no: bool = False) -> Cell:
    place = place_of(survey.survey, survey.year, measure, measure.kinds[0], figure)
    return traced(page, place, written(figure, measure, page.words, yes_or_no))


def _named(measure: Measure) -> Cell:
    """The label, and under it what it counts in where the label does not say so."""
    if names_its_unit(measure):
        return measure.label
    return Markup(f"{escape(measure.label)}<small>{escape(measure.unit)}</small>")


def _spread(line: Line, name: str, where: str) -> Cell:
    values = [each.value for each in line.peers if each.value is not None]
    if line.own is None or line.own.value is None or not values:
        return Markup("")
    country = line.country.value if can_be_compared(line) and line.country else None
    return spread(min(values), max(values), line.own.value, country, f"{name}: {where}")
