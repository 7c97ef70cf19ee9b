"""Native charts: their numbers lie in a sheet of the file, and can be edited in PowerPoint."""

from collections.abc import Sequence
from math import floor, log10
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.chart import XL_TICK_MARK as TICK
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboards import charts
from dashboards.report.slides import Bars, Line, Trend
from dashboards.report.template import colour

Box = tuple[int, int, int, int]  # left, top, width, height
# Room beyond the longest bar for its value.
BEYOND = 1.14
LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}
# The room that a row of bars has, and the largest letters that leave air between names.
LARGEST, SMALLEST = 16, 9
GREY = "#ebe8df"
FLOOR = 0.25  # of the height: below, there is no room between a line and the axis
FEW = 6  # bars, which would be blocks if they were as close as many
# The mean width of a letter as a part of its height, and the widest that names may be as a part of the chart.
LETTER, WIDEST = 0.52, 0.45


def bars(sheet: Any, content: Bars, box: Box, language: str) -> None:
    """Horizontal bars from the top down."""
    data = CategoryChartData(number_format=content.number_format)
    data.categories = content.categories
    for series in content.series:
        data.add_series(series.name, series.values)
    kind = XL_CHART_TYPE.BAR_STACKED if content.stacked else XL_CHART_TYPE.BAR_CLUSTERED
    chart = _added(sheet, kind, box, data, content.told, language)
    size = _letters(content, box[3])
    chart.font.size = Pt(size)
    _legend(chart, content.has_legend, size)
    plot = chart.plots[0]
    plot.vary_by_categories = False
    plot.gap_width = 45 if len(content.categories) > FEW else 110
    plot.overlap = -10 if content.beside else 100
    for drawn, series in zip(plot.series, content.series, strict=True):
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.rgb = colour(series.colour)
        drawn.invert_if_negative = False
    if not content.stacked:
        _values_beside(plot, content.number_format, size)
    _names_of(chart.category_axis)
    _length(chart.value_axis, content)
    _leave_room(chart, content, size, box)


def trend(sheet: Any, content: Trend, box: Box, language: str) -> None:
    """Lines over the years, the years as far apart as they are; a dashed line where the question changed."""
    parts = [(line, stretch) for line in content.lines for stretch in line.stretches]
    data = XyChartData(number_format=content.number_format)
    for line, stretch in parts:
        _points(data, line.name, stretch)
    top = _rounded_up(max(value for _, stretch in parts for _, value in stretch))
    for year, text in content.breaks:
        _points(data, text, ((year - 0.5, 0), (year - 0.5, top)))
    chart = _added(sheet, XL_CHART_TYPE.XY_SCATTER_LINES, box, data, content.told, language)
    chart.font.size = Pt(11)
    drawn = list(chart.plots[0].series)
    for series, (line, stretch) in zip(drawn, parts, strict=False):
        is_alone = len(content.lines) == 1
        _line(series, line.colour)
        for at in sorted({0, len(stretch) - 1}):
            name = is_alone and stretch == line.stretches[-1] and at == len(stretch) - 1
            place = _place(content, line, stretch[at], top, is_first=at == 0)
            _value_at(series, at, content.number_format, line.colour, place, name)
    for series in drawn[len(parts) :]:
        _break(series)
    _legend(chart, len(content.lines) > 1, 11)
    if len(content.lines) > 1:
        _one_entry_each(chart, content)
    years = [int(year) for _, stretch in parts for year, _ in stretch]
    _years(chart.category_axis, min(years), max(years))
    _amounts(chart.value_axis, top, content.number_format)


def _points(data: Any, name: str, points: Sequence[tuple[float, float]]) -> None:
    series = data.add_series(name)
    for x, y in points:
        series.add_data_point(x, y)


def _place(content: Trend, line: Line, point: tuple[int, float], top: float, *, is_first: bool) -> Any:
    """Where a value is written: above the upper line, below the lower one, and beside it where that is the floor."""
    year, value = point
    others = (other for other in content.lines if other is not line)
    if all(value >= at for other in others for part in other.stretches for when, at in part if when == year):
        return XL_LABEL_POSITION.ABOVE
    if value > FLOOR * top:
        return XL_LABEL_POSITION.BELOW
    return XL_LABEL_POSITION.LEFT if is_first else XL_LABEL_POSITION.RIGHT


def _one_entry_each(chart: Any, content: Trend) -> None:
    """Of several stretches of a line one is in the legend; a break says itself what it is."""
    firsts, at = set(), 0
    for line in content.lines:
        firsts.add(at)
        at += len(line.stretches)
    legend = chart.legend._element
    for other in range(at + len(content.breaks)):
        if other not in firsts:
            entry = legend.makeelement(qn("c:legendEntry"), {})
            for name, value in (("idx", str(other)), ("delete", "1")):
                entry.append(entry.makeelement(qn(f"c:{name}"), {"val": value}))
            legend.find(qn("c:legendPos")).addnext(entry)


