"""What a collector kept of a submission, for who looks into the past: its receipt, and the cells of its workbook."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import inspect, select

from collectors.administration import Administration
from collectors.errors import WorkbookRefused
from collectors.file import id_of_digest
from collectors.submissions import Submission, Submissions, database_faults
from collectors.tables import SUBMISSION, UPLOAD, UPLOAD_OF_UNIT
from infra.event_log import open_log
from infra.operational_db import engine
from infra.settings import Settings, sqlite_path
from surveys.catalogue import Catalogue, load_catalogue

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from surveys.questionnaire import Questionnaire

# By item address, row and part (a sex, an option, or ""): the sheet and the cell.
Cells = Mapping[tuple[str, int | None, str], tuple[str, str]]


def receipt_checksum(settings: Settings, submission_id: str) -> str | None:
    """The checksum on the receipt of that submission; None where this machine's database does not know it."""
    with _submission(settings, submission_id) as (found, _):
        return None if found is None else found.receipt.checksum


def workbook_cells(settings: Settings, submission_id: str, catalogue: Catalogue | None = None) -> Cells:
    """Where each answer stood in the workbook that the submission came by; nothing where none was kept here.

    The bytes are read again with the layout they were first read with: the definition of their own fingerprint.
    """
    with _submission(settings, submission_id) as (found, database):
        content = None if found is None or database is None else _workbook(database, found)
        if found is None or content is None:
            return {}
        whole = (catalogue or load_catalogue()).get(found.survey, found.year)
        # The questions were changed since, which a draft's may be: nobody knows any more where they stood.
        return _cells(settings, content, whole, found.unit) if whole.fingerprint == found.receipt.questionnaire else {}


def _cells(settings: Settings, content: bytes, whole: "Questionnaire", unit: str) -> Cells:
    from collectors.receive import Asked
    from collectors.workbook_reader import read_workbook

    with closing(open_log(settings)) as log:
        units = Administration(log).current().units
    known = units.get(unit)
    asked = Asked(whole, whole.for_unit_kind(known.kind), known)
    try:
        located = read_workbook(content, asked, units.kommuner(known.region_code))
    except WorkbookRefused:
        return {}  # kept as it came, and read by rules that have become stricter since
    first = {(item, row, ""): place for (item, row), (place, _) in located.places.items()}
    return first | located.cells


def _workbook(database: "Engine", found: Submission) -> bytes | None:
    of_unit = UPLOAD_OF_UNIT.c
    wanted = select(UPLOAD.c.sha256, UPLOAD.c.content).join(UPLOAD_OF_UNIT, of_unit.sha256 == UPLOAD.c.sha256)
    wanted = wanted.where(of_unit.survey == found.survey, of_unit.year == found.year, of_unit.unit == found.unit)
    with database_faults(), database.connect() as connection:
        for digest, content in connection.execute(wanted):
            if id_of_digest(digest) == found.submission_id:
                return bytes(content)
    return None


@contextmanager
def _submission(settings: Settings, submission_id: str) -> "Iterator[tuple[Submission | None, Engine | None]]":
    """The submission and the database it stands in, where this machine has one. Nothing is made or changed."""
    is_file = settings.database_url.startswith("sqlite:")
    if is_file and not sqlite_path(settings.database_url).exists():
        yield None, None
        return
    database = engine(settings)
    try:
        with database_faults():
            is_there = inspect(database).has_table(SUBMISSION.name)
        yield (Submissions(database).get(submission_id) if is_there else None), database
    finally:
        database.dispose()
