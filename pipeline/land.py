"""Landing: the rows of a batch, their links and the position they came from, in one transaction of the warehouse.

What the warehouse says it has read is what it holds, however the process ended: an event is landed once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import from_json

from infra.event_log import RESPONSES, StoredEvent
from pipeline import columns
from pipeline.arrived import insert, registered
from pipeline.disk import is_of_the_disk
from pipeline.errors import LandingFailed, WarehouseUnavailable
from pipeline.links import add_links
from pipeline.parked import Parked, id_reused
from pipeline.parse import Accepted, Content, Verdict
from pipeline.unnest import Items, unnesting
from surveys.content import checksum
from surveys.questionnaire import Questionnaire

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Part = tuple[str, int]
# Its unit and the id that the unit's client gave it.
Submission = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Landed:
    """What one batch became; `parts` are the (survey, year) with newly accepted responses."""

    accepted: int = 0
    repeated: int = 0
    parked: int = 0
    parts: frozenset[Part] = frozenset()


@dataclass(slots=True)
class _Sorted:
    """Verdicts settled against what was accepted before, in this batch and earlier."""

    accepted: list[Accepted] = field(default_factory=list)
    repeated: list[Accepted] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)


def prepare(connection: "DuckDBPyConnection") -> None:
    """Makes the landing tables that are missing."""
    connection.execute(resources.files("pipeline").joinpath("sql/landing.sql").read_text(encoding="utf-8"))


def positions(connection: "DuckDBPyConnection", topic: str) -> dict[int, int]:
    """The offset of the last landed event in each partition: where reading goes on after."""
    rows = connection.execute(
        "SELECT topic_partition, log_offset FROM landing.position WHERE topic = ?", [topic]
    ).fetchall()
    return dict(rows)


def land(connection: "DuckDBPyConnection", verdicts: Sequence[Verdict], now: datetime) -> Landed:
    """Lands the verdicts on events of the response topic, all or none; those landed before are passed over.

    `now` is when dead letters are parked. Raises WarehouseUnavailable or LandingFailed, and nothing was landed.
    """
    if not verdicts:
        return Landed()
    with transaction(connection, place(verdicts[0].stored), place(verdicts[-1].stored)):
        fresh = _fresh(verdicts, positions(connection, RESPONSES))
        settled = _settle(connection, fresh)
        _insert_accepted(connection, settled.accepted)
        _insert_repeated(connection, settled.repeated)
        insert_parked(connection, settled.parked, now)
        arrived = [verdict.stored for verdict in fresh]
        add_links(connection, arrived)
        move_position(connection, arrived)
    parts = frozenset((one.survey, one.year) for one in settled.accepted)
    return Landed(len(settled.accepted), len(settled.repeated), len(settled.parked), parts)


def place(stored: StoredEvent) -> str:
    """An event's place as messages name it."""
    return f"{stored.topic}[{stored.partition}] offset {stored.offset}"


@contextmanager
def transaction(connection: "DuckDBPyConnection", first: str, last: str) -> Iterator[None]:
    """Commits what is done inside, or takes all of it back; names the events in question when it fails."""
    import duckdb

    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException as fault:
        _roll_back(connection)
        if isinstance(fault, duckdb.Error) and is_of_the_disk(fault):
            raise WarehouseUnavailable(str(fault)) from fault
        if isinstance(fault, duckdb.Error):
            raise LandingFailed(first, last, str(fault)) from fault
        raise


def _roll_back(connection: "DuckDBPyConnection") -> None:
    import duckdb

    # A failed commit has rolled back already.
    with suppress(duckdb.Error):
        connection.rollback()


def _fresh(verdicts: Sequence[Verdict], landed: Mapping[int, int]) -> list[Verdict]:
    return [one for one in verdicts if one.stored.offset > landed.get(one.stored.partition, -1)]


def _settle(connection: "DuckDBPyConnection", verdicts: Iterable[Verdict]) -> _Sorted:
    """The first accepted response of a unit's submission id stands; another is a repetition of it, or a dead letter.

    A unit's events are in one partition, in order: no other unit, and no order of partitions, has a say in it.
    """
    settled = _Sorted()
    candidates = [one for one in verdicts if isinstance(one, Accepted)]
    settled.parked = [one for one in verdicts if isinstance(one, Parked)]
    known = _accepted_before(connection, candidates)
    for one in candidates:
        first = known.setdefault((one.unit_id, one.submission_id), one)
        if first is one:
            settled.accepted.append(one)
        else:
            _settle_later(settled, one, first)
    return settled


