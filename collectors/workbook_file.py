"""Opens what was sent as a workbook, after making sure that it is one and safe to open."""

import re
import zipfile
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate

from collectors.errors import Finding, WorkbookRefused
from collectors.workbook_layout import FACTS_SHEET, FORMAT
from collectors.workbook_messages import file_fault
from surveys.model import Text

if TYPE_CHECKING:
    from openpyxl import Workbook

OLE = b"\xd0\xcf\x11\xe0"  # .xls, and any Office file that is locked with a password
# A filled template is below 1 MB packed and 10 unpacked; what is far above would only wear the server out.
LARGEST_UNPACKED = 100_000_000
MOST_CELLS = 200_000
WORKBOOK_PART = "xl/workbook.xml"
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_CHUNK = 1 << 20


def open_workbook(content: bytes) -> "Workbook":
    """The workbook with its formulas as formulas. Raises WorkbookRefused when it is not one we can read."""
    _must_be_safe(content)
    return load(content, values=False)


def load(content: bytes, values: bool) -> "Workbook":
    """The workbook, with formulas or with the values Excel last calculated. Raises WorkbookRefused."""
    from openpyxl import load_workbook

    try:
        return load_workbook(BytesIO(content), data_only=values, keep_links=False)
    except Exception as fault:  # openpyxl raises whatever a damaged file makes it stumble on
        raise refused("damaged") from fault


def facts_of(book: "Workbook") -> dict[str, str]:
    """What the file is for: format, survey, year, unit, fingerprint. Raises WorkbookRefused."""
    if FACTS_SHEET not in book.sheetnames:
        raise refused("not_template")
    rows = book[FACTS_SHEET].iter_rows(max_row=20, max_col=2, values_only=True)
    facts = {str(name): str(fact) for name, fact in rows if name is not None}
    if facts.get("format") != FORMAT or not {"survey", "year", "unit", "fingerprint"} <= facts.keys():
        raise refused("not_template")
    return facts


def addressed_to(content: bytes) -> tuple[str, int, str]:
    """The survey, year and unit that the workbook was made for. Raises WorkbookRefused."""
    facts = facts_of(open_workbook(content))
    if not facts["year"].isdigit():
        raise refused("not_template")
    return facts["survey"], int(facts["year"]), facts["unit"]


def refused(sentence: str, **facts: object) -> WorkbookRefused:
    """The refusal of a whole file."""
    return refused_with(sentence, file_fault(sentence, **facts))


def refused_with(check: str, message: Text, sheet: str | None = None) -> WorkbookRefused:
    """The refusal of a file for one reason."""
    return WorkbookRefused(sheet or "file", [Finding(check=f"workbook.{check}", message=message, sheet=sheet)])


def _must_be_safe(content: bytes) -> None:
    if content.startswith(OLE):
        raise refused("old_or_locked")
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _must_be_workbook(package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as fault:
        raise refused("not_xlsx" if not content.startswith(b"PK") else "damaged") from fault


def _must_be_workbook(package: zipfile.ZipFile) -> None:
    names = {info.filename for info in package.infolist()}
    if WORKBOOK_PART not in names or "[Content_Types].xml" not in names:
        raise refused("not_xlsx")
    if sum(info.file_size for info in package.infolist()) > LARGEST_UNPACKED:
        raise refused("unpacked_too_large")
    if any(name.casefold().endswith("vbaproject.bin") for name in names) or _has_macros(package):
        raise refused("macros")
    if any(_has_document_type(package, name) for name in names):
        raise refused("damaged")
    # A sheet may lie anywhere: the package itself says where.
    cells = _cells_in(package, names)
    if cells > MOST_CELLS:
        raise refused("too_many_cells", cells=f"{cells:,}".replace(",", "\u00a0"))


def _has_macros(package: zipfile.ZipFile) -> bool:
    return b"macroEnabled" in package.read("[Content_Types].xml")


def _has_document_type(package: zipfile.ZipFile, name: str) -> bool:
    """No workbook has one, and texts named in it can make a small file fill the memory. Nothing else of it is read."""
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _stop_with(_DocumentType)
    parser.StartElementHandler = _stop_with(_Begun)
    try:
        with package.open(name) as part:
            parser.ParseFile(part)
    except _DocumentType:
        return True
    except (_Begun, ExpatError, LookupError, ValueError):
        return False  # it is one, or no XML at all: that is for the reader to say
    return False


class _DocumentType(Exception):
    pass


class _Begun(Exception):
    pass


def _stop_with(found: type[Exception]) -> Callable[..., None]:
    def stop(*_told: object) -> None:
        raise found

    return stop


def _cells_in(package: zipfile.ZipFile, names: Iterable[str]) -> int:
    """Counted without parsing: a file with millions of empty cells takes minutes to open, and this a moment.

    What is unpacked is counted too: the sizes that the package states need not be true.
    """
    cells = unpacked = 0
    for name in names:
        rest = b""
        with package.open(name) as part:
            while chunk := part.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > LARGEST_UNPACKED:
                    raise refused("unpacked_too_large")
                text = rest + chunk
                cells += len(_CELL.findall(text))
                # A tag that the chunks cut in two is found with the next one.
                cut = text.rfind(b"<")
                rest = text[cut:] if cut >= 0 and _CELL.match(text[cut:]) is None else b""
    return cells
