"""Drafts: saved by version, never over somebody else's newer one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.drafts import DraftOvertaken, Drafts
from collectors.form_typed import Typed
from tests.collectors.build import NOW, SURVEY, UNIT, YEAR, gate_in

KEY = (UNIT, SURVEY, YEAR)
ONE, TWO = Typed((("a.enheter", "3"),)), Typed((("a.enheter", "4"), ("a.grupper", "barn"), ("a.grupper", "vuxna")))


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    with gate_in(tmp_path) as gate:
        yield Drafts(gate.engine)


def test_a_saved_draft_is_found_as_typed(drafts: Drafts) -> None:
    assert drafts.get(KEY) is None
    assert drafts.save(KEY, ONE, 0, NOW) == 1
    assert drafts.save(KEY, TWO, 1, NOW + timedelta(minutes=1)) == 2
    found = drafts.get(KEY)
    assert found is not None
    assert (found.typed, found.version, found.saved_at) == (TWO, 2, NOW + timedelta(minutes=1))
    assert drafts.of_unit(UNIT) == {(SURVEY, YEAR): found.saved_at}


def test_a_newer_draft_is_not_overwritten_by_an_older_page(drafts: Drafts) -> None:
    drafts.save(KEY, ONE, 0, NOW)
    with pytest.raises(DraftOvertaken) as caught:
        drafts.save(KEY, TWO, 0, NOW)
    assert caught.value.newer.typed == ONE
    assert drafts.save(KEY, TWO, caught.value.newer.version, NOW) == 2


def test_the_same_content_twice_is_no_conflict(drafts: Drafts) -> None:
    assert drafts.save(KEY, ONE, 0, NOW) == drafts.save(KEY, ONE, 0, NOW) == 1


def test_a_cleared_draft_is_gone_and_typing_on_makes_a_new_one(drafts: Drafts) -> None:
    drafts.save(KEY, ONE, 0, NOW)
    drafts.clear(KEY)
    assert drafts.get(KEY) is None
    assert drafts.save(KEY, TWO, 1, NOW) == 2


def test_each_unit_and_year_has_its_own(drafts: Drafts) -> None:
    drafts.save(KEY, ONE, 0, NOW)
    drafts.save(("12", SURVEY, YEAR), TWO, 0, NOW)
    mine = drafts.get(KEY)
    assert mine is not None
    assert mine.typed == ONE
