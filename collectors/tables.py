"""The collectors' tables in the operational database; the migrations under infra make them."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Moment(TypeDecorator[datetime]):
    """A moment, in UTC in every database: SQLite forgets the time zone of what it is given."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData()

# `event` is the event byte for byte as appended, so that a repeat appends the very same; `position` is None until then.
SUBMISSION = Table(
    "submission",
    METADATA,
    Column("submission_id", String(200), primary_key=True),
    Column("survey", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("unit", String(64), nullable=False),
    Column("content", String(100), nullable=False),
    Column("event", LargeBinary, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("reserved_at", Moment, nullable=False),
    Column("partition", Integer),
    Column("log_offset", BigInteger),
    Index("submission_of_unit", "unit", "survey", "year"),
)

TOKEN = Table(
    "token",
    METADATA,
    Column("token_id", String(32), primary_key=True),
    Column("unit", String(64), nullable=False),
    Column("secret_hash", String(200), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

SIGNIN_LINK = Table(
    "signin_link",
    METADATA,
    Column("link_id", String(32), primary_key=True),
    Column("unit", String(64), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

# One row: every copy of the collector signs sessions with the same key.
SIGNING_KEY = Table(
    "signing_key",
    METADATA,
    Column("name", String(32), primary_key=True),
    Column("key", LargeBinary, nullable=False),
)

# The bytes of every workbook as it came, whatever was made of it; the same bytes are kept once.
UPLOAD = Table(
    "upload",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

UPLOAD_OF_UNIT = Table(
    "upload_of_unit",
    METADATA,
    Column("sha256", String(64), ForeignKey("upload.sha256"), primary_key=True),
    Column("survey", String(64), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("unit", String(64), primary_key=True),
    Column("received_at", Moment, nullable=False),
)

# What is filled in and not sent: `fields` is the form's fields as typed, JSON pairs; `version` counts the savings.
DRAFT = Table(
    "draft",
    METADATA,
    Column("unit", String(64), primary_key=True),
    Column("survey", String(64), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("fields", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

# How long a form has been worked at since it was last sent, by section as JSON, and when it was last heard of.
FORM_TIME = Table(
    "form_time",
    METADATA,
    Column("unit", String(64), primary_key=True),
    Column("survey", String(64), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("seen_at", Moment, nullable=False),
    Column("milliseconds", Text, nullable=False),
)

# How far the topics of units' own systems have been taken in: the offset of the last event of each partition.
WRITER_POSITION = Table(
    "writer_position",
    METADATA,
    Column("topic", String(200), primary_key=True),
    Column("topic_partition", Integer, primary_key=True),
    Column("log_offset", BigInteger, nullable=False),
)
