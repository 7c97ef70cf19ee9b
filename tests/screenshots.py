"""The pictures in docs/screenshots, taken from a real demonstration: `python -m tests.screenshots docs/screenshots`."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import socket

import httpx
from playwright.sync_api import Page, sync_playwright

from collectors.demonstration.fill import fill, sign_in_link
from infra.settings import Settings
from infra.terminal import say
from pipeline.consume import run_once

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZES = {"desktop": (1280, 900), "phone": (390, 844)}
TALLEST = 1600  # pixels: what a reader of the documentation still takes in
PATIENCE_MS = 120_000  # a machine that tests beside it draws slowly
FORM = "/s/prehospital/2026/14"
DASHBOARDS = {
    "dashboards-overview": "/",
    "dashboards-compare": "/jamfor?kartlaggning=psykiatrin&ar=2022&region=14",
    "dashboards-trend": "/over_aren?kartlaggning=psykiatrin&region=14",
    "dashboards-profile": "/profil?region=14",
    "dashboards-quality": "/kvalitet",
    "dashboards-burden": "/borda?kartlaggning=prehospital&ar=2025",
}


def main(folder: Path) -> None:
    """Fill a demonstration in a temporary folder, serve it, and take every picture at every size."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        settings = Settings(data_dir=Path(data))
        fill(settings, datetime.now(UTC), say)
        run_once(settings)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        with served("serve", data, "/healthz") as form, served("dashboard", data, "/_stcore/health") as dashboards:
            for size, (width, height) in SIZES.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                page.set_default_timeout(PATIENCE_MS)
                _form_pages(page, form, sign_in_link(settings, form, "14"), folder, size)
                for name, path in DASHBOARDS.items():
                    _dashboard(page, dashboards + path, folder / f"{name}-{size}.png")
        browser.close()


def _dashboard(page: Page, address: str, path: Path) -> None:
    """The page once all of it is drawn: nothing stands in for anything, and the run has ended."""
    page.goto(address)
    page.wait_for_selector("[data-testid=stMain] .lb-table")
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton], [data-stale=true]')")
    page.wait_for_timeout(3_000)
    _take(page, path)


def _form_pages(page: Page, form: str, link: str, folder: Path, size: str) -> None:
    page.goto(form)
    _take(page, folder / f"sign-in-{size}.png")
    page.goto(link)
    _take(page, folder / f"start-{size}.png")
    page.goto(form + FORM)
    _take(page, folder / f"form-{size}.png")
    page.locator("button[name=action][value=check], button:has-text('Kontrollera')").first.click()
    page.wait_for_selector("[role=alert]")
    _take(page, folder / f"form-errors-{size}.png")
    page.goto(form + FORM + "/workbook")
    _take(page, folder / f"workbook-{size}.png")
    page.goto(link)
    receipt = page.locator("a[href*='/receipts/']").first
    if receipt.count():
        receipt.click()
        _take(page, folder / f"receipt-{size}.png")


@contextmanager
def served(command: str, data: str, health: str) -> Iterator[str]:
    """One of the product's servers on a free port, until the block ends."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "lagesbild", command, "--port", str(port), "--data-dir", data]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address + health)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            if httpx.get(address).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError(address)


def _take(page: Page, path: Path) -> None:
    """The page from its top, no taller than TALLEST."""
    size = page.viewport_size or {"width": 1280, "height": 900}
    # A dashboard scrolls within itself, not with its window.
    scrolling = "(document.querySelector('[data-testid=stMain]') ?? document.documentElement).scrollHeight"
    wanted = int(page.evaluate(scrolling))
    page.set_viewport_size({"width": size["width"], "height": max(min(wanted, TALLEST), size["height"])})
    page.wait_for_timeout(1_000)
    page.screenshot(path=path)
    page.set_viewport_size(size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
