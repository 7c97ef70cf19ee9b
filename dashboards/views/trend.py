"""Over the years: one measure's line for a region and the country, with breaks and published figures."""

from collections.abc import Sequence

import streamlit as st

from dashboards import address, charts, data, format, metrics
from dashboards.moved import movement
from dashboards.page import Page, choose_region, choose_survey, head, remarks
from dashboards.records import Figure, Measure, PublishedFigure, YearOfMeasure
from dashboards.said import amount, written
from dashboards.shown import choose_measure, choose_sex, facts_of, place_of, traced
from dashboards.tables import Cell, Column, legend, sentence, table
from surveys.units import COUNTRY

Years = dict[int, list[Figure]]


def show(page: Page) -> None:
    """The page."""
    words = page.words
    head(words("page_trend"), words("trend_lead"))
    name = choose_survey(page)
    newest = [each for each in page.surveys() if each.survey == name and each.answered][-1]
    measures = [
        each
        for each in data.measures(page.publish_id, name, newest.year, page.language)
        if each.form != "text" and (each.is_indicator or each.form == "number")
    ]
    measure = choose_measure(page, newest, measures)
    kind = measure.kinds[0]
    first, second = st.columns(2)
    with first:
        region = choose_region(page, "region", words("region"), words("no_region"))
    with second:
        sex = choose_sex(page, measure)
    years = data.years_of_measure(page.publish_id, name, measure.id, page.language)
    figures = _by_year(page, name, measure, kind, sex, years)
    category = _choose_category(page, measure, figures)
    chosen = {year: [each for each in rows if each.category == category] for year, rows in figures.items()}
    published = [
        each
        for each in data.published_figures(page.publish_id, name, measure.name, page.language)
        if each.sex == sex and each.category == category and each.value is not None
    ]
    st.header(measure.label, anchor=False)
    remarks(page, newest)
    open_years = {each.year for each in page.surveys() if each.survey == name and each.status == "open"}
    _draw(page, measure, chosen, years, published, region, kind, open_years)
    _tables(page, name, measure, chosen, years, published, region, kind)
    if sex == "T":
        movement(page, newest, measure, kind)
    facts_of(page, newest, measure, kind)


def _by_year(page: Page, survey: str, measure: Measure, kind: str, sex: str, years: Sequence[YearOfMeasure]) -> Years:
    answered = set(data.years_with_figures(page.publish_id, survey))
    return {
        each.year: metrics.of_sex(
            data.figures(page.publish_id, survey, each.year, measure.id, measure.form, kind, page.language), sex
        )
        for each in years
        if each.year in answered
    }


def _choose_category(page: Page, measure: Measure, figures: Years) -> str:
    if measure.form != "choice":
        address.forget("svar")
        return ""
    labels = {each.category: each.category_label for _, rows in sorted(figures.items(), reverse=True) for each in rows}
    options = [category for category in labels if category]
    return address.choose(
        "svar", page.words("category"), options, options[0], lambda category: labels[category], scope=measure.id
    )


def _draw(
    page: Page,
    measure: Measure,
    figures: Years,
    years: Sequence[YearOfMeasure],
    published: Sequence[PublishedFigure],
    region: str,
    kind: str,
    open_years: set[int],
) -> None:
    stretches = metrics.segments(years)
    level = data.region_level(kind)
    points = _points(page, measure, figures, metrics.segments(years, open_years), region, level)
    landmarks = [
        charts.Landmark(each.year, each.value or 0, amount(each.value or 0, measure, page.words)) for each in published
    ]
    if not points:
        st.markdown(page.words("nobody"))
        return
    drawn_breaks = [each.year for each in metrics.breaks(years)]
    chart = charts.lines(points, drawn_breaks, page.words("break_at", year="{year}"), landmarks, page.language)
    st.html(_legend(page, region, bool(landmarks)))
    st.altair_chart(chart, theme=None)
    names = {each.unit_id: each.name for each in data.regions(page.publish_id)}
    # An open round is drawn, but what is said compares finished years.
    figures = {year: rows for year, rows in figures.items() if year not in open_years}
    said = [_say(page, measure, page.words("country"), metrics.series(figures, COUNTRY, "country"), stretches)]
    if region:
        said.append(_say(page, measure, names[region], metrics.series(figures, region, level), stretches))
    st.html(sentence(" ".join(said)))


def _legend(page: Page, region: str, has_landmarks: bool) -> str:
    words = page.words
    entries = [(charts.INK, words("country")), (charts.FAINT, words("other_regions"))]
    if region:
        names = {each.unit_id: each.name for each in data.regions(page.publish_id)}
        entries.insert(0, (charts.WARM, names[region]))
    if has_landmarks:
        entries.append((charts.DEEP, words("published_mark")))
    return legend(entries)


