"""The pipeline's commands: pipeline run/status, validate."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.log import configure_logging
from infra.settings import load_settings
from infra.terminal import print_json, print_rows, say

if TYPE_CHECKING:
    pass

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

pipeline_app = typer.Typer(
    help="From the log to the published file: run, follow, rebuild, prove.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Adds the pipeline's commands to the front door."""
    app.add_typer(pipeline_app, name="pipeline")


@pipeline_app.command("run")
def run_pipeline(
    once: Annotated[bool, typer.Option("--once", help="Land and publish what the log has, then end.")] = False,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            "--metrics-port", min=0, max=65535, help="Tell /metrics, /healthz and /readyz there; 0: a free port."
        ),
    ] = None,
    standby: Annotated[
        bool, typer.Option("--standby", help="Wait while another pipeline runs, and take over when it has ended.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Land, audit and publish what the log has, until it is asked to end.

    One pipeline owns the warehouse. A second one is refused, or waits with --standby and takes over at once.

    Example: lagesbild pipeline run --once
    """
    from pipeline.consume import replace_outdated, run, run_once, stand_by, stopped_by_signals, utc_now
    from pipeline.examine import rehearse
    from pipeline.watching import watched
    from surveys.catalogue import load_catalogue

    settings = load_settings(data_dir)
    if once:
        configure_logging(json=settings.log_format == "json", level=logging.WARNING)
        totals = run_once(settings)
        say(f"{totals.accepted} accepted, {totals.repeated} repeated, {totals.parked} parked; published.")
        return
    stop = stopped_by_signals()
    configure_logging(json=settings.log_format == "json")
    if standby:
        stand_by(settings, stop)
    if stop.is_set():
        return
    with watched(settings, metrics_port) as watch:
        replace_outdated(settings)
        rehearse(settings, load_catalogue(), utc_now())
        run(settings, stop, watch)


@pipeline_app.command("status")
def show_status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show how far the pipeline has come: read, landed, parked, published, held.

    Example: lagesbild pipeline status
    """
    from pipeline.status import status

    now = status(load_settings(data_dir))
    if as_json:
        print_json(now.model_dump(mode="json"))
        return
    facts = now.model_dump(mode="json", exclude={"topics"})
    print_rows([{"fact": name, "value": _shown(value)} for name, value in facts.items()], as_json=False)
    print_rows([topic.model_dump(mode="json") for topic in now.topics], as_json=False, title="Topics")


def _shown(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
