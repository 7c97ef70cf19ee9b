"""The form in a real Chromium: for everybody, with the keyboard alone, without JavaScript, on a phone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from surveys.conditions import Condition
from surveys.routing import compiled, on_path
from tests.browser.collector import CLINIC, KOMMUN, REGION, Collector, number_in, serving
from tests.conftest import lacking

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1280, 375)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
}
MAPPINGS = [
    ("prehospital", REGION),
    ("psykiatrin", REGION),
    ("sob", REGION),
    ("handlingsplaner", KOMMUN),
    ("handlingsplaner", REGION),
    ("ungdomsmottagningar", CLINIC),
]
# A unit for each test that sends, so that none meets another's answers.
REGIONS = (f"{number:02}" for number in (1, 3, 4, 5, 6, 7, 8, 10, 12, 13, 17, 18, 19, 20, 21))


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with serving(tmp_path_factory.mktemp("form")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Exception as fault:
            if "executable" in str(fault):
                lacking("Chromium (Debian: chromium)")
            raise
        yield running
        running.close()


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for one in opened:
        one.close()


@pytest.fixture
def visiting(browser: Browser, collector: Collector, contexts: list[BrowserContext]) -> Any:
    """Opens a form in a browser of its own where the unit is signed in; script errors fail the test."""

    def visit(survey: str, unit: str, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", _fail)
        page.goto(collector.link(unit))
        if survey:
            page.goto(f"{collector.address}/s/{survey}/2026/{unit}")
        return page

    return visit


def _fail(error: Any) -> None:
    raise AssertionError(f"the page's script failed: {error}")


def assert_accessible(page: Page) -> None:
    # Scrolling and colours that move would be measured half-way.
    found = Axe().run(page, options=RULES)
    told = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})" for one in found.response["violations"]
    ]
    assert told == []


def assert_fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_kind_of_page_is_accessible(visiting: Any, collector: Collector, width: int) -> None:
    unit = next(REGIONS)
    page = visiting("", unit, width)
    assert_accessible(page)
    page.goto(f"{collector.address}/tillganglighet")
    assert_accessible(page)
    page.goto(f"{collector.address}/finns-inte")
    assert_accessible(page)
    page.goto(f"{collector.address}/s/prehospital/2026/{unit}/workbook")
    page.click("text=Skicka in filen")
    assert_accessible(page)
    assert_fits(page)
    page.goto(f"{collector.address}/s/prehospital/2026/{unit}")
    assert_accessible(page)
    page.check('[name="a.psykiatriambulans"][value="i_drift"]')
    page.fill('[id="a.enheter"]', "45")
    page.click("[value=send]")
    expect(page.locator("#summary")).to_be_focused()
    assert_accessible(page)
    page.check('[name="a.psykiatriambulans"][value="nej"]')
    page.check('[name="a.team_malgrupp"][value="inga"]')
    page.click("[value=send]")
    expect(page.locator("h1")).to_have_text("Kvitto")
    assert_accessible(page)
    page.click("text=Logga ut")
    expect(page.locator("h1")).to_have_text("Logga in")
    assert_accessible(page)


@pytest.mark.parametrize(("survey", "unit"), MAPPINGS)
def test_every_mapping_is_laid_out_whole_and_fits_a_phone(
    visiting: Any, collector: Collector, survey: str, unit: str
) -> None:
    page = visiting(survey, unit, 320)
    kind = {REGION: "region", KOMMUN: "kommun", CLINIC: "mottagning"}[unit]
    q = collector.gate.catalogue.get(survey, 2026).for_unit_kind(kind)
    items = [item for section in q.sections for item in section.items if item.type != "note"]
    assert page.locator(".question[data-item]").count() == len(items)
    asked = on_path(q, {})
    for item in items:
        question = page.locator(f'.question[data-item="{item.id}"]')
        assert question.is_visible() == (item.id in asked), item.id
    assert_fits(page)
    assert_accessible(page)


def test_a_hundred_programmes_are_fetched_compact_and_within_reach(visiting: Any, collector: Collector) -> None:
    page = visiting("sob", REGION)
    page.click("text=Hämta raderna från 2023 (100)")
    expect(page.locator("details.row")).to_have_count(100)
    row = page.locator("details.row").nth(41)
    assert "Program 42 vid oro och ångest" in row.inner_text()
    assert row.locator("select").first.is_hidden()
    assert row.bounding_box()["height"] < 130
    row.locator("summary").click()
    row.get_by_label("Status").select_option("planeras")
    assert_accessible(page)
    page.check('[name="a.inforandestrategi"][value="nej"]')
    page.click("[value=send]")
    expect(page.locator("h1")).to_have_text("Kvitto")
    rows = collector.sent("sob", REGION)[0].answers["program"]
    assert [row["status"] for row in rows] == ["erbjuds"] * 41 + ["planeras"] + ["erbjuds"] * 58


def test_controls_are_large_enough_to_hit(visiting: Any) -> None:
    page = visiting("prehospital", REGION, 375)
    small = page.evaluate(
        """[...document.querySelectorAll("button, summary, .choice, select, input:not([type=hidden]), textarea")]
        .filter((one) => one.checkVisibility() && !one.closest(".unseen, .choice *") && !one.matches(".choice input"))
        .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
        .filter(([, height]) => height < 44)"""
    )
    assert small == []


# Without a mouse


def test_a_form_is_filled_and_sent_with_the_keyboard_alone(visiting: Any, collector: Collector) -> None:
    unit = next(REGIONS)
    page = visiting("prehospital", unit)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "a.psykiatriambulans")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    tab_to(page, "a.enheter")
    page.keyboard.type("3")
    tab_to(page, "a.team_malgrupp:inga")
    page.keyboard.press("Space")
    tab_to(page, "a.uppdrag.missing:dont_know")
    page.keyboard.press("Space")
    tab_to_button(page, "send")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kvitto")
    assert collector.sent("prehospital", unit)[0].answers == {
        "psykiatriambulans": "i_drift",
        "enheter": 3,
        "team_malgrupp": ["inga"],
        "uppdrag": {"missing": "dont_know"},
    }


def tab_to(page: Page, wanted: str) -> None:
    """Presses Tab until the field with that id has focus, which is then to be seen around it."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == wanted:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"Tab never reached {wanted}")


