"""The workbook a unit fills in: prefilled with what it is for, checked by Excel as far as Excel can."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from collectors import workbook_layout as layout
from collectors.receive import Asked
from collectors.workbook_layout import MISSING_SUFFIX, Slot
from collectors.workbook_rules import Rules
from collectors.workbook_sheets import Pen, facts_sheet, new_book, notes_sheet, read_me
from collectors.workbook_values import to_cells
from surveys.conditions import Condition
from surveys.descriptions import condition_in_words
from surveys.questionnaire import Item, Questionnaire, Section
from surveys.response import is_missing
from surveys.units import Unit

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ROWS = 500  # of a roster: the largest known has about 300
NO_ROWS = "Inga"
HEADS = ("Fråga", "Svar", "Om svar saknas", "Anges i", "Förra gången")
DATE_FORMAT = "yyyy-mm-dd"


@dataclass(frozen=True)
class Filling:
    """What a workbook is filled with. `before` is last time's answers by this year's item ids, where comparable."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    corrects: str | None = None
    reason: str | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    population: int | None = None


def template(asked: Asked, kommuner: Sequence[Unit], filling: Filling) -> bytes:
    """The workbook of that unit for that survey and year, as the bytes of an .xlsx file."""
    book = new_book()
    writer = _Writer(book, asked, kommuner, filling)
    read_me(book, asked)
    for section in asked.questionnaire.sections:
        writer.section(section)
    for roster in layout.rosters(asked.questionnaire):
        writer.roster(roster)
    notes_sheet(book, asked.questionnaire, filling.explanations, filling.corrects, filling.reason)
    facts_sheet(book, asked, writer.rules.facts)
    writer.rules.apply()
    book.move_sheet(layout.LISTS_SHEET, len(book.sheetnames))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


