"""The dashboards in a real Chromium while what they read is made, killed, collected, damaged and mended."""

from contextlib import closing
from pathlib import Path
from socket import socket

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboards.texts import Words
from infra.published import connect_current, current_publish_id, marts_dir
from tests.browser.test_dashboards import PAGES, QUIET, SETTLED_MS, opened
from tests.faults.chain import published_submissions
from tests.faults.load import UNITS, load
from tests.faults.whole import ASKED, aged, answers, collector, pipeline, running, until
from tests.faults.whole import opened as round_opened

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

PAUSE = 0.8
COUNT_FAULTS = """() => {
    const count = () => { window.faults += document.querySelectorAll('[data-testid=stException]').length }
    window.faults = 0
    new MutationObserver(count).observe(document.body, {childList: true, subtree: true})
}"""


def every_page(browser: Browser, address: str) -> None:
    """Each page is drawn anew, whole and without a fault."""
    for path, title in PAGES.items():
        page = opened(browser, address + path)
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("[data-testid=stException]")).to_have_count(0)
        page.close()


def is_shown(page: Page) -> None:
    expect(page.locator("h1")).to_have_text(PAGES["/"], timeout=SETTLED_MS)


def test_no_page_fails_whatever_becomes_of_the_publications(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/log.sqlite"
    secrets = round_opened(tmp_path, url, UNITS)
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with (
        collector(tmp_path, url) as (_, form),
        running(tmp_path, url, "dashboard", "--port", port) as dashboard,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET) as browser,
        load(form, secrets, PAUSE, ASKED) as answering,
    ):
        address = f"http://127.0.0.1:{port}"
        answers(dashboard, f"{address}/_stcore/health")
        # 1. Published while pages are drawn, and killed.
        with pipeline(tmp_path, url) as first:
            until(lambda: current_publish_id(tmp_path))
            stays = opened(browser, address)
            stays.evaluate(COUNT_FAULTS)
            every_page(browser, address)
            first.kill()
        # 2. With nobody to mend it the pointer is damaged: the page that stays open says so, in its own words.
        (marts_dir(tmp_path) / "CURRENT").write_bytes(b"\xff neither text nor an id")
        expect(stays.get_by_role("heading", name=Words("sv")("unreadable_title"))).to_be_visible(timeout=SETTLED_MS)
        # 3. The next pipeline mends it; old publications are collected while pages are drawn.
        with pipeline(tmp_path, url) as second:
            is_shown(stays)
            second.wait_for("landed")
            until(lambda: aged(tmp_path))
            old = aged(tmp_path)
            every_page(browser, address)
            until(lambda: not all(file.exists() for file in old))
            answering.stop()
            until(lambda: published_submissions(tmp_path).keys() == set(answering.acknowledged))
            assert second.end() == 0
        # 4. With nobody running.
        every_page(browser, address)
        is_shown(stays)
        with closing(connect_current(tmp_path)[1]) as publication:
            ((newest,),) = publication.execute("SELECT events FROM publication").fetchall()
        expect(stays.locator(".lb-updated")).to_contain_text(f"händelse {newest}", timeout=SETTLED_MS)
        assert stays.evaluate("window.faults") == 0
