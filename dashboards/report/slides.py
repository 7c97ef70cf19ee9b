"""What a slide says, before it is drawn: plain records, texts already in one language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Series:
    """One column of a chart's sheet. `values` in the order of the categories, None where it has none."""

    name: str
    colour: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars from the top down. Series stand in for one another, unless `stacked` or `beside` one another."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number_format: str
    told: str
    has_legend: bool = False
    stacked: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line through (year, value), earliest first; a break parts it into `stretches`."""

    name: str
    colour: str
    stretches: tuple[tuple[tuple[int, float], ...], ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Lines over the years, and what is said at each year in which the question changed."""

    lines: tuple[Line, ...]
    breaks: tuple[tuple[int, str], ...]
    number_format: str
    told: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The figure to be seen from afar, and whose it is."""

    figure: str
    whose: str


Fact = tuple[str, str]  # a name and what it stands for


@dataclass(frozen=True, slots=True)
class Cover:
    """The first slide."""

    title: str
    subject: str
    lines: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A measure: the statement, its bars, the figure of note, the years, and what belongs to a figure."""

    about: str
    statement: str
    warning: str
    bars: Bars | None
    headline: Headline | None
    trend: Trend | None
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the first column is text, the others stand to the right."""

    about: str
    statement: str
    warning: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs, each with a name that may be ''."""

    about: str
    statement: str
    paragraphs: tuple[Fact, ...]


Slide = Cover | Figures | Table | Prose


@dataclass(frozen=True, slots=True)
class Deck:
    """A whole report; the `footer` stands on each slide, since slides are copied one by one."""

    title: str
    language: str
    footer: str
    slides: tuple[Slide, ...]
