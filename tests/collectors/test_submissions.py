"""The operational tables: migrated as declared, and honest about what the log has."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from collectors.gate import new_id
from collectors.receive import receive
from collectors.submissions import Submissions
from collectors.tables import METADATA
from infra.operational_db import migrate
from tests.collectors.build import NOW, SURVEY, UNIT, YEAR, gate_in, opened_round, request


def test_the_migrations_make_the_tables_that_the_code_declares(tmp_path: Path) -> None:
    with gate_in(tmp_path) as gate, gate.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


@pytest.mark.postgres
def test_postgresql_gets_the_same_tables_and_keeps_moments(postgres_url: str) -> None:
    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://", 1))
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    assert Submissions(engine).waiting() == []
    engine.dispose()


def test_only_appended_submissions_are_a_units_own_and_answered(tmp_path: Path) -> None:
    with gate_in(tmp_path) as gate:
        opened_round(gate.log)
        first = request()
        receive(first, gate, NOW, new_id)
        kept = gate.submissions.get(first.submission_id)
        assert kept is not None
        reserved = kept.model_copy(update={"submission_id": "reserved-1", "unit": "12", "state": "reserved"})
        assert gate.submissions.reserve(reserved, NOW)
        assert not gate.submissions.reserve(reserved, NOW)
        assert [one.submission_id for one in gate.submissions.waiting()] == ["reserved-1"]
        assert gate.submissions.of_unit("12", SURVEY, YEAR) == []
        assert gate.submissions.units_answered(SURVEY, YEAR) == 1
        assert gate.submissions.count(UNIT, SURVEY, YEAR) == 1
