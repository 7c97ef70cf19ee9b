"""The commands for units' own systems: take in what they wrote, and say how far that has come."""

from pathlib import Path
from typing import Annotated, Any

import typer

from infra.settings import Settings, load_settings
from infra.terminal import print_json, print_rows, say

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log and databases.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

writers_app = typer.Typer(help="Units' own systems that write to the log: take in, follow.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands to the front door."""
    app.add_typer(writers_app, name="writers")


@writers_app.command("run")
def run_writers(
    once: Annotated[bool, typer.Option("--once", help="Take in what there is, then end.")] = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Receive what the units in LAGESBILD_WRITERS wrote to their own topics, until it is asked to end.

    Example: lagesbild writers run --once
    """
    import signal
    import threading

    from collectors.gate import new_id, open_gate, utc_now
    from collectors.writers import Writers
    from infra.log import configure_logging

    settings = _settings(data_dir)
    gate = open_gate(settings)
    try:
        writers = Writers(gate, settings.writers, new_id, utc_now)
        if once:
            taken = writers.drain()
            counts = {"accepted": taken.accepted, "repeated": taken.repeated, "parked": taken.parked}
            print_json(counts) if as_json else say(", ".join(f"{n} {what}" for what, n in counts.items()))
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda _number, _frame: stop.set())
        configure_logging(json=settings.log_format == "json")
        writers.follow(stop)
    finally:
        gate.close()


@writers_app.command("status")
def show_status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show each unit's topic: how many events it has, and how many are still to be taken in.

    Example: lagesbild writers status
    """
    from collectors.gate import open_gate
    from collectors.writer_positions import WriterPositions
    from infra.event_log import writer_topic

    settings = _settings(data_dir)
    gate = open_gate(settings)
    rows: list[dict[str, Any]] = []
    try:
        for unit in settings.writers:
            ends, taken = gate.log.ends(writer_topic(unit)), WriterPositions(gate.engine).of(writer_topic(unit))
            lag = sum(end - 1 - taken.get(partition, -1) for partition, end in ends.items())
            rows.append({"unit": unit, "topic": writer_topic(unit), "events": sum(ends.values()), "lag": lag})
    finally:
        gate.close()
    print_rows(rows, as_json=as_json, title="Writers")


def _settings(data_dir: Path | None) -> Settings:
    settings = load_settings(data_dir)
    if not settings.writers:
        raise typer.BadParameter("LAGESBILD_WRITERS names no unit; write for example LAGESBILD_WRITERS=14,01.")
    return settings
