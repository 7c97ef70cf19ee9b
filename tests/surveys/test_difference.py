"""What differs between two years, in both languages."""

from pathlib import Path

from surveys.check_kinds import Check
from surveys.definition import read_definition
from surveys.difference import Difference, difference, property_names
from surveys.indicators import Indicator
from surveys.model import Text
from surveys.questionnaire import Item
from tests.surveys.definition_files import FIRST_YEAR, write

_SECOND = """\
survey: tiny
year: 2023
status: open
based_on: 2022
title: {sv: Liten enkät, en: Tiny survey}
changes:
  - change_item: fritt
    to: {id: fri, label: {sv: Fri text, en: Free text}}
    lineage: {kind: reworded, note: {sv: Tydligare, en: Clearer}}
  - {remove_item: slut, note: {sv: Används inte, en: Not used}}
  - {add_item: {id: bil, type: integer, label: {sv: Bil, en: Car}}, section: lage}
  - {change_item: fordon, to: {required: true, when: {item: status, is: i_drift}}}
  - {change_check: enheter.range, to: {max: 99}}
  - {change_check: lista.unique_rows, to: {severity: soft}}
  - {add_check: {kind: range, item: bil, min: 0}}
  - {change_indicator: andel, to: {decimals: 0}}
"""
_THIRD = """\
survey: tiny
year: 2024
status: open
based_on: 2023
changes:
  - {change_item: partner, to: {help: {sv: H, en: H}}}
"""


def differences(folder: Path, old: int, new: int) -> dict[str, Difference]:
    years = {2022: FIRST_YEAR, 2023: _SECOND, 2024: _THIRD}
    read = {year: read_definition(path) for year, path in zip(years, write(folder, *years.values()), strict=True)}
    return {one.id: one for one in difference(read[old], read[new])}


def test_every_difference_is_told_in_swedish(tmp_path: Path) -> None:
    assert [one.sentence.sv for one in differences(tmp_path, 2022, 2023).values()] == [
        "Ändrad enkät `tiny`: rubrik.",
        "Ändrad fråga `fordon` (Fordon): obligatorisk, visas när.",
        "Ändrad fråga `fri` (Fri text), förut `fritt`, omformulerad: lydelse.",
        "Ny fråga `bil` (Bil).",
        "Borttagen fråga `slut` (Slut).",
        "Ändrad kontroll `enheter.range`: regel.",
        "Ändrad kontroll `lista.unique_rows`: följd.",
        "Ny kontroll `bil.range`.",
        "Ändrad indikator `andel` (Andel): decimaler.",
    ]


def test_every_difference_is_told_in_english(tmp_path: Path) -> None:
    assert differences(tmp_path, 2022, 2023)["fri"].sentence.en == (
        "Changed item `fri` (Free text), formerly `fritt`, reworded: wording."
    )


def test_a_property_is_shown_before_and_after(tmp_path: Path) -> None:
    found = differences(tmp_path, 2022, 2023)
    wording = found["fri"].properties[0]
    assert (wording.before, wording.after) == (Text(sv="Fritt", en="Free"), Text(sv="Fri text", en="Free text"))
    required, when = found["fordon"].properties
    assert (required.before.sv, required.after.sv) == ("nej", "ja")  # type: ignore[union-attr]
    assert when.before is None
    assert "I drift" in when.after.sv  # type: ignore[union-attr]
    rule = found["enheter.range"].properties[0]
    assert "50" in rule.before.sv  # type: ignore[union-attr]
    assert "99" in rule.after.sv  # type: ignore[union-attr]


def test_why_something_changed_comes_along(tmp_path: Path) -> None:
    found = differences(tmp_path, 2022, 2023)
    assert [found[name].note.en for name in ("fri", "slut")] == ["Clearer", "Not used"]  # type: ignore[union-attr]


def test_years_apart_are_matched_by_concept_without_a_lineage(tmp_path: Path) -> None:
    found = differences(tmp_path, 2022, 2024)
    assert (found["fri"].what, found["fri"].was, found["fri"].lineage) == ("changed", "fritt", None)
    assert found["slut"].what == "removed"
    assert "partner" in found


def test_a_year_does_not_differ_from_itself(tmp_path: Path) -> None:
    q = read_definition(write(tmp_path, FIRST_YEAR)[0])
    assert difference(q, q) == ()


def test_every_property_has_a_name_in_both_languages() -> None:
    fields = {*Item.model_fields, *Indicator.model_fields} - {"id", "items", "lineage", "concept"}
    assert fields <= set(property_names())
    assert set(Check.model_fields) == {"id", "severity", "message", "when"}
