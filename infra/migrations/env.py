"""Runs the migrations on the connection that infra.operational_db.migrate hands over."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
# batch: SQLite cannot alter a column, so Alembic copies the table there.
context.configure(connection=connection, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
