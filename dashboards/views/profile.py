"""One region's profile: every indicator of every mapping with value, country, place, the year before and coverage."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from dashboards import data, format, metrics
from dashboards.page import Page, choose_region, head, remarks
from dashboards.ranking_shown import place_text, ranks_of
from dashboards.records import Figure, Measure, Survey
from dashboards.shown import place_of, traced, written
from dashboards.tables import Cell, Column, Markup, facts, sentence, spread, table


@dataclass(frozen=True, slots=True)
class _Line:
    """One indicator of the profile: the region's figure, the country's, those of its level, and the year before."""

    measure: Measure
    own: Figure | None
    country: Figure | None
    peers: list[Figure]
    before: Figure | None
    before_year: int
    is_comparable: bool


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_profile"), words("profile_lead"))
    region = choose_region(page, "region", words("region"))
    name = next(each.name for each in data.regions(page.publish_id) if each.unit_id == region)
    st.header(name, anchor=False)
    newest = {each.survey: each for each in page.surveys() if each.answered and each.status == "published"}
    for survey in newest.values():
        _mapping(page, survey, region, name)
    st.caption(words("spread_key"))


def _mapping(page: Page, survey: Survey, region: str, name: str) -> None:
    st.subheader(f"{survey.title} {survey.year}", anchor=False)
    remarks(page, survey)
    lines = [
        _line(page, survey, measure, region)
        for measure in data.measures(page.publish_id, survey.survey, survey.year, page.language)
        if measure.is_indicator and measure.form == "number"
    ]
    st.html(sentence(_say(page, name, lines)))
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
    with st.expander(words("definitions")):
        st.html(facts([(line.measure.label, line.measure.definition) for line in lines]))
        st.html(facts([(words("source"), source) for source in dict.fromkeys(line.measure.source for line in lines)]))


def _line(page: Page, survey: Survey, measure: Measure, region: str) -> _Line:
    kind = measure.kinds[0]
    level = data.region_level(kind)
    figures = _figures(page, survey.survey, survey.year, measure, kind)
    years = data.years_of_measure(page.publish_id, survey.survey, measure.id, page.language)
    earlier = [each.year for each in years if each.year < survey.year]
    before = _figures(page, survey.survey, earlier[-1], measure, kind) if earlier else []
    this_year = next((each for each in years if each.year == survey.year), None)
    peers = metrics.at_level(figures, level)
    return _Line(
        measure,
        _of_unit(peers, region),
        metrics.country(figures),
        peers,
        _of_unit(metrics.at_level(before, level), region),
        earlier[-1] if earlier else 0,
        this_year is not None and this_year.comparable,
    )


def _figures(page: Page, survey: str, year: int, measure: Measure, kind: str) -> list[Figure]:
    found = data.figures(page.publish_id, survey, year, measure.id, measure.form, kind, page.language)
    return metrics.of_sex(found, "T")


def _of_unit(figures: list[Figure], unit: str) -> Figure | None:
    return next((each for each in figures if each.unit_id == unit), None)


def _can_be_compared(line: _Line) -> bool:
    """With the country: both have a value, and the country's is not a sum of the regions'."""
    known = line.own is not None and line.own.value is not None
    return (
        known and line.country is not None and line.country.value is not None and line.country.denominator is not None
    )


def _say(page: Page, name: str, lines: list[_Line]) -> str:
    compared = [line for line in lines if _can_be_compared(line)]
    above = sum(_value(line.own) > _value(line.country) for line in compared)
    if not compared:
        return page.words("profile_say_none", name=name)
    return page.words("profile_say", name=name, above=above, of=len(compared))


def _value(figure: Figure | None) -> float:
    return figure.value if figure is not None and figure.value is not None else 0.0


def _row(page: Page, survey: Survey, line: _Line, name: str) -> list[Cell]:
    own, measure = line.own, line.measure
    if own is None:
        return [measure.label, "", "", "", "", "", ""]
    yes_or_no = metrics.is_yes_or_no(line.peers)
    places = ranks_of(page, survey, measure, measure.kinds[0], line.peers)
    where = place_text(page, places.get(own.unit_id))
    return [
        _named(measure),
        _linked(page, survey, measure, own, yes_or_no),
        _linked(page, survey, measure, line.country) if line.country else "",
        where,
        _before(page, line, yes_or_no),
        page.words("n_of", answered=own.answered, expected=own.expected),
        Markup("") if yes_or_no else _spread(line, name, where),
    ]


def _linked(page: Page, survey: Survey, measure: Measure, figure: Figure, yes_or_no: bool = False) -> Cell:
    place = place_of(survey.survey, survey.year, measure, measure.kinds[0], figure)
    return traced(page, place, written(figure, measure, page, yes_or_no))


def _named(measure: Measure) -> Cell:
    """The label, and under it what it counts in where the label does not say so."""
    label, unit = escape(measure.label), measure.unit
    if measure.is_percent or unit.casefold() in measure.label.casefold():
        return measure.label
    return Markup(f"{label}<small>{escape(unit)}</small>")


def _before(page: Page, line: _Line, yes_or_no: bool) -> str:
    """The figure of the nearest earlier year, which year that is, and the change since."""
    if line.before is None or line.before.value is None:
        return ""
    shown = f"{line.before_year}: {_written_before(page, line, yes_or_no)}"
    if yes_or_no:
        return shown
    if not line.is_comparable:
        return f"{shown} ({page.words('not_comparable')})"
    if line.own is None or line.own.value is None:
        return shown
    difference = line.own.value - (line.before.value or 0)
    changed = format.change(difference, line.measure.decimals, line.measure.is_percent, page.language)
    return f"{shown} ({changed})"


def _written_before(page: Page, line: _Line, yes_or_no: bool) -> str:
    return written(line.before, line.measure, page, yes_or_no) if line.before else ""


def _spread(line: _Line, name: str, where: str) -> Cell:
    values = [each.value for each in line.peers if each.value is not None]
    if line.own is None or line.own.value is None or not values:
        return Markup("")
    country = line.country.value if _can_be_compared(line) and line.country else None
    return spread(min(values), max(values), line.own.value, country, f"{name}: {where}")
