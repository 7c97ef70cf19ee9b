"""Over the whole demonstration: what units, and their answers, add to the figures is what the figures are."""

import json
from collections.abc import Iterator
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

from infra.embedded_log import EmbeddedLog
from infra.published import connect_current
from pipeline.trace import trace_figure
from pipeline.trace_commands import register
from pipeline.trace_event import Around, trace_event
from pipeline.trace_names import NamedFigure, figure_name, named
from pipeline.trace_queries import rows
from pipeline.traced import Contribution, FigureTrace
from surveys.catalogue import load_catalogue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Distinct values are of all units together; everything else is a sum over the units.
FIGURES = """
WITH summed AS (
    SELECT
        survey, year, indicator_id, unit_kind, level, unit_id, sex, category, sum(adds_numerator) AS n,
        sum(adds_denominator) AS d, count(*) FILTER (missing = 'suppressed') AS hidden, count(*) AS units
    FROM figure_unit GROUP BY ALL
), value AS (
    SELECT
        survey, year, indicator_id, unit_kind, sex, category, unit_id AS source_unit, side,
        coalesce(value_code, value_text, value_number::VARCHAR) AS of_value
    FROM figure_answer WHERE role = 'value' AND counts
), distinct_values AS (
    SELECT
        u.survey, u.year, u.indicator_id, u.unit_kind, u.level, u.unit_id, u.sex, u.category,
        count(DISTINCT of_value) FILTER (side = 'numerator') AS n,
        count(DISTINCT of_value) FILTER (side = 'denominator') AS d
    FROM figure_unit u JOIN value USING (survey, year, indicator_id, unit_kind, sex, category, source_unit) GROUP BY ALL
), roles AS (
    SELECT survey, year, indicator_id, bool_or(side = 'numerator') AS n, bool_or(side = 'denominator') AS d
    FROM indicator_item WHERE role = 'value' GROUP BY ALL
)
SELECT
    i.*, d.scale, s.hidden, s.units, CASE WHEN r.n THEN coalesce(v.n, 0) ELSE s.n END AS traced_numerator,
    CASE WHEN r.d THEN coalesce(v.d, 0) ELSE s.d END AS traced_denominator
FROM indicator i
JOIN indicator_definition d USING (survey, year, indicator_id)
JOIN summed s USING (survey, year, indicator_id, unit_kind, level, unit_id, sex, category)
LEFT JOIN roles r USING (survey, year, indicator_id)
LEFT JOIN distinct_values v USING (survey, year, indicator_id, unit_kind, level, unit_id, sex, category)
"""

# The answers of each unit, by what its figure counts.
UNITS = """
SELECT
    i.survey, i.year, i.indicator_id, i.unit_id, i.sex, i.category, i.numerator, i.denominator, a.side, a.role,
    sum(CASE WHEN t.type IN ('several_of', 'kommuner') THEN (a.value_code IS NOT NULL)::INTEGER ELSE a.value_number END)
        FILTER (a.counts) AS amount,
    count(DISTINCT coalesce(a.value_code, a.value_text, a.value_number::VARCHAR)) FILTER (a.counts) AS n_values
FROM indicator i
JOIN figure_answer a USING (survey, year, indicator_id, unit_kind, unit_id, sex, category)
JOIN item t USING (survey, year, item_id)
WHERE i.level = 'unit' AND i.missing IS NULL AND a.role IN ('sum', 'value')
GROUP BY ALL
"""

ROWS = """
SELECT i.numerator, count(c.row_no) AS counted
FROM indicator i
JOIN indicator_item t ON t.survey = i.survey AND t.year = i.year AND t.indicator_id = i.indicator_id
    AND t.side = 'numerator' AND t.role = 'rows'
LEFT JOIN counted_row c ON c.survey = i.survey AND c.year = i.year AND c.indicator_id = i.indicator_id
    AND c.unit_id = i.unit_id AND c.category = i.category AND c.side = 'numerator'
WHERE i.level = 'unit' AND i.missing IS NULL AND NOT EXISTS (
    FROM indicator_item v WHERE v.survey = i.survey AND v.year = i.year AND v.indicator_id = i.indicator_id
        AND v.side = 'numerator' AND v.role = 'value'
)
GROUP BY i.survey, i.year, i.indicator_id, i.unit_id, i.category, i.numerator
"""

# One figure of each indicator, of all levels among them.
SAMPLE = """
SELECT i.*, len(d.unit_kinds) > 1 AS many_kinds
FROM indicator i JOIN indicator_definition d USING (survey, year, indicator_id)
WHERE i.missing IS NULL
QUALIFY row_number() OVER (
    PARTITION BY i.survey, i.indicator_id ORDER BY hash(i.indicator_id || i.level), i.year DESC, i.sex, i.unit_id DESC
) = 1
"""


