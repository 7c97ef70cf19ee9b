"""The front door: the command line, and the only place where the rooms are joined."""

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import collectors.commands
import collectors.writer_commands
import dashboards.commands
import dashboards.report_commands
import pipeline.backup_commands
import pipeline.burden_commands
import pipeline.commands
import pipeline.draft_commands
import pipeline.export_commands
import pipeline.history_commands
import pipeline.letter_commands
import pipeline.opened
import pipeline.past_commands
import pipeline.suite_commands
import pipeline.trace_commands
import pipeline.validate_commands
from dashboards.errors import WrongReport
from infra.errors import Error, FileUnusable, SettingsError
from infra.log import configure_logging
from infra.settings import Settings, load_settings
from infra.terminal import complain, print_json, print_rows, say
from surveys.errors import SurveyError, UnknownSurvey, UnknownYear
from surveys.moment import NoSuchMoment
from surveys.units import UnknownUnit

if TYPE_CHECKING:
    from collectors.kept import Cells

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Survey = Annotated[str, typer.Argument(help="A survey, for example prehospital.")]

app = typer.Typer(
    name="lagesbild",
    help="Yearly mental-health mappings: asked, answered as events, audited, published, compared.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _from_writers(settings: Settings) -> Any:
    from collectors.writers import rehearsals

    return rehearsals(settings)


surveys_app = typer.Typer(help="The questionnaires: list, show, check, compare.", no_args_is_help=True)
app.add_typer(surveys_app, name="surveys")
collectors.commands.register(app)
collectors.writer_commands.register(app)
pipeline.commands.register(app)
pipeline.letter_commands.register(app, _from_writers)
pipeline.backup_commands.register(app)
pipeline.past_commands.register(pipeline.commands.pipeline_app)
pipeline.history_commands.register(app)
pipeline.draft_commands.register(surveys_app)
pipeline.burden_commands.register(surveys_app)
pipeline.suite_commands.register(app)
pipeline.validate_commands.register(app)
pipeline.export_commands.register(app)
dashboards.commands.register(app)
dashboards.report_commands.register(app, pipeline.opened.opened)


def _workbook_cells(settings: Settings, submission: str) -> "Cells":
    from collectors.kept import workbook_cells

    return workbook_cells(settings, submission)


def _receipt(settings: Settings, submission: str) -> str | None:
    from collectors.kept import receipt_checksum

    return receipt_checksum(settings, submission)


# Only here may the pipeline be told what the collectors kept.
pipeline.trace_commands.register(app, _workbook_cells, _receipt)


def main() -> None:
    """Run the command line; every foreseen error is one line on standard error, exit 1 (wrong usage: 2)."""
    configure_logging(level=logging.WARNING)  # what serves or follows says more, as its settings want it
    try:
        app()
    except (SettingsError, UnknownSurvey, UnknownYear, UnknownUnit, NoSuchMoment, WrongReport) as error:
        complain(str(error))
        sys.exit(2)
    except (Error, SurveyError) as error:
        complain(str(error))
        sys.exit(1)
    except OSError as fault:
        complain(str(FileUnusable(str(fault.filename or "output"), fault.strerror or str(fault))))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


@surveys_app.command("list")
def list_surveys(as_json: AsJson = False) -> None:
    """List every survey and year.

    Example: lagesbild surveys list
    """
    from surveys.catalogue import load_catalogue

    rows = [
        {
            "survey": questionnaire.survey,
            "year": questionnaire.year,
            "status": questionnaire.status,
            "asked": ", ".join(questionnaire.respondents),
            "items": sum(item.type != "note" for item in questionnaire.items.values()),
            "checks": len(questionnaire.checks),
            "indicators": len(questionnaire.indicators),
            "fingerprint": questionnaire.fingerprint,
            "title": questionnaire.title.sv,
        }
        for questionnaire in load_catalogue().all()
    ]
    print_rows(rows, as_json=as_json, title="Surveys")


@surveys_app.command("show")
def show_survey(
    survey: Survey,
    year: Annotated[int | None, typer.Argument(help="The year; the latest when left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what one survey asks: its items, where they came from and who is asked.

    Example: lagesbild surveys show prehospital 2026
    """
    from surveys.catalogue import load_catalogue

    catalogue = load_catalogue()
    questionnaire = catalogue.get(survey, year or catalogue.years(survey)[-1])
    if as_json:
        print_json(questionnaire.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        return
    rows: list[dict[str, Any]] = [
        {"item": address, "type": item.type, "lineage": item.lineage.kind, "question": item.label.sv}
        for address, item in questionnaire.items.items()
    ]
    print_rows(rows, as_json=False, title=f"{questionnaire.title.sv} ({questionnaire.survey} {questionnaire.year})")


@surveys_app.command("check")
def check_survey(
    path: Annotated[Path, typer.Argument(help="A definition file, or a folder of them.", exists=True)],
    as_json: AsJson = False,
) -> None:
    """Check definitions and report every fault: file and line, what, what now. Exit 1 when there is one.

    Example: lagesbild surveys check surveys/definitions/prehospital
    """
    from surveys.definition import check_path

    faults = check_path(path)
    if as_json:
        print_json([fault.as_json() for fault in faults])
    else:
        for fault in faults:
            say(str(fault))
        say(f"{path}: {len(faults)} fault{'' if len(faults) == 1 else 's'}")
    if faults:
        raise typer.Exit(1)


@surveys_app.command("diff")
def compare_years(
    survey: Survey,
    earlier: Annotated[int, typer.Argument(help="The earlier year.")],
    later: Annotated[int, typer.Argument(help="The later year.")],
    as_json: AsJson = False,
) -> None:
    """Say what changed between two years of a survey.

    Example: lagesbild surveys diff ungdomsmottagningar 2016 2022
    """
    from surveys.catalogue import load_catalogue
    from surveys.difference import difference

    catalogue = load_catalogue()
    changes = difference(catalogue.get(survey, earlier), catalogue.get(survey, later))
    if as_json:
        print_json([change.model_dump(mode="json") for change in changes])
    else:
        for change in changes:
            say(change.sentence.sv)


@surveys_app.command("schema")
def print_schema(
    survey: Survey,
    year: Annotated[int, typer.Argument(help="The year.")],
    kind: Annotated[str | None, typer.Option(help="region, kommun or mottagning; the first asked by default.")] = None,
) -> None:
    """Print the JSON Schema (draft 2020-12) of a response.

    Example: lagesbild surveys schema prehospital 2026
    """
    from surveys.catalogue import load_catalogue
    from surveys.schema import json_schema

    questionnaire = load_catalogue().get(survey, year)
    print_json(json_schema(questionnaire, kind or questionnaire.respondents[0]))


@app.command()
def demo(
    data_dir: DataDir = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Fill, load, publish, compare, and end.")] = False,
) -> None:
    """Fill the platform with demonstration answers and serve it, or compare published with computed figures.

    Example: lagesbild demo --no-serve
    """
    settings = load_settings(data_dir)
    _fill(settings)
    if no_serve:
        _compare(settings)
    else:
        _serve(settings)


def _fill(settings: Settings) -> None:
    """1. Answers through the collector's door, once. 2. Everything landed, audited and published."""
    from collectors.demonstration.fill import fill
    from pipeline.consume import run_once

    now = datetime.now(UTC)
    say(f"Filling {settings.data_dir} with fictitious answers, as if they came in year by year:")
    fill(settings, now, say)
    say("Landing, auditing and publishing them ...")
    run_once(settings)


def _compare(settings: Settings) -> None:
    """Print published against computed figures; exit 1 when one is off."""
    from pipeline.comparison import compare_published

    rows = compare_published(settings.data_dir)
    print_rows(
        [row.as_printed() for row in rows], as_json=False, title="Published against computed (fictitious answers)"
    )
    off = [row for row in rows if not row.holds]
    say(f"{len(rows) - len(off)} of {len(rows)} published figures reproduced")
    if off:
        raise typer.Exit(1)


def _serve(settings: Settings) -> None:
    """Run collector, pipeline and dashboards side by side until Ctrl-C; exit as the one that could not go on."""
    from collectors.demonstration.fill import sign_in_link
    from infra.processes import run_together

    command = [sys.executable, "-m", "lagesbild"]
    data = ["--data-dir", str(settings.data_dir)]
    say("")
    say("The form:        http://127.0.0.1:8000")
    say("The dashboards:  http://127.0.0.1:8501")
    say(f"Sign in as Västra Götalandsregionen: {sign_in_link(settings, 'http://127.0.0.1:8000', '14')}")
    say("All answers are fictitious. Ctrl-C ends all.")
    say("")
    status = run_together(
        [[*command, "serve", *data], [*command, "pipeline", "run", *data], [*command, "dashboard", *data]]
    )
    if status:
        raise typer.Exit(status)


if __name__ == "__main__":
    main()
