"""What would become of dead letters if they were replayed now: the same parsing and checks, and nothing is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from infra.event_log import ADMINISTRATION, RESPONSES, EventLog, StoredEvent
from pipeline.administration import Administration
from pipeline.dead_letters import DeadLetter, dead_letters, payload
from pipeline.letters import letter_place
from pipeline.parked import Parked, id_reused
from pipeline.parse import Accepted, Asked, Definitions, Verdict, parse
from pipeline.reading import batches_to_end, to_end

Becomes = Literal["accepted", "repeated", "parked"]
# A submission is known by its unit and the id that the unit's client gave it.
Submission = tuple[str, str]
Place = tuple[str, int, int]
Outcome = tuple[Becomes, Parked | None]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would become of a dead letter; `refused` says why it would be parked again, else None.

    `repeated`: the same response has been accepted meanwhile, so that it would count for nothing.
    """

    letter: str
    becomes: Becomes
    refused: Parked | None = None


def rehearse(log: EventLog, letters: Sequence[DeadLetter], definitions: Definitions) -> list[Rehearsed]:
    """What would become of each if all were replayed now, in this order. Raises LogUnavailable."""
    parked = {letter_place(one.letter) for one in dead_letters(log)}
    administration = Administration()
    administration.judge_all(one for one in to_end(log, ADMINISTRATION, {}) if _place(one) not in parked)
    again = [_again(log, one) for one in letters]
    news = {one: _happening(one, administration) for one in again if one.topic == ADMINISTRATION}
    asked = Asked(definitions, administration.units)
    verdicts = {one: parse([one], asked)[0] for one in again if one.topic != ADMINISTRATION}
    known = _accepted_before(log, [one for one in verdicts.values() if isinstance(one, Accepted)], asked, parked)
    outcomes = [news[one] if one in news else _outcome(verdicts[one], known) for one in again]
    return [Rehearsed(one.letter, *outcome) for one, outcome in zip(letters, outcomes, strict=True)]


def _again(log: EventLog, letter: DeadLetter) -> StoredEvent:
    topic, partition, offset = letter_place(letter.letter)
    return StoredEvent(topic, partition, offset, letter.parked.key, payload(log, letter), letter.parked.appended_at)


def _place(stored: StoredEvent) -> Place:
    return stored.topic, stored.partition, stored.offset


def _happening(again: StoredEvent, administration: Administration) -> Outcome:
    verdicts = administration.judge_all([again])
    if not verdicts:
        return "repeated", None
    refused = verdicts[0] if isinstance(verdicts[0], Parked) else None
    return ("accepted", None) if refused is None else ("parked", refused)


def _outcome(verdict: Verdict, known: dict[Submission, Accepted]) -> Outcome:
    if isinstance(verdict, Parked):
        return "parked", verdict
    first = known.setdefault((verdict.unit_id, verdict.submission_id), verdict)
    if first is verdict:
        return "accepted", None
    if first.content == verdict.content:
        return "repeated", None
    return "parked", id_reused(verdict.stored, verdict, first.topic_partition, first.log_offset)


def _accepted_before(
    log: EventLog, ours: Sequence[Accepted], asked: Asked, parked: set[Place]
) -> dict[Submission, Accepted]:
    """The accepted responses in the log that have one of our submission ids. What was parked stays parked."""
    wanted = {(one.unit_id, one.submission_id) for one in ours}
    units = {unit for unit, _ in wanted}
    partitions = {one.topic_partition for one in ours}
    found: dict[Submission, Accepted] = {}
    for event in _events_of(log, units, partitions):
        if _place(event) in parked:
            continue
        (verdict,) = parse([event], asked)
        if isinstance(verdict, Accepted) and (verdict.unit_id, verdict.submission_id) in wanted:
            found.setdefault((verdict.unit_id, verdict.submission_id), verdict)
    return found


def _events_of(log: EventLog, units: set[str], partitions: set[int]) -> Iterator[StoredEvent]:
    """The units' events in the response topic: a unit's are all in one partition."""
    if not units:
        return
    others = {partition: end - 1 for partition, end in log.ends(RESPONSES).items() if partition not in partitions}
    for events in batches_to_end(log, RESPONSES, others):
        yield from (event for event in events if event.key in units)
