"""The dashboards' command: dashboard."""

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from dashboards.errors import PortTaken
from infra.settings import PREFIX, load_settings
from infra.terminal import say

HOST_KEY = "STREAMLIT_SERVER_ADDRESS"
# Nobody but this machine, unless the installation says otherwise.
DEFAULT_HOST = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Adds the dashboards' command to the front door."""
    app.command("dashboard")(dashboard)


def dashboard(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to listen.")] = 8501,
    data_dir: Annotated[Path | None, typer.Option("--data-dir", help="The folder with the publications.")] = None,
) -> None:
    """Serve the dashboards until told to stop.

    Example: lagesbild dashboard --port 8501
    """
    settings = load_settings(data_dir)
    host = os.environ.get(HOST_KEY) or DEFAULT_HOST
    _must_be_free(host, port)
    say(f"The dashboards:  http://{host}:{port}")
    # This process becomes the server, so that a signal reaches it and nothing else.
    os.execve(sys.executable, server_command(host, port), server_environment(os.environ, settings.data_dir))


def server_command(host: str, port: int) -> list[str]:
    """The command line of the server."""
    options = {
        "server.headless": "true",
        "server.address": host,
        "server.port": str(port),
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("app.py")), *flags]


def server_environment(environment: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """The environment of the server: this one, and where the publications are."""
    return {**environment, f"{PREFIX}DATA_DIR": str(data_dir.resolve())}


def _must_be_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise PortTaken(host, port) from fault
