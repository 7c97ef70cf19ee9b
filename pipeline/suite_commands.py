"""Commands for who writes and reads suites: what is expected, and whether a suite can be read as meant."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.terminal import print_json, print_rows, say

if TYPE_CHECKING:
    from surveys.questionnaire import Questionnaire

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

suites_app = typer.Typer(help="What is expected of the answers as a whole: list, check.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands to the front door."""
    app.add_typer(suites_app, name="suites")


@suites_app.command("list")
def list_expectations(
    survey: Annotated[str | None, typer.Argument(help="A survey; all of them when left out.")] = None,
    year: Annotated[int | None, typer.Option("--year", help="Its year; the latest when left out.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also what comes from the questionnaire's checks.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is expected of a survey, in words: hand-written, or with --all also from its checks.

    Example: lagesbild suites list psykiatrin --year 2023
    """
    from surveys.catalogue import load_catalogue

    catalogue = load_catalogue()
    surveys = [survey] if survey else catalogue.surveys()
    years = {one: year or catalogue.years(one)[-1] for one in surveys}
    rows = [row for one, asked in years.items() for row in _listed(catalogue.get(one, asked), every=every)]
    if not as_json:
        rows = [
            {name: value for name, value in row.items() if name not in ("en", "reason_en", "column")} for row in rows
        ]
    print_rows(rows, as_json=as_json, title="Expectations")


def _listed(q: "Questionnaire", *, every: bool) -> Iterator[dict[str, Any]]:
    from pipeline.handwritten import expected_of
    from surveys.implied import suite

    place = {"survey": q.survey, "year": q.year}
    for one in expected_of(q):
        named = {**place, "origin": "handwritten", "id": one.id, "severity": one.severity, "column": None}
        yield named | {"sv": one.meaning.sv, "en": one.meaning.en, "reason": one.reason.sv, "reason_en": one.reason.en}
    for spec in (spec for kind in q.respondents if every for spec in suite(q, kind)):
        named = {**place, "origin": "check", "id": spec.check, "severity": spec.severity, "column": spec.column}
        yield named | {"sv": spec.description.sv, "en": spec.description.en, "reason": None, "reason_en": None}


@suites_app.command("check")
def check_suites(
    path: Annotated[Path | None, typer.Argument(help="A suite; the product's own when left out.", exists=True)] = None,
    as_json: AsJson = False,
) -> None:
    """Check hand-written suites and report every fault, also what no year is asked. Exit 1 when there is one.

    Example: lagesbild suites check pipeline/expected/psykiatrin.yaml
    """
    from pipeline.handwritten import suite_files

    faults = [{"file": one.name, "fault": told} for one in ([path] if path else suite_files()) for told in _faults(one)]
    if as_json:
        print_json(faults)
    else:
        for fault in faults:
            say(f"{fault['file']}: {fault['fault']}")
        say(f"{len(faults)} fault{'' if len(faults) == 1 else 's'}")
    if faults:
        raise typer.Exit(1)


def _faults(path: Path) -> Iterator[str]:
    from pipeline.errors import AuditFault
    from pipeline.handwritten import fitting, never_asked, read_suite
    from pipeline.suite_errors import SuiteFaults
    from surveys.catalogue import load_catalogue

    catalogue = load_catalogue()
    try:
        suite = read_suite(path)
    except SuiteFaults as fault:
        yield from fault.faults
        return
    except AuditFault as fault:
        yield fault.what
        return
    if suite.survey not in catalogue.surveys():
        yield f"there is no survey {suite.survey}"
        return
    years = catalogue.years(suite.survey)
    yield from (f"{name}: no year is asked" for name in never_asked(suite, years))
    for year in years:
        yield from (f"{year}, {told}" for told in fitting(suite, catalogue.get(suite.survey, year))[1])
