"""Dead letters as the log tells of them: listed, shown, tried again, and replayed once each.

Nothing here needs the warehouse, so all of it works while the pipeline runs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from infra.event_log import ADMINISTRATION, DEAD_LETTERS, EventLog, Position, StoredEvent
from pipeline.administration import Administration
from pipeline.errors import AlreadyReplayed, BeingReplayed, UnknownDeadLetter
from pipeline.letters import ParkedRecord, Record, ReplayedRecord, ReplayingRecord, letter_id, letter_place, read_record
from pipeline.parked import Parked
from pipeline.parse import Asked, Definitions, parse
from pipeline.reading import batches_to_end, to_end


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What was parked, and what has become of it. `replaying` is a replay that was begun, at `begun` in the topic."""

    parked: ParkedRecord
    replaying: ReplayingRecord | None = None
    begun: Position | None = None
    replayed: ReplayedRecord | None = None

    @property
    def letter(self) -> str:
        return self.parked.letter


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would become of a dead letter if it were replayed now; `refused` is None when it would be accepted."""

    letter: str
    refused: Parked | None


def dead_letters(log: EventLog) -> list[DeadLetter]:
    """Every dead letter, in the order they were parked. Raises LogUnavailable."""
    letters: dict[str, DeadLetter] = {}
    for position, record in _records(log):
        if isinstance(record, ParkedRecord):
            letters.setdefault(record.letter, DeadLetter(record))
        elif record.letter in letters:
            letters[record.letter] = _with(letters[record.letter], position, record)
    return sorted(letters.values(), key=lambda one: (one.parked.parked_at, letter_place(one.letter)))


def dead_letter(log: EventLog, letter: str) -> DeadLetter:
    """The dead letter with that id. Raises UnknownDeadLetter, LogUnavailable."""
    letter_place(letter)
    found = next((one for one in dead_letters(log) if one.letter == letter), None)
    if found is None:
        raise UnknownDeadLetter(letter)
    return found


def payload(log: EventLog, letter: DeadLetter) -> bytes:
    """The event as it came, from the record or, when it was too large for that, from its own place in the log."""
    value = letter.parked.value
    return _stored(log, letter).value if value is None else value


def rehearse(log: EventLog, letters: Sequence[DeadLetter], definitions: Definitions) -> list[Rehearsed]:
    """What would become of each if it were replayed now: the same parsing and checks, and nothing is written.

    Whether its submission id has been used meanwhile is for the warehouse to say.
    """
    administration = Administration()
    administration.judge_all(to_end(log, ADMINISTRATION, {}))
    return [Rehearsed(one.letter, _rehearsed(log, one, administration, definitions)) for one in letters]


def replay(log: EventLog, letter: DeadLetter, now: datetime) -> Position:
    """Appends the event to its topic again, once; returns where. What it becomes there is the pipeline's to say.

    1. say that it will be, 2. append it, 3. say that it was. A replay that ended in between is found again in the log
    and only finished. Raises AlreadyReplayed, BeingReplayed, LogUnavailable.
    """
    if letter.replayed is not None:
        topic = letter_place(letter.letter)[0]
        raise AlreadyReplayed(letter.letter, letter_id(topic, letter.replayed.partition, letter.replayed.offset))
    topic, value = letter_place(letter.letter)[0], payload(log, letter)
    position = None
    if letter.replaying is None:
        _begin(log, letter, topic, now)
    else:
        position = _interrupted(log, letter, topic, value)
    if position is None:
        position = log.append(topic, [(letter.parked.key, value)])[0]
    done = ReplayedRecord(letter=letter.letter, partition=position.partition, offset=position.offset, at=now)
    log.append(DEAD_LETTERS, [(letter.parked.key, done.encoded())])
    return position


def _begin(log: EventLog, letter: DeadLetter, topic: str, now: datetime) -> None:
    """Says that the letter is being replayed, and makes sure of being the first to say so."""
    after = {partition: end - 1 for partition, end in log.ends(topic).items() if end}
    record = ReplayingRecord(letter=letter.letter, after=after, at=now)
    mine = log.append(DEAD_LETTERS, [(letter.parked.key, record.encoded())])[0]
    if dead_letter(log, letter.letter).begun != mine:
        raise BeingReplayed(letter.letter)


def _interrupted(log: EventLog, letter: DeadLetter, topic: str, value: bytes) -> Position | None:
    """Where a replay that was begun earlier put the event, None when it ended before that."""
    after = dict(letter.replaying.after) if letter.replaying else {}
    for events in batches_to_end(log, topic, after):
        for one in events:
            if one.key == letter.parked.key and one.value == value:
                return Position(one.topic, one.partition, one.offset)
    return None


def _rehearsed(
    log: EventLog, letter: DeadLetter, administration: Administration, definitions: Definitions
) -> Parked | None:
    topic, partition, offset = letter_place(letter.letter)
    value, appended_at = payload(log, letter), letter.parked.appended_at
    again = StoredEvent(topic, partition, offset, letter.parked.key, value, appended_at)
    verdicts: Sequence[object]
    if topic == ADMINISTRATION:
        verdicts = administration.judge_all([again])
    else:
        verdicts = parse([again], Asked(definitions, administration.units))
    return next((verdict for verdict in verdicts if isinstance(verdict, Parked)), None)


def _stored(log: EventLog, letter: DeadLetter) -> StoredEvent:
    topic, partition, offset = letter_place(letter.letter)
    after = {other: end - 1 for other, end in log.ends(topic).items() if end}
    found = log.read(topic, after | {partition: offset - 1}, 1)
    if not found or (found[0].partition, found[0].offset) != (partition, offset):
        raise UnknownDeadLetter(letter.letter)
    return found[0]


def _records(log: EventLog) -> Iterator[tuple[Position, Record]]:
    for events in batches_to_end(log, DEAD_LETTERS, {}):
        for one in events:
            record = read_record(one.value)
            if record is not None:
                yield Position(one.topic, one.partition, one.offset), record


def _with(letter: DeadLetter, position: Position, record: Record) -> DeadLetter:
    """The letter and one more thing said of it; the first of each kind stands."""
    if isinstance(record, ReplayingRecord) and letter.replaying is None:
        return replace(letter, replaying=record, begun=position)
    if isinstance(record, ReplayedRecord) and letter.replayed is None:
        return replace(letter, replayed=record)
    return letter
