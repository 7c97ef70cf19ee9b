"""Every sentence about a workbook, in Swedish and English: what is wrong, the rule, and what to do."""

from typing import Any

from surveys.model import Text

CELLS: dict[str, tuple[str, str]] = {
    "both": (
        "Här står både ett svar och att svaret saknas. Ta bort det ena.",
        "There is both an answer and that it is missing. Remove one of them.",
    ),
    "reason": ("Välj något av {words}, eller lämna cellen tom.", "Choose one of {words}, or leave the cell empty."),
    "mark": (
        "Skriv Ja för det ni väljer, och lämna annars cellen tom.",
        "Write Ja for what you choose, and otherwise leave the cell empty.",
    ),
    "became_date": (
        "Excel har gjort om det som skrevs till ett datum eller klockslag. Formatera cellen som Text och skriv igen.",
        "Excel has turned what was typed into a date or a time. Format the cell as Text and type it again.",
    ),
    "number": (
        "Skriv ett tal med bara siffror, utan ord eller tecken omkring.",
        "Enter a number in digits only, without words or signs around it.",
    ),
    "ambiguous_number": (
        "Talet kan läsas på två sätt: som tusental eller med decimaler. Skriv det utan avgränsare, som tal i Excel.",
        "The number can be read in two ways: as thousands or with decimals. Enter it plainly, as a number in Excel.",
    ),
    "yes_or_no": ("Välj Ja eller Nej.", "Choose Ja (yes) or Nej (no)."),
    "option": ("Välj något av: {options}.", "Choose one of: {options}."),
    "ambiguous_date": (
        "Det går inte att veta vad som är dag och månad. Skriv datumet som 2026-05-31.",
        "Day and month cannot be told apart. Write the date as 2026-05-31.",
    ),
    "date": ("Skriv ett datum som 2026-05-31, utan klockslag.", "Write a date as 2026-05-31, without a time."),
    "day_missing": (
        "Fyll i alla sju dagarna: tider som 08:00-17:00, stängt eller dygnet runt.",
        "Fill in all seven days: times as 08:00-17:00, stängt (closed) or dygnet runt (round the clock).",
    ),
    "hours": (
        "Skriv tider som 08:00-17:00, stängt eller dygnet runt.",
        "Write times as 08:00-17:00, stängt (closed) or dygnet runt (round the clock).",
    ),
    "formula": (
        "Cellen har en formel utan beräknat värde. Öppna och spara filen i Excel, eller skriv värdet direkt.",
        "The cell has a formula without a calculated value. Open and save the file in Excel, or type the value itself.",
    ),
    "error_value": (
        "Cellen visar ett fel i Excel. Rätta formeln eller skriv värdet direkt.",
        "The cell shows an Excel error. Correct the formula or type the value itself.",
    ),
    "merged": (
        "Cellerna är sammanfogade, så det går inte att veta vilken fråga svaret hör till. Dela dem.",
        "The cells are merged, so it cannot be told which question the answer is for. Unmerge them.",
    ),
    "key_twice": (
        "Samma fråga står två gånger på bladet. Ta bort den rad eller kolumn som kopierats in.",
        "The same question stands twice on the sheet. Remove the row or column that was copied in.",
    ),
    "key_unknown": (
        "Den dolda nyckeln hör inte till någon fråga. Hämta mallen igen och klistra in svaren som värden.",
        "The hidden key belongs to no question. Fetch the template again and paste the answers as values.",
    ),
}

FILES: dict[str, tuple[str, str]] = {
    "not_xlsx": (
        "Filen är ingen Excel-arbetsbok (.xlsx). Fyll i mallen och spara den som Excel-arbetsbok.",
        "The file is not an Excel workbook (.xlsx). Fill in the template and save it as an Excel workbook.",
    ),
    "old_or_locked": (
        "Filen är en äldre Excelfil (.xls) eller skyddad med lösenord. Ta bort lösenordet och spara som .xlsx.",
        "The file is an older Excel file (.xls) or locked with a password. Remove the password and save as .xlsx.",
    ),
    "macros": (
        "Filen innehåller makron (.xlsm). Spara den som Excel-arbetsbok (.xlsx) utan makron.",
        "The file has macros (.xlsm). Save it as an Excel workbook (.xlsx) without macros.",
    ),
    "damaged": (
        "Filen är skadad och kan inte läsas. Öppna den i Excel, spara på nytt och skicka igen.",
        "The file is damaged and cannot be read. Open it in Excel, save it anew and send again.",
    ),
    "unpacked_too_large": (
        "Filen blir för stor när den packas upp. Hämta mallen igen och klistra in svaren som värden.",
        "The file is too large when unpacked. Fetch the template again and paste the answers as values.",
    ),
    "too_many_cells": (
        "Filen har {cells} celler, de flesta tomma. Ta bort tomma rader och kolumner, eller hämta mallen igen.",
        "The file has {cells} cells, most of them empty. Delete empty rows and columns, or fetch the template again.",
    ),
    "sheet_too_large": (
        "Bladet når till rad {rows} och kolumn {columns}. Ta bort de tomma raderna och kolumnerna efter svaren.",
        "The sheet reaches row {rows} and column {columns}. Delete the empty rows and columns after the answers.",
    ),
    "not_template": (
        "Filen är inte gjord av mallen. Hämta mallen, fyll i den och skicka den.",
        "The file was not made from the template. Fetch the template, fill it in and send it.",
    ),
    "other_survey": (
        "Mallen hör till {found}, inte till {wanted}. Hämta rätt mall.",
        "The template is for {found}, not for {wanted}. Fetch the right template.",
    ),
    "other_year": (
        "Mallen är för {found}, inte för {wanted}. Hämta årets mall: frågorna kan ha ändrats.",
        "The template is for {found}, not for {wanted}. Fetch this year's template: the questions may have changed.",
    ),
    "other_unit": (
        "Mallen är gjord för enhet {found}, inte för {wanted}. Hämta den egna enhetens mall.",
        "The template was made for unit {found}, not for {wanted}. Fetch your own unit's template.",
    ),
    "other_questions": (
        "Frågorna har ändrats sedan mallen hämtades. Hämta den igen och klistra in svaren som värden.",
        "The questions have changed since the template was fetched. Fetch it again and paste the answers as values.",
    ),
    "sheet_missing": (
        "Bladet ”{title}” saknas. Hämta mallen igen och klistra in svaren som värden.",
        "The sheet “{title}” is missing. Fetch the template again and paste the answers as values.",
    ),
    "key_missing": (
        "Frågan ”{label}” saknas på bladet. Hämta mallen igen och klistra in svaren som värden.",
        "The question “{label}” is missing on the sheet. Fetch the template again and paste the answers as values.",
    ),
}


def cell_fault(sentence: str, **facts: Any) -> Text:
    """What is wrong with one cell."""
    return _filled(CELLS[sentence], facts)


def file_fault(sentence: str, **facts: Any) -> Text:
    """What is wrong with a whole file or sheet."""
    return _filled(FILES[sentence], facts)


def _filled(sentence: tuple[str, str], facts: dict[str, Any]) -> Text:
    sv, en = sentence
    return Text(sv=sv.format(**facts), en=en.format(**facts))
