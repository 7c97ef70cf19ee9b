"""The respondent's pages over HTTP, as a browser without JavaScript uses them."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest

from collectors import signin
from collectors.administration import Administration
from collectors.form_pages import DEMONSTRATION
from infra.errors import LogUnavailable
from infra.operational_db import migrate
from infra.settings import sqlite_path
from tests.collectors.build import (
    NOW,
    OTHER_UNIT,
    SURVEY,
    UNIT,
    YEAR,
    Served,
    opened_round,
    responses_in,
    served,
    settings_in,
)

FORM = f"/s/{SURVEY}/{YEAR}/{UNIT}"
GOOD: dict[str, Any] = {"a.lage": "i_drift", "a.enheter": "3"}


class Browser:
    """A browser where the unit is signed in: it keeps cookies and a form's hidden fields."""

    opened: ClassVar[list["Browser"]] = []

    def __init__(self, collector: Served, unit: str = UNIT) -> None:
        self.opened.append(self)
        self.collector = collector
        self.http = httpx.Client(base_url=collector.http.base_url, timeout=20, headers={"accept": "text/html"})
        link = signin.invite(collector.gate.engine, unit, datetime.now(UTC))
        assert self.http.get(signin.link_path(link)).status_code == 303
        self.link = link

    def hidden(self, page: str | None = None) -> dict[str, str]:
        """The fields that the form carries by itself."""
        text = page or self.http.get(FORM).text
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
        return {name: unescape(value) for name, value in found}

    def post(self, action: str, page: str | None = None, /, **typed: Any) -> httpx.Response:
        """The answer to the form sent with that button; fields beside `typed` are as on the page."""
        fields: dict[str, Any] = self.hidden(page) | {"action": action} | typed
        return self.http.post(FORM, data=fields)


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running


@pytest.fixture(autouse=True)
def opened() -> Iterator[list[Browser]]:
    """Every browser of the test; closed when it ends."""
    yield Browser.opened
    while Browser.opened:
        Browser.opened.pop().http.close()


@pytest.fixture
def browser(collector: Served) -> Browser:
    return Browser(collector)


def sent(collector: Served) -> list[Any]:
    return [event.data for event in responses_in(collector.gate.log)]


# Signing in


def test_a_link_leads_to_the_start_page_of_its_unit(browser: Browser) -> None:
    page = browser.http.get("/", follow_redirects=True)
    assert page.url.path == f"/u/{UNIT}"
    assert "Västra Götalandsregionen" in page.text
    assert "Provkartläggning 2026" in page.text
    assert "Inte skickad" in page.text


def test_a_code_or_a_whole_link_signs_in_and_leads_where_one_was_going(collector: Served) -> None:
    link = signin.invite(collector.gate.engine, UNIT, datetime.now(UTC))
    for code in (link, f" https://example.se/signin/{link}/ "):
        answer = collector.http.post("/", data={"code": code, "next": FORM})
        assert (answer.status_code, answer.headers["location"]) == (303, FORM)
    away = collector.http.post("/", data={"code": link, "next": "//example.se/"})
    assert away.headers["location"] == f"/u/{UNIT}"


@pytest.mark.parametrize(("code", "status"), [("", 422), ("fel", 401), ("x_y", 401)])
def test_a_wrong_code_is_told_beside_the_field(collector: Served, code: str, status: int) -> None:
    answer = collector.http.post("/", data={"code": code})
    assert answer.status_code == status
    assert 'aria-invalid="true"' in answer.text


def test_a_page_of_a_unit_asks_who_is_not_signed_in_to_sign_in(collector: Served) -> None:
    answer = collector.http.get(FORM, headers={"accept": "text/html"})
    assert answer.status_code == 401
    assert f'name="next" value="{FORM}"' in answer.text


def test_signing_out_ends_the_session_in_the_browser(browser: Browser) -> None:
    token = browser.hidden()["csrf"]
    assert browser.http.post("/signout", data={"csrf": "x"}).status_code == 403
    assert browser.http.post("/signout", data={"csrf": token}).status_code == 303
    assert browser.http.get(FORM).status_code == 401


def test_a_post_from_another_site_is_refused(browser: Browser, collector: Served) -> None:
    assert browser.post("send", csrf="x", **GOOD).status_code == 403
    forged = collector.http.post("/", data={"code": browser.link}, headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403
    assert sent(collector) == []


def test_pages_are_not_framed_and_load_nothing_from_elsewhere(browser: Browser) -> None:
    page = browser.http.get(FORM)
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)


