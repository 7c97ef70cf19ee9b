"""The empty presentation that every report begins as: 16:9, the dashboards' colours as its theme, two layouts."""

import re
from functools import cache
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from dashboards import charts

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, RIGHT = Inches(0.6), Inches(12.733)
FONT = "Calibri"
# What PowerPoint offers for what is added by hand.
THEME = {
    "dk1": charts.INK,
    "lt1": "#ffffff",
    "dk2": charts.DEEP,
    "lt2": "#f1efe9",
    "accent1": charts.TONES["plain"],
    "accent2": charts.WARM,
    "accent3": charts.TONES["better"],
    "accent4": charts.TONES["worse"],
    "accent5": charts.DEEP,
    "accent6": charts.CATEGORIES[1],
    "hlink": charts.DEEP,
    "folHlink": charts.QUIET,
}
COVER, CONTENT = "Title Slide", "Title Only"


def empty() -> Any:
    """A presentation without slides, and with the layouts COVER and CONTENT. Any: its class has no public name."""
    return Presentation(BytesIO(_made()))


@cache
def _made() -> bytes:
    made = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    for layout in list(made.slide_layouts):
        if layout.name not in (COVER, CONTENT):
            made.slide_layouts.remove(layout)
        else:
            _without_placeholders(layout)
    master = made.slide_master
    _without_placeholders(master)
    _themed(master)
    _place(master.placeholders[0], Inches(0.3), Inches(1.3))
    _titles(master)
    layouts: Any = {layout.name: layout for layout in made.slide_layouts}
    cover, content = layouts[COVER], layouts[CONTENT]
    _place(cover.placeholders[0], Inches(1.6), Inches(1.7))
    _place(cover.placeholders[1], Inches(3.35), Inches(0.6))
    _place(content.placeholders[0], Inches(0.3), Inches(1.3))
    _band(cover)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def colour(hexadecimal: str) -> RGBColor:
    """A colour of the dashboards as PowerPoint takes it."""
    return RGBColor(*bytes.fromhex(hexadecimal.removeprefix("#")))


def _without_placeholders(holder: Any) -> None:
    """Date, footer and number are written on each slide, so that they go along when one is copied."""
    for shape in list(holder.placeholders):
        if shape.placeholder_format.type is not None and shape.placeholder_format.idx in (10, 11, 12):
            shape._element.getparent().remove(shape._element)


def _themed(master: Any) -> None:
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = part.blob.decode("utf-8")
    for name, value in THEME.items():
        solid = f'<a:{name}><a:srgbClr val="{value[1:].upper()}"/></a:{name}>'
        theme = re.sub(rf"<a:{name}>.*?</a:{name}>", solid, theme, flags=re.DOTALL)
    part._blob = theme.encode("utf-8")  # the library has no door to a theme


def _place(shape: Any, top: int, height: int) -> None:
    shape.left, shape.top, shape.width, shape.height = LEFT, top, Emu(RIGHT - LEFT), height


def _titles(master: Any) -> None:
    level = master._element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    level.set("algn", "l")
    level.find(qn("a:defRPr")).set("sz", str(Pt(24).centipoints))
    body = master.placeholders[0].text_frame._txBody.find(qn("a:bodyPr"))
    body.set("anchor", "t")
    for side in ("lIns", "rIns"):
        body.set(side, "0")


def _band(cover: Any) -> None:
    """A line of colour that tells the cover from the other slides."""
    tree = cover.shapes._spTree  # layouts have shapes, but the library adds none to them
    tree.insert(
        2,
        parse_xml(
            f"<p:sp {nsdecls('p', 'a')}><p:nvSpPr><p:cNvPr id='90' name='Band'/><p:cNvSpPr/><p:nvPr userDrawn='1'/>"
            f"</p:nvSpPr><p:spPr><a:xfrm><a:off x='0' y='0'/><a:ext cx='{Inches(0.25)}' cy='{HEIGHT}'/></a:xfrm>"
            "<a:prstGeom prst='rect'><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val='tx2'/></a:solidFill>"
            "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
        ),
    )
