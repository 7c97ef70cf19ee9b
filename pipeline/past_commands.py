"""Commands about the past: what was published, everything anew, and the proof that both are the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.settings import Settings, load_settings
from infra.terminal import print_json, print_rows, say

if TYPE_CHECKING:
    from pipeline.departures import Chained
    from pipeline.ledger import Record
    from pipeline.proof import Proof

DataDir = Annotated[Path | None, typer.Option("--data-dir", help="The folder with log, warehouse and publications.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="A past moment: 2023-12-01, 2023-12-01T12:00, an offset (1234; 0:12,1:33), an id."),
]
SHOWN_OF_A_LINK = 16
OTHERS = {
    "definitions": "other questionnaires",
    "population": "other inhabitants",
    "product": "another version of the product",
    "digests": "no digests on record",
}


def register(pipeline_app: typer.Typer) -> None:
    """Adds the commands to those of the pipeline."""
    pipeline_app.command("publications")(list_publications)
    pipeline_app.command("as-of")(make_as_of)
    pipeline_app.command("rebuild")(rebuild_everything)
    pipeline_app.command("verify")(verify_live)


def list_publications(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List every publication that was put in force, first to last, with what is needed to make it again.

    Example: lagesbild pipeline publications
    """
    from pipeline.ledger import records

    found = records(load_settings(data_dir).data_dir)
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    else:
        print_rows([_brief(one) for one in found], as_json=False, title="Publications")


def _brief(one: "Record") -> dict[str, Any]:
    from infra.event_log import ADMINISTRATION, RESPONSES

    held = [f"{part.survey}/{part.year}" for part in one.parts if part.held_sv is not None]
    return {
        "publish_id": one.publish_id,
        "published_at": one.published_at.isoformat(timespec="seconds"),
        "as_of": one.as_of.isoformat(timespec="seconds"),
        "responses": _positions(one, RESPONSES),
        "administration": _positions(one, ADMINISTRATION),
        "chain": _chain(one),
        "held": ", ".join(held),
        "digests": "" if one.digests is None else len(one.digests),
    }


def _positions(one: "Record", topic: str) -> str:
    return ",".join(f"{partition}:{offset}" for partition, offset in sorted(one.positions.get(topic, {}).items()))


def _chain(one: "Record") -> str:
    from infra.event_log import short_name

    heads = sorted((short_name(topic), p, head) for topic, chains in one.chain.items() for p, head in chains.items())
    return ", ".join(
        f"{topic}/{partition}/{head.offset} {head.link[:SHOWN_OF_A_LINK]}" for topic, partition, head in heads
    )


def rebuild_everything(as_of: AsOf = None, data_dir: DataDir = None) -> None:
    """Make warehouse and publication anew from the log, and put them in place of the live ones.

    With --as-of, what is published is as it was then, until the pipeline next runs.

    Example: lagesbild pipeline rebuild --as-of 2021-02-01T12:00
    """
    from pipeline.rebuild import rebuild
    from surveys.moment import moment

    settings = load_settings(data_dir)
    then = None if as_of is None else moment(as_of)
    with scratch(settings.data_dir) as folder:
        totals = rebuild(settings, folder, moment=then)
    shown = "" if then is None else f" Published as of {then}."
    say(f"Rebuilt from the log: {totals.accepted} accepted, {totals.repeated} repeated, {totals.parked} parked.{shown}")


