"""Publications of past moments beside the live one: made once, kept while nothing changes them, never too many."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from infra.event_log import RESPONSES, EventLog
from infra.published import current_publish_id
from infra.settings import Settings
from pipeline import as_of
from pipeline.as_of import as_of_dir, published_as_of
from pipeline.ledger import records
from surveys.moment import AtPositions, AtPublication, AtTime, Moment, NoSuchMoment, moment
from tests.pipeline.build import event
from tests.pipeline.partitioned import PartitionedLog
from tests.pipeline.processes import held_by_another
from tests.pipeline.trickle import BEGAN, DEFINITIONS, THIS_YEAR, Trickle, each_part

NOW = BEGAN + timedelta(days=30)


class Lived:
    """A log of three answers with a day between them, each published when it came."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.trickle = Trickle(Settings(data_dir=folder), Random(1))
        self.log: EventLog = PartitionedLog(self.trickle.now, partitions=1)
        self.ticks = count()
        monkeypatch.setattr("pipeline.as_of.opened_log", self._opened)
        for value in (1, 2, 3):
            self.sends(value, self.trickle.now())
            self.trickle.published(self.log)
            self.trickle.later(days=1)

    def sends(self, value: int, at: datetime) -> None:
        data = {"survey": "ett", "year": 2023, "unit": "14", "questionnaire": THIS_YEAR.fingerprint, "mode": "web"}
        sent = {**data, "submission_id": f"s-{value}-{at}", "answers": {"a": value}}
        self.log.append(RESPONSES, [("14", event(sent, at))])

    def then(self, asked: Moment) -> Path:
        return published_as_of(
            self.trickle.settings, asked, DEFINITIONS, lambda: NOW + timedelta(seconds=next(self.ticks))
        )

    def said(self, asked: Moment) -> Any:
        """The region's answer then, and what the file says of itself."""
        with duckdb.connect(str(self.then(asked)), read_only=True) as file:
            rows = file.execute("SELECT value_number, moment FROM answer, publication WHERE item_id = 'a'").fetchall()
        return rows[0]

    def _opened(self, _settings: Settings) -> "Lived":
        return self

    def __enter__(self) -> EventLog:
        return self.log

    def __exit__(self, *_: object) -> None: ...


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lived:
    monkeypatch.setattr("pipeline.refresh.audit_beside", each_part(lambda _work, _q, _now: []))
    return Lived(tmp_path, monkeypatch)


def test_a_moment_is_shown_beside_a_running_pipeline_and_what_is_live_stays(lived: Lived, tmp_path: Path) -> None:
    live = current_publish_id(tmp_path)
    first = records(tmp_path)[0].publish_id
    with held_by_another(tmp_path / "warehouse.duckdb"):
        assert lived.said(moment("2023-05-02")) == (2.0, "2023-05-02T21:59:59.999999Z")
        assert lived.said(moment("0")) == (1.0, "0:0")
        assert lived.said(AtPublication(first)) == (1.0, first)
    assert current_publish_id(tmp_path) == live


def test_it_is_made_once_until_something_older_comes(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = AtTime(BEGAN + timedelta(days=1, hours=1))
    path = lived.then(asked)
    with monkeypatch.context() as idle:
        idle.setattr(as_of, "make", None)
        lived.sends(4, BEGAN + timedelta(days=9))
        assert lived.then(asked) == path
    lived.sends(5, BEGAN + timedelta(days=1, minutes=30))
    assert lived.then(asked) != path
    assert lived.said(asked)[0] == 5.0
    assert not path.exists()


def test_a_place_in_the_log_stays_what_it_was(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lived.then(AtPositions(((0, 1),)))
    lived.sends(5, BEGAN)
    monkeypatch.setattr(as_of, "make", None)
    assert lived.then(AtPositions(((0, 1),))) == path


def test_no_more_than_so_many_are_kept_and_no_litter(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_of, "KEEP", 2)
    folder = as_of_dir(lived.trickle.settings.data_dir)
    first, _ = (lived.then(AtPositions(((0, offset),))) for offset in (0, 1))
    lived.then(AtPositions(((0, 0),)))
    (folder / "making-ended").mkdir()
    third = lived.then(AtPositions(((0, 2),)))
    assert {file.name for file in folder.glob("*.duckdb")} == {first.name, third.name}
    assert len(list(folder.iterdir())) == 2 * 2 + 1


def test_a_moment_that_has_not_been_is_refused(lived: Lived) -> None:
    refused = {
        "2024-01-01": "lies ahead",
        "3": "the log has 3 events in partition 0",
        "1:0": "does not name partition 0",
        "0:-1": "is before the first event",
        "20230101T110000000000Z": "no such publication is recorded",
    }
    for asked, why in refused.items():
        with pytest.raises(NoSuchMoment, match=why):
            lived.then(moment(asked))