class _Writer:
    """Writes the sheets of answers, and remembers where each answer stands for the rules."""

    def __init__(self, book: Any, asked: Asked, kommuner: Sequence[Unit], filling: Filling) -> None:
        self._book = book
        self._questionnaire = asked.questionnaire
        self._kommuner = kommuner
        self._filling = filling
        self._titles = layout.sheet_titles(asked.questionnaire)
        self.rules = Rules(book, asked.questionnaire, filling.before, filling.population)

    def section(self, section: Section) -> None:
        mark = layout.section_mark(section)
        sheet = self._book.create_sheet(self._titles[mark])
        pen = Pen(sheet)
        pen.section_head(mark, section.title.sv, HEADS)
        _say(pen, section.intro.sv if section.intro else None)
        _say(pen, self._when(section.when))
        for item in section.items:
            self._item(pen, item)
        pen.finish_section()

    def roster(self, roster: Item) -> None:
        mark = layout.roster_mark(roster)
        sheet = self._book.create_sheet(self._titles[mark])
        found = layout.column_slots(roster, self._kommuner)
        columns = _columns(found)
        pen = Pen(sheet)
        rows = self._filling.answers.get(roster.id)
        last = max(ROWS, len(rows or ()) + ROWS // 5) + layout.FIRST_ROW - 1
        pen.roster_head(mark, [(key, _head(slot, roster, key)) for key, slot in columns])
        for place, (key, slot) in enumerate(columns, start=2):
            self._column(sheet, place, slot, key, last)
        if not is_missing(rows):
            self._rows(sheet, roster, found, [key for key, _ in columns], rows or ())
        pen.finish_roster(len(columns) + 1)

    def _item(self, pen: Pen, item: Item) -> None:
        if item.type == "note":
            pen.note(item.label.sv)
            return
        found = layout.slots(item.id, item, self._kommuner) or [Slot(item.id, item, "", "", item.missing_allowed)]
        words = "\n".join(part for part in (item.label.sv + (" *" if item.required else ""), *self._help(item)) if part)
        answer = self._filling.answers.get(item.id)
        before = self._filling.before.get(item.id)
        if item.type == "roster":
            self._roster_line(pen, found[0], words, answer)
            return
        cells = {} if answer is None else to_cells(found, answer)
        last_time = {} if before is None else to_cells(found, before)
        if len(found) > 1:
            pen.question(words)
        for slot in found:
            self._line(pen, slot, words if len(found) == 1 else f"    {slot.label}", cells, last_time)

    def _line(self, pen: Pen, slot: Slot, words: str, cells: Mapping[str, Any], last_time: Mapping[str, Any]) -> None:
        part = slot.part
        before = last_time.get(part, last_time.get(part + MISSING_SUFFIX))
        row = pen.line(slot.key, words, _measure(slot.item), before)
        pen.answer(row, layout.ANSWER, cells.get(part), _format(slot.item))
        self.rules.answer(slot, pen.sheet, row)
        if slot.reasons:
            pen.answer(row, layout.REASON, cells.get(part + MISSING_SUFFIX), "General")
            self.rules.reason(slot, pen.sheet, layout.REASON, row, row)

    def _roster_line(self, pen: Pen, slot: Slot, words: str, answer: Any) -> None:
        title = self._titles[layout.roster_mark(slot.item)]
        row = pen.line(
            slot.key, f"{words}\nFyll i raderna på bladet ”{title}”.", f"{NO_ROWS}, om det inte finns några", None
        )
        pen.answer(row, layout.ANSWER, NO_ROWS if answer == [] else None, "General")
        self.rules.choices(pen.sheet, (NO_ROWS,), layout.ANSWER, row, row)
        if slot.reasons:
            reason = to_cells([slot], answer)[MISSING_SUFFIX] if is_missing(answer) else None
            pen.answer(row, layout.REASON, reason, "General")
            self.rules.reason(slot, pen.sheet, layout.REASON, row, row)

    def _column(self, sheet: "Worksheet", place: int, slot: Slot, key: str, last: int) -> None:
        if key.endswith(MISSING_SUFFIX):
            self.rules.reason(slot, sheet, place, layout.FIRST_ROW, last)
        else:
            self.rules.column(slot, sheet, place, last)

    def _rows(
        self, sheet: "Worksheet", roster: Item, found: Sequence[Slot], keys: Sequence[str], rows: Iterable[Any]
    ) -> None:
        pen = Pen(sheet)
        columns = {key: place for place, key in enumerate(keys, start=2)}
        for number, row in enumerate(rows, start=layout.FIRST_ROW):
            for column in roster.items:
                own = [slot for slot in found if slot.item is column]
                if column.id in row and own:
                    for part, value in to_cells(own, row[column.id]).items():
                        pen.answer(number, columns[_key(own[0].address, part)], value, _format(column))

    def _help(self, item: Item) -> list[str | None]:
        texts = (item.definition, item.help, item.reference_period)
        return [*(text.sv if text else None for text in texts), self._when(item.when)]

    def _when(self, condition: Condition | None) -> str | None:
        if condition is None:
            return None
        return f"Besvaras om {condition_in_words(condition, self._questionnaire, None).sv}."


def carried(previous: Mapping[str, Any] | None, questionnaire: Questionnaire) -> dict[str, Any]:
    """Last time's answers by this year's ids: those whose question is the same or only reworded."""
    answers: dict[str, Any] = {}
    for section in questionnaire.sections:
        for item in section.items:
            before = _before(item, previous or {})
            if before is not None:
                answers[item.id] = _carried_rows(item, before) if item.type == "roster" else before
    return answers


def _before(item: Item, previous: Mapping[str, Any]) -> Any:
    lineage = item.lineage
    if lineage.kind not in ("same", "reworded") or len(lineage.items) != 1:
        return None
    return previous.get(lineage.items[0].rpartition(".")[2])


def _carried_rows(roster: Item, rows: Any) -> Any:
    if is_missing(rows):
        return rows
    carried_rows = [{column.id: _before(column, row) for column in roster.items} for row in rows]
    return [{name: value for name, value in row.items() if value is not None} for row in carried_rows]


def _columns(found: Iterable[Slot]) -> list[tuple[str, Slot]]:
    """Each column of a roster's sheet: a cell's key, and after it the key of its reason's cell where it has one."""
    columns: list[tuple[str, Slot]] = []
    for slot in found:
        columns.append((slot.key, slot))
        if slot.reasons:
            columns.append((slot.key + MISSING_SUFFIX, slot))
    return columns


def _key(address: str, part: str) -> str:
    bare = part.removesuffix(MISSING_SUFFIX)
    return (f"{address}|{bare}" if bare else address) + part[len(bare) :]


def _head(slot: Slot, roster: Item, key: str) -> str:
    label = slot.item.label.sv + (" *" if slot.item.required else "")
    part = f": {slot.label}" if slot.part else ""
    measure = _measure(slot.item)
    if key.endswith(MISSING_SUFFIX):
        return f"{slot.item.label.sv}{part}: om svar saknas"
    return f"{label}{part}" + (f"\n({measure})" if measure else "")


def _measure(item: Item) -> str | None:
    if item.unit_of_measure is not None:
        return item.unit_of_measure.sv
    return MEASURES.get(item.type)


MEASURES = {
    "percent": "procent, 0–100",
    "year": "årtal",
    "date": "datum, 2026-05-31",
    "boolean": "Ja eller Nej",
    "one_of": "välj i listan",
    "several_of": "Ja för dem som gäller",
    "kommuner": "Ja för dem som gäller",
    "opening_hours": "08:00-17:00, stängt eller dygnet runt",
}


def _format(item: Item) -> str:
    """Dates as dates; text as text, so that Excel does not make 8-17 a date."""
    if item.type == "date":
        return DATE_FORMAT
    return "@" if item.type in ("text", "opening_hours") else "General"


def _say(pen: Pen, words: str | None) -> None:
    if words:
        pen.note(words)
