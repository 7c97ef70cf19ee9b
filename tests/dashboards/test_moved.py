"""What is said of a figure that moves while a round is open."""

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboards import data
from dashboards.records import Moved, Publication
from tests.dashboards.test_views import written

NOON = datetime(2026, 10, 1, 10, tzinfo=UTC)


def moves(*told: tuple[float | None, int]) -> list[Moved]:
    return [
        Moved(NOON + timedelta(days=day), value, answered, 21, None if value is not None else "unit_nonresponse")
        for day, (value, answered) in enumerate(told)
    ]


def draw(publish_id: str) -> None:
    from dashboards.moved import movement
    from dashboards.page import Page
    from dashboards.texts import Words
    from tests.dashboards.build import measure, survey

    movement(Page(publish_id, Words("sv")), survey(state="open"), measure(is_percent=True), "region")


def drawn(monkeypatch: pytest.MonkeyPatch, told: list[Moved], publish_id: str = "p") -> AppTest:
    monkeypatch.setattr(data, "movement", lambda *_: told)
    end = Publication("p", NOON + timedelta(days=9), NOON, 1, 1, 0, (), {})
    monkeypatch.setattr(data, "publication", lambda _id: end)
    test = AppTest.from_function(draw, args=(publish_id,), default_timeout=60).run()
    assert [each.message for each in test.exception] == []
    return test


def test_it_says_from_what_to_what_and_with_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    test = drawn(monkeypatch, moves((None, 0), (4.0, 1), (5.25, 2), (5.0, 3)))
    said = written(test).replace("\u00a0", " ")
    assert "sedan 2 oktober 2026 gått från 4,0 % (1 av 21 med) till 5,0 % (3 av 21 med). Antal ändringar: 2." in said
    assert said.index("2026-10-04 12.00") < said.index("2026-10-01 12.00") and ">–<" in said
    assert len(test.get("vega_lite_chart")) == 1


def test_what_has_not_moved_is_said_without_a_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    test = drawn(monkeypatch, moves((4.0, 1)))
    assert "Rikets siffra är 4,0 % (1 av 21 med) och har inte ändrats sedan 1 oktober 2026" in written(test).replace(
        "\u00a0", " "
    )
    assert len(test.get("vega_lite_chart")) == 0


def test_a_past_moment_does_not_show_what_came_after(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(drawn(monkeypatch, moves((4.0, 1), (5.0, 2)), "as-of/p")) == ""
