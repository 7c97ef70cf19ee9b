"""A past moment on the pages: asked for in the address, made by the pipeline, and said on every page."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from infra.published import current_publish_id
from tests.dashboards.test_views import APP, written

THEN = "2021-02-01"


@pytest.fixture(scope="module")
def copied(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration in a folder of its own, where past moments may be made."""
    folder = tmp_path_factory.mktemp("past")
    shutil.copytree(demonstration, folder, dirs_exist_ok=True)
    return folder


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, **selections: str) -> AppTest:
    monkeypatch.setenv("LAGESBILD_DATA_DIR", str(folder))
    test = AppTest.from_file(APP, default_timeout=300)
    for name, value in selections.items():
        test.query_params[name] = value
    return test.run()


def test_a_page_shows_how_it_looked_and_says_so(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live = current_publish_id(copied)
    test = opened(copied, monkeypatch, as_of=THEN)
    assert [each.message for each in test.exception] == []
    assert "Så såg det ut den 1\u00a0februari\u00a02021" in written(test)
    assert "Uppdaterad" not in written(test)
    assert test.date_input[0].value is not None
    test.button[0].click().run()
    assert "as_of" not in test.query_params
    assert "Så såg det ut" not in written(test)
    assert "Uppdaterad" in written(test)
    assert current_publish_id(copied) == live


def test_a_figure_that_was_revised_later_is_shown_as_it_was(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dashboards import data, past

    monkeypatch.setenv("LAGESBILD_DATA_DIR", str(copied))
    live = current_publish_id(copied)
    assert live is not None
    shown = {}
    for name in (past.shown(THEN), live):
        figures = data.figures(name, "psykiatrin", 2017, "indicator:bup_barn_andel", "number", "region", "sv")
        shown[name == live] = [
            round(each.value or 0, 1) for each in figures if each.level == "country" and each.sex == "T"
        ]
    assert shown == {False: [5.7], True: [5.5]}


@pytest.mark.parametrize("asked", ["snart", "2999-01-01", "99999999", "2023-03-26T02:30"])
def test_what_is_no_past_moment_is_said_plainly(copied: Path, monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    test = opened(copied, monkeypatch, as_of=asked)
    assert [each.message for each in test.exception] == []
    assert [each.value for each in test.header if each.value != "Som det såg ut"] == [
        "Den tidpunkten går inte att visa"
    ]
    assert "S345" in test.markdown[0].value


def test_a_link_leads_to_the_same_moment() -> None:
    def draw() -> None:
        import streamlit as st

        from dashboards import address, past

        address.remember("sprak", "en")
        address.remember(past.NAME, "2021-02-01")
        st.markdown(address.link("harkomst", kon="K", svar=""))

    assert AppTest.from_function(draw).run().markdown[0].value == "harkomst?kon=K&sprak=en&as_of=2021-02-01"
