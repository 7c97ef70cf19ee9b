"""A collector that kills itself at a chosen place of receiving: `python crashing_server.py FOLDER PLACE`."""

import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from collectors import submissions
from infra.embedded_log import EmbeddedLog
from infra.event_log import RESPONSES, Position
from tests.collectors.build import DEFINITIONS


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash_at(place: str) -> None:
    """Makes the real steps end in a kill -9: before or after the append, or after the reservation."""
    reserve, append = submissions.Submissions.reserve, EmbeddedLog.append

    def reserve_and_die(self: submissions.Submissions, submission: Any, now: datetime) -> bool:
        reserve(self, submission, now)
        die()
        return True

    def append_and_die(self: EmbeddedLog, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        positions = append(self, topic, events)
        if topic == RESPONSES:
            die()
        return positions

    if place == "reserved":
        submissions.Submissions.reserve = reserve_and_die  # type: ignore[method-assign]  # the point of this file
    elif place == "appended":
        EmbeddedLog.append = append_and_die  # type: ignore[method-assign]  # the point of this file


def main(folder: str, place: str) -> None:
    import uvicorn

    from collectors.app import create_app
    from infra.settings import Settings
    from surveys.catalogue import Catalogue

    crash_at(place)
    app = create_app(Settings(data_dir=Path(folder)), Catalogue(DEFINITIONS))
    config = uvicorn.Config(app, port=0, log_config=None)
    server = uvicorn.Server(config)
    startup = server.startup

    async def startup_and_tell(sockets: Any = None) -> None:
        await startup(sockets)
        sys.stdout.write(f"{server.servers[0].sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()

    server.startup = startup_and_tell  # type: ignore[method-assign]  # tells the test the port
    server.run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
