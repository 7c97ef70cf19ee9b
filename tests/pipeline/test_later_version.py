"""An event of a later version is parked with a code of its own, and counts once it is replayed after an upgrade."""

from pathlib import Path

import pytest

from pipeline.box import boxed
from pipeline.consume import utc_now
from pipeline.dead_letters import dead_letters
from pipeline.replay import alone, replay
from surveys import upcasting
from surveys.upcasting import Upcaster
from tests.pipeline.test_commands import response

NEWEST = "se.lagesbild.response-submitted.v1"
LATER = "se.lagesbild.response-submitted.v2"


def test_a_later_version_waits_for_the_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unit, value = response("1480")
    with boxed(tmp_path) as box:
        waits, taken = box.post((unit, value.replace(NEWEST.encode(), LATER.encode())), response("1481"))
        assert (waits.letter and waits.letter.code, taken.state) == ("S309", "current")
        # What an upgrade brings: this version knows how to read the other.
        monkeypatch.setattr(upcasting, "UPCASTERS", {LATER: Upcaster(NEWEST, dict)})
        with alone(tmp_path) as by:
            assert len(list(replay(box.log, dead_letters(box.log), by, utc_now))) == 1
        box.run()
        assert {row["unit_id"] for row in box.rows("SELECT unit_id FROM response WHERE current")} == {"1480", "1481"}
        assert [one.replayed is not None for one in dead_letters(box.log)] == [True]
