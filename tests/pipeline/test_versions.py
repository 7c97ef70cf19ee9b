"""Six versions of a survey, answered each as it was asked: one export has every answer where it belongs.

Between the versions an option is removed, an item is removed and comes back, one is renamed, one becomes several,
one gets another type, one another unit, and all change places.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.export import Export, export_of
from surveys.catalogue import Catalogue
from surveys.compatibility import refusals
from surveys.frozen import freeze
from surveys.proposal import read_kept, read_proposal
from tests.pipeline.published import Landing, opened

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FIRST = """\
survey: six
year: 2021
status: published
reference_year: 2021
title: {sv: Sex, en: Six}
respondents: [region]
reference_period: {sv: Läget i dag, en: The situation today}
sections:
  - id: a
    title: {sv: A, en: A}
    items:
      - {id: antal, type: integer, label: {sv: Antal, en: Number}}
      - {id: mal, type: integer, label: {sv: Mål, en: Goal}}
      - id: steg
        type: one_of
        label: {sv: Steg, en: Step}
        options:
          - {code: utreds, label: {sv: Utreds, en: Examined}}
          - {code: beslutad, label: {sv: Beslutad, en: Decided}}
          - {code: i_drift, label: {sv: I drift, en: In operation}}
      - id: stod
        type: one_of
        label: {sv: Stöd, en: Support}
        options: [{code: chatt, label: {sv: Chatt, en: Chat}}, {code: telefon, label: {sv: Telefon, en: Phone}}]
      - {id: tid, type: integer, label: {sv: Tid, en: Time}, unit_of_measure: {sv: timmar, en: hours}}
      - {id: ort, type: text, label: {sv: Ort, en: Place}}
  - {id: b, title: {sv: B, en: B}, items: [{id: sist, type: text, label: {sv: Sist, en: Last}}]}
"""
LATER = {
    # An option goes, and says which takes its place.
    2022: """\
  - change_item: steg
    to:
      options:
        - {code: beslutad, label: {sv: Beslutad, en: Decided}}
        - {code: i_drift, label: {sv: I drift, en: In operation}}
    lineage: {kind: recoded, recode: {utreds: [beslutad]}}
""",
    # An item is renamed, another removed.
    2023: """\
  - {change_item: antal, to: {id: enheter}, lineage: {kind: reworded}}
  - {remove_item: ort}
""",
    # The removed one comes back with another meaning; one of becomes several of.
    2024: """\
  - {add_item: {id: ort, type: integer, label: {sv: Antal orter, en: Places}}, section: b}
  - {change_item: stod, to: {type: several_of}, lineage: {kind: recoded}}
""",
    # The type of one and the unit of another change.
    2025: """\
  - {change_item: mal, to: {type: text, label: {sv: "Mål, i ord", en: "Goal, in words"}}, lineage: {kind: recoded}}
  - {change_item: tid, to: {unit_of_measure: {sv: minuter, en: minutes}}, lineage: {kind: unit_changed}}
""",
    # Everything stands in another place.
    2026: """\
  - {remove_item: enheter}
  - add_item: {id: enheter, type: integer, concept: antal, label: {sv: Antal, en: Number}}
    section: b
    after: sist
    lineage: {kind: same, items: [enheter]}
""",
}
ANSWERS: dict[int, dict[str, Any]] = {
    2021: {"antal": 1, "mal": 10, "steg": "utreds", "stod": "chatt", "tid": 2, "ort": "Kiruna", "sist": "2021"},
    2022: {"antal": 2, "mal": 20, "steg": "beslutad", "stod": "telefon", "tid": 3, "ort": "Ystad", "sist": "2022"},
    2023: {"enheter": 3, "mal": 30, "steg": "i_drift", "stod": "chatt", "tid": 4, "sist": "2023"},
    2024: {
        "enheter": 4,
        "mal": 40,
        "steg": "i_drift",
        "stod": ["chatt", "telefon"],
        "tid": 5,
        "ort": 7,
        "sist": "2024",
    },
    2025: {
        "enheter": 5,
        "mal": "Femtio",
        "steg": "beslutad",
        "stod": ["telefon"],
        "tid": 360,
        "ort": 8,
        "sist": "2025",
    },
    2026: {"enheter": 6, "mal": "Sextio", "steg": "i_drift", "stod": ["chatt"], "tid": 420, "ort": 9, "sist": "2026"},
}
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


def definitions(folder: Path) -> Catalogue:
    """The six versions as files, each later one as what it changes."""
    survey = folder / "six"
    survey.mkdir(parents=True)
    (survey / "2021.yaml").write_text(FIRST, encoding="utf-8")
    for year, changes in LATER.items():
        head = f"survey: six\nyear: {year}\nstatus: open\nbased_on: {year - 1}\nchanges:\n"
        (survey / f"{year}.yaml").write_text(head + changes, encoding="utf-8")
    return Catalogue(folder)


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
