"""A publication of a past moment, beside the live one: for views, exports and reports that show how it was.

Made from the log alone: the warehouse, which a running pipeline has for itself, is not needed. What has been made is
kept in DATA_DIR/marts/as-of and used again until the log holds something that changes it.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2s
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.event_log import EventLog
from infra.published import marts_dir
from infra.settings import Settings
from pipeline.consume import opened_log, utc_now
from pipeline.ledger import Ground, ground_now, last_record
from pipeline.log_then import Positions, Until, when
from pipeline.parse import Definitions
from pipeline.past import Clock, Then, look_up, make
from pipeline.reading import batches_to_end
from surveys.catalogue import load_catalogue
from surveys.model import Frozen
from surveys.moment import Moment

# Some people comparing with some moments each; a demonstration's file is 6 MB, one of 10 million answers 400 MB.
KEEP = 12
MAKING = "making-"


class _Kept(Frozen):
    """What stands beside a file: its name, and how far the log has been seen to hold nothing that changes it."""

    file: str
    seen: dict[str, dict[int, int]]


def published_as_of(
    settings: Settings, moment: Moment, definitions: Definitions | None = None, clock: Clock = utc_now
) -> Path:
    """The file of what was published, or would have been, at that moment; its table `publication` says which.

    Making it takes as long as a rebuild, finding it again a look at what is new in the log. The file is put in place
    in one step and never changed; it goes when enough others have been asked for since. Several processes may ask at
    once: one makes it. Raises NoSuchMoment, LogUnavailable.
    """
    folder = as_of_dir(settings.data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = definitions or load_catalogue()
    ground = ground_now(settings, catalogue)
    with opened_log(settings) as log, _alone(folder):
        then = look_up(settings.data_dir, log, moment, clock())
        note = folder / f"{_key(then, ground)}.json"
        path = _found(note, log, then)
        if path is None:
            path = _made(settings, note, log, then, catalogue, clock)
        os.utime(note)
        _collect(folder)
    return path


def as_of_dir(data_dir: Path) -> Path:
    """The folder of publications of past moments."""
    return marts_dir(data_dir) / "as-of"


def _key(then: Then, ground: Ground) -> str:
    """The same for the same moment made of the same; of a time, whatever the log holds by now."""
    assert then.as_of is not None and then.last is not None  # a moment always has both
    shown: list[object] = [then.as_of.moment, then.as_of.time.isoformat(), ground.model_dump()]
    if then.as_of.until is None:
        parts = [part.model_dump() for part in then.parts]
        shown += [parts, {topic: sorted(last.items()) for topic, last in then.last.items()}]
    return blake2s(json.dumps(shown).encode(), digest_size=12).hexdigest()


def _found(note: Path, log: EventLog, then: Then) -> Path | None:
    """The file that was made before; None when there is none, or something has come that belongs in it."""
    try:
        kept = _Kept.model_validate_json(note.read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    path = note.with_name(kept.file)
    if not path.exists() or _changed(log, then, kept.seen):
        return None
    _write(note, path, then)
    return path


def _changed(log: EventLog, then: Then, seen: Positions) -> bool:
    """Whether the log has taken anything since that was submitted before."""
    until = then.as_of.until if then.as_of else None
    if until is None or then.last is None:
        return False
    return any(
        when(event) <= until
        for topic in then.last
        for events in batches_to_end(Until(log, then.last), topic, dict(seen.get(topic, {})))
        for event in events
    )


def _made(settings: Settings, note: Path, log: EventLog, then: Then, definitions: Definitions, clock: Clock) -> Path:
    for left in note.parent.glob(f"{MAKING}*"):  # of a process that was ended: nobody else is making anything
        shutil.rmtree(left, ignore_errors=True)
    with TemporaryDirectory(prefix=MAKING, dir=note.parent, ignore_cleanup_errors=True) as scratch:
        make(settings.model_copy(update={"data_dir": Path(scratch)}), log, then, definitions, clock)
        made = last_record(Path(scratch))
        assert made is not None  # it was just published there
        path = note.with_name(f"{note.stem}-{made.publish_id}.duckdb")
        (marts_dir(Path(scratch)) / f"{made.publish_id}.duckdb").replace(path)
    _write(note, path, then)
    return path


def _write(note: Path, path: Path, then: Then) -> None:
    seen: Mapping[str, Mapping[int, int]] = then.last or {}
    kept = _Kept(file=path.name, seen={topic: dict(last) for topic, last in seen.items()})
    written = note.with_suffix(".tmp")
    written.write_text(kept.model_dump_json(), encoding="utf-8")
    written.replace(note)


def _collect(folder: Path) -> None:
    """Lets go of what was longest not asked for; a reader keeps what it has open."""
    notes = sorted(folder.glob("*.json"), key=lambda note: note.stat().st_mtime_ns, reverse=True)
    for note in notes[KEEP:]:
        note.unlink()
    stems = {note.stem for note in notes[:KEEP]}
    newest = {_Kept.model_validate_json(note.read_bytes()).file for note in notes[:KEEP]}
    for file in folder.glob("*.duckdb"):
        if file.name not in newest or file.name.partition("-")[0] not in stems:
            file.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lets one process at a time look and make here; the lock goes with the process, however that ends."""
    with (folder / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
