"""How figures are written and chosen on more than one page: amounts, reasons, coverage, definition and source."""

from collections.abc import Sequence

import streamlit as st

from dashboards import address, data, format, metrics
from dashboards.page import Page
from dashboards.records import Figure, Measure, Place, Survey
from dashboards.tables import Cell, facts, linked

CHILDREN = "bup_"  # child psychiatry's figures are of girls and boys


def amount(value: float, measure: Measure, page: Page) -> str:
    """The value as the measure is written: decimals, per cent sign."""
    return format.quantity(value, measure.decimals, measure.is_percent, page.language)


def written(figure: Figure, measure: Measure, page: Page, yes_or_no: bool = False) -> str:
    """The figure's value; its sign when it is missing; yes or no where there is nothing between."""
    if figure.value is None:
        return reason_of(page, figure, sign_only=True)
    if yes_or_no:
        return page.words("yes" if metrics.is_yes(figure) else "no")
    return amount(figure.value, measure, page)


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


def reason_of(page: Page, figure: Figure, sign_only: bool = False) -> str:
    """Why a value is missing, in words, or as its sign."""
    reason = figure.missing or "item_nonresponse"
    return format.SIGNS[reason] if sign_only else page.words(f"missing_{reason}")


def coverage_sentence(page: Page, shown: Sequence[Figure], kind: str) -> str:
    """How many of those shown have a value."""
    units = {each.unit_id for each in shown}
    known = {each.unit_id for each in shown if each.value is not None}
    return page.words("coverage_say", answered=len(known), expected=len(units), units=units_of(page, shown, kind))


def units_of(page: Page, shown: Sequence[Figure], kind: str) -> str:
    """What those shown are, in the plural: regions also where kommuner or clinics of theirs have answered."""
    level = {each.level for each in shown}
    return page.words("units_region" if level == {"region"} else f"units_{kind}")


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
    names = {sex: sex_name(page, measure.name, sex) for sex in ("T", "K", "M")}
    return address.choose("kon", page.words("sex"), list(names), "T", lambda sex: names[sex], "buttons")


def sex_name(page: Page, measure: str, sex: str) -> str:
    """Totalt, Kvinnor, Män; of children Flickor, Pojkar."""
    if sex != "T" and measure.startswith(CHILDREN):
        return page.words(f"sex_{sex}_children")
    return page.words(f"sex_{sex}")


def facts_of(page: Page, survey: Survey, measure: Measure, kind: str) -> None:
    """Definition, base, source, period and as-of of what is shown."""
    words = page.words
    base = measure.base or words("item_base", units=words(f"units_{kind}"))
    as_of = format.moment(data.publication(page.publish_id).as_of, page.language)
    st.html(
        facts(
            [
                (words("definition"), measure.definition),
                (words("base"), base),
                (words("counted_in"), measure.unit),
                (words("reference_period"), survey.reference_period),
                (words("source"), measure.source),
                (words("as_of"), as_of),
            ]
        )
    )


def series(figures_by_year: dict[int, list[Figure]], unit: str, level: str) -> list[tuple[int, float]]:
    """The years and values of one unit, earliest first, without those that are missing."""
    found = []
    for year, figures in sorted(figures_by_year.items()):
        value = next((each.value for each in metrics.at_level(figures, level) if each.unit_id == unit), None)
        if value is not None:
            found.append((year, value))
    return found


def _named(page: Page, measure: Measure) -> str:
    group = page.words("indicator_group") if measure.is_indicator else measure.group
    return f"{group}: {measure.label}" if group else measure.label
