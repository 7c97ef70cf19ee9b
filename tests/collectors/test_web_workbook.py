"""Answering in Excel from the browser: fetched, handed in, and told cell by cell what to correct."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.collectors.build import OTHER_UNIT, SURVEY, UNIT, YEAR, Served, responses_in, served
from tests.collectors.test_web import FORM, Browser, sent
from tests.collectors.test_workbook import FIRST, cell_of, changed

PAGE = f"{FORM}/workbook"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("web-workbook")) as running:
        yield running


@pytest.fixture
def browser(collector: Served) -> Iterator[Browser]:
    opened = Browser(collector)
    yield opened
    opened.http.close()


def fetched(browser: Browser, **answers: Any) -> bytes:
    """The unit's workbook as the page's link gives it, with answers typed into it."""
    address = f"/api/v1/surveys/{SURVEY}/{YEAR}/units/{UNIT}/template.xlsx"
    assert address in browser.http.get(PAGE).text
    content = browser.http.get(address).content

    def fill(book: Any) -> None:
        for key, value in answers.items():
            cell_of(book, FIRST, key).value = value

    return changed(content, fill)


def hand_in(browser: Browser, content: bytes, **fields: str) -> httpx.Response:
    around = browser.hidden(browser.http.get(PAGE).text) | fields
    return browser.http.post(PAGE, data=around, files={"file": ("svar.xlsx", content, XLSX)})


def test_a_workbook_handed_in_gives_the_receipt_and_twice_the_same(browser: Browser, collector: Served) -> None:
    content = fetched(browser, lage="I drift", enheter=3)
    first, second = hand_in(browser, content), hand_in(browser, content)
    assert (first.status_code, first.headers["location"]) == (303, second.headers["location"])
    receipt = browser.http.get(first.headers["location"]).text
    assert "Tack, svaret är mottaget" in receipt and "Excelfil" in receipt
    assert [data.answers["enheter"] for data in sent(collector)] == [3]


def test_what_is_wrong_is_told_with_sheet_and_cell_and_nothing_is_received(browser: Browser, collector: Served) -> None:
    before = len(responses_in(collector.gate.log))
    refused = hand_in(browser, fetched(browser, lage="I drift", enheter="många"))
    assert refused.status_code == 422
    assert "Filen är inte inskickad än" in refused.text and "många" in refused.text
    assert f"<strong>{FIRST}, cell " in refused.text
    assert len(responses_in(collector.gate.log)) == before


@pytest.mark.parametrize(("content", "told"), [(b"", "Välj den ifyllda Excelfilen först"), (b"hej", "inskickad än")])
def test_a_file_that_is_no_workbook_is_told_kindly(browser: Browser, content: bytes, told: str) -> None:
    refused = hand_in(browser, content)
    assert (refused.status_code, told in refused.text) == (422, True)


def test_a_page_of_another_site_or_unit_hands_in_nothing(browser: Browser, collector: Served) -> None:
    content = fetched(browser, lage="I drift", enheter=4)
    before = len(responses_in(collector.gate.log))
    assert hand_in(browser, content, csrf="x").status_code == 403
    other = Browser(collector, OTHER_UNIT)
    assert other.http.get(PAGE).status_code == 403
    assert other.http.post(PAGE, data={"csrf": "x"}, files={"file": ("x.xlsx", content)}).status_code == 403
    other.http.close()
    assert len(responses_in(collector.gate.log)) == before


def test_a_broken_post_is_a_request_to_send_it_again(browser: Browser, tmp_path: Path) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain"):
        answer = browser.http.post(PAGE, content=b"--y\r\nx", headers={"content-type": kind})
        assert answer.status_code in (400, 403), (kind, answer.status_code)