# Sending


def test_a_good_form_is_sent_and_gives_a_receipt_with_every_answer(browser: Browser, collector: Served) -> None:
    typed = GOOD | {"a.kostnad": "1 234,5", "a.grupper": ["barn", "aldre"], "a.beslutat": "false"}
    answer = browser.post("send", **typed)
    assert answer.status_code == 303
    receipt = browser.http.get(answer.headers["location"]).text
    [event] = sent(collector)
    assert event.mode == "web"
    assert event.answers == {
        "lage": "i_drift",
        "enheter": 3,
        "kostnad": 1234.5,
        "beslutat": False,
        "grupper": ["barn", "aldre"],
    }
    for shown in ("Tack, svaret är mottaget", event.submission_id, "1\N{NO-BREAK SPACE}234,5 miljoner kronor", "Äldre"):
        assert shown in receipt
    assert collector.gate.submissions.of_unit(UNIT, SURVEY, YEAR)[0].receipt.checksum in receipt


def test_the_same_page_sent_twice_is_one_submission(browser: Browser, collector: Served) -> None:
    page = browser.http.get(FORM).text
    first, second = browser.post("send", page, **GOOD), browser.post("send", page, **GOOD)
    assert first.headers["location"] == second.headers["location"]
    assert len(sent(collector)) == 1


def test_a_page_sent_again_with_other_content_becomes_a_correction_and_keeps_it(
    browser: Browser, collector: Served
) -> None:
    page = browser.http.get(FORM).text
    browser.post("send", page, **GOOD)
    answer = browser.post("send", page, **(GOOD | {"a.enheter": "4"}))
    assert answer.status_code == 409
    assert 'value="4"' in answer.text
    assert browser.post("send", answer.text, **(GOOD | {"a.enheter": "4"})).status_code == 303
    first, second = sent(collector)
    assert (second.corrects, second.answers["enheter"]) == (first.submission_id, 4)


def test_faults_are_told_in_a_summary_and_beside_the_field_and_nothing_typed_is_lost(
    browser: Browser, collector: Served
) -> None:
    answer = browser.post("send", **{"a.lage": "i_drift", "a.enheter": "många", "a.beskrivning": "Två <bilar>"})
    assert answer.status_code == 422
    assert 'role="alert" tabindex="-1" id="summary"' in answer.text
    assert '<a href="#a.enheter">Antal enheter: Skriv ett heltal. Nu står det ”många”.</a>' in answer.text
    assert 'aria-describedby="a.enheter.unit a.enheter.told" aria-invalid="true"' in answer.text
    assert 'value="många"' in answer.text
    assert "Två &lt;bilar&gt;" in answer.text
    assert "<title>Fel:" in answer.text
    assert sent(collector) == []


def test_a_soft_fault_is_explained_and_the_explanation_is_sent(browser: Browser, collector: Served) -> None:
    typed = GOOD | {"a.enheter": "25"}
    answer = browser.post("send", **typed)
    assert answer.status_code == 422
    assert 'name="e.manga_enheter"' in answer.text
    assert "Behöver förklaras eller bekräftas (1)" in answer.text
    assert browser.post("send", **(typed | {"e.manga_enheter": "Vi har slagit ihop."})).status_code == 303
    assert sent(collector)[0].explanations == {"manga_enheter": "Vi har slagit ihop."}


def test_an_explanation_no_longer_asked_for_is_not_sent(browser: Browser, collector: Served) -> None:
    assert browser.post("send", **(GOOD | {"e.manga_enheter": "Inaktuell"})).status_code == 303
    assert sent(collector)[0].explanations == {}


def test_checking_sends_nothing_and_says_what_is_wrong_or_that_all_is_well(browser: Browser, collector: Served) -> None:
    assert browser.post("check").status_code == 422
    well = browser.post("check", **GOOD)
    assert well.status_code == 200
    assert "kontrollen hittade inget att rätta" in well.text
    assert sent(collector) == []


def test_an_answer_that_is_not_asked_for_is_left_out_and_named(browser: Browser, collector: Served) -> None:
    answer = browser.post("send", **{"a.lage": "nej", "a.enheter": "7"})
    assert sent(collector)[0].answers == {"lage": "nej"}
    receipt = browser.http.get(answer.headers["location"]).text
    assert "De här svaren skickades inte" in receipt
    assert "<li>Antal enheter</li>" in receipt


def test_a_question_not_asked_says_when_it_is(browser: Browser) -> None:
    assert "Om ”Hur långt har ni kommit?” är ”I drift”" in browser.http.get(FORM).text


