"""What a report must not tell, and what it must say where a series breaks: small surveys made for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dashboards.report.asked import unit_of
from dashboards.report.book import Book
from dashboards.report.draw import drawn
from dashboards.report.fitting import Run, height_of, points_that_fit
from dashboards.report.mapping import mapping_deck
from dashboards.report.unit import unit_deck
from surveys.questionnaire import Questionnaire
from tests.dashboards.reported import book, page_of, pages, parts
from tests.pipeline.published import Landing, indicator, opened, regions
from tests.surveys.build import item, questionnaire

# So large that a hidden number is like no other in the file.
LIMIT = 500_000
SMALL = {"K": 213_373, "M": 271_829, "T": 485_202}
SUM = {"kind": "sum", "items": ["patienter"]}


@contextmanager
def reading(landing: Landing, year: int = 2023) -> Iterator[Book]:
    with opened(landing.published()) as connection:
        yield book(connection, "test", year)


def patients(**properties: Any) -> Questionnaire:
    figures = [indicator("patienter", numerator=SUM, by_sex=True)]
    asked = [item("patienter", split_by_sex=True, suppress_below=LIMIT)]
    return questionnaire(*asked, indicators=figures, **properties)


def amounts() -> dict[str, dict[str, int]]:
    """Twenty regions with large numbers, one with numbers to hide."""
    found = {}
    for at, region in enumerate(regions()):
        women, men = 600_000 + 1_009 * at, 700_000 + 2_003 * at
        found[region] = SMALL if region == "09" else {"K": women, "M": men, "T": women + men}
    return found


@pytest.fixture
def hidden(tmp_path: Path) -> Landing:
    q = patients()
    landing = Landing(tmp_path, q)
    landing.sent_all(q, {region: {"patienter": each} for region, each in amounts().items()})
    return landing


def true_values_of_what_is_hidden(landing: Landing) -> set[int]:
    sql = "SELECT unit_id, sex FROM answer WHERE item_id = 'patienter' AND missing = 'suppressed'"
    return {amounts()[unit][sex] for unit, sex in landing.rows(sql)}


def test_a_hidden_number_is_in_no_part_of_the_file(hidden: Landing) -> None:
    secret = true_values_of_what_is_hidden(hidden)
    assert set(SMALL.values()) < secret  # and others, so that it cannot be worked out
    with reading(hidden) as found:
        made = drawn(mapping_deck(found, is_fictitious=False))
    shown = "".join(parts(made).values()).replace("\N{NO-BREAK SPACE}", "")
    assert [number for number in secret if str(number) in shown] == []
    assert "1360240" in shown  # a number that is not hidden is there


def test_a_hidden_number_is_said_to_be_hidden_and_is_no_bar(hidden: Landing) -> None:
    with reading(hidden) as found:
        page = page_of(drawn(mapping_deck(found, is_fictitious=False)), "patienter")
    assert "Gotland" not in page.charts[0].values
    assert "döljs, för små tal" in page.text
    assert "Värde finns för 19 av 21 regioner." in page.text


def test_a_line_breaks_where_the_question_changed_and_the_break_is_drawn_and_said(tmp_path: Path) -> None:
    years = [yearly(year, {"kind": "same", "items": ["a"]} if year != 2022 else BREAK) for year in range(2020, 2024)]
    landing = Landing(tmp_path, *years)
    for q in years:
        landing.sent_all(q, {unit: {"a": q.year - 2000 + at} for at, unit in enumerate(regions())})
    with reading(landing) as found:
        page = page_of(drawn(mapping_deck(found, is_fictitious=False)), "andel")
    (lines,) = (chart for chart in page.charts if chart.kind == "lines")
    assert [year for year, _ in lines.series["Riket"]] == [2020, 2021, 2022, 2023]
    assert [year for year, _ in lines.series["Frågan ändrad 2022"]] == [2021.5, 2021.5]
    assert "Frågan ändrad 2022. A Nu räknas allt." in page.text
    assert "Frågan ändrad 2022" in lines.told


BREAK: dict[str, Any] = {
    "kind": "recoded",
    "items": ["a"],
    "note": {"sv": "Nu räknas allt.", "en": "Everything counts now."},
}


def yearly(year: int, lineage: dict[str, Any]) -> Questionnaire:
    kind = {"kind": "new"} if year == 2020 else lineage
    figure = indicator("andel", numerator={"kind": "sum", "items": ["a"]}, denominator={"kind": "answering_units"})
    return questionnaire(item("a", lineage=kind), indicators=[figure], year=year)


def test_names_that_look_like_formulas_or_markup_are_text(tmp_path: Path) -> None:
    q = questionnaire(
        item("a"),
        indicators=[indicator("andel", numerator={"kind": "sum", "items": ["a"]}, label={"sv": "<b>&", "en": "<b>&"})],
        title={"sv": "=1+1 & <x>", "en": "=1+1 & <x>"},
    )
    landing = Landing(tmp_path, q)
    landing.sent_all(q, {unit: {"a": 7} for unit in regions(3)})
    with reading(landing) as found:
        made = pages(drawn(mapping_deck(found, is_fictitious=False)))
    assert made[0].title == "=1+1 & <x> 2023"
    assert made[1].title.startswith("<b>&, 2023")


def test_letters_shrink_until_the_text_stays_within_its_box() -> None:
    text = [[Run("Ett stycke som är långt. " * 12)] for _ in range(4)]
    room = (330.0, 260.0)
    size = points_that_fit(text, 12, room)
    assert size < 12
    assert height_of(text, size, room[0]) <= room[1] < height_of(text, size + 1, room[0])
    assert points_that_fit([[Run("Kort.")]], 12, room) == 12


@pytest.mark.parametrize("unit", ["09", "01", "14"])
def test_a_units_own_report_tells_nothing_hidden_either(hidden: Landing, unit: str) -> None:
    secret = true_values_of_what_is_hidden(hidden)
    with reading(hidden) as found:
        made = drawn(unit_deck(found, unit_of(found, unit), is_fictitious=False))
    shown = "".join(parts(made).values()).replace("\N{NO-BREAK SPACE}", "")
    assert [number for number in secret if str(number) in shown] == []
    assert ("döljs, för små tal" in pages(made)[1].text) == (unit != "14")
