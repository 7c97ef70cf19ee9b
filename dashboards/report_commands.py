"""The command report: a mapping, one unit, or every unit as PowerPoint, with charts that can be edited."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboards.reading import Connection, Reading, rows_of
from dashboards.records import Language
from infra.settings import Settings, load_settings
from infra.terminal import print_json, say

if TYPE_CHECKING:
    from dashboards.report.book import Book

# Opens the publication in force, or that of a past moment.
Opener = Callable[[Settings, str | None], Connection]
# What is told of a file: its path, the unit it is about if it is about one, and how many slides it has.
Written = dict[str, object]
SAID = 25  # reports between two words on how far it has come: a second or two


def register(app: typer.Typer, opened: Opener) -> None:
    """Adds the command to the front door, which knows how a past moment is made."""

    @app.command("report")
    def report(
        survey: Annotated[str, typer.Argument(help="A mapping, for example prehospital.")],
        year: Annotated[int, typer.Argument(help="The year.")],
        output: Annotated[
            Path, typer.Option("--output", help="The file to write, ending with .pptx; of all units a new folder.")
        ],
        unit: Annotated[str | None, typer.Option("--unit", help="One unit's own report, by its code.")] = None,
        all_units: Annotated[bool, typer.Option("--all-units", help="A report of each unit, and each region.")] = False,
        as_of: Annotated[
            str | None,
            typer.Option("--as-of", help="A past moment: 2023-12-01, 2023-12-01T12:00, an offset, an id."),
        ] = None,
        language: Annotated[
            str | None, typer.Option("--language", help="sv or en; that of the settings when left out.")
        ] = None,
        data_dir: Annotated[Path | None, typer.Option("--data-dir", help="The folder with the publications.")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    ) -> None:
        """Write a mapping as PowerPoint, with native charts that can be edited.

        A slide for each indicator that has figures. With --unit, that unit's figures beside the country's, its peers'
        and last year's; with --all-units, a file of each unit. With --as-of, what was published then, or would have
        been.

        Example: lagesbild report prehospital 2023 --output prehospital-2023.pptx
        """
        if unit is not None and all_units:
            raise typer.BadParameter("is one unit, and --all-units is all of them. Leave one out.", param_hint="--unit")
        from dashboards.report.files import must_be_empty, must_be_free

        settings = load_settings(data_dir)
        chosen = _language(language or settings.language)
        (must_be_empty if all_units else must_be_free)(output)
        with closing(opened(settings, as_of)) as connection:
            book = _book(connection, survey, year, chosen)
            fictitious = (settings.data_dir / "DEMONSTRATION").exists()
            if all_units:
                files = _all_units(book, output, fictitious, quiet=as_json)
            else:
                files = [_one(book, unit, output, fictitious)]
            _tell(book, files, output, as_json)


def _language(asked: str) -> Language:
    if asked == "sv":
        return "sv"
    if asked == "en":
        return "en"
    raise typer.BadParameter(f"{asked} is not a language of the reports. Choose sv or en.", param_hint="--language")


def _book(connection: Connection, survey: str, year: int, language: Language) -> "Book":
    from dashboards.report.asked import book_of
    from dashboards.texts import Words

    return book_of(Reading(partial(rows_of, connection)), survey, year, Words(language))


def _one(book: "Book", unit: str | None, output: Path, fictitious: bool) -> Written:
    """The mapping as a whole, or one unit of it."""
    from dashboards.report.asked import unit_of
    from dashboards.report.draw import drawn
    from dashboards.report.files import write
    from dashboards.report.mapping import mapping_deck
    from dashboards.report.unit import unit_deck

    deck = mapping_deck(book, fictitious) if unit is None else unit_deck(book, unit_of(book, unit), fictitious)
    write(drawn(deck), output)
    return {"file": str(output), "unit": unit, "slides": len(deck.slides)}


def _all_units(book: "Book", output: Path, fictitious: bool, *, quiet: bool) -> list[Written]:
    """Each unit, and the regions they are in, one at a time."""
    from dashboards.report.asked import units_of_report
    from dashboards.report.draw import drawn
    from dashboards.report.files import name_of, write_all
    from dashboards.report.unit import unit_deck

    units, files = units_of_report(book), list[Written]()

    def made() -> Iterator[tuple[str, bytes]]:
        for unit in units:
            deck, name = unit_deck(book, unit, fictitious), name_of(book.survey, unit)
            yield name, drawn(deck)
            files.append({"file": str(output / name), "unit": unit.unit_id, "slides": len(deck.slides)})
            if not quiet and (len(files) % SAID == 0 or len(files) == len(units)):
                say(f"{len(files)} of {len(units)} reports")

    write_all(made(), output)
    return files


def _tell(book: "Book", files: list[Written], output: Path, as_json: bool) -> None:
    publication, survey = book.publication, book.survey
    as_of = publication.as_of.isoformat()
    if as_json:
        told = {"survey": survey.survey, "year": survey.year, "publish_id": publication.publish_id, "as_of": as_of}
        print_json({**told, "files": files})
    else:
        what = f"{files[0]['slides']} slides" if len(files) == 1 else f"{len(files)} reports"
        say(f"{output}: {what} of {survey.survey} {survey.year}, as of {as_of}.")
