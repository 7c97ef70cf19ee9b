"""An export as one workbook for Excel: what it is, then a sheet for each table."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipeline.export import Export, Manifest, Table, Written, written

if TYPE_CHECKING:
    from openpyxl import Workbook

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# The most that Excel takes: rows of a sheet, characters of a cell and of a sheet's name.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
NAME_CHARACTERS = 31
CUT = " … [avkortat: hela texten står i csv]"


def write_xlsx(export: Export, folder: Path, rows_of_a_sheet: int = SHEET_ROWS) -> Iterator[Written]:
    """One workbook; a table longer than a sheet goes on in the next, so that nothing is left out."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Läs mig")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 70
    for name, said in about(export.manifest).items():
        sheet.append([name, said])
    for table in export.tables:
        _add(book, export, table, rows_of_a_sheet - 1)
    path = folder / f"{name_of(export.manifest)}.xlsx"
    book.save(path)
    yield written(path)


def name_of(manifest: Manifest) -> str:
    """`prehospital` for all years, `prehospital-2023` for one."""
    years = [str(year) for year in manifest.years] if len(manifest.years) == 1 else []
    return "-".join([manifest.survey, *years])


def about(manifest: Manifest) -> Mapping[str, str | int]:
    """What a reader must know of an export, in Swedish, in order."""
    facts: dict[str, str | int] = {
        "Kartläggning": manifest.survey,
        "År": ", ".join(map(str, manifest.years)),
        "Läget den": _local(manifest.as_of),
        "Publicering": f"{manifest.publish_id}, {_local(manifest.published_at)}",
        "Inskickade svar": manifest.responses,
        "Källa": "Sveriges Kommuner och Regioner, lägesbild",
    }
    if manifest.fictitious:
        facts["Obs!"] = "Alla svar är påhittade och visas för demonstration."
    if manifest.held:
        facts["Hålls kvar vid tidigare innehåll"] = ", ".join(manifest.held)
    facts["Saknade värden"] = "Kolumnen missing säger varför ett värde saknas. Tomt är inte noll."
    facts["Definitioner"] = "Bladen item och indicator_definition säger vad varje fråga och mått betyder."
    return facts | {f"Rader i {name}": rows for name, rows in manifest.tables.items()}


def _local(at: datetime) -> str:
    return at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M:%S")


def _add(book: "Workbook", export: Export, table: Table, most: int) -> None:
    from openpyxl.cell import WriteOnlyCell

    sheet = _sheet(book, table, 1)
    for place, row in enumerate(export.rows(table.sql)):
        if place and place % most == 0:
            sheet = _sheet(book, table, place // most + 1)
        cells = [WriteOnlyCell(sheet, _shown(value)) for value in row.values()]
        for cell in cells:
            if cell.data_type == "f":
                cell.data_type = "s"  # a text that begins as a formula does is a text
        sheet.append(cells)


def _sheet(book: "Workbook", table: Table, number: int) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    suffix = "" if number == 1 else f" {number}"
    sheet = book.create_sheet(table.name[: NAME_CHARACTERS - len(suffix)] + suffix)
    sheet.freeze_panes = "A2"
    head = [WriteOnlyCell(sheet, name) for name in table.columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    return sheet


def _shown(value: Any) -> Any:
    """The value as a cell takes it: Swedish time without a zone, lists in words, no character that Excel refuses."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    match value:
        case datetime():
            return value.astimezone(STOCKHOLM).replace(tzinfo=None)
        case list():
            return "; ".join(map(str, value))
        case str():
            text = ILLEGAL_CHARACTERS_RE.sub(" ", value)
            return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - len(CUT)] + CUT
        case _:
            return value
