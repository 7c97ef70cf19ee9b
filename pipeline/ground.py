"""What every publication stands on, as tables in memory: what is declared, units and their programmes, inhabitants.

They are made once, and again only when something of it has changed: SQL joins them in nearly every statement.
"""

from typing import TYPE_CHECKING

from pipeline.administration import Administration, known_administration
from pipeline.declarations import Declarations
from pipeline.known import known_tables, population_table
from surveys.population import PopulationTable

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

_BANDS = """
SELECT from_age, to_age FROM declared_indicator WHERE base = 'population' UNION SELECT NULL, NULL ORDER BY ALL
"""
_YEARS = "SELECT DISTINCT reference_year FROM declared_part ORDER BY ALL"


def stand_on(work: "DuckDBPyConnection", declared: Declarations, population: PopulationTable) -> Administration:
    """Lets the cursor name these tables without more (declared_*, known_*), and returns what is administered."""
    administration = known_administration(work)
    work.execute(
        "ATTACH IF NOT EXISTS ':memory:' AS ground; CREATE TABLE IF NOT EXISTS ground.made_of (digest VARCHAR)"
    )
    ((warehouse,),) = work.execute("SELECT current_database()").fetchall()
    work.execute(f"SET search_path = '{warehouse}.main,ground.main'")
    ((events, last),) = work.execute("SELECT count(*), max(log_offset) FROM landing.administration").fetchall()
    made_of = f"{declared.digest} {population.digest} {events} {last}"
    if work.execute("FROM ground.made_of").fetchall() != [(made_of,)]:
        work.execute("DELETE FROM ground.made_of")
        _make(work, {**declared.tables, **known_tables(administration)})
        _make(work, {"known_population": _inhabitants(work, administration, population)})
        work.execute("INSERT INTO ground.made_of VALUES ($made_of)", {"made_of": made_of})
    return administration


def _make(work: "DuckDBPyConnection", tables: "dict[str, pa.Table]") -> None:
    for name, rows in tables.items():
        work.register("coming", rows)
        work.execute(f"CREATE OR REPLACE TABLE ground.{name} AS FROM coming")
    work.unregister("coming")


def _inhabitants(work: "DuckDBPyConnection", administration: Administration, population: PopulationTable) -> "pa.Table":
    bands = work.execute(_BANDS).fetchall()
    years = work.execute(_YEARS).fetchall()
    counted = {row.unit_id for row in population.rows()}
    units = tuple(unit.unit_id for unit in administration.units if unit.unit_id in counted)
    return population_table(population, units, tuple(bands), tuple(year for (year,) in years))
