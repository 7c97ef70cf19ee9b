"""Somebody who looks at the dashboards all the time: asks what the pages ask, of whatever is in force."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dashboards import data
from dashboards.errors import NewerPublication
from infra.errors import NothingPublished


class Reader:
    """`seen` are the publications that were read whole; it fails the block with what no page may meet."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.drawn_anew = 0
        self.fault: BaseException | None = None
        self.done = threading.Event()

    def read_on(self) -> None:
        try:
            while not self.done.is_set():
                self._look()
        except BaseException as fault:
            self.fault = fault

    def _look(self) -> None:
        publish_id = data.in_force()
        if publish_id is None:
            self.done.wait(0.05)
            return
        try:
            found = data.publication(publish_id)
            surveys = data.surveys(publish_id, "sv")
            newest = data.received(publish_id, "sv", 10_000)
            data.expectations(publish_id, "sv")
        except (NewerPublication, NothingPublished):
            self.drawn_anew += 1  # the page does the same
            return
        assert found.publish_id == publish_id
        assert len(newest) <= found.events
        assert sum(survey.answered for survey in surveys) == len({one.unit for one in newest})
        self.seen.append(publish_id)
        data.received.clear()  # asks the file, not what was remembered
        data.publication.clear()


@contextmanager
def reading() -> Iterator[Reader]:
    reader = Reader()
    thread = threading.Thread(target=reader.read_on)
    thread.start()
    try:
        yield reader
    finally:
        reader.done.set()
        thread.join()
        data._opened.clear()
    if reader.fault is not None:
        raise reader.fault
