"""Runs the collector in the foreground until it is told to stop."""

import signal
import sys
from types import FrameType

from infra.errors import TerminalError
from infra.log import configure_logging
from infra.settings import Settings

# A respondent's answer under way is let through; the log gives up after three seconds, so this is enough.
GRACE_SECONDS = 10


class PortTaken(TerminalError):
    """Another program answers on the port."""

    code = "C030"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(f"{host}:{port}", "the address is taken.", "Stop what uses it, or choose another with --port.")
        self.port = port


def run(settings: Settings, host: str, port: int) -> None:
    """Serves until SIGTERM or Ctrl-C, lets requests under way end, and exits 0. Raises PortTaken, infra's errors.

    Raises PopulationFileFaults too, before anything is opened.
    """
    import uvicorn

    from collectors.app import create_app

    _must_be_free(host, port)
    configure_logging(json=settings.log_format == "json")
    # The server hands the signal back when it has ended; without a handler of ours it would kill the process.
    signal.signal(signal.SIGTERM, _leave)
    config = uvicorn.Config(
        create_app(settings),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    server.run()
    if not server.started:
        sys.exit(1)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _must_be_free(host: str, port: int) -> None:
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise PortTaken(host, port) from fault
