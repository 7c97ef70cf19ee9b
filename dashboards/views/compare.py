"""Compare regions: one measure or question at a time, sorted, with the country beside and a table under."""

import streamlit as st

from dashboards import charts, data, metrics
from dashboards.download import offer
from dashboards.moved import movement
from dashboards.page import Page, choose_region, choose_survey, choose_year, head, remarks, warning
from dashboards.ranking import Rank
from dashboards.ranking_shown import (
    place_cell,
    place_head,
    ranking_warning,
    ranks_of,
    shared_note,
)
from dashboards.records import Figure, Measure, Survey
from dashboards.said import (
    amount,
    reason_of,
    reference_label,
    say_choices,
    say_numbers,
    say_yes_and_no,
    sex_name,
    written,
)
from dashboards.shown import choose_kind, choose_measure, choose_sex, facts_of, place_of, traced
from dashboards.tables import Cell, Column, legend, remark, sentence, table


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_compare"), words("compare_lead"))
    first, second, third = st.columns([3, 1, 1], vertical_alignment="bottom")
    with first:
        name = choose_survey(page)
    with second:
        survey = choose_year(page, name)
    with third:
        offer(page, survey)
    measure = choose_measure(page, survey, data.measures(page.publish_id, name, survey.year, page.language))
    kind = choose_kind(page, measure)
    sex, region, inside = _choose_details(page, measure, kind)
    remarks(page, survey)
    figures = data.figures(page.publish_id, name, survey.year, measure.id, measure.form, kind, page.language)
    level = "unit" if inside or measure.form == "text" else data.region_level(kind)
    shown = metrics.at_level(metrics.of_sex(figures, sex), level, inside or None)
    title = words("bars_title", measure=measure.label, year=survey.year)
    st.header(f"{title} · {sex_name(measure.name, sex, page.words)}" if measure.by_sex else title, anchor=False)
    draw = {"number": _numbers, "choice": _choices, "text": _texts}[measure.form]
    draw(page, survey, measure, shown, metrics.of_sex(figures, sex), region, kind, title)
    if sex == "T":
        movement(page, survey, measure, kind)
    facts_of(page, survey, measure, kind)


def _choose_details(page: Page, measure: Measure, kind: str) -> tuple[str, str, str]:
    columns = st.columns(3)
    with columns[0]:
        region = choose_region(page, "region", page.words("mark_region"), page.words("no_region"))
    inside = ""
    if kind != "region":
        with columns[1]:
            inside = choose_region(page, "inom", page.words("inside_region"), page.words("all_regions"))
    with columns[2]:
        sex = choose_sex(page, measure)
    return sex, region, inside


def _numbers(
    page: Page,
    survey: Survey,
    measure: Measure,
    shown: list[Figure],
    figures: list[Figure],
    region: str,
    kind: str,
    title: str,
) -> None:
    ranked = metrics.ranked(shown, measure.direction, measure.decimals)
    responded = data.responded(page.publish_id, survey.survey, survey.year, kind)
    places = ranks_of(survey, measure, ranked, responded)
    if beware := ranking_warning(survey, kind, ranked, places, responded, page.words):
        warning(beware)
    present = [each for each in ranked if each.value is not None]
    reference = metrics.reference(measure, figures, shown)
    if not present or reference is None:
        st.markdown(page.words("nobody"))
    elif metrics.is_yes_or_no(shown):
        st.altair_chart(_yes_and_no(page, present, region), theme=None)
        st.html(sentence(say_yes_and_no(measure, present, shown, figures, kind, page.words)))
    else:
        label = reference_label(reference, measure, page.words)
        bars = [
            charts.Bar(
                each.name,
                each.value or 0,
                amount(each.value or 0, measure, page.words),
                "marked" if each.region_code == region else metrics.tone(each, reference, measure.direction),
            )
            for each in present
        ]
        if any(bar.tone in ("better", "worse") for bar in bars):
            st.html(legend([(charts.TONES[tone], page.words(f"tone_{tone}")) for tone in ("better", "worse")]))
        st.altair_chart(charts.bars(bars, reference.value, label), theme=None)
        st.html(sentence(say_numbers(measure, present, shown, figures, region, kind, places, page.words)))
    st.html(_table(page, survey, measure, ranked, figures, region, kind, title, places))


def _yes_and_no(page: Page, present: list[Figure], region: str) -> "charts.Drawn":
    """All or nothing: a full bar for yes, an empty one for no."""
    bars = [
        charts.Bar(
            each.name,
            float(metrics.is_yes(each)),
            page.words("yes" if metrics.is_yes(each) else "no"),
            "marked" if each.unit_id == region else "plain",
        )
        for each in present
    ]
    return charts.bars(bars, None, "")


