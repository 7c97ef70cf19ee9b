"""Commands for who writes definitions: would a change move old answers, and what would it do to last year's."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.settings import load_settings
from infra.terminal import print_json, say

if TYPE_CHECKING:
    from surveys.refusals import Refusal

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def register(surveys_app: typer.Typer) -> None:
    """Adds the commands to those about surveys."""
    surveys_app.command("compatible")(check_compatibility)


def check_compatibility(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A draft (file), a survey (folder) or all (folder of folders); the product's own.", exists=True
        ),
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Definitions to hold it against; the product's own.", exists=True)
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Refuse definitions that would move, relabel or lose answers already given: which item, which answers, what now.

    Published years are held against the copies made when they were frozen, a new year against the years before it.
    Answers are counted in what is published, if anything is. Exit 1 when something is refused.

    Example: lagesbild surveys compatible surveys/definitions/prehospital/2026.yaml
    """
    from pipeline.affected import given_responses, with_answers
    from surveys.catalogue import packaged_definitions
    from surveys.compatibility import refusals
    from surveys.proposal import read_kept, read_proposal

    folder = load_settings(data_dir).data_dir
    proposal = read_proposal(path or packaged_definitions(), against)
    kept = read_kept(against, given_responses(folder))
    found = with_answers(refusals(proposal, kept), folder)
    if as_json:
        print_json([one.as_json() for one in found])
    else:
        _tell(found, len(proposal.questionnaires), published=bool(kept.given))
    if found:
        raise typer.Exit(1)


def _tell(found: "list[Refusal]", years: int, *, published: bool) -> None:
    for one in found:
        say(one.sentence("sv"))
    looked = "the answers published" if published else "frozen definitions only: nothing is published here"
    say(f"{years} {'year' if years == 1 else 'years'} held against {looked}: {len(found)} refused")
