"""Rebuilt equals live: every publication that was put in force follows from the log and from where it stood."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES, EventLog
from infra.settings import Settings
from pipeline.ledger import Record, last_record, records
from pipeline.past import look_up, make
from pipeline.proof import prove
from surveys.moment import AtPositions, AtPublication, AtTime
from tests.pipeline.partitioned import PartitionedLog
from tests.pipeline.trickle import DEFINITIONS, Trickle, audit_by_sum, each_part, happened

LOGS: dict[str, Callable[[Trickle], EventLog]] = {
    "embedded": lambda trickle: EmbeddedLog(trickle.settings.data_dir / "log.sqlite", clock=trickle.now),
    "partitioned": lambda trickle: PartitionedLog(trickle.now),
}


@pytest.fixture(params=[("embedded", 2023), ("partitioned", 101), ("partitioned", 109)], ids=str)
def lived(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Trickle, EventLog]]:
    """A log with the publications that were made while it grew."""
    monkeypatch.setattr("pipeline.refresh.audit_beside", each_part(audit_by_sum))
    name, seed = request.param
    yield from happened(tmp_path / "live", seed, LOGS[name])


def made(lived: tuple[Trickle, EventLog], moment: AtTime | AtPositions | AtPublication, into: Path) -> Record:
    """What is published when that moment is made from the log alone."""
    trickle, log = lived
    then = look_up(trickle.settings.data_dir, log, moment, trickle.now())
    make(Settings(data_dir=into), log, then, DEFINITIONS, trickle.now)
    found = last_record(into)
    assert found is not None
    return found


def but_for_the_moment(one: Record) -> dict[str, str]:
    """The digests; the table that says which moment was asked for aside."""
    assert one.digests is not None
    return {name: digest for name, digest in one.digests.items() if name != "publication"}


def test_every_publication_made_live_is_the_one_made_anew(lived: tuple[Trickle, EventLog], tmp_path: Path) -> None:
    trickle, log = lived
    known = records(trickle.settings.data_dir)
    proofs = list(prove(trickle.settings, tmp_path / "anew", known, log, DEFINITIONS))
    assert [(proof.outcome, proof.tables) for proof in proofs] == [("equal", ())] * 5
    assert any(part.held_sv for one in known for part in one.parts), "no part was ever held"
    # From nothing, not from where the one before stands.
    alone = [proof for one in known for proof in prove(trickle.settings, tmp_path / "one", [one], log, DEFINITIONS)]
    assert [(proof.outcome, proof.tables) for proof in alone] == [("equal", ())] * 5
    one, other = trickle.chance.sample(known[1:], 2)
    by_offset = made(lived, AtPositions(tuple(sorted(one.positions[RESPONSES].items()))), tmp_path / "offset")
    assert but_for_the_moment(by_offset) == but_for_the_moment(one)
    by_id = made(lived, AtPublication(other.publish_id), tmp_path / "id")
    assert but_for_the_moment(by_id) == but_for_the_moment(other)
