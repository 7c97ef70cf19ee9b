"""Slides drawn: what they say, as shapes, tables and charts of a presentation."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Emu, Inches, Length, Pt

from dashboards import charts
from dashboards.report import template
from dashboards.report.draw_charts import LANGUAGES, bars, trend
from dashboards.report.fitting import Run, height_of, points_that_fit
from dashboards.report.slides import Cover, Deck, Figures, Prose, Slide, Table
from dashboards.report.template import CONTENT, COVER, LEFT, RIGHT, colour

WHOLE = Emu(RIGHT - LEFT)
TOP, BOTTOM = Inches(1.7), Inches(6.95)
# Bars to the left, the figure of note, the years and the facts to the right.
BARS_WIDTH = Inches(7.3)
ASIDE = Inches(8.15)
ASIDE_WIDTH = Emu(RIGHT - ASIDE)
WASH = "#f1efe9"
# The height of the lines over the years, and the letters of the facts that they make room for.
LOWEST, HIGHEST, READABLE = Inches(1.55), Inches(2.0), 10
# Columns of tables are as wide as so many letters at most, the first one and the others; then they fold.
WIDE, NARROW = 44, 24


def drawn(deck: Deck) -> bytes:
    """The report as a file of PowerPoint."""
    made = template.empty()
    properties = made.core_properties
    properties.title, properties.author, properties.language = deck.title, "Lägesbild", deck.language
    properties.last_modified_by, properties.comments = "Lägesbild", deck.footer
    for slide in deck.slides:
        _Sheet(made, deck, slide).draw()
    written = BytesIO()
    made.save(written)
    return written.getvalue()


class _Sheet:
    """One slide while it is drawn."""

    def __init__(self, made: Any, deck: Deck, slide: Slide) -> None:
        layout = made.slide_layouts.get_by_name(COVER if isinstance(slide, Cover) else CONTENT)
        self.sheet, self.slide = made.slides.add_slide(layout), slide
        self.deck, self.number = deck, len(made.slides)
        self.language = MSO_LANGUAGE_ID.SWEDISH if deck.language == "sv" else MSO_LANGUAGE_ID.ENGLISH_UK

    def draw(self) -> None:
        """Everything on it."""
        match self.slide:
            case Cover():
                self._cover(self.slide)
            case Figures():
                self._figures(self.slide)
            case Table():
                self._table(self.slide)
            case Prose():
                self._prose(self.slide)
        self._footer()

    def _cover(self, slide: Cover) -> None:
        title, subject = self.sheet.placeholders[0].text_frame, self.sheet.placeholders[1].text_frame
        self._write(title, [[Run(slide.title, bold=True)]], 44, Emu(WHOLE), Inches(1.7))
        title.vertical_anchor = MSO_ANCHOR.BOTTOM
        self._write(subject, [[Run(slide.subject, charts.DEEP)]], 24, WHOLE, Inches(0.6))
        for frame in (title, subject):
            frame.paragraphs[0].alignment = PP_ALIGN.LEFT
            frame.margin_left = frame.margin_right = 0
        self._text([[Run(line)] for line in slide.lines], 18, LEFT, Inches(4.15), WHOLE, Inches(1.5))
        if slide.warnings:
            runs = [[Run(line, bold=True)] for line in slide.warnings]
            self._text(runs, 16, LEFT, Inches(5.8), WHOLE, Inches(0.95), ground=WASH)

    def _figures(self, slide: Figures) -> None:
        top = self._head(slide.about, slide.statement, slide.warning)
        if slide.bars is None:
            self._aside(slide, LEFT, top, WHOLE, 18)
        else:
            bars(self.sheet, slide.bars, (LEFT, top, BARS_WIDTH, Emu(BOTTOM - top)), self.deck.language)
            self._aside(slide, ASIDE, top, ASIDE_WIDTH, 12)

    def _aside(self, slide: Figures, left: int, top: int, width: int, points: int) -> None:
        """The figure of note, the years and the facts, from the top down."""
        at = top
        if slide.headline is not None:
            figure, whose = slide.headline.figure, slide.headline.whose
            size = points_that_fit([[Run(figure, bold=True)]], 40, (Emu(width).pt, 50))
            small = points_that_fit([[Run(whose)]], 14, (Emu(width).pt, 20))
            runs = [[Run(figure, charts.DEEP, True, size)], [Run(whose, charts.QUIET, size=small)]]
            self._text(runs, 14, left, at, width, Inches(1.06))
            at = Emu(at + Inches(1.08))
        facts = [[Run(f"{name}: ", charts.QUIET, True), Run(text)] for name, text in slide.facts]
        if slide.trend is not None:
            # What is left when the facts have letters that can be read, but never so little that the line is flat.
            left_over = Pt(Emu(BOTTOM - at).pt - height_of(facts, READABLE, Emu(width).pt) - 8)
            tall = min(max(left_over, LOWEST), HIGHEST)
            trend(self.sheet, slide.trend, (left, at, min(width, BARS_WIDTH), tall), self.deck.language)
            at = Emu(at + tall)
        self._text(facts, points, left, at, width, Emu(BOTTOM - at))

    def _table(self, slide: Table) -> None:
        top = self._head(slide.about, slide.statement, slide.warning)
        rows, columns = len(slide.rows) + 1, len(slide.heads)
        frame = self.sheet.shapes.add_table(rows, columns, LEFT, top, WHOLE, Inches(0.42 * rows))
        table = frame.table
        frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{slide.about}. {slide.statement}")
        for at, (column, share) in enumerate(zip(table.columns, _shares(slide), strict=True)):
            column.width = Emu(int(WHOLE * share))
            for down, row in enumerate([slide.heads, *slide.rows]):
                self._cell(table.cell(down, at), row[at], is_head=down == 0, is_first=at == 0, down=down)

    def _cell(self, cell: Any, text: str, *, is_head: bool, is_first: bool, down: int) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = colour(charts.DEEP if is_head else WASH if down % 2 == 0 else "#ffffff")
        cell.margin_top = cell.margin_bottom = Inches(0.03)
        cell.vertical_anchor = MSO_ANCHOR.MIDDLE
        frame = cell.text_frame
        frame.word_wrap = True
        self._runs(frame.paragraphs[0], [Run(text, "#ffffff" if is_head else charts.INK, is_head or is_first)], 13)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT if is_first else PP_ALIGN.RIGHT

    def _prose(self, slide: Prose) -> None:
        top = self._head(slide.about, slide.statement, "")
        paragraphs = [
            [*([Run(f"{name}: ", charts.DEEP, True)] if name else []), Run(text)] for name, text in slide.paragraphs
        ]
        if paragraphs:
            self._text(paragraphs, 18, LEFT, top, WHOLE, Emu(BOTTOM - top), between=6)

    def _head(self, about: str, statement: str, warning: str) -> Length:
        """Title and warning; returns where the content begins."""
        title = self.sheet.shapes.title.text_frame
        runs = [[Run(about, charts.QUIET, size=14)], [Run(statement, charts.INK, True)]]
        self._write(title, runs, 24, WHOLE, Inches(1.3))
        if not warning:
            return TOP
        self._text([[Run(warning)]], 13, LEFT, Inches(1.62), WHOLE, Inches(0.56), ground=WASH)
        return Inches(2.28)

    def _footer(self) -> None:
        box = self._text([[Run(self.deck.footer, charts.QUIET)]], 10, LEFT, Inches(7.05), Inches(11.4), Inches(0.3))
        box.name = "Footer"
        width = Inches(0.7)
        number = self._text([[]], 10, Emu(RIGHT - width), Inches(7.05), width, Inches(0.3))
        number.name = "Slide number"
        paragraph = number.text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        # A field, which the library does not make: it goes by the slide's place wherever that is moved.
        field = (
            f"<a:fld {nsdecls('a')} id='{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}' type='slidenum'>"
            f"<a:rPr lang='{LANGUAGES[self.deck.language]}' sz='1000'/><a:t>{self.number}</a:t></a:fld>"
        )
        paragraph._p.append(parse_xml(field))

    def _text(
        self,
        paragraphs: Sequence[Sequence[Run]],
        points: int,
        left: int,
        top: int,
        width: int,
        height: int,
        *,
        ground: str = "",
        between: int = 2,
    ) -> Any:
        box = self.sheet.shapes.add_textbox(left, top, width, height)
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = Inches(0.12) if ground else 0
        frame.margin_top = frame.margin_bottom = Inches(0.04)
        if ground:
            box.fill.solid()
            box.fill.fore_color.rgb = colour(ground)
            frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        self._write(frame, paragraphs, points, Emu(width - (Inches(0.24) if ground else 0)), height, between)
        return box

    def _write(
        self,
        frame: Any,
        paragraphs: Sequence[Sequence[Run]],
        points: int,
        width: int,
        height: int,
        between: int = 2,
    ) -> None:
        """The paragraphs in letters of that many points, or of as many as have room."""
        room = (Emu(width).pt, Emu(height).pt - 6)
        size = points_that_fit(paragraphs, points, room, between)
        for at, runs in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.space_before = Pt(0)
            paragraph.space_after = Pt(between)
            self._runs(paragraph, runs, size)

    def _runs(self, paragraph: Any, runs: Sequence[Run], points: float) -> None:
        for run in runs:
            written = paragraph.add_run()
            written.text = run.text
            font = written.font
            font.size, font.bold = Pt(run.size or points), run.bold
            font.color.rgb = colour(run.colour)
            font.language_id = self.language


def _shares(slide: Table) -> list[float]:
    """How wide each column is, as a part of the table: as its longest text, within limits."""
    columns = zip(slide.heads, *slide.rows, strict=True)
    wanted = [min(max(map(len, column)), NARROW if at else WIDE) + 4 for at, column in enumerate(columns)]
    return [each / sum(wanted) for each in wanted]
