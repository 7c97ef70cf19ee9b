"""Where a published figure or answer comes from, as the published file tells: nothing here is computed anew.

What each unit adds to a figure was written down when the figure was made (`pipeline/sql/published.sql`: figure_unit,
figure_answer). What is hidden there is hidden here.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline import trace_queries as queries
from pipeline.trace_names import NamedAnswer, NamedFigure, answer_name, figure_name
from pipeline.trace_queries import Row, rows
from pipeline.traced import (
    AnswerTrace,
    Contribution,
    FigureTrace,
    Hidden,
    OfAnswer,
    OfAudit,
    OfChange,
    OfCheck,
    OfPublication,
    OfResponse,
    in_words,
)
from surveys.model import Text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# By item address, row and part (a sex, an option, or ""): the sheet and the cell.
Cells = Mapping[tuple[str, int | None, str], tuple[str, str]]
CellsOf = Callable[[str], Cells]
# Reading one workbook takes about a tenth of a second; for more than these, trace one unit's figure.
MOST_WORKBOOKS = 30


def trace_figure(publication: "DuckDBPyConnection", one: NamedFigure, cells_of: CellsOf) -> FigureTrace:
    """The figure with every unit behind it, those that did not count too, each with why."""
    row = one.row
    part = {"survey": row["survey"], "year": row["year"]}
    asked = {**part, "indicator": row["indicator_id"], "unit_kind": row["unit_kind"], "level": row["level"]}
    asked |= {"unit": row["unit_id"], "sex": row["sex"], "category": row["category"]}
    items = rows(publication, queries.INDICATOR_ITEMS, **asked)
    names = sorted({item["item_id"] for item in items})
    units = _contributions(publication, rows(publication, queries.FIGURE_UNITS, **asked), asked, names, cells_of)
    counted = _counted(items)
    texts = {name: _text(row, name) for name in ("label", "definition", "base", "source", "unit_of_measure")}
    same = ("survey", "year", "unit_name", "unit_kind", "level", "sex", "category", "value", "numerator", "denominator")
    more = ("scale", "answered", "expected", "missing", "note")
    return FigureTrace(
        name=figure_name(row),
        indicator=row["indicator_id"],
        unit=row["unit_id"],
        counted=counted,
        publication=publication_of(publication),
        units=units,
        hidden=_hidden(row, units, counted),
        audit=_audit(publication, part, names),
        **texts,
        **{name: row[name] for name in (*same, *more)},
        **_questionnaire(publication, part),
    )


def trace_answer(publication: "DuckDBPyConnection", one: NamedAnswer, cells_of: CellsOf) -> AnswerTrace | None:
    """The answer with the response it stands in and the figures of its unit that look at it; None without any."""
    asked = {"survey": one.survey, "year": one.year, "unit": one.unit, "item": one.item, "row": one.row, "sex": one.sex}
    found = rows(publication, queries.ANSWERS, **asked)
    if not found:
        return None
    part = {"survey": one.survey, "year": one.year}
    items = sorted({row["item_id"] for row in found})
    response, earlier = responses_of(publication, part, [one.unit])[one.unit]
    assert response is not None  # answers are of current responses
    feeds = rows(publication, queries.ANSWER_FEEDS, **asked, items=items)
    cells = cells_of(response.submission_id) if response.mode == "excel" else {}
    return AnswerTrace(
        name=answer_name(one),
        **part,
        unit=one.unit,
        unit_name=one.unit_name,
        item=one.item,
        label=Text(sv=one.label[0], en=one.label[1]),
        questionnaire=_questionnaire(publication, part)["questionnaire"],
        publication=publication_of(publication),
        response=response,
        earlier=earlier,
        answers=tuple(answer_of(row, cells) for row in found),
        changes=tuple(map(_change, rows(publication, queries.CHANGES, **asked))),
        checks=checks_of(publication, part, [one.unit], items).get(one.unit, ()),
        figures=tuple(map(figure_name, feeds)),
        audit=_audit(publication, part, items),
    )


def publication_of(publication: "DuckDBPyConnection") -> OfPublication:
    """The publication that is read."""
    row = rows(publication, queries.PUBLICATION)[0]
    return OfPublication.model_validate(row | {"watermarks": json.loads(row["watermarks"])})


def response_of(row: Mapping[str, Any]) -> OfResponse:
    """A response as the publication has it."""
    facts = {name: row[name] for name in OfResponse.model_fields if name != "position"}
    return OfResponse(**facts, position=f"responses/{row['partition']}/{row['log_offset']}")


def responses_of(
    publication: "DuckDBPyConnection", part: Mapping[str, Any], units: Sequence[str]
) -> dict[str, tuple[OfResponse | None, tuple[OfResponse, ...]]]:
    """Each unit's current response, and those before it, newest first."""
    found: defaultdict[str, list[OfResponse]] = defaultdict(list)
    for row in rows(publication, queries.RESPONSES, **part, units=list(units)):
        found[row["unit_id"]].append(response_of(row))
    return {
        unit: (
            next((one for one in found[unit] if one.current), None),
            tuple(one for one in reversed(found[unit]) if not one.current),
        )
        for unit in units
    }


