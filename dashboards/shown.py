"""How figures are chosen and explained on more than one page."""

from collections.abc import Sequence

import streamlit as st

from dashboards import address, data
from dashboards.page import Page
from dashboards.records import Figure, Measure, Place, Survey
from dashboards.said import facts_about, sex_name
from dashboards.tables import Cell, facts, linked


def traced(page: Page, place: Place, shown: str) -> Cell:
    """What is shown of a figure, as a link to where it comes from."""
    where = address.link(
        "harkomst",
        kartlaggning=place.survey,
        ar=str(place.year),
        matt=place.measure,
        slag=place.unit_kind,
        enhet=place.unit,
        kon=place.sex,
        svar=place.category,
    )
    return linked(shown, where, page.words("trace_link")) if shown else ""


def place_of(survey: str, year: int, measure: Measure, kind: str, figure: Figure) -> Place:
    """The place of a figure that is shown. A question's categories come from the same answers."""
    category = figure.category if measure.is_indicator else ""
    return Place(survey, year, measure.id, kind, figure.level, figure.unit_id, figure.sex, category)


def choose_kind(page: Page, measure: Measure) -> str:
    """The kind of unit that the reader chooses; the only one where there is no other."""
    if len(measure.kinds) == 1:
        address.forget("slag")
        return measure.kinds[0]
    names = {kind: page.words(f"kind_{kind}") for kind in measure.kinds}
    return address.choose(
        "slag", page.words("kind"), measure.kinds, measure.kinds[0], lambda kind: names[kind], "buttons", measure.id
    )


def choose_measure(page: Page, survey: Survey, measures: Sequence[Measure]) -> Measure:
    """The indicator or question that the reader chooses."""
    by_id = {each.id: each for each in measures}
    scope = f"{survey.survey}{survey.year}"
    chosen = address.choose(
        "matt",
        page.words("measure"),
        list(by_id),
        next(iter(by_id)),
        lambda each: _named(page, by_id[each]),
        scope=scope,
    )
    return by_id[chosen]


def choose_sex(page: Page, measure: Measure) -> str:
    """T, K or M; T where the measure is not split."""
    if not measure.by_sex:
        address.forget("kon")
        return "T"
    names = {sex: sex_name(measure.name, sex, page.words) for sex in ("T", "K", "M")}
    return address.choose("kon", page.words("sex"), list(names), "T", lambda sex: names[sex], "buttons")


def facts_of(page: Page, survey: Survey, measure: Measure, kind: str) -> None:
    """Definition, base, source, period and as-of of what is shown."""
    as_of = data.publication(page.publish_id).as_of
    st.html(facts(facts_about(survey, measure, kind, as_of, page.words)))


def _named(page: Page, measure: Measure) -> str:
    group = page.words("indicator_group") if measure.is_indicator else measure.group
    return f"{group}: {measure.label}" if group else measure.label
