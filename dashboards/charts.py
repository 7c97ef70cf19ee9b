"""Charts: plain rows in, a chart out. Labels come written in the reader's language."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from dashboards.records import Language

if TYPE_CHECKING:
    import altair as alt

    Drawn = alt.LayerChart | alt.FacetChart

INK, QUIET, LINE, DEEP, WARM = "#17302f", "#52625f", "#d8d5cb", "#0f5e63", "#b4501a"
TONES = {"plain": "#7fa5a6", "better": "#2f7d5a", "worse": "#b0493a", "marked": WARM}
# Told apart by lightness as well as by colour.
CATEGORIES = (
    *("#0f5e63", "#d9a441", "#7fa5a6", "#b4501a", "#c9c5b9"),
    *("#52477a", "#8fb573", "#3d4f6b", "#e3b7a0", "#9a8c98"),
)
FAINT = "#d5d2c8"
ROW = 25
ABOVE = 22  # room for the reference's label
BELOW = 24  # what Streamlit keeps under a chart, within its height
GROUND = "#fbfaf7"
FONT = "'Source Sans', system-ui, sans-serif"  # what Streamlit sets the page in
FIGURE_PIXELS = 7.5  # the width of a figure at the size in which values stand beside bars


# Wide enough to close the gaps between the signs, round enough not to spike out of them.
HALO: dict[str, Any] = {"stroke": GROUND, "strokeWidth": 9, "strokeJoin": "round"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: whose, how long, the value as written, and its tone."""

    name: str
    value: float
    shown: str
    tone: str


@dataclass(frozen=True, slots=True)
class Part:
    """A category's share of one bar."""

    name: str
    category: str
    value: float
    shown: str


@dataclass(frozen=True, slots=True)
class Point:
    """One year of one line; `stretch` parts a line where the question changed; `role` is own, country or other."""

    year: int
    value: float
    name: str
    role: str
    stretch: str
    shown: str


@dataclass(frozen=True, slots=True)
class Step:
    """A value that stands from a moment on; `at` is local time as the reader's clock tells it, `shown` is written."""

    at: str
    value: float
    shown: str
    covered: str


@dataclass(frozen=True, slots=True)
class Landmark:
    """A figure published elsewhere, in its year."""

    year: int
    value: float
    shown: str


def bars(rows: Sequence[Bar], reference: float | None, reference_label: str) -> "Drawn":
    """Horizontal bars in the order given, each with its value, and a line for the reference."""
    import altair as alt

    source = alt.InlineData([asdict(row) for row in rows])
    longest = max([row.value for row in rows] + [reference or 0, 1e-9])
    shortest = min([row.value for row in rows] + [0])
    scale = alt.Scale(domain=[shortest, longest])
    # The longest value has room to the right of the longest bar, however narrow the page.
    room = {"top": ABOVE, "right": 8 + FIGURE_PIXELS * max(len(row.shown) for row in rows)}
    names = alt.Y("name:N", sort=None, title=None, axis=_names(max(len(row.name) for row in rows)))
    base = alt.Chart(source).encode(y=names)
    label: dict[str, Any] = {"align": "left", "dx": 6, "fontSize": 13}
    length = alt.X("value:Q", scale=scale, axis=None)
    # The reference behind the bars, and a halo behind the figures: neither strikes the other through.
    layers = _reference(reference, reference_label, scale) if reference is not None else []
    layers += [
        base.mark_bar(size=15, cornerRadiusEnd=2).encode(
            x=length,
            color=alt.Color("tone:N", scale=alt.Scale(domain=list(TONES), range=list(TONES.values())), legend=None),
            tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("shown:N", title=" ")],
        ),
        base.mark_text(**label, **HALO).encode(x=length, text="shown:N"),
        base.mark_text(**label, color=INK).encode(x=length, text="shown:N"),
    ]
    return _finished(alt.layer(*layers).properties(height=ROW * len(rows) + ABOVE + BELOW, padding=room))


