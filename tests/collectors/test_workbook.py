"""The workbook: the same answers as JSON, and a clear word about every way a file can go wrong."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from collectors.errors import ChecksFailed, WorkbookRefused
from collectors.gate import Gate, new_id
from collectors.receive import Asked, receive
from collectors.receive import asked as asked_of
from collectors.tables import UPLOAD, UPLOAD_OF_UNIT
from collectors.workbook_layout import ANSWER, KEY, sheet_titles
from collectors.workbook_reader import read_workbook
from collectors.workbook_template import Filling, template
from collectors.workbook_upload import examine_workbook, receive_workbook, template_for
from surveys.catalogue import load_catalogue
from surveys.response import WEEKDAYS
from tests.collectors.build import (
    ANSWERS,
    NOW,
    OTHER_UNIT,
    SURVEY,
    UNIT,
    YEAR,
    gate_in,
    opened_round,
    request,
    responses_in,
)

Change = Callable[[Workbook], None]
FIRST, SECOND, ROSTER = "Enheten", "Omfattning", "Insatser"


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gate]:
    with gate_in(tmp_path_factory.mktemp("workbook")) as opened:
        opened_round(opened.log)
        yield opened


@pytest.fixture(scope="module")
def region(gate: Gate) -> Asked:
    return asked_of(SURVEY, YEAR, UNIT, gate)


def kommuner(gate: Gate) -> Any:
    return gate.administration.current().units.kommuner("14")


def filled(gate: Gate, answers: dict[str, Any], **more: Any) -> bytes:
    return template(asked_of(SURVEY, YEAR, UNIT, gate), kommuner(gate), Filling(answers=answers, **more))


def changed(content: bytes, change: Change) -> bytes:
    book = load_workbook(io.BytesIO(content))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def cell_of(book: Workbook, sheet: str, key: str) -> Any:
    """The answer cell of a key on a sheet of questions."""
    rows = {row[0].value: row[0].row for row in book[sheet].iter_rows(min_col=KEY, max_col=KEY)}
    return book[sheet].cell(rows[key], ANSWER)


def put(sheet: str, key: str, value: Any) -> Change:
    def change(book: Workbook) -> None:
        cell_of(book, sheet, key).value = value

    return change


def refusal(gate: Gate, content: bytes) -> WorkbookRefused:
    with pytest.raises(WorkbookRefused) as refused:
        read_workbook(content, asked_of(SURVEY, YEAR, UNIT, gate), kommuner(gate))
    return refused.value


def checks(refused: WorkbookRefused) -> list[str]:
    for finding in refused.findings:
        assert finding.message.sv != finding.message.en
    return [finding.check.removeprefix("workbook.") for finding in refused.findings]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=40).map(
    lambda text: unicodedata.normalize("NFC", text).strip()
)
TIMES = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.integers(0, 59))
DAY = st.sampled_from(["closed", "24h"]) | st.builds(lambda start, end: {"from": start, "to": end}, TIMES, TIMES)
NUMBERS = st.integers(-(10**9), 10**9)
MISSING = st.just({"missing": "dont_know"})
GROUPS = st.sampled_from([["barn"], ["vuxna", "aldre"], ["barn", "vuxna", "aldre"]])
DATES = st.dates(min_value=date(1901, 1, 1)).map(lambda day: day.isoformat())
ROW = st.fixed_dictionaries(
    {"namn": TEXTS.filter(bool)},
    optional={
        "antal": NUMBERS | MISSING,
        "lage": st.sampled_from(["i_drift", "nej"]),
        "grupper": GROUPS,
        "fran": DATES,
        "gratis": st.booleans(),
    },
)
ANY_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "lage": st.sampled_from(["i_drift", "planerad", "nej"]) | MISSING,
        "enheter": NUMBERS | st.just({"missing": "not_applicable"}),
        "kostnad": st.floats(-1e9, 1e9).map(lambda number: round(number, 3)),
        "andel": st.floats(0, 100).map(lambda number: round(number, 2)),
        "startar": st.integers(1900, 2100),
        "antagen": DATES,
        "beslutat": st.booleans(),
        "grupper": GROUPS,
        "beskrivning": TEXTS.filter(bool),
        "oppet": st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, DAY)),
        "kommuner": st.sampled_from([["1480"], ["1401", "1402", "1499"]]),
        "patienter": st.fixed_dictionaries({"T": NUMBERS})
        | st.fixed_dictionaries({"K": NUMBERS | MISSING, "M": NUMBERS | MISSING, "T": NUMBERS})
        | MISSING,
        "insatser": st.lists(ROW, max_size=4),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=ANY_ANSWERS)
def test_answers_come_back_from_a_filled_template_as_they_went_in(gate: Gate, answers: dict[str, Any]) -> None:
    located = read_workbook(filled(gate, answers), asked_of(SURVEY, YEAR, UNIT, gate), kommuner(gate))
    assert located.answers == answers


def test_an_empty_template_has_no_answers_but_knows_whom_it_is_for(gate: Gate, region: Asked) -> None:
    located = read_workbook(template_for(SURVEY, YEAR, UNIT, gate), region, kommuner(gate))
    assert (located.answers, located.explanations, located.corrects) == ({}, {}, None)


def test_a_workbook_is_received_as_json_would_be_and_its_bytes_are_kept(gate: Gate) -> None:
    answers = ANSWERS | {"enheter": 30}
    content = filled(gate, answers, explanations={"manga_enheter": "Nya bilar"})
    assert [one.check for one in examine_workbook(content, SURVEY, YEAR, UNIT, gate, NOW)] == ["manga_enheter"]
    first = receive_workbook(content, SURVEY, YEAR, UNIT, gate, NOW, new_id)
    again = receive_workbook(content, SURVEY, YEAR, UNIT, gate, NOW, new_id)
    assert (first.repeated, again.repeated, again.receipt) == (False, True, first.receipt)
    by_json = receive(request(answers=answers, explanations={"manga_enheter": "Nya bilar"}), gate, NOW, new_id)
    assert by_json.receipt.checksum == first.receipt.checksum
    event = next(event for event in responses_in(gate.log) if event.id == first.receipt.event_id)
    assert event.source == "/collectors/excel"
    with gate.engine.connect() as connection:
        assert content in [row.content for row in connection.execute(select(UPLOAD))]
        assert (SURVEY, YEAR, UNIT) in [
            (row.survey, row.year, row.unit) for row in connection.execute(select(UPLOAD_OF_UNIT))
        ]


def test_a_template_after_sending_holds_what_was_sent_and_corrects_it(tmp_path: Path) -> None:
    with gate_in(tmp_path) as gate:
        opened_round(gate.log)
        sent = receive(request(), gate, NOW, new_id).receipt
        content = template_for(SURVEY, YEAR, UNIT, gate)
        corrected = changed(content, put(FIRST, "enheter", 4))
        receipt = receive_workbook(corrected, SURVEY, YEAR, UNIT, gate, NOW, new_id).receipt
        assert receipt.corrects == sent.submission_id


def test_last_years_rows_are_carried_into_the_template(tmp_path: Path) -> None:
    rows = [{"namn": "Ett", "antal": 2}, {"namn": "Två", "grupper": ["barn"]}]
    with gate_in(tmp_path) as gate:
        opened_round(gate.log, year=2025)
        receive(request(year=2025, answers=ANSWERS | {"insatser": rows}), gate, NOW, new_id)
        content = template_for(SURVEY, YEAR, UNIT, gate)
        located = read_workbook(content, asked_of(SURVEY, YEAR, UNIT, gate), kommuner(gate))
        assert located.answers == {"insatser": rows}
        before = load_workbook(io.BytesIO(content))[FIRST]
        assert "Två bilar i länet" in [cell.value for row in before.iter_rows() for cell in row]


def test_failed_checks_name_the_sheet_the_cell_and_the_value(gate: Gate) -> None:
    rows = [{"namn": "Ett"}, {"namn": "Två", "antal": 2.5}, {"antal": 3}]
    content = filled(gate, {"lage": "i_drift", "enheter": 51, "andel": 101, "insatser": rows})
    with pytest.raises(ChecksFailed) as refused:
        receive_workbook(content, SURVEY, YEAR, UNIT, gate, NOW, new_id)
    placed = {(one.check, one.sheet, one.cell, one.value) for one in refused.value.findings}
    book = load_workbook(io.BytesIO(content))
    assert placed == {
        ("rimligt_antal", FIRST, cell_of(book, FIRST, "enheter").coordinate, "51"),
        ("manga_enheter", FIRST, cell_of(book, FIRST, "enheter").coordinate, "51"),
        ("andel.shape", FIRST, cell_of(book, FIRST, "andel").coordinate, "101"),
        ("insatser.antal.shape", ROSTER, "C4", "2.5"),
        ("insatser.namn.required", ROSTER, "B5", None),
    }


def test_every_cell_that_cannot_be_read_is_named_at_once(gate: Gate) -> None:
    def change(book: Workbook) -> None:
        cell_of(book, FIRST, "antagen").value = "03/04/2024"
        cell_of(book, FIRST, "kostnad").value = "1,234"
        cell_of(book, SECOND, "oppet|tue").value = "förmiddag"
        book[ROSTER]["B3"], book[ROSTER]["C3"] = "Ett", "några"

    content = changed(filled(gate, {"oppet": dict.fromkeys(WEEKDAYS, "closed")}), change)
    refused = refusal(gate, content)
    book = load_workbook(io.BytesIO(content))
    assert [(one.sheet, one.cell, one.value, one.check) for one in refused.findings] == [
        (FIRST, cell_of(book, FIRST, "kostnad").coordinate, "1,234", "workbook.ambiguous_number"),
        (FIRST, cell_of(book, FIRST, "antagen").coordinate, "03/04/2024", "workbook.ambiguous_date"),
        (SECOND, cell_of(book, SECOND, "oppet|tue").coordinate, "förmiddag", "workbook.hours"),
        (ROSTER, "C3", "några", "workbook.number"),
    ]


def test_blank_rows_between_and_decomposed_letters_change_nothing(gate: Gate, region: Asked) -> None:
    def change(book: Workbook) -> None:
        book[ROSTER]["B3"] = "Ett"
        book[ROSTER]["B9"] = "Tva\u030a"
        book[ROSTER]["B7"] = "   "
        book[FIRST].insert_rows(5, 3)

    located = read_workbook(changed(filled(gate, ANSWERS), change), region, kommuner(gate))
    assert located.answers == ANSWERS | {"insatser": [{"namn": "Ett"}, {"namn": "Två"}]}
    assert located.places["insatser.namn", 2][0] == (ROSTER, "B9")


def test_merged_cells_are_asked_about(gate: Gate) -> None:
    def change(book: Workbook) -> None:
        book[FIRST].merge_cells("C4:C6")

    [finding] = refusal(gate, changed(filled(gate, {}), change)).findings
    assert (finding.check, finding.sheet, finding.cell) == ("workbook.merged", FIRST, "C4:C6")


def test_a_formula_without_a_value_is_asked_about(gate: Gate) -> None:
    refused = refusal(gate, changed(filled(gate, {}), put(FIRST, "enheter", "=1+2")))
    assert [(one.check, one.value) for one in refused.findings] == [("workbook.formula", "=1+2")]


def test_a_formula_counts_as_what_excel_calculated(gate: Gate, region: Asked) -> None:
    content = changed(filled(gate, ANSWERS), put(FIRST, "enheter", "=1+2"))
    # Written with lxml, where that is installed, an empty element has no space in it.
    empty = next(one for one in ("<v />", "<v/>", "<v></v>") if contains(content, f"<f>1+2</f>{one}"))
    calculated = rewritten(content, f"<f>1+2</f>{empty}", "<f>1+2</f><v>3</v>")
    assert read_workbook(calculated, region, kommuner(gate)).answers == ANSWERS


def test_an_excel_error_is_asked_about(gate: Gate) -> None:
    assert checks(refusal(gate, changed(filled(gate, {}), put(FIRST, "enheter", "#DIV/0!")))) == ["error_value"]


def test_another_units_template_is_recognised(gate: Gate) -> None:
    refused = refusal(gate, template_for(SURVEY, YEAR, OTHER_UNIT, gate))
    assert checks(refused) == ["other_unit"]
    assert "12" in refused.findings[0].message.sv


def test_last_years_template_is_recognised(gate: Gate) -> None:
    refused = refusal(gate, template_for(SURVEY, 2025, UNIT, gate))
    assert checks(refused) == ["other_year"]
    assert "2025" in refused.findings[0].message.sv


def fact(row: int, value: str) -> Change:
    def change(book: Workbook) -> None:
        book["_lagesbild"].cell(row, 2).value = value

    return change


def remove(sheet: str) -> Change:
    def change(book: Workbook) -> None:
        book.remove(book[sheet])

    return change


def copy_row(book: Workbook) -> None:
    book[FIRST].cell(40, KEY).value = "enheter"


def unknown_row(book: Workbook) -> None:
    book[FIRST].cell(40, KEY).value = "hittepa"


def drop_key(book: Workbook) -> None:
    book[FIRST].cell(cell_of(book, FIRST, "enheter").row, KEY).value = None


def far_away(book: Workbook) -> None:
    book[FIRST].cell(20_000, 3).value = 1


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (fact(2, "sob"), "other_survey"),
        (fact(5, "0" * 16), "other_questions"),
        (fact(1, "99"), "not_template"),
        (remove("_lagesbild"), "not_template"),
        (remove(SECOND), "sheet_missing"),
        (remove("Förklaringar"), "sheet_missing"),
        (copy_row, "key_twice"),
        (unknown_row, "key_unknown"),
        (drop_key, "key_missing"),
        (far_away, "sheet_too_large"),
    ],
)
def test_a_template_that_was_taken_apart_is_recognised(gate: Gate, change: Change, check: str) -> None:
    assert check in checks(refusal(gate, changed(filled(gate, {}), change)))


def contains(content: bytes, text: str) -> bool:
    """Whether the text stands in a sheet of the package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return any(text.encode() in package.read(name) for name in sheets)


