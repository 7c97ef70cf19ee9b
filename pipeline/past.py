"""A past moment looked up in the log and the ledger: what was known then, and how it is made again."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from infra.event_log import ADMINISTRATION, DEAD_LETTERS, RESPONSES, EventLog, StoredEvent
from infra.settings import Settings
from pipeline.announce import catch_up
from pipeline.consume import Consumer, Totals, opened_warehouse
from pipeline.ledger import Record, RecordedPart, last_record, records
from pipeline.log_then import Positions, SubmittedBy, Until
from pipeline.mart import AsOf
from pipeline.parse import Definitions
from pipeline.publish import prepare_state
from pipeline.reading import to_end
from pipeline.refresh import refresh
from surveys.moment import AtPositions, AtPublication, AtTime, Moment, NoSuchMoment

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Then:
    """A past state: the log up to `last`, shown as of a moment, with the positions at which parts were good by then.

    `last` None is the log as it is now; a topic that `last` does not name is read to its end.
    """

    as_of: AsOf | None = None
    last: Positions | None = None
    parts: Sequence[RecordedPart] = ()

    def of(self, log: EventLog) -> EventLog:
        """The log as it was."""
        until = self.as_of.until if self.as_of else None
        then = log if self.last is None else Until(log, self.last)
        return then if until is None else SubmittedBy(then, until)


def look_up(data_dir: Path, log: EventLog, moment: Moment, now: datetime) -> Then:
    """The state at that moment. Raises NoSuchMoment when it lies ahead, or neither log nor ledger has it."""
    match moment:
        case AtTime():
            return _submitted(data_dir, log, moment, now)
        case AtPositions():
            return _known(data_dir, log, moment)
        case AtPublication(publish_id=publish_id):
            found = next((one for one in records(data_dir) if one.publish_id == publish_id), None)
            if found is None:
                ways = "List them with `lagesbild pipeline publications`."
                raise NoSuchMoment(publish_id, "no such publication is recorded.", ways)
            return recorded(found, str(moment))


def recorded(one: Record, moment: str | None) -> Then:
    """The state that a recorded publication shows; with `moment`, a file of it says so."""
    topics: dict[str, Mapping[int, int]] = {RESPONSES: {}, ADMINISTRATION: {}, DEAD_LETTERS: {}}
    return Then(AsOf(one.as_of, one.until, moment), topics | one.positions, one.parts)


def make(settings: Settings, log: EventLog, then: Then, definitions: Definitions, clock: Clock) -> Totals:
    """Lands the log as it was then in the warehouse of `settings`, from where that stands, and publishes it there.

    Parts fall back on the positions at which they were good then, and are audited anew. Nothing is taken over from a
    publication that is there already.
    """

    def publish(connection: "DuckDBPyConnection", now: datetime) -> None:
        _take_over(connection, then.parts, now)
        connection.execute("DELETE FROM audited.publication")
        refresh(connection, settings, now, definitions, then.as_of)

    with opened_warehouse(settings) as connection:
        prepare_state(connection)
        # What is parked anew and was not before is told by the next run, not by a copy that may be thrown away.
        consumer = Consumer(then.of(log), connection, definitions, publish, clock, tell=catch_up)
        try:
            return consumer.drain()
        finally:
            consumer.close()


def _take_over(connection: "DuckDBPyConnection", parts: Sequence[RecordedPart], now: datetime) -> None:
    # Neither `seen` nor why it was held: what was not audited here is audited.
    for part in parts:
        connection.execute(
            "INSERT INTO audited.part VALUES (?, ?, '', ?, NULL, NULL, ?) "
            "ON CONFLICT DO UPDATE SET good_position = excluded.good_position",
            [part.survey, part.year, None if part.good is None else json.dumps(part.good), now],
        )


def _submitted(data_dir: Path, log: EventLog, moment: AtTime, now: datetime) -> Then:
    if moment.time > now:
        raise NoSuchMoment(str(moment), "lies ahead.", "Choose one that has been.")
    # What comes while this is being read belongs to the next look.
    last = {topic: _last(log.ends(topic)) for topic in (RESPONSES, ADMINISTRATION)}
    newest = last_record(data_dir)
    return Then(AsOf(moment.time, moment.time, str(moment)), last, newest.parts if newest else ())


def _known(data_dir: Path, log: EventLog, moment: AtPositions) -> Then:
    asked, known = dict(moment.last), records(data_dir)
    # As the list of publications writes them: a partition that nothing had been read of is not in it.
    published = next((one for one in known if one.until is None and _same(one.positions.get(RESPONSES), asked)), None)
    if published is not None:
        return recorded(published, str(moment))
    for partition, end in log.ends(RESPONSES).items():
        if partition not in asked and end:
            raise NoSuchMoment(str(moment), f"does not name partition {partition}.", "Name each, as 0:12,1:33.")
    if beyond := [p for p, offset in moment.last if offset >= log.ends(RESPONSES).get(p, 0)]:
        end = log.ends(RESPONSES).get(beyond[0], 0)
        raise NoSuchMoment(str(moment), f"the log has {end} events in partition {beyond[0]}.")
    return _between(log, moment, known)


def _between(log: EventLog, moment: AtPositions, known: Sequence[Record]) -> Then:
    """Positions at which nothing was published: with what else the log had taken by the last of these events."""
    asked = dict(moment.last)
    events = [_event(log, partition, offset) for partition, offset in moment.last if offset >= 0]
    if not events:
        raise NoSuchMoment(str(moment), "is before the first event.")
    time = max(event.appended_at for event in events)
    others = {topic: _by(to_end(log, topic, {}), time) for topic in (ADMINISTRATION, DEAD_LETTERS)}
    before = [one for one in known if one.until is None and _no_later(one.positions.get(RESPONSES, {}), asked)]
    return Then(AsOf(time, None, str(moment)), {RESPONSES: asked, **others}, before[-1].parts if before else ())


def _event(log: EventLog, partition: int, offset: int) -> StoredEvent:
    after = {other: end - 1 for other, end in log.ends(RESPONSES).items() if end}
    found = log.read(RESPONSES, after | {partition: offset - 1}, 1)
    if not found or (found[0].partition, found[0].offset) != (partition, offset):
        raise NoSuchMoment(f"{partition}:{offset}", "the log has no event there.")
    return found[0]


def _by(events: Sequence[StoredEvent], time: datetime) -> dict[int, int]:
    found: dict[int, int] = {}
    for event in events:
        if event.appended_at <= time:
            found[event.partition] = max(event.offset, found.get(event.partition, -1))
    return found


def _last(ends: Mapping[int, int]) -> dict[int, int]:
    return {partition: end - 1 for partition, end in ends.items()}


def _same(known: Mapping[int, int] | None, asked: Mapping[int, int]) -> bool:
    """Whether both name the same last events; -1 is none."""
    read = {partition: offset for partition, offset in (known or {}).items() if offset >= 0}
    return read == {partition: offset for partition, offset in asked.items() if offset >= 0}


def _no_later(known: Mapping[int, int], asked: Mapping[int, int]) -> bool:
    return all(offset <= asked.get(partition, -1) for partition, offset in known.items())
