"""A report as it was written: its slides' texts, its charts' numbers, and every part of the file."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from pptx import Presentation
from typer.testing import CliRunner

import lagesbild
from dashboards.reading import Connection, Reading, rows_of
from dashboards.records import Language
from dashboards.report.asked import book_of
from dashboards.report.book import Book
from dashboards.texts import Words


@dataclass(frozen=True)
class Chart:
    """A chart as its XML says: of a bar chart (category, value), of lines (year, value), by series."""

    kind: str
    series: dict[str, list[tuple[Any, float]]]
    told: str

    @property
    def values(self) -> dict[Any, float]:
        """Every bar by its name, whatever series it is in."""
        return {name: value for points in self.series.values() for name, value in points}


@dataclass(frozen=True)
class Page:
    """One slide."""

    title: str
    text: str
    charts: list[Chart]


def pages(report: Path | bytes) -> list[Page]:
    made = Presentation(BytesIO(report) if isinstance(report, bytes) else str(report))
    return [Page(*_said(slide), list(_charts(slide))) for slide in made.slides]


def page_of(report: Path | bytes, measure: str) -> Page:
    """The slide of a measure, by its label."""
    return next(page for page in pages(report) if page.title.split("\n")[0].split(" · ")[-1].startswith(f"{measure}, "))


def _said(slide: Any) -> tuple[str, str]:
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            texts += [" | ".join(cell.text for cell in row.cells) for row in shape.table.rows]
    return slide.shapes.title.text_frame.text, "\n".join(texts)


def _charts(slide: Any) -> Iterator[Chart]:
    for shape in slide.shapes:
        if not shape.has_chart:
            continue
        chart, told = shape.chart, shape._element.nvGraphicFramePr.cNvPr.get("descr")
        series: dict[str, list[tuple[Any, float]]] = {}
        is_bar = "BAR" in chart.chart_type.name
        for each in chart.plots[0].series:
            at = list(chart.plots[0].categories) if is_bar else list(each.iter_values())
            xs = at if is_bar else [float(v.text) for v in each._element.findall(".//{*}xVal//{*}pt/{*}v")]
            values = zip(xs, each.values, strict=False)
            series.setdefault(each.name, []).extend((x, value) for x, value in values if value is not None)
        yield Chart("bars" if is_bar else "lines", series, told or "")


def parts(report: Path | bytes) -> dict[str, str]:
    """Every part of the file as text, and those of the workbooks within it."""
    return dict(_parts("", BytesIO(report if isinstance(report, bytes) else report.read_bytes())))


def _parts(prefix: str, file: BytesIO) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(file) as whole:
        for name in whole.namelist():
            content = whole.read(name)
            if name.endswith(".xlsx"):
                yield from _parts(f"{prefix}{name}!", BytesIO(content))
            elif re.search(r"\.(xml|rels)$", name):
                yield f"{prefix}{name}", content.decode("utf-8")


def book(connection: Connection, survey: str, year: int, language: Language = "sv") -> Book:
    return book_of(Reading(partial(rows_of, connection)), survey, year, Words(language))


def run(data_dir: Path, *words: str, code: int = 0) -> str:
    """The command as it is called; its output."""
    done = CliRunner().invoke(lagesbild.app, ["report", *words, "--data-dir", str(data_dir)], catch_exceptions=True)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output
