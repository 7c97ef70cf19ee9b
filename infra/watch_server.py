"""What operations ask of a process that serves nothing else: /metrics, /healthz and /readyz on a port of their own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from infra.errors import WatchPortTaken

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

PLAIN = "text/plain; charset=utf-8"
# A watcher that opens a connection and says nothing must not keep a thread for ever.
SILENT_SECONDS = 10.0

Answer = tuple[HTTPStatus, str, bytes]


@contextmanager
def watchable(
    host: str, port: int, registry: "CollectorRegistry", unready: Callable[[], str | None]
) -> Iterator[tuple[str, int]]:
    """Answers on `host` and `port` (0: a free one) until the block ends; gives the address it listens on.

    `unready` says why the process cannot do its work now, None when it can. Raises WatchPortTaken.
    """
    try:
        server = ThreadingHTTPServer((host, port), _handler(registry, unready))
    except OSError as fault:
        raise WatchPortTaken(host, port, fault.strerror or str(fault)) from fault
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="watch", daemon=True)
    thread.start()
    try:
        yield host, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(registry: "CollectorRegistry", unready: Callable[[], str | None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = SILENT_SECONDS

        def do_GET(self) -> None:
            status, kind, body = _answer(self.path.partition("?")[0], registry, unready)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing: a scrape every few seconds is no event."""

    return Handler


def _answer(path: str, registry: "CollectorRegistry", unready: Callable[[], str | None]) -> Answer:
    from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

    match path:
        case "/metrics":
            return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(registry)
        case "/healthz":
            return HTTPStatus.OK, PLAIN, b"ok\n"
        case "/readyz":
            why = unready()
            status = HTTPStatus.OK if why is None else HTTPStatus.SERVICE_UNAVAILABLE
            return status, PLAIN, f"{why or 'ok'}\n".encode()
        case _:
            return HTTPStatus.NOT_FOUND, PLAIN, b"/metrics, /healthz or /readyz\n"
