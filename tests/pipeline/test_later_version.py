"""An event of a later version is parked with a code of its own, and counts once it is replayed after an upgrade."""

from contextlib import closing
from pathlib import Path

import pytest

from infra.event_log import RESPONSES, open_log
from infra.settings import Settings
from pipeline.consume import run_once, utc_now
from pipeline.dead_letters import dead_letters
from pipeline.replay import alone, replay
from surveys import upcasting
from surveys.upcasting import Upcaster
from tests.pipeline.test_commands import response

NEWEST = "se.lagesbild.response-submitted.v1"
LATER = "se.lagesbild.response-submitted.v2"


def test_a_later_version_waits_for_the_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data_dir=tmp_path)
    unit, value = response("1480")
    with closing(open_log(settings)) as log:
        log.append(RESPONSES, [(unit, value.replace(NEWEST.encode(), LATER.encode())), response("1481")])
        assert run_once(settings).accepted == 1
        [letter] = dead_letters(log)
        assert letter.parked.code == "S309"
        # What an upgrade brings: this version knows how to read the other.
        monkeypatch.setattr(upcasting, "UPCASTERS", {LATER: Upcaster(NEWEST, dict)})
        with alone(tmp_path) as by:
            assert len(list(replay(log, [letter], by, utc_now))) == 1
        assert run_once(settings).accepted == 1
        assert [one.replayed is not None for one in dead_letters(log)] == [True]
