"""The commands for dead letters: list, show, replay, schema."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.settings import Settings, load_settings
from infra.terminal import print_json, print_rows, say
from surveys.dead_letters import MENDERS, REASON_CODES

if TYPE_CHECKING:
    from infra.event_log import EventLog
    from pipeline.dead_letters import DeadLetter
    from pipeline.letter_choice import Choice, State
    from pipeline.rehearse import FromWriters, Rehearsed
    from surveys.model import Language

    FromWritersOf = Callable[[Settings], FromWriters]

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Letter = Annotated[str, typer.Argument(help="A dead letter as the list names it, for example responses/0/17.")]
Survey = Annotated[str | None, typer.Option("--survey", help="Only of this survey.")]
Year = Annotated[int | None, typer.Option("--year", help="Only of this year.")]
Unit = Annotated[str | None, typer.Option("--unit", help="Only of this unit.")]
Code = Annotated[str | None, typer.Option("--code", help="Only for this reason, for example CHECKS_FAILED.")]
MendableBy = Annotated[
    str | None, typer.Option("--mendable-by", help=f"Only what one of them can mend: {', '.join(MENDERS)}.")
]
Since = Annotated[datetime | None, typer.Option("--since", help="Only parked then or later (UTC).")]
Until = Annotated[datetime | None, typer.Option("--until", help="Only parked before then (UTC).")]

dead_letters_app = typer.Typer(help="Events that could not be accepted: list, show, replay.", no_args_is_help=True)


# Who judges what units' own systems wrote: collectors do, and the front door joins them to this.
_from_writers: "list[FromWritersOf]" = []


def register(app: typer.Typer, from_writers: "FromWritersOf | None" = None) -> None:
    """Adds the commands to the front door; `from_writers` rehearses what units' own systems wrote."""
    _from_writers[:] = [from_writers] if from_writers else []
    app.add_typer(dead_letters_app, name="dead-letters")


