"""Errors of the infrastructure: where, what, what now, and a code from this one catalogue."""

from pathlib import Path
from typing import ClassVar


class Error(Exception):
    """A fault that names where it is, what is wrong and what to do now; every error of the product ends here."""

    code: ClassVar[str] = "I000"

    def __init__(self, where: str, what: str, now: str) -> None:
        super().__init__(where, what, now)
        self.where = where
        self.what = what
        self.now = now

    def __str__(self) -> str:
        return f"{self.code} {self.where}: {self.what} {self.now}"


class TransientError(Error):
    """May pass by itself: the same call can succeed later."""


class TerminalError(Error):
    """Does not pass by itself: somebody has to do what `now` says."""


class SettingsError(TerminalError):
    """One or more settings are wrong; `faults` has one sentence for each, never with a secret in it."""

    code = "I001"

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("settings", " ".join(faults), "Correct them and start again.")
        self.faults = faults


class LogUnavailable(TransientError):
    """The event log did not answer in time: nothing is known to have been stored."""

    code = "I002"

    def __init__(self, log: str, cause: str) -> None:
        now = "Try again shortly with the same submission id; if it lasts, check that the log is running."
        super().__init__(log, f"the event log does not answer ({cause}).", now)
        self.log = log
        self.cause = cause


class LogDamaged(TerminalError):
    """The event log holds something that is not what was appended."""

    code = "I003"

    def __init__(self, log: str, cause: str) -> None:
        now = "Stop writing to it, keep a copy of it as it is, and restore the log from its backup."
        super().__init__(log, f"the event log is damaged ({cause}).", now)
        self.log = log
        self.cause = cause


class LogPositionLost(TerminalError):
    """The log no longer has, or never had, the event after which reading was to go on."""

    code = "I004"

    def __init__(self, topic: str, partition: int, offset: int, has: str) -> None:
        now = "Restore the log if it was replaced; if this log is the right one, run `lagesbild pipeline rebuild`."
        what = f"reading was to go on after offset {offset}, but the log has {has}."
        super().__init__(f"{topic}[{partition}]", what, now)
        self.topic = topic
        self.partition = partition
        self.offset = offset


class EventTooLarge(TerminalError):
    """An event is larger than every log takes; none of the events given with it was stored."""

    code = "I005"

    def __init__(self, key: str, size: int, limit: int) -> None:
        what = f"the event is {size} bytes, the limit is {limit}."
        super().__init__(f"event of {key}", what, "Shorten the texts in it and send it again.")
        self.key = key
        self.size = size
        self.limit = limit


class LogRefused(TerminalError):
    """The log answered and said no, for example because the credentials do not allow it."""

    code = "I006"

    def __init__(self, log: str, cause: str) -> None:
        now = "Check the LAGESBILD_KAFKA_* settings and what the account may do on the log."
        super().__init__(log, f"the event log refused ({cause}).", now)
        self.log = log
        self.cause = cause


class NothingPublished(TransientError):
    """No publication is in force yet."""

    code = "I010"

    def __init__(self, marts: Path) -> None:
        now = "Run `lagesbild pipeline run --once` to load, audit and publish."
        super().__init__(str(marts), "nothing has been published yet.", now)
        self.marts = marts


class PublicationUnreadable(TerminalError):
    """CURRENT is damaged, or names a publication that cannot be read."""

    code = "I011"

    def __init__(self, path: Path, cause: str) -> None:
        now = "The pipeline makes it anew when it starts; `lagesbild pipeline rebuild` makes all anew from the log."
        super().__init__(str(path), f"the published file cannot be read ({cause}).", now)
        self.path = path
        self.cause = cause


class WarehouseLocked(TransientError):
    """Another process has the warehouse open."""

    code = "I012"

    def __init__(self, path: Path, cause: str) -> None:
        now = "Only one pipeline may run: stop the other one, or wait until it has ended."
        super().__init__(str(path), f"another process holds the warehouse ({cause}).", now)
        self.path = path
        self.cause = cause


