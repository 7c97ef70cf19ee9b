"""Commands about audits: validate what is landed, how its expectations fared before, and what to follow up."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.settings import Settings, load_settings
from infra.terminal import print_json, print_rows, say

if TYPE_CHECKING:
    from pipeline.audit import Result
    from pipeline.follow_up import FollowedUp
    from pipeline.history import Change
    from pipeline.mart import Part

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Survey = Annotated[str | None, typer.Argument(help="A survey; all of them when left out.")]
Year = Annotated[int | None, typer.Option("--year", help="Its year; all of them when left out.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the front door."""
    app.command("validate")(validate)
    app.command("follow-up")(list_follow_up)


def validate(
    survey: Survey = None,
    year: Year = None,
    history: Annotated[
        bool, typer.Option("--history", help="Only tell when expectations began to hold or fail, as published.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Say nothing when every critical expectation holds: for cron.")
    ] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Ask every suite of what is landed and write the Data Docs; exit 1 when a critical expectation does not hold.

    Exit 1 also when nothing could be audited. The last line sums up. Beside a running pipeline, what is published is
    looked at.

    Example: lagesbild validate prehospital --year 2023
    """
    settings = load_settings(data_dir)
    parts = _parts(survey, year)
    if history:
        _tell_history(settings, survey, year, as_json=as_json)
        return
    results, page = _examined(settings, parts)
    is_sound = not any(_is_critical(one) for one in results)
    if as_json:
        print_json([_result(one) for one in results])
    elif not (quiet and is_sound):
        told = [one for one in results if not one.success and (_is_critical(one) or not quiet)]
        if not quiet:
            print_rows(_by_part(results), as_json=False, title="Audit")
        print_rows([_failure(one) for one in told], as_json=False, title="Does not hold")
        say(f"Data Docs: {page}")
        say(_summed_up(results))
    if not is_sound:
        raise typer.Exit(1)


def _parts(survey: str | None, year: int | None) -> "list[Part]":
    from surveys.catalogue import load_catalogue

    catalogue = load_catalogue()
    surveys = [survey] if survey else catalogue.surveys()
    parts = [(one, each) for one in surveys for each in catalogue.years(one) if year in (None, each)]
    if year is not None and not parts:
        raise typer.BadParameter(f"No survey of {year}.", param_hint="--year")
    return parts


def _examined(settings: Settings, parts: "Sequence[Part]") -> "tuple[list[Result], Path]":
    from pipeline.audit import DataDocs
    from pipeline.consume import utc_now
    from pipeline.errors import NothingToAudit
    from pipeline.examine import examine
    from surveys.catalogue import load_catalogue

    docs = DataDocs(settings.data_dir / "data-docs")
    results = examine(settings, load_catalogue(), parts, utc_now(), docs)
    if not results:
        raise NothingToAudit(", ".join(sorted({survey for survey, _ in parts})))
    return results, docs.write()


def _is_critical(one: "Result") -> bool:
    return one.severity == "critical" and not one.success


def _summed_up(results: "Sequence[Result]") -> str:
    """`27 parts, 5227 expectations: 0 critical failures, 38 warnings.`"""
    parts = {(one.survey, one.year) for one in results}
    critical = [one for one in results if _is_critical(one)]
    warnings = sum(not one.success for one in results) - len(critical)
    held = sorted({f"{one.survey}/{one.year}" for one in critical})
    where = f" ({', '.join(held)})" if held else ""
    return (
        f"{_count(len(parts), 'part')}, {_count(len(results), 'expectation')}: "
        f"{_count(len(critical), 'critical failure')}{where}, {_count(warnings, 'warning')}."
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _by_part(results: "Sequence[Result]") -> list[dict[str, Any]]:
    parts: defaultdict[Part, list[Result]] = defaultdict(list)
    for one in results:
        parts[one.survey, one.year].append(one)
    return [
        {
            "survey": survey,
            "year": year,
            "expectations": len(found),
            "critical": sum(_is_critical(one) for one in found),
            "warnings": sum(not one.success and not _is_critical(one) for one in found),
        }
        for (survey, year), found in parts.items()
    ]


def _failure(one: "Result") -> dict[str, Any]:
    place = {"survey": one.survey, "year": one.year, "severity": one.severity, "origin": one.origin}
    return {**place, "check": one.check or one.column, "meaning": one.meaning.sv, "where": one.observed}


def _result(one: "Result") -> dict[str, Any]:
    names = ("survey", "year", "expectation", "origin", "check", "column", "severity", "success", "observed")
    more = {"elements": one.elements, "unexpected": one.unexpected, "checked_at": one.checked_at}
    words = {"sv": one.meaning.sv, "en": one.meaning.en, "reason_sv": None, "reason_en": None}
    if one.reason is not None:
        words |= {"reason_sv": one.reason.sv, "reason_en": one.reason.en}
    return {name: getattr(one, name) for name in names} | more | words


def _tell_history(settings: Settings, survey: str | None, year: int | None, *, as_json: bool) -> None:
    from pipeline.history import changes

    found = changes(settings.data_dir, survey, year)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    # That it held when it was first asked is nothing that has happened.
    told = [one for one in found if (one.before, one.outcome) != (None, "holds")]
    print_rows([_change(one) for one in told], as_json=False, title="Changes, newest first")
    say(f"{_count(len(told), 'change')}; {_count(len(found) - len(told), 'expectation')} held when first asked.")


def _change(one: "Change") -> dict[str, Any]:
    place = {"changed_at": f"{one.changed_at:%Y-%m-%d %H:%M}", "survey": one.survey, "year": one.year}
    how = {"check": one.check or one.column, "before": one.before, "outcome": one.outcome, "where": one.observed}
    return {**place, "severity": one.severity, **how, "meaning": one.sv}


def list_follow_up(survey: Survey = None, year: Year = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List numbers far from those of the unit's peers or from its own earlier ones, with what was said of them.

    Reads what is published; hidden numbers are not in it.

    Example: lagesbild follow-up psykiatrin --year 2023
    """
    from pipeline.follow_up import follow_up

    _parts(survey, year)
    found = follow_up(load_settings(data_dir).data_dir, survey, year)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    print_rows([_followed_up(one) for one in found], as_json=False, title="To follow up")
    explained = sum(one.explanation is not None for one in found)
    say(f"{_count(len(found), 'number')} to follow up, {explained} of them explained by the respondent.")


def _followed_up(one: "FollowedUp") -> dict[str, Any]:
    place = {"survey": one.survey, "year": one.year, "unit": f"{one.unit_id} {one.unit}", "item": one.item_id}
    beside = {"own_history": "own earlier years", "peers": "peers per inhabitant" if one.per_inhabitant else "peers"}
    expected = f"{one.expected_low:.4g} to {one.expected_high:.4g}"
    facts = {"sex": one.sex, "value": f"{one.value:g}", "expected": expected, "beside": beside[one.kind]}
    return {**place, **facts, "score": round(one.score, 1), "explanation": one.explanation}