def tab_to_button(page: Page, action: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == action:
            return
    raise AssertionError(f"Tab never reached the button {action}")


# Without JavaScript


def test_a_form_with_routing_is_sent_without_javascript(visiting: Any, collector: Collector) -> None:
    unit = next(REGIONS)
    page = visiting("prehospital", unit, 375, java_script_enabled=False)
    assert page.locator('[id="a.enheter"]').is_visible()
    page.get_by_text("Om ”Har regionen en psykiatriambulans?” är ”I drift”").first.wait_for()
    page.check('[name="a.psykiatriambulans"][value="nej"]')
    page.fill('[id="a.enheter"]', "3")
    page.click("[value=send]")
    expect(page.locator("#summary")).to_be_focused()
    expect(page.locator("[data-aside]")).to_contain_text("Hur många psykiatriambulanser är i drift?")
    page.check('[name="a.team_malgrupp"][value="inga"]')
    page.click("[value=send]")
    expect(page.locator(".notice.warn")).to_contain_text("Hur många psykiatriambulanser är i drift?")
    assert collector.sent("prehospital", unit)[0].answers == {"psykiatriambulans": "nej", "team_malgrupp": ["inga"]}


def test_rows_are_added_and_removed_without_javascript(visiting: Any, collector: Collector) -> None:
    unit = next(REGIONS)
    page = visiting("sob", unit, java_script_enabled=False)
    page.check('[name="a.inforandestrategi"][value="nej"]')
    for number, name in enumerate(("Internetbehandling vid oro", "Sömnskola"), start=1):
        page.click("text=Lägg till en rad")
        page.fill(f'[id="a.program.{number}.program"]', name)
        page.select_option(f'[id="a.program.{number}.status"]', "erbjuds")
        page.select_option(f'[id="a.program.{number}.omrade"]', "psykisk_halsa")
        page.select_option(f'[id="a.program.{number}.malgrupp"]', "missing:dont_know")
        page.fill(f'[id="a.program.{number}.startar"]', "2020")
    page.click('[value="remove:program:1"]')
    expect(page.locator("details.row")).to_have_count(1)
    page.get_by_text("Ångra").click()
    expect(page.locator("details.row")).to_have_count(2)
    page.click('[value="remove:program:1"]')
    page.click("[value=send]")
    expect(page.locator("h1")).to_have_text("Kvitto")
    row = {
        "program": "Sömnskola",
        "status": "erbjuds",
        "omrade": "psykisk_halsa",
        "malgrupp": {"missing": "dont_know"},
        "startar": 2020,
    }
    assert collector.sent("sob", unit)[0].answers == {"program": [row], "inforandestrategi": "nej"}


# With JavaScript


def test_questions_come_and_go_as_one_answers_and_left_answers_are_named(visiting: Any, collector: Collector) -> None:
    unit = next(REGIONS)
    page = visiting("prehospital", unit)
    units = page.locator('[id="a.enheter"]')
    expect(units).to_be_hidden()
    page.check('[name="a.psykiatriambulans"][value="i_drift"]')
    units.fill("3")
    expect(page.locator("[data-aside]")).to_be_hidden()
    page.check('[name="a.psykiatriambulans"][value="nej"]')
    expect(units).to_be_hidden()
    expect(page.locator("[data-aside]")).to_contain_text("Hur många psykiatriambulanser är i drift?")
    page.check('[name="a.psykiatriambulans"][value="i_drift"]')
    assert units.input_value() == "3"


def test_every_change_is_saved_within_a_second_and_found_at_another_computer(visiting: Any) -> None:
    unit = next(REGIONS)
    page = visiting("psykiatrin", unit)
    page.fill('[id="a.bup_patienter.K"]', "1 234")
    # How soon is for the script to say, not for a busy machine.
    waits = re.search(r"SAVE_AFTER_MS = (\d+)", Path("collectors/static/form.js").read_text(encoding="utf-8"))
    assert waits is not None and int(waits[1]) < 1000
    expect(page.locator("[data-saved]")).to_contain_text("Utkast sparat", timeout=30_000)
    assert_accessible(page)
    elsewhere = visiting("psykiatrin", unit)
    assert elsewhere.input_value('[id="a.bup_patienter.K"]') == "1 234"
    elsewhere.fill('[id="a.bup_patienter.M"]', "1")
    expect(elsewhere.locator("[data-saved]")).to_contain_text("Utkast sparat")
    page.fill('[id="a.bup_patienter.M"]', "2")
    expect(page.locator("[data-saved]")).to_contain_text("Ett nyare utkast")


def test_what_was_typed_a_moment_before_leaving_is_saved(visiting: Any, collector: Collector) -> None:
    page = visiting("psykiatrin", next(REGIONS))
    form = page.url
    page.fill('[id="a.bup_patienter.K"]', "77")
    page.goto(f"{collector.address}/tillganglighet")
    page.goto(form)
    assert page.input_value('[id="a.bup_patienter.K"]') == "77"


def test_a_total_is_proposed_and_never_filled_in_by_itself(visiting: Any) -> None:
    page = visiting("psykiatrin", next(REGIONS))
    page.fill('[id="a.bup_patienter.K"]', "1 234")
    page.fill('[id="a.bup_patienter.M"]', "1000,5")
    assert page.input_value('[id="a.bup_patienter.T"]') == ""
    page.get_by_text("Använd summan").first.click()
    assert page.input_value('[id="a.bup_patienter.T"]') == "2\N{NO-BREAK SPACE}234,5"


def test_a_double_click_makes_one_submission(visiting: Any, collector: Collector) -> None:
    unit = next(REGIONS)
    page = visiting("prehospital", unit)
    page.check('[name="a.psykiatriambulans"][value="nej"]')
    page.check('[name="a.team_malgrupp"][value="inga"]')
    page.dblclick("[value=send]")
    expect(page.locator("h1")).to_have_text("Kvitto")
    assert len(collector.sent("prehospital", unit)) == 1


def test_all_kommuner_are_chosen_at_once(visiting: Any) -> None:
    page = visiting("prehospital", REGION)
    page.check('[name="a.psykiatriambulans"][value="i_drift"]')
    page.check('[name="a.tackning"][value="hela"]')
    page.click("text=Välj alla")
    assert page.locator('[name="a.tackning_kommuner"]:checked').count() == 49


def test_progress_counts_what_is_asked_and_answered(visiting: Any) -> None:
    page = visiting("prehospital", next(REGIONS), 375)
    summary = page.locator(".sections-small summary")
    before = summary.inner_text()
    page.check('[name="a.psykiatriambulans"][value="i_drift"]')
    after = summary.inner_text()
    assert (number_in(before), number_in(after)) == (0, 1)
    assert number_in(after.partition("av")[2]) > number_in(before.partition("av")[2])


def test_an_answer_that_is_not_required_can_be_taken_back(visiting: Any) -> None:
    page = visiting("prehospital", REGION)
    clear = page.locator('[value="clear:videostod"]')
    expect(clear).to_be_hidden()
    page.check('[name="a.videostod"][value="nej"]')
    clear.click()
    assert page.locator('[name="a.videostod"]:checked').count() == 0
    expect(clear).to_be_hidden()


CONDITIONS: list[dict[str, Any]] = [
    {"item": "a", "is": "x"},
    {"item": "a", "is": True},
    {"item": "a", "is": 3},
    {"item": "a", "in": ["x", 3]},
    {"item": "a", "includes": "x"},
    {"item": "a", "at_least": 3},
    {"item": "a", "at_most": 2.5},
    {"item": "a", "answered": True},
    {"item": "a", "answered": False},
    {"not": {"item": "a", "is": "x"}},
    {"all": [{"item": "a", "answered": True}, {"item": "b", "is": "y"}]},
    {"any": [{"item": "a", "is": "x"}, {"not": {"item": "b", "answered": True}}]},
]
VALUES: list[dict[str, Any]] = [
    {},
    {"a": "x"},
    {"a": "y", "b": "y"},
    {"a": ["x", "z"]},
    {"a": True, "b": "x"},
    {"a": False},
    {"a": 3},
    {"a": 2.5, "b": "y"},
    {"a": "3"},
]


def test_the_script_routes_as_the_checks_do(visiting: Any) -> None:
    from pydantic import TypeAdapter

    page = visiting("prehospital", REGION)
    adapter: TypeAdapter[Any] = TypeAdapter(Condition)
    there = page.evaluate("([cs, vs]) => cs.map((c) => vs.map((v) => holds(c, v)))", [CONDITIONS, VALUES])
    here = [[compiled(adapter.validate_python(one))(values) for values in VALUES] for one in CONDITIONS]
    differs = [
        json.dumps([condition, values])
        for condition, mine, theirs in zip(CONDITIONS, here, there, strict=True)
        for values, right, said in zip(VALUES, mine, theirs, strict=True)
        if right != said
    ]
    assert differs == []