def answer_of(row: Mapping[str, Any], cells: Cells, sex: str = "sex") -> OfAnswer:
    """An answer as the publication has it, with the cell it came from."""
    item, code = row["item_id"], row["value_code"]
    # Of several options chosen each has a number too; only a roster has rows.
    at = row["row_no"] if "." in item else None
    places = ((item, at, row[sex] or ""), (item, at, code or ""), (item, at, ""), (item.partition(".")[0], None, ""))
    sheet, cell = next((cells[place] for place in places if place in cells), (None, None))
    facts = ("value_number", "value_text", "value_code", "missing", "explanation")
    used = {name: row.get(name) for name in ("side", "role", "counts")}
    return OfAnswer(
        item=item, row=at, sex=row[sex], sheet=sheet, cell=cell, **used, **{name: row[name] for name in facts}
    )


def checks_of(
    publication: "DuckDBPyConnection", part: Mapping[str, Any], units: Sequence[str], items: Sequence[str]
) -> dict[str, tuple[OfCheck, ...]]:
    """The soft checks that the current response of each unit fails in these items."""
    found: defaultdict[str, list[OfCheck]] = defaultdict(list)
    for row in rows(publication, queries.CHECKS, **part, units=list(units), items=list(items)):
        facts = {name: row[name] for name in ("severity", "explanation")}
        found[row["unit_id"]].append(OfCheck(check=row["check_id"], item=row["item_id"], row=row["row_no"], **facts))
    return {unit: tuple(checks) for unit, checks in found.items()}


def _contributions(
    publication: "DuckDBPyConnection", found: Sequence[Row], asked: dict[str, Any], items: list[str], cells_of: CellsOf
) -> tuple[Contribution, ...]:
    units = [row["source_unit"] for row in found]
    responses = responses_of(publication, asked, units)
    checks = checks_of(publication, asked, units, items)
    counted = {
        row["unit_id"]: tuple(row["row_nos"]) for row in rows(publication, queries.COUNTED_ROWS, **asked, units=units)
    }
    answers: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows(publication, queries.FIGURE_ANSWERS, **asked, units=units):
        answers[row["unit_id"]].append(row)
    workbooks = _cells(found, cells_of)
    return tuple(
        Contribution(
            unit=row["source_unit"],
            name=row["name"],
            numerator=row["adds_numerator"],
            denominator=row["adds_denominator"],
            missing=row["missing"],
            response=responses[row["source_unit"]][0],
            earlier=responses[row["source_unit"]][1],
            rows=counted.get(row["source_unit"], ()),
            answers=tuple(
                answer_of(one, workbooks.get(row["submission_id"], {}), "answer_sex")
                for one in answers[row["source_unit"]]
            ),
            checks=checks.get(row["source_unit"], ()),
        )
        for row in found
    )


def _cells(found: Iterable[Row], cells_of: CellsOf) -> dict[str, Cells]:
    workbooks = [row["submission_id"] for row in found if row["mode"] == "excel"]
    return {one: cells_of(one) for one in workbooks} if len(workbooks) <= MOST_WORKBOOKS else {}


def _change(row: Row) -> OfChange:
    # A text that was taken back is not published: the row has none.
    before, after = (
        in_words(*(row.get(f"{when}_{name}") for name in ("number", "text", "code", "missing")))
        for when in ("before", "after")
    )
    return OfChange(
        item=row["item_id"],
        row=row["row_no"],
        position=f"responses/{row['partition']}/{row['log_offset']}",
        before=before,
        after=after,
        **{name: row[name] for name in ("sex", "revision", "submitted_at", "reason")},
    )


def _counted(items: Iterable[Row]) -> str:
    """What is counted, by the roles of the numerator's items."""
    roles = {item["role"] for item in items if item["side"] == "numerator"}
    names = (("value", "count_distinct"), ("rows", "count_rows"), ("sum", "sum"))
    return next((name for role, name in names if role in roles), "count_units")


def _hidden(figure: Row, units: Iterable[Contribution], counted: str) -> Hidden | None:
    known = list(units)
    hidden = sum(one.missing == "suppressed" for one in known)
    if not hidden or figure["missing"] is not None or figure["level"] == "unit":
        return None

    def less(total: float | None, parts: Iterable[float | None]) -> float | None:
        return None if total is None else total - sum(part for part in parts if part is not None)

    return Hidden(
        units=hidden,
        # Distinct values are of all units together: they are not what the units add up to.
        numerator=None if counted == "count_distinct" else less(figure["numerator"], (one.numerator for one in known)),
        denominator=less(figure["denominator"], (one.denominator for one in known)),
    )


def _audit(publication: "DuckDBPyConnection", part: Mapping[str, Any], items: Sequence[str]) -> tuple[OfAudit, ...]:
    return tuple(
        OfAudit(
            expectation=_text(row, "expectation"),
            check=row["check_id"],
            **{name: row[name] for name in ("severity", "success", "observed")},
        )
        for row in rows(publication, queries.AUDIT, **part, items=list(items))
    )


def _questionnaire(publication: "DuckDBPyConnection", part: Mapping[str, Any]) -> dict[str, Any]:
    parts = rows(publication, queries.PARTS)
    row = next(one for one in parts if (one["survey"], one["year"]) == (part["survey"], part["year"]))
    return {"questionnaire": row["fingerprint"], "held": row["held"]}


def _text(row: Mapping[str, Any], name: str) -> Text:
    return Text(sv=row[f"{name}_sv"], en=row[f"{name}_en"])
