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
    from pipeline.burden import Burden, QuestionBurden, TimeSpent

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
    """Tell how long answering takes, what each question is for, and how often its answer is as the time before.

    Reads what is published: which questions no figure needs, and which are always unchanged, could be left out or asked
    less often next time (docs/burden.md).

    Example: lagesbild surveys burden prehospital 2025
    """
    from pipeline.burden import burden

    found = burden(load_settings(data_dir), survey, year, as_of)
    if as_json:
        print_json(found.model_dump(mode="json"))
    elif as_csv:
        _write(found.questions)
    else:
        _show(found)


def _write(found: "Sequence[QuestionBurden]") -> None:
    rows = [one.model_dump() for one in found]
    out = csv.DictWriter(sys.stdout, list(rows[0]) if rows else [], lineterminator="\n")
    out.writeheader()
    out.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, tuple) else value


def _show(burden: "Burden") -> None:
    found, title = burden.questions, f"{burden.survey} {burden.year}"
    print_rows([_time(one) for one in burden.time], as_json=False, title=f"{title}: median time, of 5 units or more")
    print_rows([_row(one) for one in found], as_json=False, title=f"{title}: questions")
    if burden.time:
        say("Minutes of a question are an estimate: its section's, divided alike among the section's questions.")
    uses, always = Counter(one.use for one in found), [one for one in found if one.always_unchanged]
    say(f"{len(found)} questions and columns: " + ", ".join(f"{uses[use]} {SAID[use]}" for use in USES) + ".")
    compared = sum(one.compared >= ALWAYS_UNITS for one in found)
    bound = f"the same from at least {ALWAYS_SHARE:.0%} of at least {ALWAYS_UNITS} units"
    say(f"{len(always)} of the {compared} that could be compared are always unchanged ({bound}).")


def _time(one: "TimeSpent") -> dict[str, Any]:
    place = {"of": one.unit_kind, "section": one.section or "(all)", "how": one.how}
    return {**place, "minutes": f"{one.minutes:g}", "units": f"{one.units} of {one.answered}"}


def _row(one: "QuestionBurden") -> dict[str, Any]:
    share = f"{one.unchanged / one.compared:.0%}" if one.compared else None
    before = "not comparable" if one.compared_with is None else f"as {one.compared_with}"
    unchanged = f"{one.unchanged} of {one.compared}" if one.compared else None
    how = {"unchanged": unchanged, "share": share, "always": "always" if one.always_unchanged else None}
    by = ", ".join((*one.indicators, *one.checks, *one.routes))
    named = by if len(by) <= 60 else f"{by[:59]}…"
    minutes = None if one.minutes_estimated is None else f"{one.minutes_estimated:.1f}"
    last = {"asked": one.answering, "minutes": minutes}
    return {"item": one.item_id, "use": one.use, "used by": named, "before": before, **how, **last}
