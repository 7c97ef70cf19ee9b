"""The dashboards in a real Chromium: every page at two widths, links with selections, and a response seen arriving."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import socket

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pptx import Presentation

from collectors.demonstration.fill import fill, sign_in_link
from infra.settings import Settings
from pipeline.consume import run_once

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PAGES = {
    "/": "Översikt",
    "/jamfor": "Jämför regioner",
    "/over_aren": "Över åren",
    "/profil": "Regionprofil",
    "/kvalitet": "Datakvalitet",
    "/borda": "Uppgiftslämnarbörda",
    "/harkomst": "Härkomst",
}
WITH_A_CHART = ("/", "/jamfor", "/over_aren", "/kvalitet", "/borda")
SLOWEST_SECONDS = 60  # not the speed, which benchmarks measure: a busy machine may still be starting the pipeline
SETTLED_MS = 30_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration, published."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("demonstration"))
    fill(settings, datetime.now(UTC), lambda _line: None)
    run_once(settings)
    return settings.data_dir


@pytest.fixture(scope="module")
def dashboards(folder: Path) -> Iterator[str]:
    with served("dashboard", folder, "/_stcore/health") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)


@contextmanager
def served(command: str, folder: Path, health: str) -> Iterator[str]:
    """One of the product's servers as its own process on a free port."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running(command, "--port", str(port), folder=folder):
        address = f"http://127.0.0.1:{port}"
        wait_for(address + health)
        yield address


@contextmanager
def running(*words: str, folder: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "lagesbild", *words, "--data-dir", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"{address} does not answer")


def opened(browser: Browser, address: str, width: int = 1280) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    expect(page.locator("h1")).to_be_visible(timeout=SETTLED_MS)
    return page


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", list(PAGES))
def test_a_page_is_whole_at_every_width(browser: Browser, dashboards: str, path: str, width: int) -> None:
    page = opened(browser, dashboards + path, width)
    expect(page.locator("h1")).to_have_text(PAGES[path])
    expect(page.get_by_role("note")).to_contain_text("alla svar är påhittade")
    expect(page.locator("table.lb-table").first).to_be_visible(timeout=SETTLED_MS)
    if path in WITH_A_CHART:
        # A chart that fails draws nothing and says nothing.
        expect(page.locator("[data-testid=stVegaLiteChart] svg").first).to_be_visible(timeout=SETTLED_MS)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_a_link_brings_its_selections(browser: Browser, dashboards: str) -> None:
    link = "/jamfor?kartlaggning=psykiatrin&ar=2022&region=14&kon=K&matt=indicator:bup_barn_andel"
    page = opened(browser, dashboards + link)
    expect(page.locator("[data-testid=stMain] h2").first).to_have_text(
        "Barn 0–17 år i kontakt med BUP, 2022 · Flickor", timeout=SETTLED_MS
    )
    expect(page.locator("tr.marked")).to_contain_text("Västra Götalandsregionen")
    expect(page.get_by_text("Källa")).to_be_visible()
    expect(page.get_by_text("Bas", exact=True)).to_be_visible()
    page.close()


def test_the_pages_speak_english(browser: Browser, dashboards: str) -> None:
    page = opened(browser, f"{dashboards}/jamfor?sprak=en&kartlaggning=prehospital&ar=2025")
    expect(page.locator("h1")).to_have_text("Compare regions")
    expect(page.get_by_text("20 of 21 regions have a value.")).to_be_visible(timeout=SETTLED_MS)
    page.close()


@pytest.mark.parametrize(
    ("address", "file", "title"),
    [
        ("/jamfor?kartlaggning=sob&ar=2022", "sob-2022.pptx", "Stöd- och behandlingsprogram 2022"),
        ("/profil?region=12", "handlingsplaner-2023-12-Region-Skåne.pptx", "Suicidpreventiva handlingsplaner 2023"),
    ],
)
def test_what_a_page_is_about_is_fetched_as_powerpoint(
    browser: Browser, dashboards: str, address: str, file: str, title: str
) -> None:
    page = opened(browser, dashboards + address)
    with page.expect_download(timeout=SETTLED_MS) as fetched:
        page.get_by_role("button", name="Hämta som PowerPoint").first.click(timeout=SETTLED_MS)
    assert fetched.value.suggested_filename == file
    slides = Presentation(str(fetched.value.path())).slides
    assert slides[0].shapes.title.text_frame.text == title
    assert any(shape.has_chart for slide in slides for shape in slide.shapes)
    page.close()


def test_a_response_typed_in_the_form_is_in_the_open_comparison(
    browser: Browser, folder: Path, dashboards: str
) -> None:
    with ExitStack() as stack:
        stack.enter_context(running("pipeline", "run", folder=folder))
        form = stack.enter_context(served("serve", folder, "/readyz"))
        comparison = opened(browser, f"{dashboards}/jamfor?kartlaggning=prehospital&ar=2026&region=14")
        expect(comparison.locator("tr.marked")).to_contain_text("0 av 1", timeout=SETTLED_MS)
        respondent = browser.new_page()
        respondent.goto(sign_in_link(Settings(data_dir=folder), form, "14"))
        respondent.goto(f"{form}/s/prehospital/2026/14")
        respondent.get_by_label("Nej, inte aktuellt").first.check()
        respondent.get_by_label("Inget mobilt team finns").check()
        respondent.get_by_role("button", name="Skicka").last.click()
        respondent.wait_for_url("**/receipts/**")
        expect(comparison.locator("tr.marked")).to_contain_text("1 av 1", timeout=SLOWEST_SECONDS * 1000)
        comparison.close()
        respondent.close()
