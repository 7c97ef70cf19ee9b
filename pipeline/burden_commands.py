"""The command that tells what a survey costs those who answer it, so that next year's can be shorter."""

import csv
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.settings import load_settings
from infra.terminal import print_json, print_rows, say
from surveys.burden import ALWAYS_SHARE, ALWAYS_UNITS, USES

if TYPE_CHECKING:
    from pipeline.burden import QuestionBurden

SAID = {
    "figure": "for a figure",
    "support": "for a check or the routing of a figure",
    "circle": "for questions without a figure",
    "listed": "only listed",
}


def register(surveys_app: typer.Typer) -> None:
    """Adds the command to those about surveys."""
    surveys_app.command("burden")(tell_burden)


def tell_burden(
    survey: Annotated[str, typer.Argument(help="A survey, for example prehospital.")],
    year: Annotated[
        int | None, typer.Argument(help="Its year; the newest finished and answered one when left out.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="A past moment: 2023-12-01, 2023-12-01T12:00, an offset, an id.")
    ] = None,
    data_dir: Annotated[Path | None, typer.Option("--data-dir", help="The folder with the publications.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with every column.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Tell what each question is used for, and how often its answer is what it was the time before.

    Reads what is published: which questions no figure needs, and which are always unchanged, could be left out or asked
    less often next time (docs/burden.md).

    Example: lagesbild surveys burden prehospital 2025
    """
    from pipeline.burden import question_burden

    found = question_burden(load_settings(data_dir), survey, year, as_of)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    elif as_csv:
        _write(found)
    else:
        _show(found)


def _write(found: "Sequence[QuestionBurden]") -> None:
    rows = [one.model_dump() for one in found]
    out = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [], lineterminator="\n")
    out.writeheader()
    out.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, tuple) else value


def _show(found: "Sequence[QuestionBurden]") -> None:
    print_rows([_row(one) for one in found], as_json=False, title=f"{found[0].survey} {found[0].year}")
    uses, always = Counter(one.use for one in found), [one for one in found if one.always_unchanged]
    say(f"{len(found)} questions and columns: " + ", ".join(f"{uses[use]} {SAID[use]}" for use in USES) + ".")
    compared = sum(one.compared >= ALWAYS_UNITS for one in found)
    bound = f"the same from at least {ALWAYS_SHARE:.0%} of at least {ALWAYS_UNITS} units"
    say(f"{len(always)} of the {compared} that could be compared are always unchanged ({bound}).")


def _row(one: "QuestionBurden") -> dict[str, Any]:
    share = f"{one.unchanged / one.compared:.0%}" if one.compared else None
    before = "not comparable" if one.compared_with is None else f"as {one.compared_with}"
    unchanged = f"{one.unchanged} of {one.compared}" if one.compared else None
    how = {"unchanged": unchanged, "share": share, "always": "always" if one.always_unchanged else None}
    by = ", ".join((*one.indicators, *one.checks, *one.routes))
    named = by if len(by) <= 60 else f"{by[:59]}…"
    return {"item": one.item_id, "use": one.use, "used by": named, "before": before, **how, "asked": one.answering}
