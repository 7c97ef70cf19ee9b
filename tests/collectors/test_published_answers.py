"""A unit's earlier answers are put together from the published file as they once were sent."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from collectors.previous import EarlierAnswers
from collectors.published_answers import published_answers
from infra.published import marts_dir, replace_current
from tests.collectors.build import gate_in, trial_catalogue

ANSWER = """CREATE TABLE answer (survey VARCHAR, year INT, unit_id VARCHAR, item_id VARCHAR, concept VARCHAR,
row_no INT, sex VARCHAR, value_number DOUBLE, value_text VARCHAR,
value_code VARCHAR, missing VARCHAR, explanation VARCHAR, event_id VARCHAR)"""
RESPONSE = """CREATE TABLE response (survey VARCHAR, year INT, unit_id VARCHAR, submission_id VARCHAR, revision INT,
current BOOLEAN)"""
DAYS = ("08:00-17:00", "closed", "24h", "20:00-04:30", "closed", "closed", "closed")


def cell(item: str, **columns: Any) -> dict[str, Any]:
    return {"item_id": item, **columns}


CELLS = [
    cell("lage", value_code="i_drift"),
    cell("enheter", value_number=3.0),
    cell("kostnad", value_number=12.5),
    cell("andel", missing="item_nonresponse"),
    cell("startar", missing="off_path"),
    cell("antagen", value_text="2024-02-29"),
    cell("beslutat", value_number=0.0, value_code="false"),
    cell("grupper", row_no=1, value_code="vuxna"),
    cell("grupper", row_no=2, value_code="barn"),
    *(cell("oppet", row_no=number, value_text=hours) for number, hours in enumerate(DAYS, start=1)),
    cell("patienter", sex="K", missing="dont_know"),
    cell("patienter", sex="M", value_number=8.0),
    cell("patienter", sex="T", value_number=20.0),
    cell("insatser.namn", row_no=1, value_text="Ett"),
    cell("insatser.antal", row_no=1, missing="dont_know"),
    cell("insatser.namn", row_no=2, value_text="Två"),
    cell("insatser.grupper", row_no=2, value_code="barn"),
    cell("insatser.grupper", row_no=2, value_code="aldre"),
]
ANSWERS = {
    "lage": "i_drift",
    "enheter": 3,
    "kostnad": 12.5,
    "antagen": "2024-02-29",
    "beslutat": False,
    "grupper": ["vuxna", "barn"],
    "oppet": {
        "mon": {"from": "08:00", "to": "17:00"},
        "tue": "closed",
        "wed": "24h",
        "thu": {"from": "20:00", "to": "04:30"},
        "fri": "closed",
        "sat": "closed",
        "sun": "closed",
    },
    "patienter": {"K": {"missing": "dont_know"}, "M": 8, "T": 20},
    "insatser": [{"namn": "Ett", "antal": {"missing": "dont_know"}}, {"namn": "Två", "grupper": ["barn", "aldre"]}],
}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    marts_dir(tmp_path).mkdir(parents=True)
    with duckdb.connect(str(marts_dir(tmp_path) / "p1.duckdb")) as connection:
        connection.execute(ANSWER)
        connection.execute(RESPONSE)
        connection.execute("INSERT INTO response VALUES ('prov', 2025, '14', 'published-1', 1, true)")
        for columns in CELLS:
            row = {"survey": "prov", "year": 2025, "unit_id": "14", **columns}
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO answer ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    replace_current(tmp_path, "p1")
    return tmp_path


def test_long_rows_become_the_answers_that_were_sent(published: Path) -> None:
    assert published_answers(published, trial_catalogue().get("prov", 2025), "14") == ANSWERS


def test_a_unit_that_did_not_answer_has_no_earlier_answers(published: Path) -> None:
    assert published_answers(published, trial_catalogue().get("prov", 2025), "12") is None


def test_nothing_published_yet_is_no_earlier_answers(tmp_path: Path) -> None:
    assert published_answers(tmp_path, trial_catalogue().get("prov", 2025), "14") is None


def test_a_published_response_counts_as_the_units_own(published: Path) -> None:
    with gate_in(published) as gate:
        assert isinstance(gate.previous, EarlierAnswers)
        assert gate.previous.has("prov", 2025, "14", "published-1")
        assert not gate.previous.has("prov", 2025, "12", "published-1")
        assert gate.previous_answers(gate.catalogue.get("prov", 2026), "14") == ANSWERS
