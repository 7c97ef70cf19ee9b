"""A trace as people read it: a line that says it, and a table for each step."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from infra.terminal import print_rows, say
from pipeline.traced import (
    AnswerTrace,
    EventTrace,
    FigureTrace,
    OfAnswer,
    OfAudit,
    OfChange,
    OfCheck,
    OfResponse,
    Trace,
)

# What one reads in a terminal; all of it is in --json.
MOST_LINES = 40
STATES = {
    "current": "counts",
    "superseded": "was corrected later and does not count",
    "repeated": "is the same response again and counts once, where it first came",
    "parked": "was not accepted and is parked",
    "waiting": "has not been read by the pipeline yet",
    "withheld": "was accepted but is not in this publication",
}


def print_trace(found: Trace) -> None:
    """Prints it."""
    match found:
        case FigureTrace():
            _figure(found)
        case AnswerTrace():
            _answer(found)
        case EventTrace():
            _event(found)


def _figure(one: FigureTrace) -> None:
    facts = {
        "figure": one.name,
        "measure": one.label.sv,
        "unit": f"{one.unit_name or 'Riket'} ({one.level}, of {one.unit_kind})",
        "value": f"{_number(one.value, one.missing)} {one.unit_of_measure.sv}",
        "numerator / denominator": f"{_number(one.numerator, one.missing)} / {_number(one.denominator, None)}",
        "counted": one.counted,
        "coverage": f"{one.answered} of {one.expected} units",
        "base": one.base.sv,
        "definition": one.definition.sv,
        "source": one.source.sv,
        "questionnaire": f"{one.survey}/{one.year} {one.questionnaire}" + (" (held)" if one.held else ""),
        "publication": _publication(one),
        "note": one.note,
    }
    _facts(facts)
    _rows("Units behind it", [_unit(each) for each in one.units])
    if one.hidden is not None:
        sums = f"{_number(one.hidden.numerator, None)} / {_number(one.hidden.denominator, None)}"
        say(f"{one.hidden.units} units are hidden (..): numerator / denominator of them together {sums}")
    if one.counted == "count_distinct":
        say("Counted are distinct values over all units: the units' own numbers do not add up to it.")
    used = ((each.unit, answer) for each in one.units for answer in each.answers)
    _rows("Answers it looks at", [{"unit": unit, **_answer_row(answer)} for unit, answer in used])
    earlier = [{"unit": each.unit, **_response(old)} for each in one.units for old in each.earlier]
    if earlier:
        _rows("Earlier revisions, which no longer count", earlier)
    _checks((each.unit, check) for each in one.units for check in each.checks)
    _audit(one.audit)


def _answer(one: AnswerTrace) -> None:
    _facts(
        {
            "answer": one.name,
            "question": one.label.sv,
            "unit": one.unit_name,
            "questionnaire": f"{one.survey}/{one.year} {one.questionnaire}",
            "publication": _publication(one),
        }
    )
    _rows("Answers", [_answer_row(each) for each in one.answers])
    if one.changes:
        _rows("What it was before", [_change(each) for each in one.changes])
    _rows("Response", [_response(each) for each in (one.response, *one.earlier)])
    _checks((one.unit, check) for check in one.checks)
    _rows("Figures of the unit that look at it", [{"figure": name} for name in one.figures])
    _audit(one.audit)


def _event(one: EventTrace) -> None:
    held = "the same as on the receipt" if one.receipt else "computed from the log; no receipt to hold it against here"
    _facts(
        {
            "event": one.event_id,
            "position": one.position,
            "submission": one.submission_id,
            "of": f"{one.survey}/{one.year}/{one.unit}" if one.survey else None,
            "state": STATES[one.state],
            "checksum": f"{one.checksum} ({held})" if one.checksum else None,
            "questionnaire": one.questionnaire,
            "appended": _moment(one.appended_at),
            "counts instead": one.superseded_by.submission_id if one.superseded_by else None,
            "parked as": f"{one.letter.code} {one.letter.pointer}: {one.letter.reason.sv}" if one.letter else None,
            "replayed as": one.letter.replayed_as if one.letter else None,
            "publication": _publication(one),
        }
    )
    if one.letter is not None:
        say(f"See it whole with `lagesbild dead-letters show {one.letter.letter}`.")
        return
    if one.response is not None:
        _rows("Response", [_response(one.response)])
    _rows("Answers it holds", [_answer_row(each) for each in one.answers])
    _checks((one.unit or "", check) for check in one.checks)
    feeds = [
        {
            "figure": each.name,
            "level": each.level,
            "value": _number(each.value, each.missing),
            "adds": "yes" if each.counts else "no: missing",
            "compared with": ", ".join(map(str, each.compared_with)),
            "comparable": "yes" if each.comparable else "no",
        }
        for each in one.figures
    ]
    _rows("Figures it feeds", feeds)


def _unit(one: Any) -> dict[str, Any]:
    response: OfResponse | None = one.response
    hidden = one.missing if one.missing == "suppressed" else None
    return {
        "unit": f"{one.unit} {one.name}",
        "numerator": _number(one.numerator, hidden),
        "denominator": _number(one.denominator, hidden),
        "left out because": one.missing if not hidden else None,
        "rows": f"{len(one.rows)}" if one.rows else None,
        "submission": response.submission_id if response else None,
        "position": response.position if response else None,
        "mode": response.mode if response else None,
        "submitted": _moment(response.submitted_at) if response else None,
        "revision": response.revision if response else None,
    }


def _answer_row(one: OfAnswer) -> dict[str, Any]:
    place = f"{one.sheet}!{one.cell}" if one.cell else None
    used = {} if one.role is None else {"used as": f"{one.side}: {one.role}", "counts": "yes" if one.counts else "no"}
    where = {"item": one.item, "row": one.row, "sex": one.sex}
    return {**where, "value": one.shown, **used, "explanation": one.explanation, "cell": place}


def _change(one: OfChange) -> dict[str, Any]:
    where = {"item": one.item, "row": one.row, "sex": one.sex, "before": one.before, "after": one.after}
    when = {"revision": one.revision, "position": one.position, "submitted": _moment(one.submitted_at)}
    return {**where, **when, "reason": one.reason}


def _response(one: OfResponse) -> dict[str, Any]:
    return {
        "submission": one.submission_id,
        "event": one.event_id,
        "position": one.position,
        "submitted": _moment(one.submitted_at),
        "mode": one.mode,
        "revision": one.revision,
        "counts": "yes" if one.current else "no",
        "corrects": one.corrects,
        "reason": one.reason,
    }


def _checks(found: Iterable[tuple[str, OfCheck]]) -> None:
    shown = [
        {"unit": unit, "check": one.check, "item": one.item, "row": one.row, "explanation": one.explanation}
        for unit, one in found
    ]
    if shown:
        _rows("Soft checks that do not hold", shown)


def _audit(found: Iterable[OfAudit]) -> None:
    results = list(found)
    failed = [
        {"check": one.check, "severity": one.severity, "meaning": one.expectation.sv, "where": one.observed}
        for one in results
        if not one.success
    ]
    say(f"Audit: {len(results) - len(failed)} of {len(results)} expectations on these items hold.")
    if failed:
        _rows("Does not hold", failed)


def _facts(facts: Mapping[str, str | None]) -> None:
    print_rows([{"fact": name, "is": value} for name, value in facts.items() if value], as_json=False)


def _rows(title: str, shown: list[dict[str, Any]]) -> None:
    used = {name for row in shown for name, value in row.items() if value is not None}
    lines = [{name: value for name, value in row.items() if name in used} for row in shown[:MOST_LINES]]
    print_rows(lines, as_json=False, title=title)
    if len(shown) > MOST_LINES:
        say(f"… and {len(shown) - MOST_LINES} more: --json has them all.")


def _publication(one: Trace) -> str:
    return f"{one.publication.publish_id}, as of {_moment(one.publication.as_of)}"


def _number(value: float | None, missing: str | None) -> str:
    if value is None:
        return ".." if missing == "suppressed" else missing or ""
    return f"{round(value, 4):g}" if abs(value) < 1e6 else f"{value:.0f}"


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S %Z")
