"""Units and rounds follow the administration topic, and nothing in it stops them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors import administration
from collectors.errors import RoundStateWrong, UnknownRound
from collectors.gate import Gate, new_id
from infra.event_log import ADMINISTRATION
from surveys.event_data import ProgrammeMerged, ProgrammeRegistered, UnitAdded
from surveys.events import decode
from surveys.units import MisplacedUnit
from tests.collectors.build import NOW, SURVEY, YEAR, gate_in, opened_round

CLINIC = UnitAdded(unit_id="um-1480-1", kind="mottagning", name="Haga", region_code="14", parent_id="1480")


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with gate_in(tmp_path) as opened:
        yield opened


def test_what_is_announced_is_known_at_once_also_by_others(tmp_path: Path, gate: Gate) -> None:
    assert gate.administration.current().rounds.get(SURVEY, YEAR) is None
    with gate_in(tmp_path) as other:
        opened_round(other.log)
        administration.add_unit(other.log, CLINIC, NOW, new_id)
    known = gate.administration.current()
    assert known.rounds.get(SURVEY, YEAR) is not None
    assert known.units.get("um-1480-1").name == "Haga"


def test_a_round_takes_only_the_steps_its_state_allows(gate: Gate) -> None:
    log = gate.log
    with pytest.raises(UnknownRound):
        administration.pause_round(log, SURVEY, YEAR, None, NOW, new_id)
    opened_round(log)
    with pytest.raises(RoundStateWrong):
        administration.resume_round(log, SURVEY, YEAR, NOW, new_id)
    administration.pause_round(log, SURVEY, YEAR, "Fel i en fråga", NOW, new_id)
    administration.close_round(log, SURVEY, YEAR, None, NOW, new_id)
    with pytest.raises(RoundStateWrong):
        administration.pause_round(log, SURVEY, YEAR, None, NOW, new_id)


def test_an_event_that_cannot_be_read_is_passed_over(gate: Gate) -> None:
    gate.log.append(ADMINISTRATION, [("x", b"not an event"), ("prov/2026", b"{}")])
    opened_round(gate.log)
    assert gate.administration.current().rounds.get(SURVEY, YEAR) is not None


def test_a_clinic_under_an_unknown_kommun_is_refused_before_it_is_announced(gate: Gate) -> None:
    with pytest.raises(MisplacedUnit):
        administration.add_unit(gate.log, CLINIC.model_copy(update={"parent_id": "9999"}), NOW, new_id)
    assert gate.log.read(ADMINISTRATION, {}, 10) == []


def test_programmes_are_announced_as_the_register_reads_them(gate: Gate) -> None:
    registered = ProgrammeRegistered(programme="stresshjalpen", name="Stresshjälpen")
    merged = ProgrammeMerged(programme="stresshjalpen", into="stresshjalpen-plus")
    administration.register_programme(gate.log, registered, NOW, new_id)
    administration.merge_programmes(gate.log, merged, NOW, new_id)
    assert [decode(stored.value).data for stored in gate.log.read(ADMINISTRATION, {}, 10)] == [registered, merged]
