"""The collectors' commands: tokens, rounds, invite, submit, serve."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.settings import load_settings
from infra.terminal import complain, print_json, print_rows, say

if TYPE_CHECKING:
    from collectors.gate import Gate

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log and databases.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
UnitId = Annotated[str, typer.Argument(help="A unit: 14 for a region, 1480 for a kommun.")]
Survey = Annotated[str, typer.Argument(help="A survey, for example prehospital.")]
Year = Annotated[int, typer.Argument(help="Its year.")]
Why = Annotated[str | None, typer.Option("--reason", help="Why, for the record.")]

tokens_app = typer.Typer(help="Bearer tokens for the API: create, list, revoke.", no_args_is_help=True)
rounds_app = typer.Typer(help="Collection rounds: open, pause, resume, close, follow.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the collectors' commands to the front door."""
    app.add_typer(tokens_app, name="tokens")
    app.add_typer(rounds_app, name="rounds")
    app.command("invite")(invite)
    app.command("submit")(submit)
    app.command("serve")(serve)


@tokens_app.command("create")
def create_token(unit: UnitId, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Create a token that lets one unit use the API. It is shown once.

    Example: lagesbild tokens create 14
    """
    from collectors import tokens
    from collectors.gate import utc_now

    with _gate(data_dir) as gate:
        known = gate.administration.current().units.get(unit)
        token = tokens.create(gate.engine, unit, utc_now())
    if as_json:
        print_json({"unit": unit, "token": token})
    else:
        say(f"Token for {known.name} ({unit}), shown this once:\n{token}")


@tokens_app.command("list")
def list_tokens(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List every token, without its secret.

    Example: lagesbild tokens list
    """
    from collectors import tokens

    with _gate(data_dir) as gate:
        rows = [token.model_dump() for token in tokens.all_tokens(gate.engine)]
    print_rows(rows, as_json=as_json, title="Tokens")


@tokens_app.command("revoke")
def revoke_token(
    token_id: Annotated[str, typer.Argument(help="The id from `tokens list`.")], data_dir: DataDir = None
) -> None:
    """End a token, at once.

    Example: lagesbild tokens revoke 3f9c2a7b41de
    """
    from collectors import tokens
    from collectors.gate import utc_now

    with _gate(data_dir) as gate:
        tokens.revoke(gate.engine, token_id, utc_now())
    say(f"Token {token_id} is revoked.")


@rounds_app.command("list")
def list_rounds(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List every round, with its state now.

    Example: lagesbild rounds list
    """
    from collectors.gate import utc_now

    with _gate(data_dir) as gate:
        rows = [_round_row(found, utc_now()) for found in gate.administration.current().rounds]
    print_rows(rows, as_json=as_json, title="Rounds")


@rounds_app.command("status")
def round_status(survey: Survey, year: Year, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show one round and how many units have answered through this collector.

    Example: lagesbild rounds status prehospital 2026
    """
    from collectors.errors import UnknownRound
    from collectors.gate import utc_now

    with _gate(data_dir) as gate:
        administered = gate.administration.current()
        asked = gate.catalogue.get(survey, year).respondents
        found = administered.rounds.get(survey, year)
        if found is None:
            raise UnknownRound(survey, year)
        expected = sum(len(administered.units.of_kind(kind, found.opens_at.date())) for kind in asked)
        answered = gate.submissions.units_answered(survey, year)
    rows = [_round_row(found, utc_now()) | {"answered": answered, "expected": expected}]
    print_rows(rows, as_json=as_json, title=f"{survey} {year}")


@rounds_app.command("open")
def open_a_round(
    survey: Survey,
    year: Year,
    opens: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day, Swedish time.")],
    due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day to answer in time.")],
    closes: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day that is received; `due` if left out.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Open a round, or open it anew with other days. All of the last day counts, Swedish time.

    Example: lagesbild rounds open prehospital 2026 --opens 2026-05-04 --due 2026-05-29 --closes 2026-06-12
    """
    from collectors import administration
    from collectors.gate import new_id, utc_now
    from surveys.event_data import RoundOpened
    from surveys.rounds import end_of, start_of

    last = closes or due
    if not opens <= due <= last:
        raise typer.BadParameter("the days must be in order: --opens, --due, --closes")
    with _gate(data_dir) as gate:
        gate.catalogue.get(survey, year)
        times = {"opens_at": start_of(opens.date()), "due_at": end_of(due.date()), "closes_at": end_of(last.date())}
        administration.open_round(gate.log, RoundOpened(survey=survey, year=year, **times), utc_now(), new_id)
    say(f"{survey} {year} is open from {opens:%Y-%m-%d}, due {due:%Y-%m-%d}, closes after {last:%Y-%m-%d}.")


@rounds_app.command("pause")
def pause_a_round(survey: Survey, year: Year, reason: Why = None, data_dir: DataDir = None) -> None:
    """Receive nothing until the round is resumed.

    Example: lagesbild rounds pause prehospital 2026 --reason "A question is being corrected"
    """
    from collectors import administration
    from collectors.gate import new_id, utc_now

    with _gate(data_dir) as gate:
        administration.pause_round(gate.log, survey, year, reason, utc_now(), new_id)
    say(f"{survey} {year} is paused.")


@rounds_app.command("resume")
def resume_a_round(survey: Survey, year: Year, data_dir: DataDir = None) -> None:
    """Let a paused round go on.

    Example: lagesbild rounds resume prehospital 2026
    """
    from collectors import administration
    from collectors.gate import new_id, utc_now

    with _gate(data_dir) as gate:
        administration.resume_round(gate.log, survey, year, utc_now(), new_id)
    say(f"{survey} {year} goes on.")


@rounds_app.command("close")
def close_a_round(survey: Survey, year: Year, reason: Why = None, data_dir: DataDir = None) -> None:
    """Close a round before its time; corrections are still received.

    Example: lagesbild rounds close prehospital 2026
    """
    from collectors import administration
    from collectors.gate import new_id, utc_now

    with _gate(data_dir) as gate:
        administration.close_round(gate.log, survey, year, reason, utc_now(), new_id)
    say(f"{survey} {year} is closed.")


def invite(
    unit: UnitId,
    address: Annotated[str, typer.Option(help="Where the collector answers.")] = "http://127.0.0.1:8000",
    days: Annotated[int, typer.Option(min=1, max=400, help="How long the link works.")] = 180,
    revoke: Annotated[bool, typer.Option("--revoke", help="End all links of the unit instead.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Print a sign-in link to the form for one unit. It is shown once, and works until it expires or is revoked.

    Example: lagesbild invite 14
    """
    from collectors import signin
    from collectors.gate import utc_now

    with _gate(data_dir) as gate:
        known = gate.administration.current().units.get(unit)
        if revoke:
            say(f"{signin.revoke_links(gate.engine, unit, utc_now())} links of {known.name} ended.")
            return
        link = signin.invite(gate.engine, unit, utc_now(), timedelta(days=days))
    url = address.rstrip("/") + signin.link_path(link)
    if as_json:
        print_json({"unit": unit, "link": url})
    else:
        say(f"Sign-in link for {known.name} ({unit}), {days} days:\n{url}")


def submit(
    file: Annotated[Path, typer.Argument(help="A response in JSON, or a filled workbook (.xlsx).", dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Run the same checks and store nothing.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Hand in one response, through the same door as every other mode. Exit 1 when it is refused.

    A JSON file has survey, year, unit and answers, and may have submission_id, explanations, corrects and reason.
    The same file again gives the same receipt.

    Example: lagesbild submit response.json --dry-run
    """
    from collectors.errors import Refused
    from collectors.file import submit_file
    from collectors.gate import new_id, utc_now
    from collectors.http import error_body

    settings = load_settings(data_dir)
    try:
        with _gate(data_dir) as gate:
            done = submit_file(file, gate, utc_now(), new_id, dry_run)
    except Refused as refused:
        if as_json:
            print_json(error_body(refused, settings.language))
        else:
            complain(refused.in_language(settings.language))
        raise typer.Exit(1) from None
    if as_json:
        print_json(done)
    else:
        facts = {name: value[settings.language] if isinstance(value, dict) else value for name, value in done.items()}
        rows = [{"fact": name, "value": value} for name, value in facts.items() if value is not None]
        print_rows(rows, as_json=False, title="Would be accepted" if dry_run else "Receipt")


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to answer on.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to answer on.")] = "127.0.0.1",
    data_dir: DataDir = None,
) -> None:
    """Serve the form and the API until SIGTERM or Ctrl-C.

    Example: lagesbild serve --port 8000
    """
    from collectors.server import run

    run(load_settings(data_dir), host, port)


@contextmanager
def _gate(data_dir: Path | None) -> "Iterator[Gate]":
    from collectors.gate import open_gate

    gate = open_gate(load_settings(data_dir))
    try:
        yield gate
    finally:
        gate.close()


def _round_row(found: Any, now: datetime) -> dict[str, Any]:
    from surveys.rounds import on_swedish_clock

    moments = ("opens_at", "due_at", "closes_at")
    times = {name: f"{on_swedish_clock(getattr(found, name)):%Y-%m-%d %H:%M}" for name in moments}
    return {"survey": found.survey, "year": found.year, "state": found.state(now), **times}
