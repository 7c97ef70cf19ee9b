"""A clock that goes backwards: publications follow one another all the same, and what was accepted last counts."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collectors.gate import new_id
from collectors.receive import receive
from infra.event_log import RESPONSES
from infra.published import connect_current, current_publish_id, marts_dir
from infra.settings import Settings
from pipeline.ledger import records
from tests.collectors.build import ANSWERS, NOW, gate_in, opened_round, request
from tests.faults.chain import consuming, published_submissions


def published_at(settings: Settings, moment: datetime) -> str:
    """The id of what a pipeline whose clock stands at that moment publishes."""
    with consuming(settings, clock=lambda: moment) as consumer:
        consumer.drain()
    current = current_publish_id(settings.data_dir)
    assert current is not None
    return current


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(0)])
def test_a_publication_with_an_earlier_clock_is_in_force_and_the_last_one(tmp_path: Path, step: timedelta) -> None:
    settings = Settings(data_dir=tmp_path)
    ids: list[str] = []
    with gate_in(tmp_path) as gate:
        opened_round(gate.log)
        for number in range(5):
            receive(request(), gate, NOW + number * step, new_id)
            ids.append(published_at(settings, NOW + number * step))
            assert len(published_submissions(tmp_path)) == number + 1
        assert gate.log.ends(RESPONSES) == {0: 5}
    assert len(set(ids)) == 5
    assert [one.publish_id for one in records(tmp_path)] == ids
    assert (marts_dir(tmp_path) / f"{ids[-1]}.duckdb").exists()


def test_of_two_responses_the_one_accepted_last_counts_whatever_its_clock_said(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with gate_in(tmp_path) as gate:
        opened_round(gate.log)
        receive(request(submission_id="first-one", answers=ANSWERS | {"enheter": 4}), gate, NOW, new_id)
        later = request(submission_id="second-one", corrects="first-one", answers=ANSWERS | {"enheter": 5})
        receive(later, gate, NOW - timedelta(hours=2), new_id)
    published_at(settings, NOW - timedelta(hours=3))
    with closing(connect_current(tmp_path)[1]) as publication:
        counted = publication.execute("SELECT submission_id FROM response WHERE current").fetchall()
    assert counted == [("second-one",)]
