"""Every suite asked once more of what is landed, or, beside a running pipeline, of what is published."""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING

from infra.errors import WarehouseLocked
from infra.published import connect_current
from infra.settings import Settings
from pipeline.audit import DataDocs, Result, audit, warm
from pipeline.consume import PATIENCE_SECONDS, opened_warehouse
from pipeline.declarations import declarations
from pipeline.mart import Part, candidate
from pipeline.parse import Definitions
from pipeline.publish import prepare_state
from surveys.population import population_in_force

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def examine(
    settings: Settings, definitions: Definitions, parts: Sequence[Part], now: datetime, docs: DataDocs | None = None
) -> list[Result]:
    """The results for those of the parts that have responses. Nothing is held, kept or published.

    While a pipeline has the warehouse, what is published is looked at instead: hidden numbers are not seen then, and
    nothing is compared with the log. Raises NothingPublished.
    """
    try:
        with opened_warehouse(settings) as connection:
            prepare_state(connection)
            with candidate(connection, definitions, now, population_in_force(settings.population_file)) as work:
                return _audited(work, definitions, parts, now, docs)
    except WarehouseLocked:
        with closing(_published(settings, definitions)) as work:
            return _audited(work, definitions, parts, now, docs)


def rehearse(settings: Settings, definitions: Definitions, now: datetime) -> None:
    """Builds what would be published and audits one part of it, and throws it away.

    The first real publication is as quick as the later ones then: imports, caches and suites are in place. Without any
    responses only the tables are built. Raises WarehouseLocked while a pipeline has the warehouse.
    """
    warm()
    population = population_in_force(settings.population_file)
    with opened_warehouse(settings, PATIENCE_SECONDS) as connection:
        prepare_state(connection)
        with candidate(connection, definitions, now, population) as work:
            # The smallest is enough: what takes time the first time is the same for all.
            found = work.execute(
                "SELECT survey, year FROM counted GROUP BY ALL ORDER BY count(*), survey, year LIMIT 1"
            ).fetchall()
            _audited(work, definitions, found, now, None)


def _audited(
    work: "DuckDBPyConnection",
    definitions: Definitions,
    parts: Sequence[Part],
    now: datetime,
    docs: DataDocs | None,
) -> list[Result]:
    rows = work.execute("SELECT DISTINCT survey, year FROM counted").fetchall()
    answered = set(rows)
    return [result for part in parts if part in answered for result in audit(work, definitions.get(*part), now, docs)]


def _published(settings: Settings, definitions: Definitions) -> "DuckDBPyConnection":
    """The published file with the tables beside it that an audit reads."""
    _, work = connect_current(settings.data_dir)
    for name, rows in declarations(definitions).tables.items():
        work.register(name, rows)
    work.execute(resources.files("pipeline").joinpath("sql/published_as_landed.sql").read_text(encoding="utf-8"))
    return work