def category_key(categories: Sequence[str]) -> list[tuple[str, str]]:
    """The colour of each category, as a legend takes them."""
    return [(CATEGORIES[at % len(CATEGORIES)], category) for at, category in enumerate(categories)]


def shares(rows: Sequence[Part], categories: Sequence[str]) -> "Drawn":
    """Stacked horizontal bars of 100 per cent, a bar a name in the order given, categories in their own order.

    What the colours stand for is said by a legend of `category_key`, which folds on a phone as a chart's own does not.
    """
    import altair as alt

    names = list(dict.fromkeys(row.name for row in rows))
    order = {category: place for place, category in enumerate(categories)}
    source = alt.InlineData([{**asdict(row), "order": order[row.category]} for row in rows])
    chart = (
        alt.Chart(source)
        .mark_bar(size=17)
        .encode(
            y=alt.Y("name:N", sort=None, title=None, axis=_names(max(map(len, names)))),
            x=alt.X("value:Q", stack="zero", axis=None, scale=alt.Scale(domain=[0, 100], clamp=True)),
            color=alt.Color(
                "category:N",
                scale=alt.Scale(domain=list(categories), range=[colour for colour, _ in category_key(categories)]),
                legend=None,
            ),
            order=alt.Order("order:Q"),
            tooltip=[alt.Tooltip(f"{field}:N", title=" ") for field in ("name", "category", "shown")],
        )
    )
    height = ROW * len(names) + BELOW
    return _finished(alt.layer(chart).properties(height=height))


def lines(
    points: Sequence[Point], breaks: Sequence[int], break_label: str, landmarks: Sequence[Landmark], language: Language
) -> "Drawn":
    """Lines over the years: the chosen region and the country stand out; a break parts the lines and is drawn."""
    import altair as alt

    years = sorted({point.year for point in points} | {mark.year for mark in landmarks})
    x = alt.X("year:Q", title=None, scale=alt.Scale(domain=[years[0] - 0.6, years[-1] + 0.6]), axis=_years(years))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True), axis=_amounts(language))
    layers = [_break_rules(breaks, break_label, x)] if breaks else []
    looks = {"other": (1, FAINT, 0.9), "country": (3, INK, 1.0), "own": (3, WARM, 1.0)}
    for role, (width, colour, opacity) in looks.items():
        rows = [asdict(point) for point in points if point.role == role]
        if not rows:
            continue
        base = alt.Chart(alt.InlineData(rows)).encode(
            x=x, y=y, detail="stretch:N", tooltip=[alt.Tooltip(f"{f}:N", title=" ") for f in ("name", "year", "shown")]
        )
        layers.append(base.mark_line(color=colour, strokeWidth=width, opacity=opacity))
        layers.append(base.mark_point(color=colour, filled=True, size=20 if role == "other" else 60, opacity=opacity))
    if landmarks:
        layers.append(_landmarks(landmarks, x, y))
    return _finished(alt.layer(*layers).properties(height=340))


def steps(rows: Sequence[Step], until: str, clock: str, language: Language) -> "Drawn":
    """A figure that moves in steps, each point with how many had answered; the last one stands until the end.

    `clock` is how the axis writes a moment, as d3 has it.
    """
    import altair as alt

    standing = [*map(asdict, rows), {**asdict(rows[-1]), "at": until}]
    x = alt.X("at:T", title=None, axis=alt.Axis(format=clock, tickCount=4, grid=False, labelFontSize=12))
    # The movement is small beside the figure: the axis need not begin at nought, and says so by its own numbers.
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, nice=True, padding=18), axis=_amounts(language))
    line = alt.Chart(alt.InlineData(standing)).mark_line(interpolate="step-after", color=INK, strokeWidth=2)
    points = alt.Chart(alt.InlineData([asdict(row) for row in rows])).encode(
        x=x, y=y, tooltip=[alt.Tooltip(f"{name}:N", title=" ") for name in ("shown", "covered")]
    )
    layers = [line.encode(x=x, y=y), points.mark_point(color=INK, filled=True, size=50)]
    # The first and the last say how many had answered, each towards the middle.
    sides: list[tuple[Step, dict[str, Any]]] = [
        (rows[0], {"align": "left", "dx": 6}),
        (rows[-1], {"align": "right", "dx": -6}),
    ]
    for row, look in sides:
        end = alt.Chart(alt.InlineData([asdict(row)])).encode(x=x, y=y, text="covered:N")
        layers += [end.mark_text(**look, **style, dy=-11, fontSize=12) for style in (HALO, {"color": QUIET})]
    return _finished(alt.layer(*layers).properties(height=180))


