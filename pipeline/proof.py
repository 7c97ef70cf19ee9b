"""The proof that recorded publications follow from the log: each made anew and compared by checksum."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from infra.event_log import EventLog
from infra.published import marts_dir
from infra.settings import Settings
from pipeline.ledger import Ground, Record, ground_now, last_record
from pipeline.parse import Definitions
from pipeline.past import make, recorded

Outcome = Literal["equal", "differs", "not comparable"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one publication; `tables` differ, `made_by_others` says what it was made with that is gone."""

    publish_id: str
    outcome: Outcome
    tables: tuple[str, ...] = ()
    made_by_others: tuple[str, ...] = ()


def prove(
    settings: Settings, into: Path, chosen: Sequence[Record], log: EventLog, definitions: Definitions
) -> Iterator[Proof]:
    """Makes each of these publications anew from the log, in a warehouse of its own in `into`, and compares it.

    In one pass over the log where one follows on another. Needs neither the live warehouse nor any published file:
    digests were recorded. What differs and was made with other definitions, inhabitants or another version of the
    product cannot be compared; what is equal is equal in any case.
    """
    ground = ground_now(settings, definitions)
    before: Record | None = None
    for one in chosen:
        if before is None or not _follows(before, one):
            shutil.rmtree(into, ignore_errors=True)
        made = _made(settings.model_copy(update={"data_dir": into}), one, log, definitions)
        yield _compared(one, made, ground)
        before = one
    shutil.rmtree(into, ignore_errors=True)


def _made(anew: Settings, one: Record, log: EventLog, definitions: Definitions) -> dict[str, str]:
    make(anew, log, recorded(one, one.moment), definitions, lambda: one.published_at)
    found = last_record(anew.data_dir)
    assert found is not None and found.digests is not None  # it was just made
    (marts_dir(anew.data_dir) / f"{found.publish_id}.duckdb").unlink()
    return found.digests


def _follows(before: Record, one: Record) -> bool:
    if before.until is not None or one.until is not None:
        return False
    return all(
        offset <= one.positions.get(topic, {}).get(partition, -1)
        for topic, last in before.positions.items()
        for partition, offset in last.items()
    )


def _compared(one: Record, made: dict[str, str], ground: Ground) -> Proof:
    if one.digests is None:
        return Proof(one.publish_id, "not comparable", (), ("digests",))
    known = one.digests
    tables = tuple(sorted(table for table in known.keys() | made.keys() if known.get(table) != made.get(table)))
    if not tables:
        return Proof(one.publish_id, "equal")
    others = tuple(name for name in Ground.model_fields if getattr(one.ground, name) != getattr(ground, name))
    return Proof(one.publish_id, "not comparable" if others else "differs", tables, others)
