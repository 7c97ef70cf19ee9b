"""The pipeline's commands: pipeline run/status, validate."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.log import configure_logging
from infra.settings import load_settings
from infra.terminal import print_json, print_rows, say

if TYPE_CHECKING:
    from pipeline.audit import Result
    from pipeline.mart import Part

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

pipeline_app = typer.Typer(
    help="From the log to the published file: run, follow, rebuild, prove.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Adds the pipeline's commands to the front door."""
    app.add_typer(pipeline_app, name="pipeline")
    app.command("validate")(validate)


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


def validate(
    survey: Annotated[str | None, typer.Argument(help="A survey; all of them when left out.")] = None,
    year: Annotated[int | None, typer.Option("--year", help="Its year; all of them when left out.")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Ask every suite of what is landed and write the Data Docs; exit 1 when a critical expectation does not hold.

    Beside a running pipeline, what is published is looked at.

    Example: lagesbild validate prehospital --year 2023
    """
    from pipeline.audit import DataDocs
    from pipeline.consume import utc_now
    from pipeline.errors import NothingToAudit
    from pipeline.examine import examine
    from surveys.catalogue import load_catalogue

    settings, catalogue = load_settings(data_dir), load_catalogue()
    surveys = [survey] if survey else catalogue.surveys()
    parts = [(one, each) for one in surveys for each in catalogue.years(one) if year in (None, each)]
    if year is not None and not parts:
        raise typer.BadParameter(f"No survey of {year}.", param_hint="--year")
    docs = DataDocs(settings.data_dir / "data-docs")
    results = examine(settings, catalogue, parts, utc_now(), docs)
    if not results:
        raise NothingToAudit(f"{survey or 'surveys'}{f'/{year}' if year else ''}")
    page = docs.write()
    if as_json:
        print_json([_result(one) for one in results])
    else:
        print_rows(_summary(results), as_json=False, title="Audit")
        print_rows([_failure(one) for one in results if not one.success], as_json=False, title="Does not hold")
        say(f"Data Docs: {page}")
    if any(one.severity == "critical" and not one.success for one in results):
        raise typer.Exit(1)


def _summary(results: "Iterable[Result]") -> list[dict[str, Any]]:
    parts: defaultdict[Part, list[Result]] = defaultdict(list)
    for one in results:
        parts[one.survey, one.year].append(one)
    return [
        {
            "survey": survey,
            "year": year,
            "expectations": len(found),
            "critical": sum(not one.success and one.severity == "critical" for one in found),
            "warnings": sum(not one.success and one.severity == "warning" for one in found),
        }
        for (survey, year), found in parts.items()
    ]


def _failure(one: "Result") -> dict[str, Any]:
    place = {"survey": one.survey, "year": one.year, "severity": one.severity}
    return {**place, "check": one.check or one.column, "meaning": one.meaning.sv, "where": one.observed}


def _result(one: "Result") -> dict[str, Any]:
    names = ("survey", "year", "expectation", "check", "column", "severity", "success", "observed", "elements")
    more = {"unexpected": one.unexpected, "checked_at": one.checked_at, "sv": one.meaning.sv, "en": one.meaning.en}
    return {name: getattr(one, name) for name in names} | more


def _shown(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
