"""Errors of the pipeline: where, what, what now, and a code from this one catalogue (P001 and on)."""

from collections.abc import Sequence
from pathlib import Path

from infra.errors import TerminalError, TransientError


class PipelineGaveUp(TerminalError):
    """Something that should have passed did not, however often it was tried again."""

    code = "P001"

    def __init__(self, attempts: int, seconds: float, cause: Exception) -> None:
        what = f"stopped after {attempts} attempts in {seconds:.0f} seconds; the last one ended in: {cause}"
        now = "Mend the cause and start it again: it goes on after the last event that was landed."
        super().__init__("pipeline", what, now)
        self.attempts = attempts
        self.cause = cause


class WarehouseUnavailable(TransientError):
    """The warehouse could not be written, for example because the disk is full."""

    code = "P002"

    def __init__(self, cause: str) -> None:
        super().__init__("warehouse", f"it cannot be written ({cause}).", "Check the disk's space and rights.")
        self.cause = cause


class LandingFailed(TerminalError):
    """The warehouse refused a batch; nothing of the batch was landed."""

    code = "P003"

    def __init__(self, first: str, last: str, cause: str) -> None:
        now = "Report this with the log; `lagesbild pipeline rebuild` helps if the warehouse was changed by hand."
        super().__init__(f"{first} to {last}", f"the batch could not be landed ({cause}).", now)
        self.cause = cause


class WarehouseDiffers(TerminalError):
    """A warehouse made anew from the log is not what the live one is."""

    code = "P004"

    def __init__(self, tables: Sequence[str]) -> None:
        what = f"made anew from the log, these tables differ: {', '.join(tables)}."
        now = "Run `lagesbild pipeline rebuild` to replace them, and find out what changed the live ones."
        super().__init__("warehouse", what, now)
        self.tables = tuple(tables)


class UnknownDeadLetter(TerminalError):
    """No dead letter has this id."""

    code = "P005"

    def __init__(self, letter: str) -> None:
        now = "List them with `lagesbild dead-letters list`; an id looks like responses/0/17."
        super().__init__(f"dead letter {letter}", "there is none by that id.", now)
        self.letter = letter


class AlreadyReplayed(TerminalError):
    """A dead letter goes back into the log once only."""

    code = "P006"

    def __init__(self, letter: str, to: str) -> None:
        now = "If it was parked again, replay the new dead letter."
        super().__init__(f"dead letter {letter}", f"has been replayed, as {to}.", now)
        self.letter = letter
        self.to = to


class BeingReplayed(TransientError):
    """Somebody else began to replay the dead letter at the same moment."""

    code = "P007"

    def __init__(self, letter: str) -> None:
        now = "List it in a moment; a replay that ended half-way elsewhere can be taken over after two minutes."
        super().__init__(f"dead letter {letter}", "is being replayed by somebody else.", now)
        self.letter = letter


class AnotherReplay(TransientError):
    """A replay of dead letters is running in this data folder already."""

    code = "P008"

    def __init__(self, data_dir: Path) -> None:
        now = "Run it again when that one has ended: each letter is replayed once."
        super().__init__(str(data_dir), "another replay of dead letters is running.", now)


class WarehouseNewer(TerminalError):
    """A later version of the product made the warehouse."""

    code = "P030"

    def __init__(self, path: Path, found: int, known: int) -> None:
        what = f"a later version made this warehouse (its version is {found}, this one knows {known})."
        now = "Start that version; `lagesbild pipeline rebuild` makes a warehouse of this one from the log."
        super().__init__(str(path), what, now)
        self.path = path
        self.found = found


class WarehouseOutdated(TerminalError):
    """An earlier version made the warehouse, and it cannot be brought up to date in place."""

    code = "P031"

    def __init__(self, path: Path, found: int, cause: str) -> None:
        what = f"an earlier version made this warehouse (its version is {found}), and it is not upgraded ({cause})."
        super().__init__(str(path), what, "Start the pipeline: it makes the warehouse anew from the log.")
        self.path = path
        self.found = found
        self.cause = cause


class PublicationUnwritten(TransientError):
    """The next publication could not be written, for example because the disk is full; the one in force stays."""

    code = "P010"

    def __init__(self, path: Path, cause: str) -> None:
        now = "Make room on the disk and check its rights; what is published stays as it is until then."
        super().__init__(str(path), f"the publication cannot be written ({cause}).", now)
        self.path = path
        self.cause = cause


class NoSuchHistory(TerminalError):
    """Nothing is published of the unit in that survey and year, at the moment asked for."""

    code = "P015"

    def __init__(self, survey: str, year: int, unit: str) -> None:
        now = "Check the survey, the year and the unit's code, or ask as of a later moment."
        super().__init__(f"{survey}/{year}, {unit}", "no response is published.", now)
        self.unit = unit


class AuditFault(TerminalError):
    """The audit of a part could not be done as meant: never to be taken for one that passed."""


