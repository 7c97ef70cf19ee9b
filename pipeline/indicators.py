"""The declared indicators, computed in SQL: the figures of every unit, every region and the country."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from pipeline.condition_sql import literal
from pipeline.declarations import Clause

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@cache
def statements(name: str) -> str:
    """The SQL of one step of publishing."""
    return resources.files("pipeline").joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")


def route(work: "DuckDBPyConnection", clauses: Iterable[Clause]) -> None:
    """Makes `path_holds`: which conditions that items hang on hold, for each response. Reads `counted` and `fact`."""
    work.execute("CREATE TEMP TABLE path_holds (condition VARCHAR, survey VARCHAR, year INTEGER, unit_id VARCHAR)")
    for survey, group in _by_survey(clauses, "declared_item", "path", work).items():
        verdicts = _verdicts(survey, group, [clause.holds for clause in group], "counted r", "r.year, r.unit_id", "")
        work.execute(
            f"INSERT INTO path_holds SELECT verdict.name, survey, year, unit_id FROM ({verdicts}) WHERE verdict.says"
        )


def compute(work: "DuckDBPyConnection", clauses: Iterable[Clause]) -> None:
    """Makes `figure` (and what it is made of: `unit_figure`, `cell`, `category`) out of `fact`, nothing hidden yet."""
    every = list(clauses)
    _decide_units(work, every)
    _decide_rows(work, every)
    work.execute(statements("published_indicators"))


def _decide_units(work: "DuckDBPyConnection", clauses: list[Clause]) -> None:
    work.execute(
        "CREATE TEMP TABLE unit_known "
        "(condition VARCHAR, survey VARCHAR, year INTEGER, unit_id VARCHAR, is_true BOOLEAN)"
    )
    for survey, group in _by_survey(clauses, "declared_indicator", "condition", work).items():
        base = "(FROM counted SEMI JOIN figure_part USING (survey, year)) r"
        verdicts = _verdicts(survey, group, [clause.known for clause in group], base, "r.year, r.unit_id", "")
        work.execute(
            f"INSERT INTO unit_known SELECT verdict.name, survey, year, unit_id, verdict.says FROM ({verdicts})"
        )


def _decide_rows(work: "DuckDBPyConnection", clauses: list[Clause]) -> None:
    work.execute(
        "CREATE TEMP TABLE row_holds (condition VARCHAR, survey VARCHAR, year INTEGER, unit_id VARCHAR, row_no INTEGER)"
    )
    rosters: dict[tuple[str, str], list[Clause]] = defaultdict(list)
    for clause in clauses:
        if clause.roster:
            rosters[clause.survey, clause.roster].append(clause)
    for (survey, roster), group in rosters.items():
        base = (
            f"(SELECT DISTINCT survey, year, unit_id, row_no FROM fact SEMI JOIN figure_part USING (survey, year) "
            f"WHERE survey = {literal(survey)} AND top_id = {literal(roster)} AND row_no IS NOT NULL) r"
        )
        verdicts = _verdicts(
            survey, group, [c.holds for c in group], base, "r.year, r.unit_id, r.row_no", "AND f.row_no = r.row_no"
        )
        work.execute(
            f"INSERT INTO row_holds SELECT verdict.name, survey, year, unit_id, row_no FROM ({verdicts}) "
            "WHERE verdict.says"
        )


def _by_survey(
    clauses: Iterable[Clause], table: str, column: str, work: "DuckDBPyConnection"
) -> dict[str, list[Clause]]:
    """The conditions over whole responses that this column of this table names, by survey."""
    used = {
        name
        for (name,) in work.execute(
            f"SELECT DISTINCT {column} FROM {table} SEMI JOIN read_part USING (survey, year)"
        ).fetchall()
    }
    found: dict[str, list[Clause]] = defaultdict(list)
    for clause in clauses:
        if clause.roster is None and clause.condition in used:
            found[clause.survey].append(clause)
    return found


def _verdicts(survey: str, clauses: list[Clause], says: list[str], base: str, key: str, match: str) -> str:
    """One pass over the answers of a survey for all its conditions: rows of key and verdict (name, says)."""
    structs = ", ".join(
        f"{{name: {literal(clause.condition)}, says: {text}}}" for clause, text in zip(clauses, says, strict=True)
    )
    items = ", ".join(sorted({literal(item) for clause in clauses for item in clause.items}))
    return (
        f"SELECT r.survey, {key}, unnest([{structs}]) AS verdict FROM {base} LEFT JOIN fact f "
        f"ON f.survey = r.survey AND f.year = r.year AND f.unit_id = r.unit_id AND f.item_id IN ({items}) {match} "
        f"WHERE r.survey = {literal(survey)} GROUP BY r.survey, {key}"
    )
