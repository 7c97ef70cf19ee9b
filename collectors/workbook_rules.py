"""The checks in Excel: what a cell accepts as one types, and a colour on what to look at."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from collectors.workbook_layout import FACTS_SHEET, FIRST_ROW, LISTS_SHEET, Slot
from collectors.workbook_values import NO, REASONS, YES
from surveys.excel_rules import ExcelRule, ExcelValidation, excel_rules, excel_validation, with_cells
from surveys.operands import is_asked
from surveys.questionnaire import Questionnaire
from surveys.response import is_missing, of_sex

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FACTS_BEFORE = 5  # rows of the facts sheet that say what the file is for
COLOURS = {"hard": "F8C9C4", "soft": "FFE08A"}


class Rules:
    """Gathers where each answer stands, and then writes the rules that speak of them.

    `facts` are the numbers that formulas look at: they stand on the facts sheet, in this order.
    """

    def __init__(
        self, book: "Workbook", questionnaire: Questionnaire, before: Mapping[str, Any], population: int | None
    ) -> None:
        self._book = book
        checks = tuple(check for check in questionnaire.checks if is_asked(check, questionnaire))
        self._questionnaire = questionnaire.model_copy(update={"checks": checks})
        self._cells: dict[str, str] = {}
        self._places: dict[str, tuple[Worksheet, str]] = {}
        self._validated: list[tuple[Slot, Worksheet, str]] = []
        self._lists: dict[tuple[str, ...], str] = {}
        self._list_sheet: Worksheet = book.create_sheet(LISTS_SHEET)
        self._list_sheet.sheet_state = "veryHidden"
        self.facts = _numbers(before, population)
        for row, name in enumerate(self.facts, start=FACTS_BEFORE + 1):
            self._cells[name] = f"'{FACTS_SHEET}'!$B${row}"

    def answer(self, slot: Slot, sheet: "Worksheet", row: int) -> None:
        """A cell on a sheet of questions."""
        self._place(slot, sheet, f"C{row}", f"$C${row}")

    def column(self, slot: Slot, sheet: "Worksheet", place: int, last: int) -> None:
        """A column of a roster's sheet."""
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(place)
        self._place(slot, sheet, f"{letter}{FIRST_ROW}:{letter}{last}", f"${letter}{FIRST_ROW}")
        self._cells[f"range:{_name(slot)}"] = f"{_quoted(sheet)}!${letter}${FIRST_ROW}:${letter}${last}"

    def reason(self, slot: Slot, sheet: "Worksheet", column: int, first: int, last: int) -> None:
        """The cells where one may choose why there is no answer."""
        self.choices(sheet, tuple(REASONS[reason] for reason in slot.reasons), column, first, last)

    def choices(self, sheet: "Worksheet", values: tuple[str, ...], column: int, first: int, last: int) -> None:
        """A list to choose from, in those rows of a column."""
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(column)
        self._choose(sheet, f"{letter}{first}:{letter}{last}", values, "Välj i listan", "Välj något i listan.")

    def apply(self) -> None:
        """Writes every rule; all cells have been placed."""
        for slot, sheet, area in self._validated:
            self._validate(slot, sheet, area)
        for check in self._questionnaire.checks:
            for rule in excel_rules(check, self._questionnaire):
                self._colour(rule, COLOURS[check.severity])

    def _place(self, slot: Slot, sheet: "Worksheet", area: str, cell: str) -> None:
        self._validated.append((slot, sheet, area))
        if not slot.part or slot.item.split_by_sex:
            self._cells[_name(slot)] = f"{_quoted(sheet)}!{cell}"
            self._places[_name(slot)] = (sheet, area)
            if slot.part == "T":
                self._cells[slot.address] = self._cells[_name(slot)]

    def _validate(self, slot: Slot, sheet: "Worksheet", area: str) -> None:
        if slot.is_mark:
            self._choose(sheet, area, (YES, NO), "Ja eller Nej", "Välj Ja för det som gäller.")
            return
        sex = slot.part if slot.item.split_by_sex else None
        validation = excel_validation(slot.address, self._questionnaire, sex)
        if validation is not None and validation.type == "list":
            self._choose(sheet, area, validation.values, validation.error_title, validation.error_message)
        elif validation is not None and self._knows(validation.formula1) and self._knows(validation.formula2):
            self._add(sheet, area, validation)

    def _add(self, sheet: "Worksheet", area: str, validation: ExcelValidation) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        formula1, formula2 = validation.at(self._cells.__getitem__)
        made = DataValidation(
            type=validation.type,
            operator=validation.operator,
            formula1=formula1,
            formula2=formula2,
            allow_blank=True,
            showErrorMessage=True,
            errorTitle=validation.error_title,
            error=validation.error_message,
        )
        made.add(area)
        sheet.add_data_validation(made)

    def _choose(self, sheet: "Worksheet", area: str, values: tuple[str, ...], title: str, message: str) -> None:
        self._add(sheet, area, ExcelValidation("list", None, self._listed(values), None, (), title, message))

    def _listed(self, values: tuple[str, ...]) -> str:
        """Where the choices stand: a list in the rule itself may hold neither commas nor 256 characters."""
        from openpyxl.utils import get_column_letter

        if values not in self._lists:
            column = len(self._lists) + 1
            for row, value in enumerate(values, start=1):
                self._list_sheet.cell(row, column, value).data_type = "s"
            letter = get_column_letter(column)
            self._lists[values] = f"'{LISTS_SHEET}'!${letter}$1:${letter}${len(values)}"
        return self._lists[values]

    def _colour(self, rule: ExcelRule, colour: str) -> None:
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import PatternFill

        if rule.address not in self._places or not self._knows(rule.formula):
            return
        sheet, area = self._places[rule.address]
        formula = with_cells(f"NOT({rule.formula})", self._cells.__getitem__)
        made = FormulaRule(formula=[formula], fill=PatternFill("solid", bgColor=colour))
        sheet.conditional_formatting.add(area, made)

    def _knows(self, formula: str | None) -> bool:
        """Whether every cell a formula looks at is in this workbook: not so for a unit asked fewer questions."""
        wanted: list[str] = []
        with_cells(formula, lambda name: wanted.append(name) or "")  # type: ignore[func-returns-value]
        return all(name in self._cells for name in wanted)


def _name(slot: Slot) -> str:
    return of_sex(slot.address, slot.part) if slot.item.split_by_sex else slot.address


def _quoted(sheet: "Worksheet") -> str:
    title: str = sheet.title
    return "'" + title.replace("'", "''") + "'"


def _numbers(before: Mapping[str, Any], population: int | None) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for item, answer in before.items():
        members = answer.items() if isinstance(answer, Mapping) and "T" in answer else [(None, answer)]
        for sex, member in members:
            if isinstance(member, int | float) and not isinstance(member, bool) and not is_missing(member):
                numbers[f"previous:{of_sex(item, sex) if sex else item}"] = member
    return numbers if population is None else {**numbers, "population": population}