@pytest.fixture
def publication(demonstration: Path) -> "Iterator[DuckDBPyConnection]":
    _, connection = connect_current(demonstration)
    yield connection
    connection.close()


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def test_every_published_figure_is_what_its_units_add_up_to(publication: "DuckDBPyConnection") -> None:
    figures = rows(publication, FIGURES)
    shown = [row for row in figures if row["missing"] is None]
    open_ones = [row for row in shown if not row["hidden"]]
    assert len(figures) == rows(publication, "SELECT count(*) AS n FROM indicator")[0]["n"]
    assert len(open_ones) > 30_000
    assert {row["level"] for row in open_ones} == {"unit", "region", "country"}
    wrong = [
        row
        for row in open_ones
        if not (same(row["numerator"], row["traced_numerator"]) and same(row["denominator"], row["traced_denominator"]))
        or not same(row["value"], value_of(row))
        or row["units"] != row["expected"]
    ]
    assert wrong == []
    closed = [row for row in shown if row["hidden"]]
    assert closed
    # Never one alone, and never one more than the figure says.
    assert all(row["hidden"] >= 2 and row["numerator"] >= (row["traced_numerator"] or 0) for row in closed)


def value_of(row: dict[str, Any]) -> float:
    if row["traced_denominator"] is None:
        return float(row["traced_numerator"])
    return float(row["scale"] * row["traced_numerator"] / row["traced_denominator"])


def test_every_unit_s_figure_is_what_its_answers_come_to(publication: "DuckDBPyConnection") -> None:
    sums = rows(publication, UNITS)
    assert len(sums) > 10_000
    wrong = [
        row
        for row in sums
        if not same(row[row["side"]], row["amount"] if row["role"] == "sum" else float(row["n_values"]))
    ]
    assert wrong == []
    counted = rows(publication, ROWS)
    assert len(counted) > 500
    assert [row for row in counted if row["numerator"] != row["counted"]] == []


def test_a_trace_of_each_indicator_adds_up(publication: "DuckDBPyConnection") -> None:
    sample = rows(publication, SAMPLE)
    assert {row["survey"] for row in sample} == set(load_catalogue().surveys())
    assert {row["level"] for row in sample} == {"unit", "region", "country"}
    for row in sample:
        found = trace_figure(publication, NamedFigure(_whole(publication, row)), lambda _submission: {})
        assert len(found.units) == found.expected
        assert same(found.numerator, _numerator(found)), found.name
        assert all(one.response is not None for one in found.units if one.numerator is not None)


def _whole(publication: "DuckDBPyConnection", row: dict[str, Any]) -> dict[str, Any]:
    one = named(figure_name(row), publication)
    assert isinstance(one, NamedFigure)
    return one.row


def _numerator(found: FigureTrace) -> float | None:
    if found.counted == "count_distinct":
        used = {one.value_code or one.value_text for unit in found.units for one in _values(unit)}
        return float(len(used))
    known = [one.numerator for one in found.units if one.numerator is not None]
    hidden = found.hidden.numerator if found.hidden and found.hidden.numerator is not None else 0
    return sum(known) + hidden if known or found.hidden else None


def _values(unit: Contribution) -> list[Any]:
    return [one for one in unit.answers if one.role == "value" and one.side == "numerator" and one.counts]


def test_the_command_prints_a_figure_an_answer_and_an_event(demonstration: Path) -> None:
    app = typer.Typer(pretty_exceptions_enable=False)
    register(app, lambda _settings, _id: {("enheter", None, ""): ("Omfattning", "C7")}, lambda _settings, _id: None)

    def typed(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--data-dir", str(demonstration)], catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    figure = typed("prehospital/2023/andel_i_drift/00")
    assert "Regioner med psykiatriambulans i drift" in figure
    assert "10 Region Blekinge" in figure
    assert "unit_nonresponse" in figure
    told = json.loads(typed("prehospital/2023/06/enheter", "--json"))
    assert (told["kind"], told["response"]["mode"]) == ("answer", "excel")
    assert (told["answers"][0]["sheet"], told["answers"][0]["cell"]) == ("Omfattning", "C7")
    event = typed(told["response"]["event_id"])
    assert told["response"]["position"] in event
    assert "prehospital/2023/andel_i_drift/00" in event


def test_sampled_events_and_figures_name_each_other(demonstration: Path, publication: "DuckDBPyConnection") -> None:
    sql = "SELECT DISTINCT ON (survey) event_id, survey FROM response WHERE current ORDER BY survey, hash(event_id)"
    log = EmbeddedLog(demonstration / "log.sqlite")
    try:
        around = Around(publication, log, load_catalogue(), lambda _id: {}, lambda _id: None)
        for row in rows(publication, sql):
            event = trace_event(around, row["event_id"])
            assert event.figures
            for fed in (event.figures[0], event.figures[len(event.figures) // 2], event.figures[-1]):
                one = named(fed.name, publication)
                assert isinstance(one, NamedFigure)
                found = trace_figure(publication, one, lambda _submission: {})
                [behind] = [unit for unit in found.units if unit.unit == event.unit]
                assert behind.response is not None
                assert behind.response.event_id == event.event_id
                assert (behind.numerator, behind.denominator) != (None, None) or not fed.counts
    finally:
        log.close()
