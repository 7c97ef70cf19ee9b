"""The command history: what a unit answered before, and why it changed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.settings import load_settings
from infra.terminal import print_json, print_rows

if TYPE_CHECKING:
    from pipeline.versions import Change, Version


def register(app: typer.Typer) -> None:
    """Adds the command to the front door."""
    app.command("history")(show_history)


def show_history(
    survey: Annotated[str, typer.Argument(help="A survey, for example psykiatrin.")],
    year: Annotated[int, typer.Argument(help="Its year.")],
    unit: Annotated[str, typer.Argument(help="A unit's code, for example 01.")],
    item: Annotated[str | None, typer.Argument(help="One question; all of them when left out.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="A past moment: 2023-12-01, 2023-12-01T12:00, an offset, an id.")
    ] = None,
    data_dir: Annotated[Path | None, typer.Option("--data-dir", help="The folder with the publications.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Show every version of a unit's response as published: when, how and why it came, and what it changed.

    Small numbers stay hidden, also former ones.

    Example: lagesbild history psykiatrin 2017 01 bup_invanare
    """
    from pipeline.versions import versions
    from surveys.moment import moment

    then = None if as_of is None else moment(as_of)
    found = versions(load_settings(data_dir), survey, year, unit, item, then)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    print_rows([_version(one) for one in found], as_json=False, title=f"{survey} {year}, {unit}")
    changes = [_change(one, each) for one in found for each in one.changes]
    print_rows(changes, as_json=False, title="Changed")


def _version(one: "Version") -> dict[str, Any]:
    place = f"{one.partition}:{one.offset}"
    at = one.submitted_at.isoformat(timespec="seconds")
    return {"revision": one.revision, "submitted_at": at, "mode": one.mode, "reason": one.reason, "position": place}


def _change(one: "Version", each: "Change") -> dict[str, Any]:
    return {
        "revision": one.revision,
        "item": each.item,
        "row": each.row,
        "sex": each.sex,
        "before": _said(each.before, each.before_missing),
        "after": _said(each.after, each.after_missing),
    }


def _said(value: float | str | None, missing: str | None) -> str | None:
    if value is None:
        return missing
    return value if isinstance(value, str) else f"{value:.12g}"
