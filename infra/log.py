"""Logs: an event and its facts, to one stream, as lines for people or as JSON for machines."""

import logging
from typing import Any, TextIO

import structlog

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
    ]
    last = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        *((structlog.processors.format_exc_info, _json()) if json else (_lines(),)),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[], processors=[*common, *last])


def _json() -> structlog.types.Processor:
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _lines() -> structlog.types.Processor:
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