class WarehouseUnreadable(TerminalError):
    """The warehouse file exists but is not a warehouse that this version can open."""

    code = "I013"

    def __init__(self, path: Path, cause: str) -> None:
        now = "Check the path and its rights; if the file is damaged, `lagesbild pipeline rebuild` makes it anew."
        super().__init__(str(path), f"the warehouse cannot be opened ({cause}).", now)
        self.path = path
        self.cause = cause


class FileUnusable(TerminalError):
    """A file or a folder cannot be read or written."""

    code = "I014"

    def __init__(self, path: str, cause: str) -> None:
        now = "Check the path, its rights and the space on its disk, then try again."
        super().__init__(path, f"it cannot be used ({cause}).", now)
        self.path = path
        self.cause = cause


class DatabaseUnavailable(TransientError):
    """The operational database does not answer."""

    code = "I020"

    def __init__(self, database: str, cause: str) -> None:
        now = "Check LAGESBILD_DATABASE_URL and that the database is running, then try again."
        super().__init__(database, f"the operational database does not answer ({cause}).", now)
        self.database = database
        self.cause = cause


class ProgramsMissing(TerminalError):
    """Programs that a local broker needs are not installed; `programs` names them."""

    code = "I030"

    def __init__(self, programs: tuple[str, ...], packages: tuple[str, ...]) -> None:
        what = f"{' and '.join(programs)} not found on PATH."
        super().__init__("local Kafka", what, f"Install with `apt-get install {' '.join(packages)}`.")
        self.programs = programs
        self.packages = packages


class BrokerFailed(TerminalError):
    """A local broker could not be prepared or did not become ready."""

    code = "I031"

    def __init__(self, step: str, output: str) -> None:
        super().__init__("local Kafka", f"{step} failed: {output}", "Read the output above, mend it and start again.")
        self.step = step
        self.output = output


class WatchPortTaken(TerminalError):
    """Metrics and readiness cannot be told on the port that was asked for."""

    code = "I050"

    def __init__(self, host: str, port: int, cause: str) -> None:
        now = "Stop what uses it, or choose another with --metrics-port or LAGESBILD_METRICS_PORT."
        super().__init__(f"{host}:{port}", f"metrics cannot be told there ({cause}).", now)
        self.host = host
        self.port = port


class CannotWriteArchive(TerminalError):
    """A backup could not be written; what is backed up is untouched."""

    code = "I070"

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(str(path), f"the backup cannot be written ({cause}).", "Choose another --output.")
        self.path = path
        self.cause = cause


class ArchiveDamaged(TerminalError):
    """A file is not a backup as it was written: cut off, changed, or something else altogether."""

    code = "I071"

    def __init__(self, path: Path, cause: str) -> None:
        now = "Nothing was restored. Take another copy of this backup, or an earlier backup."
        super().__init__(str(path), f"this is not a whole backup ({cause}).", now)
        self.path = path
        self.cause = cause


class ArchiveNewer(TerminalError):
    """A backup was written by a later version of the product."""

    code = "I072"

    def __init__(self, path: Path, cause: str) -> None:
        super().__init__(str(path), f"a later version made this backup ({cause}).", "Restore it with that version.")
        self.path = path
        self.cause = cause


class RestoreRefused(TerminalError):
    """Where a backup was to be restored something is already, or something else than was backed up."""

    code = "I073"

    def __init__(self, where: str, what: str, now: str) -> None:
        super().__init__(where, what, f"Nothing was restored. {now}")


class RestoreInterrupted(TerminalError):
    """The log took only part of what was to be restored."""

    code = "I074"

    def __init__(self, where: str, cause: str) -> None:
        super().__init__(where, f"it was restored in part only ({cause}).", "Delete its topics and restore again.")
        self.cause = cause
