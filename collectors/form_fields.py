"""A filled form ↔ answers: which fields an item has, how they are read, and how an answer stands in them.

The fields of item `x` begin with `a.x`: `a.x` itself; `a.x.K`, `a.x.M`, `a.x.T` when split by sex; `a.x.mon`,
`a.x.mon.from`, `a.x.mon.to` … for opening hours; `a.x.missing` for why there is no answer. A roster has one `a.x.row`
for each row, holding the row's key, and its columns under `a.x.<key>`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.form_texts import text_of
from collectors.form_typed import Typed
from collectors.form_values import TwoMeanings, clock_from, number_from, number_text, text_from
from surveys.checks import Failure
from surveys.messages import rule
from surveys.model import Language, Text
from surveys.questionnaire import Item, Questionnaire
from surveys.response import MISSING, SEXES, WEEKDAYS, is_missing
from surveys.routing import on_path, row_on_path

ANSWER = "a."
REASON_CHOSEN = "missing:"
NUMBERS = ("integer", "decimal", "percent", "year")
BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Filled:
    """A form read: its answers on path, what could not be read, what is off path and so left aside.

    `rows` gives the keys of the rows of each roster, in the order of the answers; `aside` addresses of left answers.
    """

    answers: dict[str, Any]
    unreadable: tuple[Failure, ...]
    aside: tuple[str, ...]
    rows: dict[str, list[str]]


def field_name(item: str) -> str:
    """The name that the fields of a top-level item begin with."""
    return ANSWER + item


def row_keys(typed: Typed, roster: str) -> list[str]:
    """The keys of a roster's rows in the order they stand, each once."""
    return list(dict.fromkeys(typed.many(f"{field_name(roster)}.row")))


def read_form(typed: Typed, q: Questionnaire) -> Filled:
    """The answers in a form to `q` as the unit meets it."""
    reader = _Reader(typed)
    items = [item for section in q.sections for item in section.items if item.type != "note"]
    everything = {item.id: answer for item in items if (answer := reader.read(item)) is not None}
    path = on_path(q, everything)
    answers = {name: answer for name, answer in everything.items() if name in path}
    aside = [name for name in everything if name not in path]
    for item in items:
        if item.id in answers and any(column.when for column in item.items):
            answers[item.id] = _rows_on_path(item, answers, aside)
    unreadable = tuple(one for one in reader.unreadable if (one.item or "").partition(".")[0] in path)
    return Filled(answers, unreadable, tuple(dict.fromkeys(aside)), reader.rows)


def fill_form(answers: Mapping[str, Any], q: Questionnaire, language: Language) -> Typed:
    """The fields as they stand when these are the answers."""
    items = [item for section in q.sections for item in section.items if item.id in answers]
    return Typed(tuple(pair for item in items for pair in fields_of(item, field_name(item.id), answers, language)))


def fields_of(item: Item, name: str, answers: Mapping[str, Any], language: Language) -> Iterator[tuple[str, str]]:
    """The fields, under `name`, of an item that is answered."""
    answer = answers[item.id]
    if is_missing(answer):
        chosen = item.type in ("one_of", "boolean")
        yield (name, REASON_CHOSEN + answer[MISSING]) if chosen else (f"{name}.{MISSING}", answer[MISSING])
    elif item.type == "roster":
        yield from row_fields(item, answer, [str(number) for number in range(1, len(answer) + 1)], language)
    elif item.split_by_sex:
        yield from ((f"{name}.{sex}", _shown(item, member, language)) for sex, member in answer.items())
    elif item.type in ("several_of", "kommuner"):
        yield from ((name, code) for code in answer)
    elif item.type == "opening_hours":
        for day in WEEKDAYS:
            yield from _hours_fields(f"{name}.{day}", answer[day])
    else:
        yield name, _shown(item, answer, language)


def row_fields(
    roster: Item, rows: Sequence[Mapping[str, Any]], keys: Sequence[str], language: Language
) -> Iterator[tuple[str, str]]:
    """The fields of a roster's rows under those keys."""
    for key, row in zip(keys, rows, strict=True):
        yield f"{field_name(roster.id)}.row", key
        for column in roster.items:
            if column.id in row:
                yield from fields_of(column, f"{field_name(roster.id)}.{key}.{column.id}", row, language)