class UnknownExpectation(AuditFault):
    """An expectation is misspelt, or has an argument that does not fit it."""

    code = "P020"

    def __init__(self, suite: str, expectation: str, cause: str) -> None:
        what = f"expectation {expectation} cannot be made ({cause})."
        super().__init__(suite, what, "Correct its name and its arguments in the suite.")
        self.expectation = expectation


class EmptySuite(AuditFault):
    """A suite without expectations would pass whatever the table holds."""

    code = "P021"

    def __init__(self, suite: str) -> None:
        super().__init__(suite, "the suite has no expectations.", "Add expectations, or leave the table out.")


class NothingToAudit(AuditFault):
    """A table without rows would pass every expectation on its values."""

    code = "P022"

    def __init__(self, suite: str) -> None:
        super().__init__(suite, "there are no responses to audit.", "Run `lagesbild pipeline run --once` first.")


class NotAllAudited(AuditFault):
    """Fewer tables, rows or expectations were looked at than were handed over."""

    code = "P023"

    def __init__(self, suite: str, what: str, looked_at: int, handed_over: int) -> None:
        super().__init__(suite, f"{looked_at} of {handed_over} {what} were looked at.", "Report this with the log.")
        self.looked_at = looked_at
        self.handed_over = handed_over


class AuditRaised(AuditFault):
    """An expectation ended in an exception instead of an answer."""

    code = "P024"

    def __init__(self, suite: str, expectation: str, cause: str) -> None:
        super().__init__(suite, f"{expectation} ended in an exception: {cause}", "Report this with the log.")
        self.expectation = expectation


class UnknownOrigin(TerminalError):
    """Nothing published, and nothing in the log, has this name."""

    code = "P040"

    def __init__(self, name: str, what: str, wrong: str, nearest: Sequence[str]) -> None:
        near = f"Did you mean {' or '.join(nearest)}?" if nearest else ""
        now = (
            "A figure is survey/year/indicator/unit[/sex][/category], an answer survey/year/unit/item[/row][/sex], an "
            "event its id, its submission id, its checksum or its position responses/0/17."
        )
        super().__init__(f"trace {name}", f"there is no {what} `{wrong}`.", f"{near} {now}".strip())
        self.name = name
        self.nearest = tuple(nearest)


class AmbiguousOrigin(TerminalError):
    """Several figures have this name."""

    code = "P041"

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        shown = ", ".join(candidates[:10]) + (f" and {len(candidates) - 10} more" if len(candidates) > 10 else "")
        super().__init__(f"trace {name}", f"{len(candidates)} figures have that name.", f"Say which: {shown}.")
        self.name = name
        self.candidates = tuple(candidates)


class ReceiptDiffers(TerminalError):
    """The event in the log is not what the receipt says was sent."""

    code = "P042"

    def __init__(self, position: str, log: str, receipt: str) -> None:
        what = f"the log's event has the checksum {log}, the receipt {receipt}: they are not the same content."
        now = "Check that it is this submission's receipt; if so, keep both and compare the log with its backup."
        super().__init__(position, what, now)
        self.position = position
        self.log = log
        self.receipt = receipt


class LogAltered(TerminalError):
    """The log is not what was landed: an event was altered, removed, put in or moved afterwards."""

    code = "P060"

    def __init__(self, topic: str, partition: int, first: int, last: int, witness: str) -> None:
        at = f"at offset {first}" if first == last else f"between offset {first} and offset {last}"
        what = f"the log was changed after it was landed: it departs from the chain of {witness} {at}."
        now = "Keep a copy of everything, compare the log with its backup, and find out who could write to it."
        super().__init__(f"{topic}[{partition}]", what, now)
        self.topic = topic
        self.partition = partition
        self.first = first
        self.last = last


class LogShortened(TerminalError):
    """The log has lost its beginning, as by retention; what is left of it is what was landed."""

    code = "P061"

    def __init__(self, topic: str, partition: int, chained: int, begins: int, follows: int | None, last: int) -> None:
        told = follows is not None and follows < last
        left = f"offsets {follows} to {last} are unchanged" if told else "too little is left to say more"
        what = f"the log was shortened: offsets {chained} to {begins - 1} are gone, {left}."
        now = "That is how retention works, no altered event was found: turn it off, and restore the log from a backup."
        super().__init__(f"{topic}[{partition}]", what, now)
        self.topic = topic
        self.partition = partition
        self.begins = begins
        self.follows = follows


class NotYetRecorded(TerminalError):
    """No publication on record was made of a chain that has the event in it."""

    code = "P062"

    def __init__(self, position: str) -> None:
        what = "no publication asked for was made of a log with this event in it."
        now = "Wait for the next publication, or see `lagesbild pipeline publications` for what each was made of."
        super().__init__(position, what, now)
        self.position = position


class ProofFails(TerminalError):
    """A proof does not prove what it says."""

    code = "P063"

    def __init__(self, name: str, cause: str) -> None:
        now = "Ask for the proof again, and compare the head with what was told to others when it was published."
        super().__init__(name, f"it proves nothing: {cause}.", now)
        self.name = name
        self.cause = cause
