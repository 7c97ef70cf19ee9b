"""Errors of the dashboards: where, what, what now."""

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
