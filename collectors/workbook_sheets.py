"""How the sheets of a workbook are drawn: heads, questions, cells to answer in, and the sheets around them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from collectors import workbook_layout as layout
from collectors.receive import Asked
from surveys.descriptions import describe
from surveys.operands import is_asked
from surveys.questionnaire import Questionnaire

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

ANSWER_FILL, HEAD_FILL, HEAD_INK, QUIET_INK = "FFF8E1", "1F4E5F", "FFFFFF", "5F6B73"
SECTION_WIDTHS = {"B": 64, "C": 34, "D": 18, "E": 26, "F": 24}
ROSTER_WIDTH = 22
LINES = (
    "Fyll i de gula cellerna. Bladen följer formulärets avsnitt; frågor med * ska besvaras.",
    "Frågor som har rader, till exempel insatser eller program, har ett eget blad: en rad för varje.",
    "Välj i listan där det finns en. Lämna tomt det som inte gäller er.",
    "Vet ni inte, eller går frågan inte att besvara? Välj det i kolumnen ”Om svar saknas”.",
    "Stämmer ett ovanligt värde? Skriv varför på bladet ”Förklaringar”.",
    "Rättar ni ett tidigare svar? Ange det sist på bladet ”Förklaringar”.",
    "Skriv inga personuppgifter: svaren är allmän handling.",
    "Spara som Excel-arbetsbok (.xlsx) och skicka filen där ni hämtade den. Blad och rubriker ska stå kvar.",
)


class Pen:
    """Draws one sheet, from the top down."""

    def __init__(self, sheet: "Worksheet") -> None:
        self.sheet = sheet
        self._row = 0

    def section_head(self, mark: str, title: str, heads: Sequence[str]) -> None:
        """The mark, the title and the heads of a sheet of questions."""
        self.sheet.cell(1, layout.KEY, mark)
        _title(self.sheet.cell(1, layout.QUESTION, title))
        for place, head in enumerate(heads, start=layout.QUESTION):
            _head(self.sheet.cell(2, place, head))
        self._row = 2

    def roster_head(self, mark: str, columns: Sequence[tuple[str, str]]) -> None:
        """The mark, the keys and the heads of a roster's sheet; columns are (key, head)."""
        self.sheet.cell(layout.KEY_ROW, 1, mark)
        for place, (key, head) in enumerate(columns, start=2):
            self.sheet.cell(layout.KEY_ROW, place, key)
            _head(self.sheet.cell(layout.HEAD_ROW, place, head))

    def note(self, words: str) -> None:
        """A text of its own between the questions."""
        from openpyxl.styles import Font

        cell = self._question_cell(words)
        cell.font = Font(italic=True, color=QUIET_INK)

    def question(self, words: str) -> None:
        """A question whose answers stand in the lines below it."""
        from openpyxl.styles import Font

        self._question_cell(words).font = Font(bold=True)

    def line(self, key: str, words: str, measure: str | None, before: Any) -> int:
        """A line with a cell to answer in; its row."""
        self._question_cell(words)
        self.sheet.cell(self._row, layout.KEY, key)
        _quiet(self.sheet.cell(self._row, layout.MEASURE, measure))
        _quiet(self.sheet.cell(self._row, layout.BEFORE, _stated(before)))
        return self._row

    def answer(self, row: int, column: int, value: Any, number_format: str) -> None:
        """A cell to answer in, with what is already known."""
        cell = self.sheet.cell(row, column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # a text that begins with = is a text
        cell.number_format = number_format
        _open(cell)

    def finish_section(self) -> None:
        """Widths, and the lock on everything but the answers."""
        for letter, width in SECTION_WIDTHS.items():
            self.sheet.column_dimensions[letter].width = width
        self.sheet.column_dimensions["A"].hidden = True
        self.sheet.freeze_panes = "C3"
        _lock(self.sheet)

    def finish_roster(self, columns: int) -> None:
        """Widths, cells to answer in as far down as one likes, and the lock on the heads."""
        from openpyxl.utils import get_column_letter

        for place in range(2, columns + 1):
            dimension = self.sheet.column_dimensions[get_column_letter(place)]
            dimension.width = ROSTER_WIDTH
            _open(dimension)
        self.sheet.column_dimensions["A"].hidden = True
        self.sheet.row_dimensions[layout.KEY_ROW].hidden = True
        self.sheet.freeze_panes = f"C{layout.FIRST_ROW}"
        _lock(self.sheet)

    def _question_cell(self, words: str) -> Any:
        from openpyxl.styles import Alignment

        self._row += 1
        cell = self.sheet.cell(self._row, layout.QUESTION, words)
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell


def new_book() -> "Workbook":
    """An empty workbook whose sheets cannot be renamed, moved or deleted."""
    from openpyxl import Workbook
    from openpyxl.workbook.protection import WorkbookProtection

    book = Workbook()
    book.remove(book.worksheets[0])
    book.security = WorkbookProtection(lockStructure=True)
    return book


def read_me(book: "Workbook", asked: Asked) -> None:
    """The first sheet: what this is, for whom, and how it is filled in."""
    from openpyxl.styles import Alignment

    questionnaire, unit = asked.questionnaire, asked.unit
    sheet = book.create_sheet("Läs mig")
    _title(sheet.cell(1, 1, f"{questionnaire.title.sv} {questionnaire.year}"))
    about = [f"{unit.name} ({unit.unit_id})", f"Svaren avser: {questionnaire.reference_period.sv}"]
    intro = [questionnaire.intro.sv] if questionnaire.intro else []
    for row, line in enumerate([*about, *intro, "", *LINES], start=2):
        sheet.cell(row, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 100
    _lock(sheet)


def notes_sheet(
    book: "Workbook",
    questionnaire: Questionnaire,
    explanations: Mapping[str, str],
    corrects: str | None,
    reason: str | None,
) -> None:
    """The sheet where unusual values are explained and a correction says what it corrects."""
    pen = Pen(book.create_sheet("Förklaringar"))
    heads = ("Om ett värde avviker från detta", "Er förklaring")
    pen.section_head(layout.EXPLANATIONS_MARK, "Förklaringar och rättelse", heads)
    for check in questionnaire.checks:
        if check.severity == "soft" and is_asked(check, questionnaire):
            words = (check.message or describe(check, questionnaire)).sv
            pen.answer(pen.line(check.id, words, None, None), layout.ANSWER, explanations.get(check.id), "@")
    pen.question("Rättelse av ett tidigare svar")
    fields = (("corrects", "Kvittots submission_id för svaret som rättas", corrects), ("reason", "Skäl", reason))
    for name, words, value in fields:
        pen.answer(pen.line(f"{layout.CORRECTION_MARK}:{name}", words, None, None), layout.ANSWER, value, "@")
    pen.finish_section()


def facts_sheet(book: "Workbook", asked: Asked, numbers: Mapping[str, float]) -> None:
    """The hidden sheet that says what the file is for, and holds the numbers that formulas look at."""
    sheet = book.create_sheet(layout.FACTS_SHEET)
    sheet.sheet_state = "veryHidden"
    facts = {
        "format": layout.FORMAT,
        "survey": asked.whole.survey,
        "year": str(asked.whole.year),
        "unit": asked.unit.unit_id,
        "fingerprint": asked.whole.fingerprint,
    }
    for row, (name, fact) in enumerate([*facts.items(), *numbers.items()], start=1):
        sheet.cell(row, 1, name)
        sheet.cell(row, 2, fact)


def _title(cell: Any) -> None:
    from openpyxl.styles import Font

    cell.font = Font(bold=True, size=15)


def _head(cell: Any) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection

    cell.font = Font(bold=True, color=HEAD_INK)
    cell.fill = PatternFill("solid", start_color=HEAD_FILL)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.protection = Protection(locked=True)


def _quiet(cell: Any) -> None:
    from openpyxl.styles import Alignment, Font

    cell.font = Font(color=QUIET_INK)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")


def _open(cell: Any) -> None:
    from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side

    thin = Side(style="thin", color="D9C9A0")
    cell.fill = PatternFill("solid", start_color=ANSWER_FILL)
    cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.protection = Protection(locked=False)


def _stated(value: Any) -> Any:
    return None if value is None else str(value) if isinstance(value, str) else value


def _lock(sheet: "Worksheet") -> None:
    protection = sheet.protection
    protection.sheet = True
    # False allows: people may widen columns and insert or sort rows in what they fill in.
    protection.formatColumns = protection.formatRows = protection.formatCells = False
    protection.insertRows = protection.deleteRows = protection.sort = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