def rewritten(content: bytes, old: str, new: str, within: str = "xl/worksheets/") -> bytes:
    """The package with a text in its sheets replaced, as another program would have written it."""
    made = io.BytesIO()
    found = False
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in package.namelist():
            part = package.read(name)
            if name.startswith(within):
                found = found or old.encode() in part
                part = part.replace(old.encode(), new.encode(), 1)
            copy.writestr(name, part)
    assert found, f"{old} is nowhere"
    return made.getvalue()


def zipped(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name.replace("__", "/").replace("_TYPES", "[Content_Types].xml"), part)
    return made.getvalue()


def with_macros(content: bytes) -> bytes:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    return made.getvalue()


def a_million_columns(content: bytes) -> bytes:
    cells = "".join(f'<c r="A{number}" s="1"/>' for number in range(1_000_000))
    return rewritten(content, "</sheetData>", f'<row r="9000">{cells}</row></sheetData>', "xl/worksheets/sheet2.xml")


def entities(content: bytes, encoding: str = "utf-8") -> bytes:
    """A text of a million characters, meant eighty times over: the parser itself only stops at a hundred."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    declared = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY e "{"x" * 1_000_000}">]>'
    sheet = re.sub("<t[^>]*>[^<]*</t>", f"<t>{'&e;' * 80}</t>", sheet.partition("?>")[2] or sheet, count=1)
    parts["xl/worksheets/sheet1.xml"] = (declared + sheet).encode(encoding)
    return zipped(**parts)


def entities_in_utf_16(content: bytes) -> bytes:
    return entities(content, "utf-16")


def a_sheet_of_a_million_cells_elsewhere(content: bytes) -> bytes:
    wide = a_million_columns(content)
    with zipfile.ZipFile(io.BytesIO(wide)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/elsewhere.xml"] = parts.pop("xl/worksheets/sheet2.xml")
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(b"worksheets/sheet2.xml", b"elsewhere.xml")
    return zipped(**parts)


def bomb(content: bytes) -> bytes:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet99.xml", b" " * 101_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("make", "check"),
    [
        (lambda content: b"", "not_xlsx"),
        (lambda content: b"namn;antal\nEtt;3\n", "not_xlsx"),
        (lambda content: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old_or_locked"),
        (lambda content: zipped(word__document=b"<w/>", _TYPES=b"<Types/>"), "not_xlsx"),
        (lambda content: content[: len(content) // 2], "damaged"),
        (lambda content: rewritten(content, "<worksheet", "<worksheeet"), "damaged"),
        (with_macros, "macros"),
        (a_million_columns, "too_many_cells"),
        (a_sheet_of_a_million_cells_elsewhere, "too_many_cells"),
        (entities, "damaged"),
        (entities_in_utf_16, "damaged"),
        (bomb, "unpacked_too_large"),
    ],
)
def test_a_file_that_cannot_be_a_template_says_so(gate: Gate, make: Callable[[bytes], bytes], check: str) -> None:
    assert checks(refusal(gate, make(filled(gate, {})))) == [check]


def test_what_a_cell_accepts_stands_in_the_file(gate: Gate) -> None:
    book = load_workbook(io.BytesIO(filled(gate, {})))
    sheet = book[FIRST]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    units = rules[cell_of(book, FIRST, "enheter").coordinate]
    assert (units.type, units.operator, units.formula1, units.formula2) == ("whole", "between", "0", "50")
    choice = rules[cell_of(book, FIRST, "lage").coordinate]
    listed = book["_listor"][choice.formula1.split("!")[1].replace("$", "")]
    assert [cell.value for (cell,) in listed] == ["I drift", "Planerad", "Nej"]
    assert sheet.protection.sheet
    assert not cell_of(book, FIRST, "enheter").protection.locked
    assert sheet.cell(4, 2).protection.locked
    assert book.security.lockStructure


def test_a_kommun_is_not_asked_what_only_regions_are(gate: Gate) -> None:
    book = load_workbook(io.BytesIO(template_for(SURVEY, YEAR, "1480", gate)))
    keys = {row[0].value for row in book[SECOND].iter_rows(min_col=KEY, max_col=KEY)}
    assert "oppet|mon" in keys
    assert not any(str(key).startswith("kommuner") for key in keys)


@pytest.mark.parametrize("survey", ["handlingsplaner", "prehospital", "psykiatrin", "sob", "ungdomsmottagningar"])
def test_every_open_survey_has_a_template_that_reads_back_empty(gate: Gate, survey: str) -> None:
    whole = load_catalogue().get(survey, 2026)
    units = gate.administration.current().units
    unit = units.get({"kommun": "1480"}.get(whole.respondents[0], UNIT)).model_copy(
        update={"kind": whole.respondents[0]}
    )
    asked = Asked(whole, whole.for_unit_kind(unit.kind), unit)
    content = template(asked, kommuner(gate), Filling())
    assert read_workbook(content, asked, kommuner(gate)).answers == {}
    titles = sheet_titles(asked.questionnaire).values()
    assert len({title.casefold() for title in titles}) == len(titles)
    assert all(0 < len(title) <= 31 for title in titles)