def test_a_correction_is_prefilled_and_needs_a_reason_after_closing(browser: Browser, collector: Served) -> None:
    browser.post("send", **GOOD)
    page = browser.http.get(FORM).text
    assert 'name="a.enheter" value="3"' in page
    assert browser.post("send", page, **(GOOD | {"a.enheter": "5"})).status_code == 303
    now = datetime.now(UTC)
    opened_round(collector.gate.log, due_at=now - timedelta(days=2), closes_at=now - timedelta(days=1))
    refused = browser.post("send", **(GOOD | {"a.enheter": "6"}))
    assert refused.status_code == 422
    assert '<a href="#reason">' in refused.text
    assert 'value="6"' in refused.text
    assert browser.post("send", **(GOOD | {"a.enheter": "6", "reason": "Fel period"})).status_code == 303
    assert [(one.answers["enheter"], one.reason) for one in sent(collector)] == [
        (3, None),
        (5, None),
        (6, "Fel period"),
    ]
    start = browser.http.get(f"/u/{UNIT}").text
    assert "Version 3" in start


@pytest.mark.parametrize(
    ("opens", "closes", "said"), [(5, 20, "Insamlingen har inte öppnat än"), (-20, -5, "Insamlingen är stängd")]
)
def test_a_round_that_is_not_open_takes_nothing_and_keeps_what_is_typed(
    tmp_path: Path, opens: int, closes: int, said: str
) -> None:
    with served(tmp_path, opened=False) as collector:
        now = datetime.now(UTC)
        opens_at, closes_at = now + timedelta(days=opens), now + timedelta(days=closes)
        opened_round(collector.gate.log, opens_at=opens_at, due_at=closes_at, closes_at=closes_at)
        answer = Browser(collector).post("send", **GOOD)
        assert answer.status_code == 409
        assert said in answer.text
        assert 'value="3"' in answer.text
        assert sent(collector) == []


# Rows


def test_rows_are_added_removed_and_put_back_by_buttons(browser: Browser, collector: Served) -> None:
    one = browser.post("add:insatser", **GOOD)
    assert 'name="a.insatser.row" value="1"' in one.text
    rows: dict[str, Any] = GOOD | {"a.insatser.1.namn": "Samtal"}
    two = browser.post("add:insatser", one.text, **rows)
    rows |= {"a.insatser.row": ["1", "2"], "a.insatser.2.namn": "KBT", "a.insatser.2.antal": "1 200"}
    gone = browser.post("remove:insatser:1", two.text, **rows)
    assert 'name="a.insatser.1.namn" value="Samtal"' in gone.text
    assert "Ångra" in gone.text
    back = browser.post("restore:insatser:1", gone.text, **(rows | {"a.insatser.row": ["2"]}))
    assert back.text.count('name="a.insatser.row"') == 2
    browser.post("send", back.text, **(rows | {"a.insatser.row": ["2"]}))
    assert sent(collector)[0].answers["insatser"] == [{"namn": "KBT", "antal": 1200}]


def test_last_years_rows_are_fetched_once(browser: Browser, collector: Served) -> None:
    from collectors.gate import new_id
    from collectors.receive import receive
    from tests.collectors.build import request

    before = {"lage": "nej", "insatser": [{"namn": "Samtal", "antal": 4}, {"namn": "KBT", "lage": "planerad"}]}
    opened_round(collector.gate.log, year=2025)
    receive(request(year=2025, answers=before), collector.gate, NOW, new_id)
    page = browser.http.get(FORM).text
    assert "Förra gången (2025):" in page
    assert "Hämta raderna från 2025 (2)" in page
    fetched = browser.post("fetch:insatser", page, **GOOD)
    assert 'name="a.insatser.1.namn" value="Samtal"' in fetched.text
    rows = {"a.insatser.row": ["1", "2"], "a.insatser.1.namn": "Samtal", "a.insatser.2.namn": " kbt "}
    again = browser.post("fetch:insatser", fetched.text, **(GOOD | rows))
    assert "Alla rader från förra gången finns redan" in again.text
    assert again.text.count('name="a.insatser.row"') == 2


def test_a_fault_in_a_row_names_the_row_and_opens_it(browser: Browser) -> None:
    rows: dict[str, Any] = {
        "a.insatser.row": ["1", "5", "6"],
        "a.insatser.1.namn": "A",
        "a.insatser.5.antal": "x",
        "a.insatser.6.namn": "B",
    }
    answer = browser.post("check", **(GOOD | rows))
    assert '<a href="#a.insatser.5.antal">Rad 2, Antal: Skriv ett heltal. Nu står det ”x”.</a>' in answer.text
    assert re.search(r'id="a.insatser.5" data-row open', answer.text)
    assert not re.search(r'id="a.insatser.1" data-row open', answer.text)


