"""The command report: a mapping as PowerPoint, with charts that can be edited."""

from collections.abc import Callable
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


def register(app: typer.Typer, opened: Opener) -> None:
    """Adds the command to the front door, which knows how a past moment is made."""

    @app.command("report")
    def report(
        survey: Annotated[str, typer.Argument(help="A mapping, for example prehospital.")],
        year: Annotated[int, typer.Argument(help="The year.")],
        output: Annotated[Path, typer.Option("--output", help="The file to write, ending with .pptx.")],
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

        A slide for each indicator that has figures. With --as-of, what was published then, or would have been.

        Example: lagesbild report prehospital 2023 --output prehospital-2023.pptx
        """
        from dashboards.report.files import must_be_free

        settings = load_settings(data_dir)
        chosen = _language(language or settings.language)
        must_be_free(output)
        with closing(opened(settings, as_of)) as connection:
            book = _book(connection, survey, year, chosen)
            _write_mapping(book, settings, output, as_json)


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


def _write_mapping(book: "Book", settings: Settings, output: Path, as_json: bool) -> None:
    from dashboards.report.draw import drawn
    from dashboards.report.files import write
    from dashboards.report.mapping import mapping_deck

    deck = mapping_deck(book, is_fictitious(settings))
    write(drawn(deck), output)
    _tell(book, [{"file": str(output), "slides": len(deck.slides)}], as_json)


def is_fictitious(settings: Settings) -> bool:
    """Whether all answers there are invented."""
    return (settings.data_dir / "DEMONSTRATION").exists()


def _tell(book: "Book", files: list[dict[str, object]], as_json: bool) -> None:
    publication, survey = book.publication, book.survey
    as_of = publication.as_of.isoformat()
    if as_json:
        print_json(
            {
                "survey": survey.survey,
                "year": survey.year,
                "publish_id": publication.publish_id,
                "as_of": as_of,
                "files": files,
            }
        )
        return
    for each in files:
        say(f"{each['file']}: {each['slides']} slides")
    say(f"{survey.survey} {survey.year}, as of {as_of}.")
