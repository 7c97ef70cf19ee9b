"""Dead letters put back into the log, each exactly once, whoever replays, however often and wherever it is killed.

A replay says on the dead-letter topic that it will append an event, appends it, and says that it did. Who said it first
may append; a replay that ended in between is taken over: its event is looked for in the log, and only what is not there
is appended.
"""

import fcntl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from infra.event_log import DEAD_LETTERS, EventLog, Position
from pipeline.dead_letters import DeadLetter, dead_letters, named, payload
from pipeline.errors import AlreadyReplayed, AnotherReplay, BeingReplayed
from pipeline.letters import letter_id, letter_place
from pipeline.reading import batches_to_end
from surveys.letter_records import ReplayedRecord, ReplayingRecord

SOME = 50  # with their payloads in memory at once
# A replay elsewhere is taken for ended after this long; by itself it stops at half of it, whatever held it up.
LEASE = timedelta(minutes=2)

Clock = Callable[[], datetime]
# The topic and the partition and offset in it of an event that is somebody's replay already.
Place = tuple[str, int, int]


@contextmanager
def alone(data_dir: Path) -> Iterator[str]:
    """The name of this place, where no other replay runs for as long as the block lasts, even if that one is killed.

    Raises AnotherReplay at once when one does.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "replay.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            raise AnotherReplay(data_dir) from fault
        file.seek(0)
        name = file.read().strip()
        if not name:
            name = uuid4().hex
            file.write(name)
            file.flush()
        yield name


def replay(
    log: EventLog, letters: Sequence[DeadLetter], by: str, clock: Clock
) -> Iterator[tuple[DeadLetter, Position]]:
    """Appends each event to its topic again, once; tells where, as it goes. What it becomes is for its reader to say.

    `by` is the name that `alone` gives. Raises AlreadyReplayed before anything is done, BeingReplayed, LogUnavailable;
    what was told until then is done, and the rest can be replayed again.
    """
    for one in letters:
        must_wait(one)
    for start in range(0, len(letters), SOME):
        yield from _some(log, [one.letter for one in letters[start : start + SOME]], by, clock)


def _some(log: EventLog, ids: list[str], by: str, clock: Clock) -> list[tuple[DeadLetter, Position]]:
    """1. say that they will be, 2. see that nobody said so first, 3. find or append them, 4. say that they were."""
    known = dead_letters(log)
    letters = named(known, ids)
    began = clock()
    mine = _claim(log, letters, by, began)
    known = dead_letters(log)
    for one, claim in zip(named(known, ids), mine, strict=True):
        if one.begun != claim:
            raise BeingReplayed(one.letter)
    places = _interrupted(log, [one for one in letters if one.begun is not None], known)
    missing = [one for one in letters if one.letter not in places]
    if clock() - began > LEASE / 2:
        raise BeingReplayed(letters[0].letter)
    places |= _appended(log, missing)
    done = [_done(one, places[one.letter], clock()) for one in letters]
    log.append(DEAD_LETTERS, [(one.parked.key, said.encoded()) for one, said in zip(letters, done, strict=True)])
    return [(one, places[one.letter]) for one in letters]


def must_wait(letter: DeadLetter) -> None:
    """Raises AlreadyReplayed for a letter that does not wait any more."""
    if letter.replayed is not None:
        topic = letter_place(letter.letter)[0]
        raise AlreadyReplayed(letter.letter, letter_id(topic, letter.replayed.partition, letter.replayed.offset))


def _claim(log: EventLog, letters: Sequence[DeadLetter], by: str, now: datetime) -> list[Position]:
    ends: dict[str, dict[int, int]] = {}
    records = []
    for one in letters:
        must_wait(one)
        topic = letter_place(one.letter)[0]
        if one.replaying is None and topic not in ends:
            ends[topic] = {partition: end - 1 for partition, end in log.ends(topic).items() if end}
        records.append((one.parked.key, _claiming(one, by, now, ends.get(topic, {})).encoded()))
    return log.append(DEAD_LETTERS, records)


def _claiming(letter: DeadLetter, by: str, now: datetime, ends: dict[int, int]) -> ReplayingRecord:
    before, begun = letter.replaying, letter.begun
    if before is None or begun is None:
        return ReplayingRecord(letter=letter.letter, after=ends, at=now, by=by)
    # One from this place has ended: this place is ours alone. One from elsewhere may be at it right now.
    if before.by not in (None, by) and now - before.at < LEASE:
        raise BeingReplayed(letter.letter)
    return ReplayingRecord(letter=letter.letter, after=before.after, at=now, by=by, takes_over=begun.offset)


def _interrupted(log: EventLog, letters: Sequence[DeadLetter], known: Iterable[DeadLetter]) -> dict[str, Position]:
    """Where replays that were begun earlier put their events; those that ended before that are left out."""
    taken = {
        (letter_place(one.letter)[0], one.replayed.partition, one.replayed.offset)
        for one in known
        if one.replayed is not None
    }
    by_topic: dict[str, list[DeadLetter]] = {}
    for one in letters:
        by_topic.setdefault(letter_place(one.letter)[0], []).append(one)
    found: dict[str, Position] = {}
    for topic, some in by_topic.items():
        found |= _found(log, topic, some, taken)
    return found


def _found(log: EventLog, topic: str, letters: Sequence[DeadLetter], taken: set[Place]) -> dict[str, Position]:
    """As `_interrupted`, in one topic. The same bytes may have been parked twice: each stands for one letter."""
    claims = [one.replaying.after for one in letters if one.replaying is not None]
    first = {partition: min(after.get(partition, -1) for after in claims) for partition in log.ends(topic)}
    waiting: dict[tuple[str, bytes], list[DeadLetter]] = {}
    for one in letters:
        waiting.setdefault((one.parked.key, payload(log, one)), []).append(one)
    found: dict[str, Position] = {}
    for events in batches_to_end(log, topic, first):
        for event in events:
            if (topic, event.partition, event.offset) in taken:
                continue
            for one in waiting.get((event.key, event.value), ()):
                after = one.replaying.after if one.replaying else {}
                if one.letter not in found and event.offset > after.get(event.partition, -1):
                    found[one.letter] = Position(topic, event.partition, event.offset)
                    break
    return found


def _appended(log: EventLog, letters: Sequence[DeadLetter]) -> dict[str, Position]:
    by_topic: dict[str, list[DeadLetter]] = {}
    for one in letters:
        by_topic.setdefault(letter_place(one.letter)[0], []).append(one)
    places: dict[str, Position] = {}
    for topic, some in by_topic.items():
        positions = log.append(topic, [(one.parked.key, payload(log, one)) for one in some])
        places |= {one.letter: position for one, position in zip(some, positions, strict=True)}
    return places


def _done(letter: DeadLetter, position: Position, now: datetime) -> ReplayedRecord:
    return ReplayedRecord(letter=letter.letter, partition=position.partition, offset=position.offset, at=now)