# Nothing is lost


def test_a_draft_is_saved_resumed_elsewhere_and_cleared_by_sending(browser: Browser, collector: Served) -> None:
    saved = browser.post("save", **{"a.lage": "i_drift", "a.enheter": "halv"})
    assert "Utkastet är sparat" in saved.text
    elsewhere = Browser(collector)
    page = elsewhere.http.get(FORM).text
    assert "Du fortsätter på utkastet" in page
    assert 'value="halv"' in page
    assert "Utkast sparat" in elsewhere.http.get(f"/u/{UNIT}").text
    assert elsewhere.post("send", page, **GOOD).status_code == 303
    assert "Utkast sparat" not in browser.http.get(f"/u/{UNIT}").text


def test_an_older_page_does_not_overwrite_a_newer_draft_unasked(browser: Browser, collector: Served) -> None:
    old = browser.http.get(FORM).text
    Browser(collector).post("save", **{"a.lage": "nej"})
    warned = browser.post("send", old, **GOOD)
    assert warned.status_code == 409
    assert "Ett nyare utkast sparades" in warned.text
    assert 'value="3"' in warned.text
    assert browser.post("send", warned.text, **GOOD).status_code == 303


def test_the_script_saves_drafts_and_is_told_of_trouble(browser: Browser, collector: Served) -> None:
    page = browser.http.get(FORM).text
    fields = browser.hidden(page) | GOOD
    saved = browser.http.post(f"{FORM}/draft", data=fields)
    assert (saved.status_code, saved.json()["version"]) == (200, 1)
    assert browser.http.post(f"{FORM}/draft", data=fields | {"csrf": "x"}).status_code == 403
    assert browser.http.post(f"{FORM}/draft", data=fields | {"a.enheter": "9"}).status_code == 409
    browser.post("send", page, **(GOOD | {"draft_version": "1"}))
    late = browser.http.post(f"{FORM}/draft", data=fields)
    assert late.status_code == 409
    assert "Utkast sparat" not in browser.http.get(f"/u/{UNIT}").text


def test_an_expired_session_keeps_everything_and_signing_in_brings_it_back(browser: Browser) -> None:
    page = browser.http.get(FORM).text
    browser.http.cookies.clear()
    kept = browser.post("send", page, **(GOOD | {"a.beskrivning": "Rad ett\nRad två"}))
    assert kept.status_code == 401
    assert "Det du skrev finns kvar" in kept.text
    wrong = browser.http.post(FORM, data=browser.hidden(kept.text) | {"action": "send", "code": "fel"})
    assert wrong.status_code == 401
    back = browser.http.post(FORM, data=browser.hidden(wrong.text) | {"action": "send", "code": browser.link})
    assert back.status_code == 200
    assert "Rad ett\nRad två</textarea>" in back.text
    assert browser.post("send", back.text, **GOOD).status_code == 303


def test_a_form_of_an_earlier_session_is_not_sent_but_kept(browser: Browser, collector: Served) -> None:
    page = browser.http.get(FORM).text
    browser.http.get(signin.link_path(browser.link))
    kept = browser.post("send", page, **GOOD)
    assert kept.status_code == 403
    assert 'value="3"' in kept.text
    assert browser.post("send", kept.text, **GOOD).status_code == 303
    assert len(sent(collector)) == 1


