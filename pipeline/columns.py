"""Verdicts as Arrow tables, column by column: what DuckDB takes in without a loop over rows."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from infra.event_log import StoredEvent
from pipeline.parked import Parked
from pipeline.parse import Accepted
from surveys.registers import entry_id

if TYPE_CHECKING:
    from pyarrow import Schema, Table


def accepted(responses: Sequence[Accepted]) -> "Table":
    """The columns of landing.event, which are the first fields of Accepted."""
    schema = event_schema()
    return _table(schema, list(zip(*responses, strict=True))[: len(schema)])


def failures(responses: Iterable[Accepted]) -> "Table":
    """The columns of landing.check_failure, with the respondent's explanation."""
    rows = [
        (
            one.topic_partition,
            one.log_offset,
            one.survey,
            one.year,
            one.unit_id,
            failure.check,
            failure.severity,
            failure.item,
            failure.row,
            explanation,
        )
        for one in responses
        for failure, explanation in one.failures
    ]
    return _table(failure_schema(), list(zip(*rows, strict=True)))


def time_spent(responses: Iterable[Accepted]) -> "Table":
    """The columns of landing.time_spent."""
    rows = [
        (one.topic_partition, one.log_offset, section, seconds)
        for one in responses
        for section, seconds in (one.spent or {}).items()
    ]
    schema = _schema("topic_partition int32, log_offset int64, section string, seconds int32")
    return _table(schema, list(zip(*rows, strict=True)))


def submissions(responses: Sequence[Accepted]) -> "Table":
    """The submission ids with the units they belong to."""
    schema = _schema("unit_id string, submission_id string")
    return _table(schema, [[one.unit_id for one in responses], [one.submission_id for one in responses]])


def entries(names: Sequence[str]) -> "Table":
    """Names in answers and the register ids they have."""
    return _table(_schema("name string, entry_id string"), [list(names), [entry_id(name) for name in names]])


def repeated(responses: Sequence[Accepted]) -> "Table":
    """The columns of landing.repeated."""
    return _table(
        repeated_schema(),
        [
            [one.topic_partition for one in responses],
            [one.log_offset for one in responses],
            [one.submission_id for one in responses],
        ],
    )


def parked(letters: Sequence[Parked], now: datetime) -> "Table":
    """The columns of landing.dead_letter up to `parked_at`, which is `now`."""
    subjects = [letter.subject for letter in letters]
    return _table(
        parked_schema(),
        [
            [letter.stored.topic for letter in letters],
            [letter.stored.partition for letter in letters],
            [letter.stored.offset for letter in letters],
            [letter.stored.key for letter in letters],
            [letter.stored.value for letter in letters],
            [letter.code for letter in letters],
            [letter.reason.sv for letter in letters],
            [letter.reason.en for letter in letters],
            [letter.pointer for letter in letters],
            [letter.rule for letter in letters],
            [to_json([failure.model_dump() for failure in letter.failures]) for letter in letters],
            [unit for unit, _, _ in subjects],
            [survey for _, survey, _ in subjects],
            [year for _, _, year in subjects],
            [letter.stored.appended_at for letter in letters],
            [now] * len(letters),
        ],
    )


def administration(happened: Sequence[tuple[StoredEvent, str, str, str, datetime, Any]]) -> "Table":
    """The columns of landing.administration, of (stored, event id, type, subject, occurred at, data)."""
    stored = [one[0] for one in happened]
    return _table(
        administration_schema(),
        [
            [one.partition for one in stored],
            [one.offset for one in stored],
            *(list(column) for column in zip(*(one[1:5] for one in happened), strict=True)),
            [to_json(one[5]) for one in happened],
            [one.key for one in stored],
            [one.value for one in stored],
            [one.appended_at for one in stored],
        ],
    )


def links(events: Sequence[StoredEvent], added: Sequence[bytes]) -> "Table":
    """The columns of landing.link, of events of one topic."""
    places = ([one.topic for one in events], [one.partition for one in events], [one.offset for one in events])
    return _table(_schema("topic string, topic_partition int32, log_offset int64, link binary"), [*places, added])


def moment(microseconds: int) -> datetime:
    """The moment so many microseconds after 1970 began in UTC: how a query hands out a time without time zone data."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def _table(schema: "Schema", values: Sequence[Sequence[Any]]) -> "Table":
    import pyarrow

    arrays = [pyarrow.array(column, kind) for column, kind in zip(values, schema.types, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=schema)


@lru_cache(maxsize=1)
def event_schema() -> "Schema":
    return _schema(
        "topic_partition int32, log_offset int64, event_id string, survey string, year int32, unit_id string, "
        "submission_id string, submitted_at time, mode string, corrects string, reason string, questionnaire string, "
        "appended_at time, explanations string, answers string"
    )


@lru_cache(maxsize=1)
def failure_schema() -> "Schema":
    return _schema(
        "topic_partition int32, log_offset int64, survey string, year int32, unit_id string, check_id string, "
        "severity string, item_id string, row_no int32, explanation string"
    )


@lru_cache(maxsize=1)
def repeated_schema() -> "Schema":
    return _schema("topic_partition int32, log_offset int64, submission_id string")


@lru_cache(maxsize=1)
def parked_schema() -> "Schema":
    return _schema(
        "topic string, topic_partition int32, log_offset int64, event_key string, payload binary, code string, "
        "reason_sv string, reason_en string, pointer string, rule string, failures string, unit_id string, "
        "survey string, year int32, appended_at time, parked_at time"
    )


@lru_cache(maxsize=1)
def administration_schema() -> "Schema":
    return _schema(
        "topic_partition int32, log_offset int64, event_id string, type string, subject string, occurred_at time, "
        "data string, event_key string, payload binary, appended_at time"
    )


def _schema(columns: str) -> "Schema":
    """A schema from `name kind, name kind …`."""
    import pyarrow

    kinds: dict[str, pyarrow.DataType] = {
        "int32": pyarrow.int32(),
        "int64": pyarrow.int64(),
        "string": pyarrow.string(),
        "binary": pyarrow.binary(),
        "time": pyarrow.timestamp("us", tz="UTC"),
    }
    pairs = (column.split() for column in columns.split(", "))
    return pyarrow.schema([(name, kinds[kind]) for name, kind in pairs])