def _points(
    page: Page, measure: Measure, figures: Years, stretches: dict[int, int], region: str, level: str
) -> list[charts.Point]:
    """The regions in the background, the country and the chosen region in front.

    A sum without a base is not comparable between a region and the country: then the country is drawn alone.
    """
    country = [each for rows in figures.values() for each in rows if each.level == "country"]
    has_base = any(each.denominator is not None for each in country) or not measure.is_indicator
    shown = []
    for year, rows in sorted(figures.items()):
        for each in rows:
            is_country = each.level == "country"
            if each.value is None or not (is_country or (each.level == level and (has_base or each.unit_id == region))):
                continue
            if is_country and region and not has_base:
                continue
            role = "country" if is_country else "own" if each.unit_id == region else "other"
            name = page.words("country") if is_country else each.name
            stretch = f"{each.unit_id}/{stretches.get(year, 0)}"
            shown.append(charts.Point(year, each.value, name, role, stretch, amount(each.value, measure, page.words)))
    return shown


def _say(page: Page, measure: Measure, name: str, values: list[tuple[int, float]], stretches: dict[int, int]) -> str:
    difference = metrics.difference(values, stretches)
    if difference is None:
        return page.words("trend_say_one", name=name)
    key = "up" if difference.value > 0 else "down" if difference.value < 0 else "same"
    said = page.words(
        f"trend_say_{key}",
        name=name,
        before=amount(difference.before, measure, page.words),
        after=amount(difference.after, measure, page.words),
        since=difference.since,
        until=difference.until,
        change=format.change(difference.value, measure.decimals, measure.is_percent, page.language),
    )
    return f"{said} {page.words('trend_say_break')}" if difference.crosses_break else said


def _tables(
    page: Page,
    survey: str,
    measure: Measure,
    figures: Years,
    years: Sequence[YearOfMeasure],
    published: Sequence[PublishedFigure],
    region: str,
    kind: str,
) -> None:
    words = page.words
    names = {each.unit_id: each.name for each in data.regions(page.publish_id)}
    units = [
        (COUNTRY, words("country"), "country"),
        *([(region, names[region], data.region_level(kind))] if region else []),
    ]
    columns = [Column(words("year"), True)]
    for _, name, _level in units:
        columns += [Column(name, True), Column(words("coverage"), True)]
    rows: list[list[Cell]] = [
        [
            str(year),
            *(
                cell
                for unit, _, level in units
                for cell in _year_cells(page, survey, year, measure, kind, figures[year], unit, level)
            ),
        ]
        for year in sorted(figures, reverse=True)
    ]
    st.html(table(measure.label, columns, rows))
    _break_notes(page, years)
    if published:
        st.subheader(words("published_elsewhere"), anchor=False)
        st.html(_published_table(page, measure, published))


def _year_cells(
    page: Page, survey: str, year: int, measure: Measure, kind: str, rows: list[Figure], unit: str, level: str
) -> list[Cell]:
    each = next((each for each in rows if each.unit_id == unit and each.level == level), None)
    if each is None:
        return ["", ""]
    value = written(each, measure, page.words)
    place = place_of(survey, year, measure, kind, each)
    return [traced(page, place, value), page.words("n_of", answered=each.answered, expected=each.expected)]


def _break_notes(page: Page, years: Sequence[YearOfMeasure]) -> None:
    found = metrics.breaks(years)
    if not found:
        return
    st.subheader(page.words("break_title"), anchor=False)
    for each in found:
        notes = " ".join(each.notes) or page.words("break_without_note")
        st.markdown(f"**{page.words('break_at', year=each.year)}.** {notes}")


def _published_table(page: Page, measure: Measure, published: Sequence[PublishedFigure]) -> str:
    words = page.words
    heads = [Column(words("measure")), Column(words("year"), True), Column(words("published"), True)]
    heads += [Column(words(name)) for name in ("precision", "base", "source")]
    rows: list[list[Cell]] = [
        [
            each.measure,
            each.period,
            amount(each.value or 0, measure, page.words),
            words(f"precision_{each.precision}") + _as_of(page, each),
            each.base,
            each.source,
        ]
        for each in published
    ]
    return table(words("published_elsewhere"), heads, rows)


def _as_of(page: Page, each: PublishedFigure) -> str:
    return f", {page.words('published_as_of', day=format.day(each.as_of, page.language))}" if each.as_of else ""