def _added(sheet: Any, kind: Any, box: Box, data: Any, told: str, language: str) -> Any:
    frame = sheet.shapes.add_chart(kind, *box, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", told)
    space = frame.chart._chartSpace
    lang = space.find(qn("c:lang"))
    if lang is None:
        lang = space.makeelement(qn("c:lang"), {})
        space.insert(1 if space.find(qn("c:date1904")) is not None else 0, lang)
    lang.set("val", LANGUAGES[language])
    frame.chart.has_title = False
    frame.chart.font.color.rgb = colour(charts.INK)
    return frame.chart


def _letters(content: Bars, height: int) -> int:
    rows = len(content.categories) * (len(content.series) if content.beside else 1)
    return int(min(max(height / 12_700 / rows * 0.68, SMALLEST), LARGEST))


def _legend(chart: Any, has_legend: bool, size: int) -> None:
    chart.has_legend = has_legend
    if has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(min(size + 1, 13))


def _values_beside(plot: Any, pattern: str, size: int) -> None:
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = pattern, False
    labels.position = XL_LABEL_POSITION.OUTSIDE_END
    labels.show_value = True
    labels.font.size = Pt(size)
    labels.font.bold = True


def _names_of(axis: Any) -> None:
    axis.reverse_order = True
    axis.has_major_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = TICK.NONE
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    axis.format.line.color.rgb = colour(charts.LINE)
    skip = axis._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})  # every name, however many there are
    axis._element.find(qn("c:lblOffset")).addnext(skip)


def _length(axis: Any, content: Bars) -> None:
    values = [value for series in content.series for value in series.values if value is not None]
    axis.minimum_scale = min([*values, 0])
    axis.maximum_scale = 100 if content.stacked else max(values) * BEYOND or 1
    axis.visible = False
    axis.has_major_gridlines = False


def _leave_room(chart: Any, content: Bars, size: int, box: Box) -> None:
    """The bars begin where the longest name ends, and below the legend: programs left alone fold and skip names."""
    width, height = box[2] / 12_700, box[3] / 12_700
    names = (max(map(len, content.categories)) * size * LETTER + 10) / width
    legend = (
        (sum(len(series.name) + 4 for series in content.series) * size * LETTER // width + 1) * (size + 13) / height
    )
    left, top = min(names, WIDEST), legend if content.has_legend else 0.0
    edges = {"layoutTarget": "inner", "xMode": "edge", "yMode": "edge"}
    sizes = {"x": left, "y": top, "w": 0.99 - left, "h": 0.99 - top}
    area = chart._chartSpace.chart.plotArea
    layout = area.find(qn("c:layout"))
    if layout is None:
        layout = area.makeelement(qn("c:layout"), {})
        area.insert(0, layout)
    manual = layout.makeelement(qn("c:manualLayout"), {})
    layout.append(manual)
    for name, value in {**edges, **{name: f"{share:.4f}" for name, share in sizes.items()}}.items():
        manual.append(manual.makeelement(qn(f"c:{name}"), {"val": value}))


def _line(series: Any, hexadecimal: str) -> None:
    series.smooth = False
    series.format.line.color.rgb = colour(hexadecimal)
    series.format.line.width = Pt(2.5)
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 7
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour(hexadecimal)
    series.marker.format.line.color.rgb = colour(hexadecimal)


def _value_at(series: Any, at: int, pattern: str, hexadecimal: str, place: Any, has_name: bool) -> None:
    label = series.points[at].data_label
    label.position = place
    label.font.size, label.font.bold = Pt(11), True
    label.font.color.rgb = colour(hexadecimal)
    shown = label._get_or_add_dLbl()
    number = shown.makeelement(qn("c:numFmt"), {"formatCode": pattern, "sourceLinked": "0"})
    shown.find(qn("c:idx")).addnext(number)
    for flag, on in (("showVal", True), ("showSerName", has_name)):
        shown.find(qn(f"c:{flag}")).set("val", str(int(on)))
    separator = shown.makeelement(qn("c:separator"), {})
    separator.text = " "
    shown.find(qn("c:showBubbleSize")).addnext(separator)


def _break(series: Any) -> None:
    series.smooth = False
    series.format.line.color.rgb = colour(charts.QUIET)
    series.format.line.width = Pt(1.25)
    series.format.line.dash_style = MSO_LINE_DASH_STYLE.DASH
    series.marker.style = XL_MARKER_STYLE.NONE
    label = series.points[1].data_label
    label.position = XL_LABEL_POSITION.RIGHT
    label.font.size = Pt(10)
    label.font.color.rgb = colour(charts.QUIET)
    shown = label._get_or_add_dLbl()
    shown.find(qn("c:showVal")).set("val", "0")
    shown.find(qn("c:showSerName")).set("val", "1")


def _years(axis: Any, first: int, last: int) -> None:
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = first - 1, last + 1, 1
    axis.has_major_gridlines = False
    axis.major_tick_mark = TICK.NONE
    axis.format.line.color.rgb = colour(charts.LINE)
    # The years at the ends only make room.
    labels = axis.tick_labels
    labels.number_format, labels.number_format_is_linked = f'[<{first}]"";[>{last}]"";0', False


def _amounts(axis: Any, top: float, pattern: str) -> None:
    axis.minimum_scale, axis.maximum_scale = 0, top
    axis.major_unit = top / 2
    axis.major_gridlines.format.line.color.rgb = colour(GREY)
    axis.format.line.fill.background()
    axis.major_tick_mark = TICK.NONE
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = pattern, False


def _rounded_up(value: float) -> float:
    """The next of 1, 2, 4, 6, 8 or 10 times a power of ten with some room above the value; of 0, 2."""
    wanted = value * 1.18
    if wanted <= 0:
        return 2.0
    power = 10.0 ** floor(log10(wanted))
    return next(step * power for step in (1, 2, 4, 6, 8, 10, 20) if step * power >= wanted)
