"""Charts hold the rows that they are given, and are what the chart grammar allows."""

import json
from typing import Any

from dashboards.charts import Bar, Landmark, Part, Point, bars, lines, shares


def held(chart: Any) -> list[dict[str, Any]]:
    """Every row in the chart; building the dictionary checks it against the grammar's own schema."""
    return _rows(chart.to_dict())


def _rows(node: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if isinstance(node, dict):
        found += node["values"] if isinstance(node.get("values"), list) and "datasets" not in node else []
        found += [row for rows in node.get("datasets", {}).values() for row in rows]
        found += [row for part in node.values() for row in _rows(part)]
    elif isinstance(node, list):
        found += [row for part in node for row in _rows(part)]
    return [row for row in found if isinstance(row, dict)]


def test_bars_hold_each_row_and_the_reference() -> None:
    rows = held(bars([Bar("Gävle", 7.5, "7,5 %", "plain"), Bar("Örebro", 3.0, "3,0 %", "marked")], 5.0, "Riket 5,0 %"))
    assert {(row["name"], row["value"], row["shown"]) for row in rows if "name" in row} == {
        ("Gävle", 7.5, "7,5 %"),
        ("Örebro", 3.0, "3,0 %"),
    }
    assert "Riket 5,0 %" in {row.get("label") for row in rows}


def test_the_longest_value_has_room_beside_its_bar() -> None:
    short, long = (bars([Bar("Gävle", 9.0, shown, "plain")], None, "").to_dict() for shown in ("9", "1 234 567 kr"))
    assert long["padding"]["right"] - short["padding"]["right"] > 60


def test_bars_without_a_reference_have_no_line_for_it() -> None:
    drawn = bars([Bar("Gävle", 0.0, "0,0 %", "plain")], None, "Riket").to_dict()
    assert "rule" not in json.dumps(drawn)
    assert any(row["value"] == 0 for row in _rows(drawn))


def test_shares_hold_each_part_in_the_order_of_its_category() -> None:
    chart = shares([Part("Riket", "nej", 40.0, "40 %"), Part("Riket", "ja", 60.0, "60 %")], ["ja", "nej"])
    assert {(row["category"], row["value"], row["order"]) for row in held(chart)} == {("ja", 60.0, 0), ("nej", 40.0, 1)}


def test_lines_hold_each_year_each_break_and_what_was_published() -> None:
    points = [
        Point(2022, 5.0, "Riket", "country", "00-0", "5,0"),
        Point(2023, 6.0, "Riket", "country", "00-1", "6,0"),
        Point(2023, 8.0, "Gävle", "own", "21-1", "8,0"),
    ]
    rows = held(lines(points, [2023], "Frågan ändrad {year}", [Landmark(2023, 6.1, "6,1")], "sv"))
    assert {(row["name"], row["year"], row["value"]) for row in rows if "stretch" in row} == {
        ("Riket", 2022, 5.0),
        ("Riket", 2023, 6.0),
        ("Gävle", 2023, 8.0),
    }
    assert "Frågan ändrad 2023" in {row.get("label") for row in rows}
    assert 6.1 in {row.get("value") for row in rows}


def test_lines_without_breaks_and_landmarks_are_drawn_too() -> None:
    rows = held(lines([Point(2022, 5.0, "Riket", "country", "00-0", "5.0")], [], "", [], "en"))
    assert [row["value"] for row in rows if "stretch" in row] == [5.0]
