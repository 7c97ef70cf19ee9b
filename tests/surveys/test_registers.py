"""The programme register: names, merges, and the same result however often it is made."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from surveys.event_data import ProgrammeMerged, ProgrammeRegistered
from surveys.events import Event, new_administration_event
from surveys.registers import MergeCircle, ProgrammeRegister, entry_id

MIDDLE = datetime(2026, 4, 1, tzinfo=UTC)


def registered(name: str) -> ProgrammeRegistered:
    return ProgrammeRegistered(programme=entry_id(name), name=name)


def merged(programme: str, into: str) -> ProgrammeMerged:
    return ProgrammeMerged(programme=programme, into=into)


def log(*data: ProgrammeRegistered | ProgrammeMerged) -> list[Event]:
    return [
        new_administration_event(each, event_id=f"{n}-{each.programme}", time=MIDDLE) for n, each in enumerate(data)
    ]


def register_after(events: list[Event]) -> ProgrammeRegister:
    register = ProgrammeRegister()
    for event in events:
        register.apply(event)
    return register


@pytest.mark.parametrize(
    ("name", "programme"),
    [
        ("Ångesthjälpen Ung Plus", "angesthjalpen-ung-plus"),
        ("  DEPRESSIONSHJÄLPEN  plus! ", "depressionshjalpen-plus"),
        ("Stress\u2013hjälpen", "stress-hjalpen"),
        ("A\u030angest", "angest"),
        ("KBT-i (sömn), del 2", "kbt-i-somn-del-2"),
        ("…", ""),
    ],
)
def test_accents_case_and_punctuation_do_not_tell_programmes_apart(name: str, programme: str) -> None:
    assert entry_id(name) == programme


def test_a_merged_programme_counts_as_the_last_in_the_chain() -> None:
    register = register_after(log(registered("C Plus"), merged("a", "b"), merged("b", "c-plus")))
    assert register.counts_as("a") == "c-plus"
    assert register.entry("A").name == "C Plus"
    assert register.merges() == {"a": "c-plus", "b": "c-plus"}
    assert [programme.programme for programme in register.programmes()] == ["c-plus"]


def test_a_name_that_nobody_registered_is_proposed() -> None:
    entry = ProgrammeRegister().entry("Sömnhjälpen")
    assert (entry.programme, entry.name, entry.proposed) == ("somnhjalpen", "Sömnhjälpen", True)


@pytest.mark.parametrize("steps", [(("a", "a"),), (("a", "b"), ("b", "a")), (("a", "b"), ("b", "c"), ("c", "a"))])
def test_a_merge_in_a_circle_is_refused_and_changes_nothing(steps: tuple[tuple[str, str], ...]) -> None:
    events = log(*(merged(*step) for step in steps))
    register = register_after(events[:-1])
    before = register.merges()
    with pytest.raises(MergeCircle, match="S350"):
        register.apply(events[-1])
    assert register.merges() == before


def test_the_whole_log_applied_twice_changes_nothing() -> None:
    events = log(registered("A"), merged("a", "b"), merged("a", "c"), merged("b", "a"), registered("C"))
    assert register_after([*events, *events]).merges() == register_after(events).merges() == {"a": "c", "b": "c"}


def test_registrations_and_merges_come_out_the_same_in_any_order() -> None:
    events = log(registered("A"), registered("B"), merged("a", "b"))
    outcomes = [register_after(list(order)) for order in permutations(events)]
    assert len({str((outcome.programmes(), outcome.merges())) for outcome in outcomes}) == 1
