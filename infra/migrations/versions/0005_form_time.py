"""How long each form that is being filled in has been worked at."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_time",
        sa.Column("unit", sa.String(64), primary_key=True),
        sa.Column("survey", sa.String(64), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("milliseconds", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("form_time")
