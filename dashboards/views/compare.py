"""Compare regions: one measure or question at a time, sorted, with the country beside and a table under."""

import streamlit as st

from dashboards import charts, data, format, metrics
from dashboards.page import Page, choose_region, choose_survey, choose_year, head, remarks, warning
from dashboards.ranking import Rank
from dashboards.ranking_shown import (
    is_settled,
    names_at,
    place_cell,
    place_head,
    place_text,
    ranking_warning,
    ranks_of,
    shared_note,
)
from dashboards.records import Figure, Measure, Survey
from dashboards.shown import (
    amount,
    choose_kind,
    choose_measure,
    choose_sex,
    coverage_sentence,
    facts_of,
    place_of,
    reason_of,
    sex_name,
    traced,
    written,
)
from dashboards.tables import Cell, Column, legend, remark, sentence, table


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_compare"), words("compare_lead"))
    first, second = st.columns([3, 1])
    with first:
        name = choose_survey(page)
    with second:
        survey = choose_year(page, name)
    measure = choose_measure(page, survey, data.measures(page.publish_id, name, survey.year, page.language))
    kind = choose_kind(page, measure)
    sex, region, inside = _choose_details(page, measure, kind)
    remarks(page, survey)
    figures = data.figures(page.publish_id, name, survey.year, measure.id, measure.form, kind, page.language)
    level = "unit" if inside or measure.form == "text" else data.region_level(kind)
    shown = metrics.at_level(metrics.of_sex(figures, sex), level, inside or None)
    title = words("bars_title", measure=measure.label, year=survey.year)
    st.header(f"{title} · {sex_name(page, measure.name, sex)}" if measure.by_sex else title, anchor=False)
    draw = {"number": _numbers, "choice": _choices, "text": _texts}[measure.form]
    draw(page, survey, measure, shown, metrics.of_sex(figures, sex), region, kind, title)
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
    places = ranks_of(page, survey, measure, kind, ranked)
    if beware := ranking_warning(page, survey, kind, ranked, places):
        warning(beware)
    present = [each for each in ranked if each.value is not None]
    reference = metrics.reference(measure, figures, shown)
    if not present or reference is None:
        st.markdown(page.words("nobody"))
    elif metrics.is_yes_or_no(shown):
        st.altair_chart(_yes_and_no(page, present, region), theme=None)
        st.html(sentence(_say_yes_and_no(page, measure, present, shown, figures, kind)))
    else:
        label = (
            f"{page.words('country' if reference.is_country else 'median')} {amount(reference.value, measure, page)}"
        )
        bars = [
            charts.Bar(
                each.name,
                each.value or 0,
                amount(each.value or 0, measure, page),
                "marked" if each.region_code == region else metrics.tone(each, reference, measure.direction),
            )
            for each in present
        ]
        if any(bar.tone in ("better", "worse") for bar in bars):
            st.html(legend([(charts.TONES[tone], page.words(f"tone_{tone}")) for tone in ("better", "worse")]))
        st.altair_chart(charts.bars(bars, reference.value, label), theme=None)
        st.html(sentence(_say_numbers(page, measure, present, shown, figures, region, kind, places)))
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


def _say_yes_and_no(
    page: Page, measure: Measure, present: list[Figure], shown: list[Figure], figures: list[Figure], kind: str
) -> str:
    yes = sum(metrics.is_yes(each) for each in present)
    said = page.words("yes_no_say", yes=yes, answered=len(present), no=len(present) - yes)
    return " ".join([said, _say_country(page, measure, figures, present), coverage_sentence(page, shown, kind)])


