"""How far the topics of units' own systems have been taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "writer_position",
        sa.Column("topic", sa.String(200), primary_key=True),
        sa.Column("topic_partition", sa.Integer, primary_key=True),
        sa.Column("log_offset", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("writer_position")
