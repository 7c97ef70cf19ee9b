"""Six versions of a survey, answered each as it was asked: one export has every answer where it belongs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.export import Export, export_of
from surveys.compatibility import refusals
from surveys.frozen import freeze
from surveys.proposal import read_kept, read_proposal
from tests.pipeline.published import Landing, opened
from tests.pipeline.versions import ANSWERS, definitions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# By column of `wide`: what stands there in each year, None where the question was not asked.
EXPECTED: dict[str, list[Any]] = {
    "antal": [1, 2, 3, 4, 5, 6],
    "mal": [10, 20, 30, 40, None, None],
    "mal@2025": [None, None, None, None, "Femtio", "Sextio"],
    "steg": ["utreds", None, None, None, None, None],
    "steg@2022": [None, "beslutad", "i_drift", "i_drift", "beslutad", "i_drift"],
    "stod": ["chatt", "telefon", "chatt", None, None, None],
    "stod@2024": [None, None, None, "chatt;telefon", "telefon", "chatt"],
    "tid": [2, 3, 4, 5, None, None],
    "tid@2025": [None, None, None, None, 360, 420],
    "ort": ["Kiruna", "Ystad", None, None, None, None],
    "ort@2024": [None, None, None, 7, 8, 9],
    "sist": ["2021", "2022", "2023", "2024", "2025", "2026"],
}


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Landing]:
    """Every version answered by region 14, the newest first: the order of the log is not that of the years."""
    catalogue = definitions(tmp_path_factory.mktemp("definitions"))
    landing = Landing(tmp_path_factory.mktemp("landed"), *(catalogue.get("six", year) for year in ANSWERS))
    for year in reversed(ANSWERS):
        landing.sent(catalogue.get("six", year), "14", ANSWERS[year])
    yield landing
    landing.connection.close()


@pytest.fixture(scope="module")
def publication(landing: Landing) -> "Iterator[DuckDBPyConnection]":
    with opened(landing.published()) as connection:
        yield connection


@pytest.fixture
def export(publication: "DuckDBPyConnection") -> Export:
    return export_of(publication, "six", None)


def test_every_answer_stands_under_the_question_it_was_given_to(export: Export) -> None:
    rows = list(export.rows(export.table("wide").sql))
    assert [row["year"] for row in rows] == list(ANSWERS)
    found = {name: [row[name] for row in rows] for name in rows[0] if name.partition("@")[0] in {*EXPECTED}}
    assert {name: column for name, column in found.items() if not name.endswith(".missing")} == EXPECTED


def test_what_was_not_asked_says_so_and_nothing_else_is_missing(export: Export) -> None:
    rows = list(export.rows(export.table("wide").sql))
    why = {name: [row[f"{name}.missing"] for row in rows] for name in EXPECTED}
    assert why == {name: ["not_asked" if one is None else None for one in column] for name, column in EXPECTED.items()}


def test_the_long_form_has_each_answer_of_each_version_once(export: Export) -> None:
    found: dict[int, dict[str, Any]] = {year: {} for year in ANSWERS}
    for row in export.rows(export.table("answer").sql):
        value = next(row[name] for name in ("value_number", "value_code", "value_text") if row[name] is not None)
        before = found[row["year"]].get(row["item_id"])
        found[row["year"]][row["item_id"]] = value if before is None else [*_listed(before), value]
    told = {year: {item: _listed(value) for item, value in answers.items()} for year, answers in found.items()}
    assert told == {
        year: {item: _listed(value) for item, value in answers.items()} for year, answers in ANSWERS.items()
    }


def test_an_export_of_one_version_has_its_own_columns_only(publication: "DuckDBPyConnection") -> None:
    export = export_of(publication, "six", 2025)
    names = [name for name in export.table("wide").columns if name.partition("@")[0] in {*EXPECTED}]
    own = ["antal", "mal@2025", "ort@2024", "sist", "steg@2022", "stod@2024", "tid@2025"]
    assert sorted(name for name in names if not name.endswith(".missing")) == own


def test_the_gate_refuses_the_one_version_that_takes_an_old_name_for_something_else(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    freeze(definitions(kept), "six", 2021)
    (found,) = refusals(read_proposal(kept / "six", kept), read_kept(kept))
    assert (found.code, found.year, found.item) == ("S047", 2024, "ort")
    assert found.answered == ((2022, "ort"), (2021, "ort"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
