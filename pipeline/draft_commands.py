"""Commands for who writes definitions: would a change move old answers, and what would it do to last year's."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.settings import load_settings
from infra.terminal import print_json, print_rows, say

if TYPE_CHECKING:
    from pipeline.preview import Preview
    from surveys.refusals import Refusal

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def register(surveys_app: typer.Typer) -> None:
    """Adds the commands to those about surveys."""
    surveys_app.command("compatible")(check_compatibility)
    surveys_app.command("preview")(preview_draft)


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


def preview_draft(
    path: Annotated[Path, typer.Argument(help="A draft: the file of one year.", exists=True, dir_okay=False)],
    against: Annotated[
        Path | None, typer.Option("--against", help="Definitions of earlier years; the product's own.", exists=True)
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Replay last year's answers through a draft: how many fail, change, lose comparability. Nothing is written.

    Example: lagesbild surveys preview surveys/definitions/prehospital/2026.yaml
    """
    from pipeline.consume import opened_log
    from pipeline.preview import preview
    from surveys.catalogue import Catalogue, packaged_definitions
    from surveys.population import population_in_force
    from surveys.proposal import read_proposal

    settings = load_settings(data_dir)
    draft = read_proposal(path, against).questionnaires[-1]
    with opened_log(settings) as log:
        found = preview(
            log, draft, Catalogue(against or packaged_definitions()), population_in_force(settings.population_file)
        )
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        _show(found)


def _show(found: "Preview") -> None:
    print_rows(
        [
            {
                "check": one.check,
                "severity": one.severity,
                "units": one.units,
                "last year": one.before,
                "for example": f"{', '.join(one.named)}: {one.example.sv}",
            }
            for one in found.checks
        ],
        as_json=False,
        title="Checks that last year's answers fail",
    )
    columns = ("item", "lineage", "comparable", "answers", "kept", "recoded", "lost", "off_path")
    changed = [one for one in found.items if not one.comparable or one.recoded or one.lost or one.off_path]
    print_rows(
        [{name: getattr(one, name) for name in columns} for one in changed], as_json=False, title="Items that change"
    )
    for item, units in found.to_answer.items():
        say(f"{item}: required, and nobody has answered it before ({units} units)")
    for item, units in found.gone.items():
        say(f"{item}: no longer asked; {units} answers stay in {found.based_on}")
    kept = sum(one.comparable for one in found.items)
    say(
        f"{found.responses} responses of {found.survey} {found.based_on} replayed through {found.year}: "
        f"{found.passing} pass, {found.explaining} need an explanation, {found.failing} fail; "
        f"{kept} of {len(found.items)} items stay comparable."
    )