def _rows_on_path(roster: Item, answers: Mapping[str, Any], aside: list[str]) -> Any:
    rows = answers[roster.id]
    if is_missing(rows):
        return rows
    kept = []
    for row in rows:
        path = row_on_path(roster, row, answers)
        aside += [f"{roster.id}.{column}" for column in row if column not in path]
        kept.append({column: answer for column, answer in row.items() if column in path})
    return kept


def _hours_fields(name: str, hours: Any) -> Iterator[tuple[str, str]]:
    if isinstance(hours, Mapping):
        yield name, "hours"
        yield f"{name}.from", hours["from"]
        yield f"{name}.to", hours["to"]
    else:
        yield name, hours


def _shown(item: Item, answer: Any, language: Language) -> str:
    if is_missing(answer):
        return rule(answer[MISSING]).in_language(language)
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, int | float):
        return number_text(answer, language, grouped=item.type != "year")
    return str(answer)


class _Reader:
    """Reads the fields of one form, and keeps what it could not read."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self.unreadable: list[Failure] = []
        self.rows: dict[str, list[str]] = {}

    def read(self, item: Item) -> Any:
        """The answer to a top-level item, None without one."""
        name = field_name(item.id)
        return self._roster(item, name) if item.type == "roster" else self._read(item, name, item.id, None)

    def _roster(self, roster: Item, name: str) -> Any:
        rows: list[dict[str, Any]] = []
        keys: list[str] = []
        for key in row_keys(self._typed, roster.id):
            # A row where nothing is filled in is no row.
            row = self._row(roster, f"{name}.{key}", len(rows) + 1)
            if row:
                rows.append(row)
                keys.append(key)
        self.rows[roster.id] = keys
        return self._with_reason(roster, name, roster.id, None, rows or None)

    def _row(self, roster: Item, name: str, number: int) -> dict[str, Any]:
        columns = [column for column in roster.items if column.type != "note"]
        read = {c.id: self._read(c, f"{name}.{c.id}", f"{roster.id}.{c.id}", number) for c in columns}
        return {column: answer for column, answer in read.items() if answer is not None}

    def _read(self, item: Item, name: str, address: str, row: int | None) -> Any:
        try:
            value = self._value(item, name)
        except TwoMeanings as fault:
            value = str(fault)
            self._cannot_read(address, row, text_of("two_meanings", value=value))
        return self._with_reason(item, name, address, row, value)

    def _with_reason(self, item: Item, name: str, address: str, row: int | None, value: Any) -> Any:
        reasons = self._typed.many(f"{name}.{MISSING}")
        if not reasons:
            return value
        if value is not None or len(reasons) > 1:
            self._cannot_read(address, row, text_of("answer_and_reason", label=item.label))
        return {MISSING: reasons[0]} if value is None else value

    def _cannot_read(self, address: str, row: int | None, message: Text) -> None:
        facts = {"item": address, "row": row, "message": message}
        self.unreadable.append(Failure(check=f"{address}.shape", severity="hard", **facts))

    def _value(self, item: Item, name: str) -> Any:
        if item.split_by_sex:
            members = {sex: _single(item, self._typed.one(f"{name}.{sex}")) for sex in SEXES}
            return {sex: member for sex, member in members.items() if member is not None} or None
        match item.type:
            case "several_of" | "kommuner":
                return self._typed.many(name) or None
            case "opening_hours":
                hours = {day: self._hours(f"{name}.{day}") for day in WEEKDAYS}
                return {day: found for day, found in hours.items() if found is not None} or None
            case _:
                return _single(item, self._typed.one(name))

    def _hours(self, name: str) -> Any:
        chosen, first, last = (self._typed.one(part).strip() for part in (name, f"{name}.from", f"{name}.to"))
        if chosen in ("closed", "24h"):
            return chosen
        return {"from": clock_from(first), "to": clock_from(last)} if chosen or first or last else None


def _single(item: Item, text: str) -> Any:
    if not text.strip():
        return None
    if item.type in NUMBERS:
        return number_from(text, item.type == "percent")
    if item.type in ("one_of", "boolean") and text.startswith(REASON_CHOSEN):
        return {MISSING: text.removeprefix(REASON_CHOSEN)}
    if item.type == "boolean":
        return BOOLEANS.get(text, text)
    return text_from(text)