def _settle_later(settled: _Sorted, one: Accepted, first: "Accepted | _Earlier") -> None:
    if first.content == one.content:
        settled.repeated.append(one)
    else:
        settled.parked.append(id_reused(one.stored, one, first.topic_partition, first.log_offset))


class _Earlier(NamedTuple):
    """An accepted response as it stands in the warehouse."""

    topic_partition: int
    log_offset: int
    content: Content


def _accepted_before(
    connection: "DuckDBPyConnection", candidates: Sequence[Accepted]
) -> "dict[Submission, Accepted | _Earlier]":
    """The accepted responses that already have one of these submission ids of their units; nearly always none."""
    if not candidates:
        return {}
    with registered(connection, "arrived", columns.submissions(candidates)):
        taken = connection.execute(
            "SELECT unit_id, submission_id FROM landing.event SEMI JOIN arrived USING (unit_id, submission_id)"
        ).fetchall()
    if not taken:
        return {}
    rows = connection.execute(
        "SELECT topic_partition, log_offset, survey, year, unit_id, submission_id, answers, explanations, corrects, "
        "reason FROM landing.event WHERE list_contains($units, unit_id) AND list_contains($ids, submission_id)",
        {"units": [unit for unit, _ in taken], "ids": [submission_id for _, submission_id in taken]},
    ).fetchall()
    return dict(_earlier(row) for row in rows)


def _earlier(row: tuple[Any, ...]) -> tuple[Submission, _Earlier]:
    partition, offset, survey, year, unit, submission_id, answers, explanations, corrects, reason = row
    said = checksum(from_json(answers), from_json(explanations), corrects, reason)
    return (unit, submission_id), _Earlier(partition, offset, (survey, year, unit, said))


def _insert_accepted(connection: "DuckDBPyConnection", responses: Sequence[Accepted]) -> None:
    by_questionnaire: dict[str, list[Accepted]] = defaultdict(list)
    for one in responses:
        by_questionnaire[one.questionnaire].append(one)
    for group in by_questionnaire.values():
        with registered(connection, "arrived", columns.accepted(group)):
            connection.execute("INSERT INTO landing.event SELECT * FROM arrived")
            _insert_answers(connection, group[0].definition)
    if any(one.failures for one in responses):
        insert(connection, "check_failure", columns.failures(responses))
    if any(one.spent for one in responses):
        insert(connection, "time_spent", columns.time_spent(responses))


def _insert_answers(connection: "DuckDBPyConnection", q: Questionnaire) -> None:
    sql = unnesting(q.fingerprint, Items(q))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {sql.stage}")
    names = connection.execute(sql.names).fetchall() if sql.names else []
    with registered(connection, "entry", columns.entries([name for (name,) in names])):
        connection.execute(
            f"INSERT INTO landing.answer BY NAME SELECT $survey AS survey, $year AS year, * FROM ({sql.rows})",
            {"survey": q.survey, "year": q.year},
        )


def _insert_repeated(connection: "DuckDBPyConnection", responses: Sequence[Accepted]) -> None:
    if responses:
        insert(connection, "repeated", columns.repeated(responses))


def insert_parked(connection: "DuckDBPyConnection", letters: Sequence[Parked], now: datetime) -> None:
    """Puts dead letters into the warehouse; the caller holds the transaction."""
    if letters:
        insert(connection, "dead_letter", columns.parked(letters, now))


def move_position(connection: "DuckDBPyConnection", events: Iterable[StoredEvent]) -> None:
    """Says that these events have been landed, never less than before; the caller holds the transaction."""
    last = {(stored.topic, stored.partition): stored.offset for stored in events}
    if last:
        topics, partitions = zip(*last, strict=True)
        connection.execute(
            "INSERT INTO landing.position SELECT unnest($topics), unnest($partitions), unnest($offsets) "
            "ON CONFLICT DO UPDATE SET log_offset = greatest(log_offset, excluded.log_offset)",
            {"topics": topics, "partitions": partitions, "offsets": list(last.values())},
        )