def _reference(value: float, label: str, scale: "alt.Scale") -> list["alt.Chart"]:
    import altair as alt

    base = alt.Chart(alt.InlineData([{"value": value, "label": label}])).encode(
        x=alt.X("value:Q", scale=scale, axis=None)
    )
    text = base.mark_text(dy=-8, color=INK, fontSize=12, fontWeight="bold").encode(y=alt.value(0), text="label:N")
    return [base.mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=1.5), text]


def _break_rules(breaks: Sequence[int], label: str, x: "alt.X") -> "Drawn":
    import altair as alt

    rows = [{"year": year - 0.5, "label": label.format(year=year)} for year in breaks]
    base = alt.Chart(alt.InlineData(rows)).encode(x=x)
    rule = base.mark_rule(color=QUIET, strokeDash=[2, 4], strokeWidth=1.5)
    text = base.mark_text(align="left", dx=4, color=QUIET, fontSize=11).encode(y=alt.value(8), text="label:N")
    return alt.layer(rule, text)


def _landmarks(landmarks: Sequence[Landmark], x: "alt.X", y: "alt.Y") -> "Drawn":
    """A tick for each; of several in one year the highest has its label above, the others below."""
    import altair as alt

    highest = {mark.year: max(each.value for each in landmarks if each.year == mark.year) for mark in landmarks}
    rows = [{**asdict(mark), "above": mark.value == highest[mark.year]} for mark in landmarks]
    base = alt.Chart(alt.InlineData(rows)).encode(x=x, y=y, tooltip=alt.Tooltip("shown:N", title=" "))
    rule = base.mark_tick(color=DEEP, thickness=3, size=46, orient="horizontal")
    labels = base.encode(text="shown:N")
    look: dict[str, Any] = {"color": DEEP, "fontSize": 11, "fontWeight": "bold"}
    above, below = (labels.transform_filter(which) for which in ("datum.above", "!datum.above"))
    halo = {**look, **HALO, "strokeWidth": 4}
    texts = [part.mark_text(**style, dy=dy) for part, dy in ((above, -10), (below, 14)) for style in (halo, look)]
    return alt.layer(rule, *texts)


def _names(longest: int) -> "alt.Axis":
    import altair as alt

    return alt.Axis(labelLimit=220, labelFontSize=13, ticks=False, domain=False, minExtent=min(7 * longest, 110))


def _years(years: Sequence[int]) -> "alt.Axis":
    import altair as alt

    return alt.Axis(values=list(years), format="d", grid=False, labelFontSize=12)


def _amounts(language: Language) -> "alt.Axis":
    import altair as alt

    swedish = "replace(replace(format(datum.value, ',~r'), /,/g, '\u00a0'), '.', ',')"
    return alt.Axis(labelExpr=swedish if language == "sv" else "format(datum.value, ',~r')", tickCount=6)


def _finished(chart: "Drawn") -> "Drawn":
    quiet = chart.configure(font=FONT, background=GROUND).configure_view(stroke=None)
    finished: Drawn = quiet.configure_axis(labelColor=INK, gridColor="#ebe8df", domainColor=LINE, tickColor=LINE)
    return finished
