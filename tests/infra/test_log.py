"""Logs: one stream, an event and its facts, from our code and from libraries alike."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from infra.errors import LogUnavailable
from infra.log import configure_logging, get_logger


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root, server = logging.getLogger(), logging.getLogger("uvicorn.error")
    handlers, level, server_level = root.handlers, root.level, server.level
    # Servers that other tests have run in this process left its level, and whether it passes on, as they were told.
    server.setLevel(logging.NOTSET)
    passes_on, server.propagate = server.propagate, True
    yield
    root.handlers = handlers
    root.setLevel(level)
    server.setLevel(server_level)
    server.propagate = passes_on


def test_json_lines_hold_the_event_its_facts_and_what_was_bound() -> None:
    stream = io.StringIO()
    configure_logging(stream, json=True)
    get_logger("pipeline.land").bind(survey="prehospital").info("landed", events=12, ort="Åre")
    line = json.loads(stream.getvalue())
    assert line["event"] == "landed"
    assert (line["events"], line["survey"], line["ort"]) == (12, "prehospital", "Åre")
    assert (line["level"], line["logger"]) == ("info", "pipeline.land")
    assert line["timestamp"].endswith("Z")


def test_lines_for_people_have_no_colour_codes() -> None:
    stream = io.StringIO()
    configure_logging(stream)
    get_logger("x").warning("late", seconds=3)
    assert "late" in stream.getvalue()
    assert "seconds=3" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_libraries_go_the_same_way_and_noise_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # Streamlit, which no process of ours that logs has loaded, takes this logger for itself when it is tested before.
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    stream = io.StringIO()
    configure_logging(stream, json=True)
    logging.getLogger("a.library").warning("port %d taken", 8000)
    logging.getLogger("kafka.net").error("reconnecting")
    get_logger("x").debug("detail")
    # Threads of other tests' clients may log meanwhile: only our own three lines are judged.
    events = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    ours = {"port 8000 taken", "reconnecting", "detail"}
    assert [event for event in events if event in ours] == ["port 8000 taken"]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("name", ["collectors.app", "uvicorn.error"])
def test_an_exception_is_told_without_what_it_quotes(as_json: bool, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    stream, answer = io.StringIO(), "svar".upper()
    configure_logging(stream, json=as_json)
    try:
        try:
            int(answer)
        except ValueError as cause:
            raise LogUnavailable("sqlite:///log.sqlite", "locked") from cause
    except LogUnavailable as error:
        if name == "uvicorn.error":
            logging.getLogger(name).exception("Exception in ASGI application")
        else:
            get_logger(name).error("request_failed", exc_info=error)
    told = stream.getvalue()
    assert answer not in told
    assert "ValueError" in told
    assert "LogUnavailable: I002 sqlite:///log.sqlite" in told
    assert "int(answer)" in told