@dead_letters_app.command("list")
def list_dead_letters(
    survey: Survey = None,
    year: Year = None,
    unit: Unit = None,
    code: Code = None,
    mendable_by: MendableBy = None,
    since: Since = None,
    until: Until = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="Those not replayed: the default.")] = False,
    replayed: Annotated[bool, typer.Option("--replayed", help="Those that have been replayed.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Both.")] = False,
    count: Annotated[bool, typer.Option("--count", help="How many, by reason, survey and year.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """List what could not be accepted, why, and what to do now.

    Example: lagesbild dead-letters list --survey prehospital --mendable-by respondent --count
    """
    from pipeline.dead_letters import dead_letters
    from pipeline.letter_choice import counts

    settings = load_settings(data_dir)
    state = _state(waiting, replayed, every)
    choice = _choice(survey, year, unit, code, mendable_by, since, until, state)
    with _log(data_dir) as log:
        letters = choice.of(dead_letters(log))
    rows = counts(letters, settings.language) if count else [_brief(one) for one in letters]
    print_rows(rows, as_json=as_json, title="Dead letters")


@dead_letters_app.command("show")
def show_dead_letter(letter: Letter, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show one dead letter whole: why it was parked, what now, and the event as it came with the place marked.

    Example: lagesbild dead-letters show responses/0/17
    """
    from pipeline.dead_letters import dead_letter, payload
    from pipeline.letter_shown import laid_out

    language = load_settings(data_dir).language
    with _log(data_dir) as log:
        found = dead_letter(log, letter)
        came = payload(log, found)
    laid = laid_out(came, found.parked.pointer)
    facts = _facts(found, language) | {"value": laid.value}
    if as_json:
        print_json({**_brief(found), **facts, "payload": came.decode("utf-8", errors="backslashreplace")})
        return
    told = [{"fact": name, "value": value} for name, value in facts.items() if isinstance(value, str | int)]
    print_rows(told, as_json=False, title=letter)
    for failure in found.parked.failures:
        say(f"  {failure.message.in_language(language)} ({failure.check}, {failure.severity})")
    for line in laid.lines:
        say(line)


@dead_letters_app.command("replay")
def replay_dead_letters(
    letters: Annotated[list[str] | None, typer.Argument(help="Those to replay; none with --all or a filter.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every one that would be accepted now.")] = False,
    survey: Survey = None,
    year: Year = None,
    unit: Unit = None,
    code: Code = None,
    mendable_by: MendableBy = None,
    since: Since = None,
    until: Until = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would become of them.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Put dead letters back into the log, once each; those that would be parked again stay. Exit 1 when one does.

    It may be interrupted, and run again, at any moment, also by somebody else: each letter is appended once.

    Example: lagesbild dead-letters replay --code UNKNOWN_UNIT --dry-run
    """
    from pipeline.consume import utc_now
    from pipeline.rehearse import rehearse
    from pipeline.replay import alone, replay
    from surveys.catalogue import load_catalogue

    choice = _choice(survey, year, unit, code, mendable_by, since, until, "waiting")
    if [bool(letters), every or choice.is_narrow].count(True) != 1:
        raise typer.BadParameter("Name the dead letters to replay, or say --all or what they are about.")
    with _log(data_dir) as log:
        chosen = _chosen(log, letters, choice)
        judges = _from_writers[0](load_settings(data_dir)) if _from_writers else None
        outcomes = {one.letter: one for one in rehearse(log, chosen, load_catalogue(), judges)}
        chosen = [one for one in chosen if one.letter in outcomes]
        going = [one for one in chosen if outcomes[one.letter].refused is None]
        places: dict[str, str] = {}
        if going and not dry_run:
            with alone(load_settings(data_dir).data_dir) as by:
                for one, position in _in_sight(replay(log, going, by, utc_now), len(going)):
                    places[one.letter] = f"{position.partition}/{position.offset}"
    rows = [_outcome(outcomes[one.letter], places.get(one.letter)) for one in chosen]
    print_rows(rows, as_json=as_json, title="Rehearsed" if dry_run else "Replayed")
    if any(one.refused for one in outcomes.values()):
        raise typer.Exit(1)


@dead_letters_app.command("schema")
def print_record_schema() -> None:
    """Print the JSON Schema (draft 2020-12) of what stands on the dead-letter topic.

    Example: lagesbild dead-letters schema
    """
    from surveys.letter_records import record_schema

    print_json(record_schema())


def _chosen(log: "EventLog", ids: list[str] | None, choice: "Choice") -> "list[DeadLetter]":
    """The letters named, or all that are meant. Raises UnknownDeadLetter, AlreadyReplayed before anything is done."""
    from pipeline.dead_letters import dead_letters, named
    from pipeline.replay import must_wait

    known = dead_letters(log)
    if not ids:
        return choice.of(known)
    chosen = named(known, ids)
    for one in chosen:
        must_wait(one)
    return chosen


def _state(waiting: bool, replayed: bool, every: bool) -> "State":
    if every or (waiting and replayed):
        return "all"
    return "replayed" if replayed else "waiting"


def _choice(
    survey: str | None,
    year: int | None,
    unit: str | None,
    code: str | None,
    mendable_by: str | None,
    since: datetime | None,
    until: datetime | None,
    state: "State",
) -> "Choice":
    from pipeline.letter_choice import Choice

    if code is not None and code not in REASON_CODES:
        raise typer.BadParameter(f"No such reason. There are: {', '.join(REASON_CODES)}.", param_hint="--code")
    mender = next((one for one in MENDERS if one == mendable_by), None)
    if mendable_by is not None and mender is None:
        raise typer.BadParameter(f"One of {', '.join(MENDERS)}.", param_hint="--mendable-by")
    return Choice(
        survey=survey,
        year=year,
        unit=unit,
        code=code,
        mendable_by=mender,
        since=_aware(since),
        until=_aware(until),
        state=state,
    )


def _aware(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _brief(letter: "DeadLetter") -> dict[str, Any]:
    told = letter.parked.model_dump(mode="json")
    names = ("survey", "year", "unit", "code", "pointer", "rule", "parked_at")
    return {
        "letter": letter.letter,
        **{name: told[name] for name in names},
        "mendable_by": _mender(letter),
        "replayed": letter.replayed is not None,
    }


def _mender(letter: "DeadLetter") -> str:
    from surveys.dead_letters import mendable_by

    return mendable_by(letter.parked.code)


def _facts(letter: "DeadLetter", language: "Language") -> dict[str, Any]:
    """All that is known of a letter but its payload; `rule_text` is what the rule that refused it asks for."""
    from pipeline.letters import letter_place
    from surveys.dead_letters import REASONS

    parked = letter.parked
    topic, partition, offset = letter_place(letter.letter)
    reason = REASONS.get(parked.code)
    told = parked.model_dump(mode="json", exclude={"letter", "kind", "payload", "payload_base64", "reason"})
    place = {"topic": topic, "partition": partition, "offset": offset}
    return {
        **place,
        **told,
        "reason": parked.reason.in_language(language),
        "rule_text": _rule_text(letter, language),
        "mendable_by": _mender(letter),
        "now": reason.now.in_language(language) if reason else None,
        "replayed_to": _replayed_to(letter),
    }


def _replayed_to(letter: "DeadLetter") -> str | None:
    done = letter.replayed
    return f"{done.partition}/{done.offset}" if done else None


def _rule_text(letter: "DeadLetter", language: "Language") -> str | None:
    from surveys.catalogue import load_catalogue
    from surveys.descriptions import describe

    parked, catalogue = letter.parked, load_catalogue()
    if parked.survey not in catalogue.surveys() or parked.year not in catalogue.years(parked.survey):
        return None
    q = catalogue.get(parked.survey, parked.year)
    check = next((one for one in q.checks if one.id == parked.rule), None)
    if check is None:
        failed = next((one for one in parked.failures if one.check == parked.rule), None)
        return failed.message.in_language(language) if failed else None
    return describe(check, q).in_language(language)


def _outcome(rehearsed: "Rehearsed", place: str | None) -> dict[str, Any]:
    refused = rehearsed.refused
    return {
        "letter": rehearsed.letter,
        "becomes": rehearsed.becomes,
        "replayed_to": place,
        "refused": refused.code if refused else None,
        "reason_sv": refused.reason.sv if refused else None,
        "reason_en": refused.reason.en if refused else None,
    }


def _in_sight(done: Iterable[Any], total: int) -> Iterator[Any]:
    """The same, with how many there have been on standard error when a person looks at it."""
    if not sys.stderr.isatty():
        yield from done
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(done, "Replaying", total, console=Console(stderr=True), transient=True)


@contextmanager
def _log(data_dir: Path | None) -> "Iterator[EventLog]":
    from pipeline.consume import opened_log

    with opened_log(load_settings(data_dir)) as log:
        yield log