def _table(
    page: Page,
    survey: Survey,
    measure: Measure,
    ranked: list[Figure],
    figures: list[Figure],
    region: str,
    kind: str,
    title: str,
    places: dict[str, Rank],
) -> str:
    words = page.words
    columns = [
        Column(place_head(places, words), True),
        Column(words("unit")),
        Column(f"{words('value')}, {measure.unit}", True),
        Column(words("coverage"), True),
        Column(words("note")),
    ]
    rows: list[list[Cell]] = []
    country = metrics.country(figures)
    if country is not None and measure.is_indicator:
        rows.append(["", words("country"), *_cells(page, survey, measure, kind, country)])
    yes_or_no = metrics.is_yes_or_no(ranked)
    for each in ranked:
        rank = places.get(each.unit_id)
        rows.append(
            [
                place_cell(rank),
                each.name,
                *_cells(page, survey, measure, kind, each, yes_or_no, shared_note(rank, words)),
            ]
        )
    marked = [at for at, each in enumerate(ranked, len(rows) - len(ranked)) if each.unit_id == region]
    notes = dict.fromkeys(each.note for each in [*ranked, *([country] if country else [])] if each.note)
    return table(title, columns, rows, marked, tall=len(rows) > 30) + "".join(map(remark, notes))


def _cells(
    page: Page, survey: Survey, measure: Measure, kind: str, each: Figure, yes_or_no: bool = False, shared: str = ""
) -> list[Cell]:
    place = place_of(survey.survey, survey.year, measure, kind, each)
    value = traced(page, place, written(each, measure, page.words, yes_or_no))
    note = reason_of(each, page.words) if each.value is None else shared
    return [value, page.words("n_of", answered=each.answered, expected=each.expected), note]


def _choices(
    page: Page,
    survey: Survey,
    measure: Measure,
    shown: list[Figure],
    figures: list[Figure],
    region: str,
    kind: str,
    title: str,
) -> None:
    present = [each for each in shown if each.value is not None]
    if not present:
        st.markdown(page.words("nobody"))
        return
    country = [each for each in figures if each.level == "country" and each.value is not None]
    # An indicator's categories by size in the country; a question's in the order in which it gives them.
    order = metrics.ranked(country) if measure.is_indicator else shown
    labels = {each.category: each.category_label for each in [*order, *shown]}
    if metrics.adds_up(present):
        parts = [
            charts.Part(each.name, each.category_label, each.value or 0, amount(each.value or 0, measure, page.words))
            for each in present
        ]
        st.html(legend(charts.category_key(list(labels.values()))))
        st.altair_chart(charts.shares(parts, list(labels.values())), theme=None)
    else:
        bars = [
            charts.Bar(each.category_label, each.value or 0, amount(each.value or 0, measure, page.words), "plain")
            for each in metrics.ranked(country)
        ]
        st.subheader(page.words("choice_country"), anchor=False)
        st.altair_chart(charts.bars(bars, None, ""), theme=None)
    st.html(sentence(say_choices(measure, country, shown, kind, page.words)))
    st.html(_choice_table(page, survey, measure, shown, country, labels, region, kind, title))


def _choice_table(
    page: Page,
    survey: Survey,
    measure: Measure,
    shown: list[Figure],
    country: list[Figure],
    labels: dict[str, str],
    region: str,
    kind: str,
    title: str,
) -> str:
    words = page.words
    cells = {(each.unit_id, each.category): each for each in [*shown, *country]}
    units = {**({"00": words("country")} if country else {}), **{each.unit_id: each.name for each in shown}}
    columns = [
        Column(words("unit")),
        *(Column(label, True) for label in labels.values()),
        Column(words("coverage"), True),
    ]
    rows: list[list[Cell]] = []
    for unit, name in units.items():
        of_unit = [cells.get((unit, category)) for category in labels]
        known = next((each for each in of_unit if each), None)
        covered = words("n_of", answered=known.answered, expected=known.expected) if known else ""
        rows.append([name, *(_choice_cell(page, survey, measure, kind, each) for each in of_unit), covered])
    marked = [at for at, unit in enumerate(units) if unit == region]
    return table(title, columns, rows, marked, tall=len(rows) > 30)


def _choice_cell(page: Page, survey: Survey, measure: Measure, kind: str, each: Figure | None) -> Cell:
    if each is None:
        return ""
    return traced(page, place_of(survey.survey, survey.year, measure, kind, each), written(each, measure, page.words))


def _texts(
    page: Page,
    survey: Survey,
    measure: Measure,
    shown: list[Figure],
    figures: list[Figure],
    region: str,
    kind: str,
    title: str,
) -> None:
    words = page.words
    answered, expected = sum(bool(each.text) for each in shown), len(shown)
    st.html(sentence(words("text_say", answered=answered, expected=expected, units=words(f"units_{kind}"))))
    rows: list[list[Cell]] = [[each.name, each.text or reason_of(each, page.words)] for each in shown]
    marked = [at for at, each in enumerate(shown) if each.unit_id == region]
    st.html(table(title, [Column(words("unit")), Column(words("answer"))], rows, marked, tall=len(rows) > 30))