def _say_numbers(
    page: Page,
    measure: Measure,
    present: list[Figure],
    shown: list[Figure],
    figures: list[Figure],
    region: str,
    kind: str,
    places: dict[str, Rank],
) -> str:
    words, highest, lowest = page.words, present[0], present[-1]
    said = [] if is_settled(places.values()) else [words("so_far")]
    written_alike = amount(highest.value or 0, measure, page) == amount(lowest.value or 0, measure, page)
    if len(present) > 1 and written_alike:
        said.append(words("all_equal_say", value=amount(highest.value or 0, measure, page)))
    else:
        key = "bars_say_one" if len(present) == 1 else "bars_say" if measure.direction == "none" else "bars_say_better"
        said.append(
            words(
                key,
                highest=names_at(page, present, highest, measure, kind),
                highest_value=amount(highest.value or 0, measure, page),
                lowest=names_at(page, present, lowest, measure, kind),
                lowest_value=amount(lowest.value or 0, measure, page),
            )
        )
    said.append(_say_country(page, measure, figures, present))
    said.append(_say_marked(page, measure, shown, region, places.get(region)))
    said.append(coverage_sentence(page, shown, kind))
    return " ".join(filter(None, said))


def _say_country(page: Page, measure: Measure, figures: list[Figure], present: list[Figure]) -> str:
    country = metrics.country(figures)
    if measure.is_indicator and country is not None and country.value is not None:
        return page.words("country_say", value=amount(country.value, measure, page))
    reference = metrics.reference(measure, figures, present)
    return page.words("median_say", value=amount(reference.value, measure, page)) if reference else ""


def _say_marked(page: Page, measure: Measure, shown: list[Figure], region: str, rank: Rank | None) -> str:
    marked = next((each for each in shown if each.unit_id == region), None)
    if marked is None:
        return ""
    if rank is None or marked.value is None:
        return page.words("marked_missing_say", name=marked.name, reason=reason_of(page, marked))
    value = amount(marked.value, measure, page)
    return page.words("marked_say", name=marked.name, value=value, place=place_text(page, rank))


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
        Column(place_head(page, places), True),
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
                *_cells(page, survey, measure, kind, each, yes_or_no, shared_note(page, rank)),
            ]
        )
    marked = [at for at, each in enumerate(ranked, len(rows) - len(ranked)) if each.unit_id == region]
    notes = dict.fromkeys(each.note for each in [*ranked, *([country] if country else [])] if each.note)
    return table(title, columns, rows, marked, tall=len(rows) > 30) + "".join(map(remark, notes))


def _cells(
    page: Page, survey: Survey, measure: Measure, kind: str, each: Figure, yes_or_no: bool = False, shared: str = ""
) -> list[Cell]:
    place = place_of(survey.survey, survey.year, measure, kind, each)
    value = traced(page, place, written(each, measure, page, yes_or_no))
    note = reason_of(page, each) if each.value is None else shared
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
            charts.Part(each.name, each.category_label, each.value or 0, amount(each.value or 0, measure, page))
            for each in present
        ]
        st.html(legend(charts.category_key(list(labels.values()))))
        st.altair_chart(charts.shares(parts, list(labels.values())), theme=None)
    else:
        bars = [
            charts.Bar(each.category_label, each.value or 0, amount(each.value or 0, measure, page), "plain")
            for each in metrics.ranked(country)
        ]
        st.subheader(page.words("choice_country"), anchor=False)
        st.altair_chart(charts.bars(bars, None, ""), theme=None)
    st.html(sentence(_say_choices(page, measure, country, shown, kind)))
    st.html(_choice_table(page, survey, measure, shown, country, labels, region, kind, title))


def _say_choices(page: Page, measure: Measure, country: list[Figure], shown: list[Figure], kind: str) -> str:
    if not country:
        return coverage_sentence(page, shown, kind)
    most = max(country, key=lambda each: each.value or 0)
    # A share's base is what it was divided by, which may be more than those who answered the question.
    base = format.whole(most.denominator or most.answered, page.language)
    of = page.words("choice_of", answered=base) if measure.is_percent else ""
    said = page.words("choice_say", category=most.category_label, value=amount(most.value or 0, measure, page), of=of)
    return f"{said} {coverage_sentence(page, shown, kind)}"


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
    return traced(page, place_of(survey.survey, survey.year, measure, kind, each), written(each, measure, page))


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
    rows: list[list[Cell]] = [[each.name, each.text or reason_of(page, each)] for each in shown]
    marked = [at for at, each in enumerate(shown) if each.unit_id == region]
    st.html(table(title, [Column(words("unit")), Column(words("answer"))], rows, marked, tall=len(rows) > 30))
