"""`lagesbild trace`: from a published figure to the events it came from, and from an event to every figure it feeds."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.settings import Settings, load_settings
from infra.terminal import print_json, say
from pipeline.past_commands import AsOf

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.trace import Cells
    from pipeline.traced import Trace

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Name = Annotated[
    str | None,
    typer.Argument(
        metavar="FIGURE-OR-EVENT",
        help="A figure survey/year/indicator/unit (then /sex and /category; unit 00 is the country), an answer "
        "survey/year/unit/item (then /row and /sex), or an event: its id, submission id, checksum or position "
        "responses/0/17.",
    ),
]
Checksum = Annotated[
    str | None, typer.Option("--checksum", help="What a receipt says: exit 1 unless the log has just that.")
]
ProofFile = Annotated[
    Path | None, typer.Option("--proof", help="Write the proof that the event was in the log to this file.")
]
Publication = Annotated[
    str | None, typer.Option("--publication", help="Prove it to the head of this publication, not of the first one.")
]
ProofRead = Annotated[
    Path | None,
    typer.Option(
        "--verify-proof", help="Verify such a file by itself; exit 1 when it fails.", exists=True, dir_okay=False
    ),
]
HeadTold = Annotated[
    str | None,
    typer.Option("--head", help="The head to verify it against, responses/0/19:LINK, instead of our record."),
]
# What a collector on this machine kept of a submission: where its answers stood in a workbook, and its receipt.
Kept = Callable[[Settings, str], "Cells"]
Receipts = Callable[[Settings, str], str | None]


def register(app: typer.Typer, cells_of: Kept, receipt_of: Receipts) -> None:
    """Adds the command to the front door, which knows what the collectors kept."""

    @app.command("trace")
    def trace(
        name: Name = None,
        checksum: Checksum = None,
        proof: ProofFile = None,
        publication: Publication = None,
        verify_proof: ProofRead = None,
        head: HeadTold = None,
        as_of: AsOf = None,
        data_dir: DataDir = None,
        as_json: AsJson = False,
    ) -> None:
        """Show where a published figure comes from, or every figure that an event feeds; prove a receipt by the log.

        Example: lagesbild trace prehospital/2023/andel_i_drift/00
        """
        settings = load_settings(data_dir)
        if verify_proof is not None:
            _refuse(name or proof or publication or as_of, "Beside --verify-proof say --head or --checksum only.")
            _verify(settings, verify_proof, head, checksum, as_json=as_json)
            return
        _refuse(head, "--head belongs to --verify-proof.")
        _refuse(publication and not proof, "--publication belongs to --proof; a past moment is --as-of.")
        if name is None:
            raise typer.BadParameter("Name a figure, an answer or an event.")
        found = traced(settings, name, checksum, as_of, cells_of, receipt_of)
        if proof is not None:
            _prove(settings, found, publication, proof)
        elif as_json:
            print_json(found.model_dump(mode="json"))
        else:
            from pipeline.trace_printed import print_trace

            print_trace(found)


def _refuse(said: object, way: str) -> None:
    if said:
        raise typer.BadParameter(way)


def _prove(settings: Settings, found: "Trace", publication: str | None, file: Path) -> None:
    from pipeline.trace_proofs import write_proof
    from pipeline.traced import EventTrace

    if not isinstance(found, EventTrace):
        raise typer.BadParameter("--proof is for an event: name one of those that the trace tells.")
    proof = write_proof(settings, found.position, publication, file)
    say(f"{file}: {proof.position} leads over {len(proof.after)} later events to the head {proof.head_named}")


def _verify(settings: Settings, file: Path, head: str | None, checksum: str | None, *, as_json: bool) -> None:
    from pipeline.trace_proofs import print_proved, verify_proof

    print_proved(verify_proof(settings, file, head, checksum), as_json=as_json)


def traced(
    settings: Settings, name: str, checksum: str | None, as_of: str | None, cells_of: Kept, receipt_of: Receipts
) -> "Trace":
    """The trace of whatever has that name. The log is opened for events only, the warehouse never.

    With `as_of` the publication is that of a past moment. Raises UnknownOrigin, AmbiguousOrigin, ReceiptDiffers,
    NothingPublished, NoSuchMoment, LogUnavailable.
    """
    from pipeline.consume import opened_log
    from pipeline.trace import trace_answer, trace_figure
    from pipeline.trace_event import Around, trace_event
    from pipeline.trace_names import NamedFigure, looks_like_a_name, named, unknown
    from surveys.catalogue import load_catalogue

    def cells(submission: str) -> "Cells":
        return cells_of(settings, submission)

    with closing(_opened(settings, as_of)) as publication:
        if not looks_like_a_name(name, publication):
            with opened_log(settings) as log:
                receipts = lambda submission: receipt_of(settings, submission)  # noqa: E731  # as `cells` above
                around = Around(publication, log, load_catalogue(), cells, receipts)
                return trace_event(around, name, checksum)
        one = named(name, publication)
        if isinstance(one, NamedFigure):
            return trace_figure(publication, one, cells)
        answer = trace_answer(publication, one, cells)
        if answer is None:
            raise unknown(name, "answer (no response, row or sex of that kind)", name, [])
        return answer


def _opened(settings: Settings, as_of: str | None) -> "DuckDBPyConnection":
    """The publication in force, or that of a past moment."""
    if as_of is None:
        from infra.published import connect_current

        return connect_current(settings.data_dir)[1]
    import duckdb

    from pipeline.as_of import published_as_of
    from surveys.moment import moment

    return duckdb.connect(str(published_as_of(settings, moment(as_of))), read_only=True)
