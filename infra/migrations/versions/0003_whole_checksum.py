"""Room for a checksum with its kind before it: PostgreSQL refused every response, SQLite does not count letters."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _content_takes(100)


def downgrade() -> None:
    _content_takes(64)


def _content_takes(letters: int) -> None:
    with op.batch_alter_table("submission") as submission:
        submission.alter_column("content", type_=sa.String(letters), existing_nullable=False)
