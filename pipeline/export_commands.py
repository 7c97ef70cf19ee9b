"""The command export: what is published of a survey, as files."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.settings import Settings, load_settings
from infra.terminal import print_json, say
from pipeline.opened import opened

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.export import Export, Manifest, Written

FORMATS = ("csv", "csv-sv", "xlsx", "parquet", "datapackage", "sdmx", "kolada", "dcat")


def register(app: typer.Typer) -> None:
    """Adds the command to the front door."""
    app.command("export")(export)


def export(
    survey: Annotated[str, typer.Argument(help="A survey, for example prehospital.")],
    year: Annotated[int | None, typer.Argument(help="One year; all of them when left out.")] = None,
    formats: Annotated[
        str, typer.Option("--format", help=f"One or several of {', '.join(FORMATS)}; with commas between.")
    ] = "csv",
    output: Annotated[Path, typer.Option("--output", help="A folder for the files; it must be empty or new.")] = Path(
        "export"
    ),
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="A past moment: 2023-12-01, 2023-12-01T12:00, an offset, an id."),
    ] = None,
    data_dir: Annotated[Path | None, typer.Option("--data-dir", help="The folder with the publications.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Write exactly what is published of a survey to files, and a manifest.json that counts every row.

    A question keeps its column through the years only where its answers compare; csv-sv is for Excel in Swedish.
    With --as-of, what was published then, or would have been.

    Example: lagesbild export prehospital 2023 --format xlsx,parquet --output export
    """
    settings, chosen = load_settings(data_dir), _chosen(formats)
    with closing(opened(settings, as_of)) as connection:
        manifest = _exported(settings, connection, survey, year, chosen, output)
    if as_json:
        print_json(manifest.model_dump(mode="json"))
        return
    for one in manifest.files:
        say(f"{output / one.file}" + ("" if one.rows is None else f": {one.rows} rows"))
    say(f"{manifest.responses} responses of {survey}, as of {manifest.as_of.isoformat()}.")


def _chosen(formats: str) -> list[str]:
    chosen = list(dict.fromkeys(one.strip() for one in formats.split(",")))
    unknown = [one for one in chosen if one not in FORMATS]
    if unknown:
        raise typer.BadParameter(
            f"unknown: {', '.join(unknown)}. Choose from {', '.join(FORMATS)}.", param_hint="--format"
        )
    # DCAT describes the files that lie there already.
    return sorted(chosen, key=lambda one: one == "dcat")


def _prepare(output: Path) -> None:
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise typer.BadParameter(f"{output} is there and not empty. Name a new folder.", param_hint="--output")
    output.mkdir(parents=True, exist_ok=True)


def _exported(
    settings: Settings,
    connection: "DuckDBPyConnection",
    survey: str,
    year: int | None,
    formats: list[str],
    output: Path,
) -> "Manifest":
    from pipeline.export import export_of, write_manifest

    found = export_of(connection, survey, year, fictitious=(settings.data_dir / "DEMONSTRATION").exists())
    _prepare(output)
    writers = _writers()
    files = {one.file: one for name in formats for one in writers[name](found, output)}
    manifest = found.manifest.model_copy(update={"files": tuple(files.values())})
    write_manifest(manifest, output)
    return manifest


def _writers() -> "dict[str, Callable[[Export, Path], Iterator[Written]]]":
    from pipeline.export_files import write_csv, write_csv_sv, write_parquet
    from pipeline.export_open import write_datapackage, write_dcat, write_kolada, write_sdmx
    from pipeline.export_workbook import write_xlsx

    writers = (
        write_csv,
        write_csv_sv,
        write_xlsx,
        write_parquet,
        write_datapackage,
        write_sdmx,
        write_kolada,
        write_dcat,
    )
    return dict(zip(FORMATS, writers, strict=True))