def make_as_of(
    moment: Annotated[str, typer.Argument(help="A past moment, as for --as-of.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Print the file of what was published at a past moment, made from the log if need be; what is live stays.

    Works beside a running pipeline.

    Example: lagesbild pipeline as-of 2021-02-01
    """
    from pipeline.as_of import published_as_of
    from surveys.moment import moment as read

    then = read(moment)
    path = published_as_of(load_settings(data_dir), then)
    if as_json:
        print_json({"path": str(path), "moment": str(then)})
    else:
        say(str(path))


def verify_live(
    every: Annotated[bool, typer.Option("--every", help="Every recorded publication instead of the live one.")] = False,
    publication: Annotated[
        str | None, typer.Option("--publication", help="One recorded publication, by its publish id.")
    ] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Make everything anew beside the live content and compare; exit 1 when they differ, or the log was changed.

    First the log is held against its chain: that nothing was altered, removed, put in or moved after it was landed.

    Recorded publications are made anew from the log alone, also beside a running pipeline. One that was made with other
    questionnaires, inhabitants or another version of the product, and differs, cannot be compared: that is said, and is
    no failure.

    Example: lagesbild pipeline verify --every
    """
    settings = load_settings(data_dir)
    if every and publication:
        raise typer.BadParameter("Say --every or --publication, not both.")
    with scratch(settings.data_dir) as folder:
        if every or publication:
            _verify_recorded(settings, folder, publication, as_json=as_json)
        else:
            _verify_live(settings, folder, as_json=as_json)


def _verify_live(settings: Settings, folder: Path, *, as_json: bool) -> None:
    from pipeline.rebuild import verify

    verified = verify(settings, folder)
    if as_json:
        chain = [_place(one) for one in verified.chain]
        print_json({"responses": verified.responses, "tables": list(verified.tables), "equal": True, "chain": chain})
    else:
        _say_unchanged(verified.chain)
        say(f"Made anew from {verified.responses} responses: {len(verified.tables)} tables are the same.")


def _verify_recorded(settings: Settings, folder: Path, publication: str | None, *, as_json: bool) -> None:
    from pipeline.consume import opened_log
    from pipeline.ledger import records
    from pipeline.log_proof import prove_recorded
    from pipeline.proof import prove
    from surveys.catalogue import load_catalogue
    from surveys.moment import NoSuchMoment

    ledger = records(settings.data_dir)
    chosen = [one for one in ledger if publication in (None, one.publish_id)]
    if publication and not chosen:
        ways = "List them with `lagesbild pipeline publications`."
        raise NoSuchMoment(publication, "no such publication is recorded.", ways)
    found = []
    with opened_log(settings) as log:
        chain = prove_recorded(log, chosen, ledger)
        if not as_json:
            _say_unchanged(chain)
        for proof in prove(settings, folder, chosen, log, load_catalogue()):
            found.append(proof)
            if not as_json:
                say(_sentence(proof))
    differ = [proof for proof in found if proof.outcome == "differs"]
    if as_json:
        chained = {one.publish_id for one in chosen if one.chain}
        print_json([{**_as_json(proof), "chain": proof.publish_id in chained} for proof in found])
    else:
        equal = sum(proof.outcome == "equal" for proof in found)
        say(f"{len(found)} made anew: {equal} equal, {len(differ)} differ, {len(found) - equal - len(differ)} unclear.")
    if differ:
        raise typer.Exit(1)


def _say_unchanged(chain: "Sequence[Chained]") -> None:
    if not chain:
        say("No chain is on record: nothing says whether the log was changed.")
    for one in chain:
        place = f"{one.topic}[{one.partition}]"
        say(f"{place}: unchanged from offset {one.chained} to {one.offset}, link {one.link}.")


def _place(one: "Chained") -> dict[str, Any]:
    facts = {"topic": one.topic, "partition": one.partition}
    return {**facts, "begins": one.chained, "offset": one.offset, "link": one.link}


def _sentence(proof: "Proof") -> str:
    tables = f" ({', '.join(proof.tables)})" if proof.tables else ""
    if proof.outcome == "not comparable":
        others = " and ".join(OTHERS[name] for name in proof.made_by_others)
        return f"{proof.publish_id}: cannot be compared: {others}{tables}"
    return f"{proof.publish_id}: {proof.outcome}{tables}"


def _as_json(proof: "Proof") -> dict[str, Any]:
    return {
        "publish_id": proof.publish_id,
        "outcome": proof.outcome,
        "tables": list(proof.tables),
        "made_by_others": list(proof.made_by_others),
    }


@contextmanager
def scratch(data_dir: Path) -> Iterator[Path]:
    """A folder beside the live files, on the same disk so that what is made there can be moved."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="anew-", dir=data_dir, ignore_cleanup_errors=True) as folder:
        yield Path(folder) / "made"
