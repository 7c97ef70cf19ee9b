"""Reads a filled template: the same answers as JSON would hold, or every cell that cannot be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from collectors import workbook_layout as layout
from collectors.errors import Finding, WorkbookRefused
from collectors.receive import Asked
from collectors.workbook_file import facts_of, load, open_workbook, refused, refused_with
from collectors.workbook_layout import MISSING_SUFFIX, Slot
from collectors.workbook_messages import cell_fault, file_fault
from collectors.workbook_template import NO_ROWS
from collectors.workbook_values import CellFault, Content, folded, from_cells, plain_text
from surveys.model import Text
from surveys.questionnaire import Item, Section
from surveys.units import Unit

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

# Rows and columns that a filled template reaches with room to spare; beyond, Excel has been dragged too far.
MOST_ROWS, MOST_COLUMNS = 10_000, 600
Place = tuple[str, str]  # sheet and cell


@dataclass
class Located:
    """What a workbook says, and where: `places` by item address and row (None for a sheet of questions).

    `cells` also by part: a sex, a weekday, an option, a kommun, or "".
    """

    answers: dict[str, Any] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)
    corrects: str | None = None
    reason: str | None = None
    places: dict[tuple[str, int | None], tuple[Place, Any]] = field(default_factory=dict)
    cells: dict[tuple[str, int | None, str], Place] = field(default_factory=dict)

    def place(self, finding: Finding) -> Finding:
        """The finding with the sheet, the cell and the value it is about."""
        item, row = finding.item or "", finding.row
        known = self.places.get((item, row)) or self.places.get((item.partition(".")[0], None))
        if known is None:
            return finding
        (sheet, cell), value = known
        return finding.model_copy(update={"sheet": sheet, "cell": cell, "value": _quoted(value)})


def read_workbook(content: bytes, asked: Asked, kommuner: Sequence[Unit]) -> Located:
    """The answers in a template made for that unit, survey and year. Raises WorkbookRefused with every fault."""
    book = open_workbook(content)
    _must_be_for(facts_of(book), asked)
    reader = _Reader(book, content)
    for section in asked.questionnaire.sections:
        reader.section(section, kommuner, layout.sheet_titles(asked.questionnaire))
    for roster in layout.rosters(asked.questionnaire):
        reader.roster(roster, layout.column_slots(roster, kommuner), layout.sheet_titles(asked.questionnaire))
    reader.notes()
    if reader.findings:
        raise WorkbookRefused(f"{asked.whole.survey}/{asked.whole.year}", reader.findings)
    return reader.located


class _Reader:
    """Reads sheet by sheet, gathering answers and faults."""

    def __init__(self, book: "Workbook", content: bytes) -> None:
        self._sheets = {str(sheet.cell(1, 1).value): sheet for sheet in book.worksheets}
        self._content = content
        self._calculated: Workbook | None = None
        self.located = Located()
        self.findings: list[Finding] = []

    def section(self, section: Section, kommuner: Sequence[Unit], titles: Mapping[str, str]) -> None:
        sheet = self._sheet(layout.section_mark(section), titles)
        if sheet is None:
            return
        rows = self._keyed_rows(sheet)
        for item in section.items:
            if item.type == "roster":
                self._roster_line(sheet, item, rows)
                continue
            found = layout.slots(item.id, item, kommuner)
            if not found:
                continue  # a note: there is nothing to fill in
            cells = {slot.part: self._at(sheet, rows, slot) for slot in found}
            reasons = {slot.part + MISSING_SUFFIX: self._beside(sheet, rows, slot) for slot in found if slot.reasons}
            answer = self._answer(item.id, None, found, _present(cells | reasons))
            if answer is not None:
                self.located.answers[item.id] = answer
        self._refuse_unknown_keys(sheet, rows, section, kommuner)

    def roster(self, roster: Item, found: Sequence[Slot], titles: Mapping[str, str]) -> None:
        sheet = self._sheet(layout.roster_mark(roster), titles)
        if sheet is None:
            return
        columns = self._keyed_columns(sheet, roster, found)
        rows = list(self._rows(sheet, roster, found, columns))
        stated = self.located.answers.get(roster.id)
        if rows and stated is not None:
            (title, cell), _ = self.located.places[roster.id, None]
            self._fault(title, cell, roster.id, None, cell_fault("both"), "both", NO_ROWS)
        elif rows:
            self.located.answers[roster.id] = rows
            self.located.places[roster.id, None] = ((sheet.title, f"A{layout.FIRST_ROW}"), None)

    def notes(self) -> None:
        sheet = self._sheets.get(layout.EXPLANATIONS_MARK)
        if sheet is None:
            self._fault_file("Förklaringar", "sheet_missing", title="Förklaringar")
            return
        for key, row in self._keyed_rows(sheet).items():
            content = self._content_of(sheet.cell(row, layout.ANSWER), key, None)
            text = "" if content is None or content.value is None else plain_text(str(content.value))
            if not text:
                continue
            if key == f"{layout.CORRECTION_MARK}:corrects":
                self.located.corrects = text
            elif key == f"{layout.CORRECTION_MARK}:reason":
                self.located.reason = text
            else:
                self.located.explanations[key] = text

    def _sheet(self, mark: str, titles: Mapping[str, str]) -> "Worksheet | None":
        sheet = self._sheets.get(mark)
        if sheet is None:
            self._fault_file(titles[mark], "sheet_missing", title=titles[mark])
            return None
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
            facts = {"rows": sheet.max_row, "columns": _letter(sheet.max_column)}
            self._fault_file(sheet.title, "sheet_too_large", **facts)
            return None
        for merged in sheet.merged_cells.ranges:
            self._fault(sheet.title, merged.coord, None, None, cell_fault("merged"), "merged", None)
        return sheet

    def _keyed_rows(self, sheet: "Worksheet") -> dict[str, int]:
        """The row of each key: rows that were put in between have none."""
        rows: dict[str, int] = {}
        for row in range(3, sheet.max_row + 1):
            key = sheet.cell(row, layout.KEY).value
            if key is None:
                continue
            if str(key) in rows:
                cell = f"{_letter(layout.ANSWER)}{row}"
                self._fault(sheet.title, cell, None, None, cell_fault("key_twice"), "key_twice", None)
            rows.setdefault(str(key), row)
        return rows

    def _at(self, sheet: "Worksheet", rows: Mapping[str, int], slot: Slot) -> "Cell | None":
        if slot.key not in rows:
            self._fault_file(sheet.title, "key_missing", label=slot.label or slot.item.label.sv)
            return None
        return sheet.cell(rows[slot.key], layout.ANSWER)

    def _beside(self, sheet: "Worksheet", rows: Mapping[str, int], slot: Slot) -> "Cell | None":
        return sheet.cell(rows[slot.key], layout.REASON) if slot.key in rows else None

    def _roster_line(self, sheet: "Worksheet", item: Item, rows: Mapping[str, int]) -> None:
        slot = Slot(item.id, item, "", item.label.sv, item.missing_allowed)
        cell = self._at(sheet, rows, slot)
        if cell is None:
            return
        said = self._content_of(cell, item.id, None)
        beside = {MISSING_SUFFIX: self._beside(sheet, rows, slot)} if slot.reasons else {}
        answer = self._answer(item.id, None, [slot], _present(beside), cell)
        if answer is not None:
            self.located.answers[item.id] = answer
        elif said is not None and said.value is not None and folded(str(said.value)):
            if folded(str(said.value)) != folded(NO_ROWS):
                message = cell_fault("option", options=NO_ROWS)
                self._fault(sheet.title, cell.coordinate, item.id, None, message, "option", said.value)
            self.located.answers[item.id] = []

    def _refuse_unknown_keys(
        self, sheet: "Worksheet", rows: Mapping[str, int], section: Section, kommuner: Sequence[Unit]
    ) -> None:
        known = {slot.key for item in section.items for slot in layout.slots(item.id, item, kommuner)}
        known |= {item.id for item in section.items if item.type == "roster"}
        for key in rows.keys() - known:
            cell = f"{_letter(layout.ANSWER)}{rows[key]}"
            self._fault(sheet.title, cell, None, None, cell_fault("key_unknown"), "key_unknown", key)

    def _keyed_columns(self, sheet: "Worksheet", roster: Item, found: Sequence[Slot]) -> dict[str, int]:
        columns: dict[str, int] = {}
        known = {slot.key for slot in found} | {slot.key + MISSING_SUFFIX for slot in found if slot.reasons}
        for column in range(2, sheet.max_column + 1):
            key = sheet.cell(layout.KEY_ROW, column).value
            if key is None:
                continue
            sentence = "key_twice" if str(key) in columns else "key_unknown" if str(key) not in known else None
            if sentence is not None:
                cell = f"{_letter(column)}{layout.HEAD_ROW}"
                self._fault(sheet.title, cell, roster.id, None, cell_fault(sentence), sentence, key)
            columns.setdefault(str(key), column)
        for slot in found:
            if slot.key not in columns:
                self._fault_file(sheet.title, "key_missing", label=f"{slot.item.label.sv} {slot.part}".strip())
        return columns

    def _rows(
        self, sheet: "Worksheet", roster: Item, found: Sequence[Slot], columns: Mapping[str, int]
    ) -> Iterator[dict[str, Any]]:
        """The rows that say anything, in order; blank ones between are passed over."""
        number = 0
        slots_of = {column.id: [slot for slot in found if slot.item is column] for column in roster.items}
        for row in range(layout.FIRST_ROW, sheet.max_row + 1):
            if all(_is_blank(sheet.cell(row, column).value) for column in columns.values()):
                continue
            number += 1
            answers = {
                name: self._answer(f"{roster.id}.{name}", number, own, self._in_row(sheet, row, own, columns))
                for name, own in slots_of.items()
                if own
            }
            given = {name: answer for name, answer in answers.items() if answer is not None}
            if given:
                yield given
            else:
                number -= 1  # only marks that say Nej: nothing was answered on the row

    def _in_row(
        self, sheet: "Worksheet", row: int, own: Sequence[Slot], columns: Mapping[str, int]
    ) -> dict[str, "Cell"]:
        wanted = {slot.part: slot.key for slot in own}
        wanted |= {slot.part + MISSING_SUFFIX: slot.key + MISSING_SUFFIX for slot in own if slot.reasons}
        return {part: sheet.cell(row, columns[key]) for part, key in wanted.items() if key in columns}

    def _answer(
        self,
        address: str,
        row: int | None,
        found: Sequence[Slot],
        cells: Mapping[str, "Cell"],
        first: "Cell | None" = None,
    ) -> Any:
        """The answer in these cells, None when they are empty or cannot be read."""
        contents = {part: self._content_of(cell, address, row) for part, cell in cells.items()}
        shown = first or next((cell for part, cell in cells.items() if not _is_blank(cell.value)), None)
        shown = shown or next(iter(cells.values()), None)
        if shown is not None:
            self.located.places[address, row] = ((shown.parent.title, shown.coordinate), shown.value)
        for part, cell in cells.items():
            if not _is_blank(cell.value):
                self.located.cells[address, row, part.removesuffix(MISSING_SUFFIX)] = (
                    cell.parent.title,
                    cell.coordinate,
                )
        readable = {part: content for part, content in contents.items() if content is not None}
        try:
            return from_cells(found[0].item, readable)
        except CellFault as fault:
            cell = cells[fault.part]
            self._fault(cell.parent.title, cell.coordinate, address, row, fault.message, fault.sentence, fault.value)
            return None

    def _content_of(self, cell: "Cell", address: str, row: int | None) -> Content | None:
        """What the cell says; a formula says what Excel last made of it. None when it cannot be known."""
        value = cell.value
        if cell.data_type == "f":
            value = self._calculated_value(cell)
            if value is None:
                place = (cell.parent.title, cell.coordinate, address, row)
                self._fault(*place, cell_fault("formula"), "formula", str(cell.value))
                return None
        if cell.data_type == "e" or (isinstance(value, str) and value.startswith("#") and value in _ERRORS):
            place = (cell.parent.title, cell.coordinate, address, row)
            self._fault(*place, cell_fault("error_value"), "error_value", value)
            return None
        return Content(value, "%" in (cell.number_format or ""))

    def _calculated_value(self, cell: "Cell") -> Any:
        if self._calculated is None:
            self._calculated = load(self._content, values=True)
        return self._calculated[cell.parent.title][cell.coordinate].value

    def _fault(
        self, sheet: str, cell: str, item: str | None, row: int | None, message: Text, sentence: str, value: Any
    ) -> None:
        facts = {"sheet": sheet, "cell": cell, "item": item, "row": row, "value": _quoted(value)}
        self.findings.append(Finding(check=f"workbook.{sentence}", message=message, **facts))

    def _fault_file(self, sheet: str, sentence: str, **facts: Any) -> None:
        self.findings.extend(refused_with(sentence, file_fault(sentence, **facts), sheet).findings)


_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}


def _must_be_for(facts: Mapping[str, str], asked: Asked) -> None:
    whole = asked.whole
    if facts["survey"] != whole.survey:
        raise refused("other_survey", found=facts["survey"], wanted=whole.survey)
    if facts["year"] != str(whole.year):
        raise refused("other_year", found=facts["year"], wanted=whole.year)
    if facts["unit"] != asked.unit.unit_id:
        raise refused("other_unit", found=facts["unit"], wanted=asked.unit.unit_id)
    if facts["fingerprint"] != whole.fingerprint:
        raise refused("other_questions")


def _present(cells: Mapping[str, "Cell | None"]) -> dict[str, "Cell"]:
    return {part: cell for part, cell in cells.items() if cell is not None}


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _quoted(value: Any) -> str | None:
    """A value as it can be shown in an answer to the sender."""
    if value is None:
        return None
    shown = value.isoformat() if isinstance(value, date) else str(value)
    return shown if len(shown) <= 100 else shown[:99] + "…"


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))
