"""Errors of the dashboards: where, what, what now."""

from infra.errors import TerminalError


class PortTaken(TerminalError):
    """Another program answers on the port."""

    code = "D001"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}", "the address is taken.", "Stop what uses it, or choose another with --port.")
        self.port = port
