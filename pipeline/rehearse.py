"""What would become of dead letters if they were replayed now: the same parsing and checks, and nothing is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from infra.event_log import ADMINISTRATION, RESPONSES, EventLog, StoredEvent, is_from_writer
from pipeline.administration import Administration
from pipeline.dead_letters import DeadLetter, dead_letters, payload
from pipeline.letters import letter_place
from pipeline.parked import Parked, id_reused
from pipeline.parse import Accepted, Asked, Definitions, Verdict, parse
from pipeline.reading import batches_to_end, to_end
from surveys.dead_letters import ReasonCode
from surveys.model import Text

Becomes = Literal["accepted", "repeated", "parked"]
# A submission is known by its unit and the id that the unit's client gave it.
Submission = tuple[str, str]
Place = tuple[str, int, int]
Outcome = tuple[Becomes, Parked | None]
# Of each event that a unit's own system wrote, why a collector would refuse it now: code, reason, pointer; None: not.
Refusal = tuple[ReasonCode, Text, str]
FromWriters = Callable[[Sequence[StoredEvent]], list[Refusal | None]]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would become of a dead letter; `refused` says why it would be parked again, else None.

    `repeated`: the same response has been accepted meanwhile, so that it would count for nothing.
    """

    letter: str
    becomes: Becomes
    refused: Parked | None = None


def rehearse(
    log: EventLog, letters: Sequence[DeadLetter], definitions: Definitions, from_writers: FromWriters | None = None
) -> list[Rehearsed]:
    """What would become of each if all were replayed now, in this order. Raises LogUnavailable.

    What units' own systems wrote is not for the pipeline to judge: `from_writers` does; without it, it is left out.
    """
    letters = [one for one in letters if from_writers or not is_from_writer(letter_place(one.letter)[0])]
    parked = {letter_place(one.letter) for one in dead_letters(log)}
    administration = Administration()
    administration.judge_all(one for one in to_end(log, ADMINISTRATION, {}) if _place(one) not in parked)
    again = [_again(log, one) for one in letters]
    news = {one: _happening(one, administration) for one in again if one.topic == ADMINISTRATION}
    written = [one for one in again if is_from_writer(one.topic)]
    if written and from_writers is not None:
        refusals = zip(written, from_writers(written), strict=True)
        news |= {one: ("parked", Parked(one, *said)) if said else ("accepted", None) for one, said in refusals}
    asked = Asked(definitions, administration.units)
    verdicts = {one: parse([one], asked)[0] for one in again if one not in news}
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
