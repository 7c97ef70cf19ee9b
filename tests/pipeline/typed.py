"""The pipeline's commands as they are typed."""

import json
from typing import Any

import typer
from typer.testing import CliRunner, Result

from infra.embedded_log import EmbeddedLog
from pipeline import commands, history_commands, letter_commands, past_commands, trace_commands, validate_commands


def typed(log: EmbeddedLog, *words: str) -> Result:
    """What a command did; an error of ours comes out as it was raised, since the front door prints it."""
    app = typer.Typer(pretty_exceptions_enable=False)
    commands.register(app)
    letter_commands.register(app)
    history_commands.register(app)
    validate_commands.register(app)
    past_commands.register(commands.pipeline_app)
    trace_commands.register(app, lambda _settings, _id: {}, lambda _settings, _id: None)
    done = CliRunner().invoke(app, [*words, "--data-dir", str(log.path.parent)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def printed(log: EmbeddedLog, *words: str) -> Any:
    """What it prints for programs."""
    return json.loads(typed(log, *words, "--json").stdout)
