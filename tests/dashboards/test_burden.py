"""The page about burden: what it says agrees with the ledger of the command, in both languages."""

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from infra.settings import Settings
from pipeline.burden import Burden, burden
from tests.dashboards.test_views import drawn, written

HEADS = {"sv": "Fråga för fråga", "en": "Question by question"}


@pytest.fixture
def ledger(published: str, demonstration: Path) -> Burden:
    assert published
    return burden(Settings(data_dir=demonstration), "prehospital", 2025)


def page(published: str, language: str = "sv", survey: str = "prehospital", year: str = "2025", **more: str) -> AppTest:
    test = drawn("burden", published, language, kartlaggning=survey, ar=year, **more)
    assert [each.message for each in test.exception] == []
    return test


def rows(test: AppTest, caption: str) -> list[list[str]]:
    """The cells of the table with that caption."""
    (found,) = re.findall(rf"<caption>{caption}</caption>.*?<tbody>(.*?)</tbody>", written(test), re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", found)]
    return [[unescape(cell).replace("\u00a0", " ") for cell in row] for row in cells]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_tells_the_questions_as_the_command_does(published: str, ledger: Burden, language: str) -> None:
    told = rows(page(published, language), HEADS[language])
    labels = [one.label_sv if language == "sv" else one.label_en for one in ledger.questions]
    assert [row[0] for row in told] == labels
    of = {"sv": "av", "en": "of"}[language]
    for row, one in zip(told, ledger.questions, strict=True):
        assert (f"({one.unchanged} {of} {one.compared})" in row[2]) == bool(one.compared)
        assert row[4] == str(one.answering)


def test_the_page_tells_the_time_with_how_many_it_is_known_of(published: str, ledger: Burden) -> None:
    told = rows(page(published), "Så lång tid tar det")
    assert [(row[1], row[2]) for row in told] == [
        (f"{one.minutes:g}".replace(".", ","), f"{one.units} av {one.answered}") for one in ledger.time
    ]
    assert (told[0][0], *told[0][3:]) == ("Hela svaret", "regioner", "mätt i formuläret")
    whole = ledger.time[0]
    assert f"Hälften av {whole.units} regioner ägnade minst" in written(page(published))


def test_where_too_few_have_told_their_time_it_is_said_to_be_unknown(published: str, demonstration: Path) -> None:
    assert burden(Settings(data_dir=demonstration), "psykiatrin", 2023).time == ()
    said = " ".join(each.value for each in page(published, survey="psykiatrin", year="2023").markdown)
    assert "Tiden är okänd" in said


def test_the_list_narrows_to_what_could_be_left_out(published: str, ledger: Burden) -> None:
    without = [one.label_sv for one in ledger.questions if one.use in ("circle", "listed")]
    assert [row[0] for row in rows(page(published, visa="listed"), HEADS["sv"])] == without
    always = [one.label_sv for one in ledger.questions if one.always_unchanged]
    assert [row[0] for row in rows(page(published, visa="always"), HEADS["sv"])] == always
    both = sum(one.use in ("circle", "listed") for one in ledger.questions if one.always_unchanged)
    assert f"{len(always)} av 18 frågor som kan jämföras är alltid oförändrade. {both} av dem" in written(
        page(published)
    )


def test_a_column_of_a_roster_is_named_with_its_roster(published: str) -> None:
    told = [row[0] for row in rows(page(published, survey="sob", year="2023"), HEADS["sv"])]
    assert "Program på plattformen Stöd och behandling: Programmets namn" in told
