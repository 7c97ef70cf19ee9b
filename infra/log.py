"""Logs: an event and its facts, to one stream, as lines for people or as JSON for machines.

Of an exception they tell the kind and the places it went through. What a library says of it may quote what it was
given, an answer or a secret, and is left out; our own errors say nothing of the kind and are told whole.
"""

import logging
import sys
from traceback import format_tb
from typing import Any, TextIO

import structlog

from infra.errors import Error

# Their clients tell of every reconnection; we raise LogUnavailable instead, and log or raise, never both.
QUIET = {"kafka": logging.CRITICAL, "alembic": logging.WARNING, "great_expectations": logging.WARNING}


def get_logger(name: str) -> Any:
    """A structlog logger: `logger.info("landed", events=12)`; before configure_logging only warnings are shown."""
    return structlog.wrap_logger(
        logging.getLogger(name),
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def configure_logging(stream: TextIO | None = None, json: bool = False, level: int = logging.INFO) -> None:
    """Sends all logs, also those of libraries, to `stream` (standard error), from `level` up."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(json))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, own in QUIET.items():
        logging.getLogger(name).setLevel(own)


def _formatter(json: bool) -> logging.Formatter:
    common: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_what_it_quotes,
    ]
    last = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _json() if json else _lines(),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[], processors=[*common, *last])


def _without_what_it_quotes(
    _logger: Any, _method: str, facts: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    told = facts.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else sys.exc_info()[1] if told is True else told
    if isinstance(error, BaseException):
        facts["exception"] = "\n".join(_told(error))
    return facts


def _told(error: BaseException) -> list[str]:
    """The first cause first, as Python tells it."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    last = f"{kind}: {error}" if isinstance(error, Error) else kind
    return [*(_told(cause) if cause else []), "".join(format_tb(error.__traceback__)) + last]


def _json() -> structlog.types.Processor:
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _lines() -> structlog.types.Processor:
    return structlog.dev.ConsoleRenderer(colors=False)
