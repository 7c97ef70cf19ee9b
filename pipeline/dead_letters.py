"""Dead letters as the log tells of them: what was parked, and what has become of it.

Nothing here needs the warehouse, so all of it works while the pipeline runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from infra.event_log import DEAD_LETTERS, EventLog, Position, StoredEvent
from pipeline.errors import UnknownDeadLetter
from pipeline.letters import letter_place
from pipeline.reading import batches_to_end, stored_at
from surveys.letter_records import ParkedRecord, Record, ReplayedRecord, ReplayingRecord, read_record


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
    return named(dead_letters(log), [letter])[0]


def named(letters: list[DeadLetter], ids: list[str]) -> list[DeadLetter]:
    """Those of the letters with these ids, in the order named, each once. Raises UnknownDeadLetter."""
    by_id = {one.letter: one for one in letters}
    unknown = next((one for one in ids if one not in by_id), None)
    if unknown is not None:
        raise UnknownDeadLetter(unknown)
    return [by_id[one] for one in dict.fromkeys(ids)]


def payload(log: EventLog, letter: DeadLetter) -> bytes:
    """The event as it came, from the record or, when it was too large for that, from its own place in the log."""
    value = letter.parked.value
    return _stored(log, letter).value if value is None else value


def _stored(log: EventLog, letter: DeadLetter) -> StoredEvent:
    found = stored_at(log, Position(*letter_place(letter.letter)))
    if found is None:
        raise UnknownDeadLetter(letter.letter)
    return found


def _records(log: EventLog) -> Iterator[tuple[Position, Record]]:
    for events in batches_to_end(log, DEAD_LETTERS, {}):
        for one in events:
            record = read_record(one.value)
            if record is not None:
                yield Position(one.topic, one.partition, one.offset), record


def _with(letter: DeadLetter, position: Position, record: Record) -> DeadLetter:
    """The letter and one more thing said of it; the first of each kind stands, but for a replay that is taken over."""
    if isinstance(record, ReplayingRecord):
        standing = None if letter.begun is None else letter.begun.offset
        return replace(letter, replaying=record, begun=position) if record.takes_over == standing else letter
    if isinstance(record, ReplayedRecord) and letter.replayed is None:
        return replace(letter, replayed=record)
    return letter
