"""How figures, answers and events are called in a trace, and what a name stands for in a publication.

A figure: `survey/year/indicator/unit[/sex][/category]`, unit `00` for the country, `00:kommun` where units of several
kinds have the figure. An answer: `survey/year/unit/item[/row][/sex]`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pipeline import trace_queries as queries
from pipeline.errors import AmbiguousOrigin, UnknownOrigin
from pipeline.trace_queries import Row, rows
from surveys.response import SEXES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NEAREST = 3  # as many as one reads before looking the name up


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """The row of a figure in the publication, with what its indicator declares."""

    row: Row


@dataclass(frozen=True, slots=True)
class NamedAnswer:
    """An answer that was given, or a part of one."""

    survey: str
    year: int
    unit: str
    unit_name: str
    item: str
    label: tuple[str, str]
    row: int | None
    sex: str | None


def figure_name(row: Mapping[str, Any]) -> str:
    """What a figure is called by; the row has `many_kinds` where units of several kinds have it."""
    unit = f"{row['unit_id']}:{row['unit_kind']}" if row["many_kinds"] else str(row["unit_id"])
    named = [row["survey"], str(row["year"]), row["indicator_id"], unit]
    if row["sex"] != "T" or row["category"] in SEXES:
        named.append(row["sex"])
    return "/".join([*named, row["category"]] if row["category"] else named)


def answer_name(one: NamedAnswer) -> str:
    """What an answer is called by."""
    parts = (one.survey, one.year, one.unit, one.item, one.row, one.sex)
    return "/".join(str(part) for part in parts if part is not None)


def looks_like_a_name(text: str, publication: "DuckDBPyConnection") -> bool:
    """Whether the text names a figure or an answer rather than an event: a known survey, or a year in second place."""
    survey, _, rest = text.partition("/")
    year = rest.partition("/")[0]
    known = {row["survey"] for row in rows(publication, queries.PARTS)}
    return bool(rest) and (survey in known or (year.isdecimal() and len(year) == 4))


def named(text: str, publication: "DuckDBPyConnection") -> NamedFigure | NamedAnswer:
    """What the name stands for. Raises UnknownOrigin with the nearest known names, AmbiguousOrigin with all."""
    survey, year, third, *rest = [*text.split("/"), "", ""]
    rest = [part for part in rest if part]
    part = _part(text, survey, year, publication)
    indicators = {row["indicator_id"] for row in rows(publication, queries.INDICATORS, **part)}
    units = {row["unit_id"]: row["name"] for row in rows(publication, queries.UNITS)}
    if third in indicators:
        return _figure(text, {**part, "indicator": third}, rest, publication)
    if third in units:
        return _answer(text, part, third, units[third], rest, publication)
    raise unknown(text, "indicator or unit", third, [*indicators, *units])


def unknown(text: str, what: str, wrong: str, known: Iterable[str]) -> UnknownOrigin:
    """The error that names what is wrong in the text, and the nearest that is known."""
    return UnknownOrigin(text, what, wrong, get_close_matches(wrong, list(known), n=NEAREST, cutoff=0.6))


def _part(text: str, survey: str, year: str, publication: "DuckDBPyConnection") -> dict[str, Any]:
    parts = rows(publication, queries.PARTS)
    if survey not in {row["survey"] for row in parts}:
        raise unknown(text, "survey", survey, {row["survey"] for row in parts})
    years = [str(row["year"]) for row in parts if row["survey"] == survey]
    if year not in years:
        raise UnknownOrigin(text, "year", year, years)
    return {"survey": survey, "year": int(year)}


def _figure(text: str, part: dict[str, Any], rest: list[str], publication: "DuckDBPyConnection") -> NamedFigure:
    found = rows(publication, queries.FIGURES, **part)
    place, *more = rest or [""]
    unit, _, kind = place.partition(":")
    sex = more.pop(0) if more and more[0] in SEXES else "T"
    category = "/".join(more)
    for column, what, wanted in (
        ("unit_id", "unit", unit), ("unit_kind", "kind of unit", kind), ("sex", "sex", sex),
        ("category", "category", category),
    ):  # fmt: skip
        if not wanted and column != "unit_id":
            continue
        left = [row for row in found if row[column] == wanted]
        if not left:
            raise unknown(text, what, wanted, {str(row[column]) for row in found if row[column]})
        found = left
    if len(found) > 1:
        raise AmbiguousOrigin(text, sorted(map(figure_name, found)))
    return NamedFigure(found[0])


def _answer(
    text: str, part: dict[str, Any], unit: str, name: str, rest: list[str], publication: "DuckDBPyConnection"
) -> NamedAnswer:
    items = {row["item_id"]: (row["label_sv"], row["label_en"]) for row in rows(publication, queries.ITEMS, **part)}
    item, *more = rest or [""]
    if item not in items:
        raise unknown(text, "item", item, items)
    row = int(more.pop(0)) if more and more[0].isdecimal() else None
    sex = more.pop(0) if more and more[0] in SEXES else None
    if more:
        raise UnknownOrigin(text, "row or sex", more[0], [])
    return NamedAnswer(**part, unit=unit, unit_name=name, item=item, label=items[item], row=row, sex=sex)