def test_a_silent_log_keeps_the_form_and_the_same_submission(
    browser: Browser, collector: Served, tmp_path: Path
) -> None:
    page = browser.http.get(FORM).text
    writer = sqlite3.connect(sqlite_path(settings_in(tmp_path).log_url), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    away = browser.post("send", page, **GOOD)
    writer.execute("ROLLBACK")
    writer.close()
    assert (away.status_code, away.headers["retry-after"]) == (503, "5")
    assert "Inget har gått förlorat" in away.text
    assert 'value="3"' in away.text
    assert browser.hidden(away.text)["submission_id"] == browser.hidden(page)["submission_id"]
    assert browser.post("send", away.text, **(GOOD | {"a.enheter": "4"})).status_code == 303
    taken = sent(collector)
    # The attempt that was given up may have been taken late: it is a submission of its own, and the later one counts.
    assert [one.answers["enheter"] for one in taken] in ([4], [3, 4])
    assert len({one.submission_id for one in taken}) == len(taken)


class Away:
    """A log that does not answer."""

    def append(self, *_: Any) -> Any:
        raise LogUnavailable("log", "away")

    read = ends = append

    def close(self) -> None:
        return


def test_a_log_that_is_gone_altogether_leaves_a_page_that_holds_everything(browser: Browser, collector: Served) -> None:
    page, gate = browser.http.get(FORM).text, collector.gate
    collector.app.state.gate = replace(gate, log=Away(), administration=Administration(Away()))
    away = browser.post("send", page, **GOOD)
    assert away.status_code == 503
    assert browser.hidden(away.text) | GOOD == browser.hidden(away.text)
    assert browser.http.get(FORM).status_code == 503
    collector.app.state.gate = gate
    assert "Du fortsätter på utkastet" in browser.http.get(FORM).text
    answer = browser.http.post(FORM, data=browser.hidden(away.text) | {"action": "send"})
    assert answer.status_code == 303
    assert len(sent(collector)) == 1


def test_a_database_that_is_away_leaves_a_page_that_holds_everything(browser: Browser, collector: Served) -> None:
    page = browser.http.get(FORM).text
    with collector.gate.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE signin_link RENAME TO hidden_away")
    away = browser.post("send", page, **GOOD)
    with collector.gate.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden_away RENAME TO signin_link")
    migrate(collector.gate.engine)
    assert away.status_code == 503
    assert browser.http.post(FORM, data=browser.hidden(away.text) | {"action": "send"}).status_code == 303


# Languages, the demonstration, errors


def test_the_language_is_kept_and_a_form_does_not_lose_what_is_typed(browser: Browser) -> None:
    answer = browser.post("language:en", **{"a.enheter": "17"})
    assert answer.status_code == 303
    page = browser.http.get(FORM).text
    assert '<html lang="en">' in page
    assert "Number of units" in page
    assert 'value="17"' in page
    assert browser.http.get("/language/sv?next=https://example.se/").headers["location"] == "/"
    assert '<html lang="sv">' in browser.http.get("/tillganglighet").text


def test_a_demonstration_says_so_on_every_page(browser: Browser, tmp_path: Path) -> None:
    assert "alla svar är påhittade" not in browser.http.get(FORM).text
    (tmp_path / DEMONSTRATION).touch()
    for path in ("/", FORM, f"/u/{UNIT}", "/tillganglighet", "/finns-inte"):
        assert "alla svar är påhittade" in browser.http.get(path, follow_redirects=True).text


def test_another_units_pages_and_unknown_ones_are_told_apart(browser: Browser) -> None:
    other = browser.http.get(f"/s/{SURVEY}/{YEAR}/{OTHER_UNIT}")
    assert (other.status_code, "Sidan är inte er" in other.text) == (403, True)
    assert "du är inloggad som Västra Götalandsregionen" in other.text and "Logga ut" in other.text
    for path in ("/finns-inte", f"/s/okand/{YEAR}/{UNIT}", f"{FORM}/receipts/00000000"):
        missing = browser.http.get(path)
        assert (missing.status_code, "Sidan finns inte" in missing.text) == (404, True)


def test_a_receipt_is_shown_only_under_its_own_unit(browser: Browser, collector: Served) -> None:
    path = browser.post("send", **GOOD).headers["location"].partition("?")[0]
    other = Browser(collector, OTHER_UNIT)
    assert other.http.get(path).status_code == 403
    assert other.http.get(path.replace(f"/{UNIT}/", f"/{OTHER_UNIT}/")).status_code == 404


def test_a_kommun_meets_only_its_own_questions(collector: Served) -> None:
    page = Browser(collector, "1480").http.get(f"/s/{SURVEY}/{YEAR}/1480").text
    assert "Vilka grupper?" in page
    assert "Vilka kommuner?" not in page


def test_kommuner_are_the_regions_own_in_swedish_order(browser: Browser) -> None:
    page = browser.http.get(FORM).text
    names = re.findall(r'name="a\.kommuner" value="\d{4}"> <span>([^<]+)<', page)
    assert len(names) == 49
    assert [name for name in names if name[0] in "AÅÄÖ"][-2:] == ["Åmål", "Öckerö"]


def test_a_form_nobody_touched_leaves_no_draft(browser: Browser) -> None:
    browser.post("language:en")
    browser.post("check")
    assert "Draft saved" not in browser.http.get(f"/u/{UNIT}").text
