"""Errors of the dashboards: where, what, what now."""

from pathlib import Path

from infra.errors import TerminalError, TransientError


class PortTaken(TerminalError):
    """Another program answers on the port."""

    code = "D001"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}", "the address is taken.", "Stop what uses it, or choose another with --port.")
        self.port = port


class PastNotShown(TerminalError):
    """The publication of a past moment could not be made; `cause` is what the pipeline said."""

    code = "D020"

    def __init__(self, moment: str, cause: str) -> None:
        now = "Choose another moment, or see that the log can be read where the dashboards run."
        super().__init__(f"as of {moment}", cause, now)
        self.cause = cause


class NewerPublication(TransientError):
    """The publication that was asked for is no longer in force, and no longer open."""

    code = "D010"

    def __init__(self, asked: str, current: str) -> None:
        super().__init__(f"publication {asked}", f"{current} is in force by now.", "Draw the page again.")
        self.asked = asked
        self.current = current


class WrongReport(TerminalError):
    """What was asked for is no report that can be made."""


class UnitNotAsked(WrongReport):
    """A report was to be about a unit that the mapping has no figures of; `kinds` are those it asks."""

    code = "D030"

    def __init__(self, survey: str, year: int, unit: str, kinds: tuple[str, ...]) -> None:
        what = f"the unit was not asked, and it has no figures: {', '.join(kinds)} are asked."
        super().__init__(f"{survey}/{year}, unit {unit}", what, "Choose a unit of that kind, or another mapping.")
        self.unit = unit
        self.kinds = kinds


class ReportInTheWay(WrongReport):
    """Where a report was to be written there is something already, or its name is not that of a report."""

    code = "D031"

    def __init__(self, path: Path, what: str, now: str) -> None:
        super().__init__(str(path), what, now)
        self.path = path


class NothingToReport(TransientError):
    """Nobody has answered the mapping in that year."""

    code = "D032"

    def __init__(self, survey: str, year: int) -> None:
        super().__init__(f"{survey}/{year}", "nobody has answered yet.", "Wait for the first answers.")
