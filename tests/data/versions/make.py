"""Makes the files of an earlier version, by running that version: python -m tests.data.versions.make COMMIT."""

import gzip
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
KEPT = ("log.sqlite", "operational.sqlite", "warehouse.duckdb")
# Run by the earlier version's own code: a round, a unit, accepted responses, a repetition, a correction, dead letters.
SCRIPT = """
import sqlite3, sys
from datetime import UTC, date, datetime
from pathlib import Path
from infra import operational_db
from infra.embedded_log import EmbeddedLog
from infra.event_log import ADMINISTRATION, RESPONSES
from infra.settings import Settings
from pipeline.consume import run_once
from surveys.catalogue import load_catalogue
from surveys.event_data import ProgrammeRegistered, ResponseSubmitted, RoundOpened, UnitAdded
from surveys.events import encode, new_administration_event, new_response_event

settings = Settings(data_dir=Path(sys.argv[1]))
at = lambda day: datetime(2023, 5, day, 12, tzinfo=UTC)
log = EmbeddedLog(settings.data_dir / "log.sqlite")

def happened(number, data):
    event = new_administration_event(data, event_id=f"a-{number}", time=at(1))
    log.append(ADMINISTRATION, [(data.key, encode(event))])

happened(1, RoundOpened(survey="handlingsplaner", year=2023, opens_at=at(2), due_at=at(20), closes_at=at(30)))
happened(2, UnitAdded(unit_id="9999", kind="kommun", name="Nykommun", region_code="14", valid_from=date(2023, 1, 1)))
happened(3, ProgrammeRegistered(programme="oroshjalpen", name="Oroshjälpen"))

def sent(survey, unit, day, answers, **facts):
    q = load_catalogue().get(survey, 2023)
    facts = {"submission_id": f"{survey}-{unit}", "mode": "web"} | facts
    data = ResponseSubmitted(survey=survey, year=2023, unit=unit, questionnaire=q.fingerprint, answers=answers, **facts)
    event = new_response_event(data, event_id=f"{survey}-{unit}-{day}", time=at(day))
    log.append(RESPONSES, [(unit, encode(event))])

plan = {"arbete": "nej", "plan": "nej", "samordnare": False}
for number, unit in enumerate(("1480", "1481", "0180", "9999")):
    sent("handlingsplaner", unit, 3 + number, plan)
sent("handlingsplaner", "1480", 3, plan)
corrected = {"submission_id": "rättelse-1", "corrects": "handlingsplaner-1481", "reason": "fel svar"}
sent("handlingsplaner", "1481", 25, plan | {"plan": "planeras"}, **corrected)
sent("handlingsplaner", "0000", 8, plan)
sent("prehospital", "14", 9, {"psykiatriambulans": "nej", "team_malgrupp": ["inga"]})
log.append(RESPONSES, [("1480", b"not an event")])
log.close()
engine = operational_db.engine(settings)
operational_db.migrate(engine)
engine.dispose()
with sqlite3.connect(settings.data_dir / "operational.sqlite") as database:
    database.execute(
        "INSERT INTO token (token_id, unit, secret_hash, created_at) "
        "VALUES ('abc', '1480', 'hash', '2023-05-01 12:00:00')"
    )
    database.execute("PRAGMA journal_mode = DELETE")
print(run_once(settings))
with sqlite3.connect(settings.data_dir / "log.sqlite") as database:
    database.execute("PRAGMA journal_mode = DELETE")
"""


def main(commit: str) -> None:
    into = HERE / commit
    with tempfile.TemporaryDirectory() as folder:
        code, data = Path(folder, "code"), Path(folder, "data")
        code.mkdir()
        data.mkdir()
        archived = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "x"], cwd=code, input=archived, check=True)
        subprocess.run([sys.executable, "-c", SCRIPT, data], cwd=code, env={"PYTHONPATH": str(code)}, check=True)
        into.mkdir(exist_ok=True)
        published = (data / "marts" / "CURRENT").read_text().strip()
        _packed(data / "marts" / f"{published}.duckdb", into / "published.duckdb.gz")
        for name in KEPT:
            _packed(data / name, into / f"{name}.gz")


def _packed(source: Path, into: Path) -> None:
    with source.open("rb") as content, gzip.GzipFile(into, "wb", mtime=0) as packed:
        shutil.copyfileobj(content, packed)


if __name__ == "__main__":
    main(sys.argv[1])
