"""The first tables: submissions, tokens, sign-in links, the signing key and uploaded workbooks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _submissions()
    _secrets()
    _uploads()


def downgrade() -> None:
    for table in ("upload_of_unit", "upload", "signing_key", "signin_link", "token", "submission"):
        op.drop_table(table)


def _submissions() -> None:
    op.create_table(
        "submission",
        sa.Column("submission_id", sa.String(200), primary_key=True),
        sa.Column("survey", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("event", sa.LargeBinary, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("partition", sa.Integer),
        sa.Column("log_offset", sa.BigInteger),
    )
    op.create_index("submission_of_unit", "submission", ["unit", "survey", "year"])


def _secrets() -> None:
    op.create_table(
        "token",
        sa.Column("token_id", sa.String(32), primary_key=True),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "signin_link",
        sa.Column("link_id", sa.String(32), primary_key=True),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "signing_key",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("key", sa.LargeBinary, nullable=False),
    )


def _uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "upload_of_unit",
        sa.Column("sha256", sa.String(64), sa.ForeignKey("upload.sha256"), primary_key=True),
        sa.Column("survey", sa.String(64), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String(64), primary_key=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )
