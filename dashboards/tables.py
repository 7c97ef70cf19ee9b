"""Tables as HTML: a caption, aligned figures, readable by a screen reader, scrolling on a phone. Rows in, HTML out."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head; figures stand to the right."""

    head: str
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Markup:
    """A cell that is HTML already."""

    html: str


Cell = str | Markup


def table(
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    marked: Sequence[int] = (),
    tall: bool = False,
) -> str:
    """The rows as an HTML table; those `marked` (by place) stand out, and a tall one scrolls within itself."""
    head = "".join(f'<th scope="col"{_align(column)}>{escape(column.head)}</th>' for column in columns)
    body = "".join(_row(columns, row, place in marked) for place, row in enumerate(rows))
    size = " tall" if tall else ""
    return (
        f'<div class="lb-scroll{size}" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="lb-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and what they stand for, as a definition list; empty ones are left out."""
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in pairs if text)
    return f'<dl class="lb-facts">{items}</dl>'


def linked(shown: str, where: str, about: str) -> Markup:
    """A cell that leads somewhere; `about` says where to, for who points at it or hears it read."""
    return Markup(
        f'<a class="lb-link" href="{escape(where)}" target="_self" title="{escape(about)}">{escape(shown)}</a>'
    )


def sentence(text: str) -> str:
    """The sentence that a chart ends in."""
    return f'<p class="lb-sentence">{escape(text)}</p>'


def remark(text: str) -> str:
    """Something to know about the figures of the table above."""
    return f'<p class="lb-remark">{escape(text)}</p>'


def legend(entries: Sequence[tuple[str, str]]) -> str:
    """What each colour of a chart stands for: (colour, words)."""
    marks = "".join(f'<span><i style="background:{colour}"></i>{escape(words)}</span>' for colour, words in entries)
    return f'<p class="lb-legend">{marks}</p>'


def spread(low: float, high: float, own: float, country: float | None, label: str) -> Markup:
    """Where a region stands between the lowest and the highest: a line, a dot, and a mark for the country."""
    width = high - low

    def at(value: float) -> float:
        return 50.0 if width == 0 else 100 * (min(max(value, low), high) - low) / width

    mark = "" if country is None else f'<i class="lb-mark" style="left:{at(country):.1f}%"></i>'
    dot = f'<i class="lb-dot" style="left:{at(own):.1f}%"></i>'
    return Markup(f'<span class="lb-spread" role="img" aria-label="{escape(label)}">{mark}{dot}</span>')


def _align(column: Column) -> str:
    return ' class="figure"' if column.is_figure else ""


def _row(columns: Sequence[Column], row: Sequence[Cell], is_marked: bool) -> str:
    first, *rest = zip(columns, row, strict=True)
    cells = "".join(f"<td{_align(column)}>{_html(cell)}</td>" for column, cell in rest)
    marked = ' class="marked"' if is_marked else ""
    return f'<tr{marked}><th scope="row"{_align(first[0])}>{_html(first[1])}</th>{cells}</tr>'


def _html(cell: Cell) -> str:
    return cell.html if isinstance(cell, Markup) else escape(cell)
