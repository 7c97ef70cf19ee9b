"""Lays a questionnaire and what is typed into it out as the parts of a page (`form_parts`)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from collectors.form_fields import BOOLEANS, REASON_CHOSEN, Filled, field_name, row_keys
from collectors.form_parts import Choice, Day, Field, Form, Part, Roster, Row, Section, Told
from collectors.form_shown import in_words, unit_of
from collectors.form_texts import words
from collectors.form_typed import Typed
from surveys.checks import Failure
from surveys.conditions import Condition
from surveys.descriptions import condition_in_words
from surveys.model import Language, Text
from surveys.questionnaire import Item, Questionnaire
from surveys.response import MISSING, SEXES, WEEKDAYS, is_missing
from surveys.routing import on_path, row_on_path

EXPLANATION = "e."
NEW_KEY = "NEW"
# More than this and the options are a list to choose in rather than buttons in a row.
MOST_BUTTONS = 8
# A roster of more rows than this shows them closed, one line each.
MOST_OPEN_ROWS = 2
# So many columns fit in the line of a closed row.
CELLS = 4


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a page of the form is made from. `q` as the unit meets it; `before` last year's answers by this
    year's ids; `kommuner` the codes and names of the region's own, in Swedish order."""

    q: Questionnaire
    typed: Typed
    filled: Filled
    failures: Sequence[Failure]
    before: Mapping[str, Any]
    kommuner: Mapping[str, str]
    language: Language


def explanations_in(typed: Typed) -> dict[str, str]:
    """What is written to explain or confirm, by check id."""
    return {name.removeprefix(EXPLANATION): text for name, text in typed.under(EXPLANATION)}


def lay_out(known: Known) -> Form:
    """The form as it is to be shown."""
    return _Layout(known).form()


class _Layout:
    def __init__(self, known: Known) -> None:
        self._known = known
        self._word = words(known.language)
        self._explained = explanations_in(known.typed)
        self._path = on_path(known.q, known.filled.answers)
        self._told: dict[tuple[str | None, int | None], list[Told]] = {}
        self._tell()

    def form(self) -> Form:
        told = [one for found in self._told.values() for one in found]
        asked = {one.check for one in told}
        kept = [(EXPLANATION + check, text) for check, text in self._explained.items() if check not in asked]
        return Form(
            sections=tuple(self._section(section) for section in self._known.q.sections if section.items),
            hard=tuple(one for one in told if one.severity == "hard"),
            soft=tuple(one for one in told if one.severity == "soft"),
            aside=tuple(self._say(self._known.q.items[address].label) for address in self._known.filled.aside),
            kept_explanations=tuple(kept),
        )

    def _tell(self) -> None:
        asked: set[str] = set()
        for failure in self._known.failures:
            told = Told(
                check=failure.check,
                severity=failure.severity,
                place=self._place_of(failure),
                message=self._say(failure.message),
                target=self._target_of(failure),
                explained=self._explained.get(failure.check, ""),
                asks=failure.severity == "soft" and failure.check not in asked,
            )
            asked.add(failure.check)
            self._told.setdefault((failure.item, failure.row), []).append(told)

    def _place_of(self, failure: Failure) -> str:
        item = self._known.q.items.get(failure.item or "")
        label = self._say(item.label) if item else ""
        named = "" if label in self._say(failure.message) else label
        row = self._word("row", number=failure.row) if failure.row else ""
        return ", ".join(part for part in (row, named) if part)

    def _target_of(self, failure: Failure) -> str:
        address = failure.item or ""
        item, _, column = address.partition(".")
        keys = self._known.filled.rows.get(item, [])
        found = self._known.q.items.get(address)
        if found is None:
            return "send"
        if failure.row is None or failure.row > len(keys):
            return _target(found, field_name(item))
        row = f"{field_name(item)}.{keys[failure.row - 1]}"
        return _target(found, f"{row}.{column}") if column else row

    def _section(self, section: Any) -> Section:
        answerable = [item for item in section.items if item.type != "note" and item.id in self._path]
        return Section(
            id=section.id,
            title=self._say(section.title),
            intro=self._say(section.intro),
            when=_json(section.when),
            only_if=self._condition(section.when, None),
            aside=not any(item.id in self._path for item in section.items),
            fields=tuple(self._top(item) for item in section.items),
            answered=sum(item.id in self._known.filled.answers for item in answerable),
            total=len(answerable),
        )

    def _top(self, item: Item) -> Field:
        before = self._known.before.get(item.id)
        return self._field(item, item.id, field_name(item.id), before, None, item.id not in self._path)

    def _field(self, item: Item, address: str, name: str, before: Any, row: int | None, aside: bool) -> Field:
        roster = address.partition(".")[0] if "." in address else None
        typed = self._known.typed
        return Field(
            id=name,
            address=address,
            kind="split" if item.split_by_sex else self._kind(item, roster),
            target=_target(item, name),
            label=self._say(item.label),
            help=self._help(item),
            definition=self._say(item.definition),
            period=self._say(item.reference_period),
            unit=unit_of(item, self._known.language),
            required=item.required,
            when=_json(item.when),
            only_if=self._condition(item.when, roster),
            aside=aside,
            text=typed.one(name),
            multiline=item.multiline,
            choices=tuple(self._choices(item, name)),
            reasons=tuple(self._reasons(item, name)),
            parts=tuple(self._parts(item, name, before)) if item.split_by_sex else (),
            days=tuple(self._days(name)) if item.type == "opening_hours" else (),
            before=self._before(item, before),
            told=tuple(self._told.get((address, row), ())) if roster is None or row is not None else (),
            answered=any(text for _, text in typed.under(name) if text),
            roster=self._roster(item, name) if item.type == "roster" else None,
        )

    def _help(self, item: Item) -> str:
        """Its help, and what every question of its kind says unless the help does."""
        help_ = self._say(item.help)
        always = ""
        if item.type == "text" and item.multiline:
            always = self._word("no_personal_data")
        elif item.type == "date":
            always = self._word("date_help")
        elif item.split_by_sex:
            always = self._word("split_help")
        return help_ if always in help_ else f"{help_} {always}".strip()

    def _kind(self, item: Item, roster: str | None) -> str:
        as_list = roster is not None or len(item.options) > MOST_BUTTONS
        return "select" if item.type == "one_of" and as_list else item.type

    def _choices(self, item: Item, name: str) -> Iterable[Choice]:
        chosen = self._known.typed.many(name)
        for place, (value, label, help_) in enumerate(self._options(item)):
            yield Choice(name if place == 0 else f"{name}:{value}", value, label, help_, value in chosen)

    def _options(self, item: Item) -> Iterable[tuple[str, str, str]]:
        if item.type == "kommuner":
            yield from ((code, label, "") for code, label in self._known.kommuner.items())
        if item.type == "boolean":
            yield from ((value, self._word("yes" if meant else "no"), "") for value, meant in BOOLEANS.items())
        yield from ((option.code, self._say(option.label), self._say(option.help)) for option in item.options)
        if item.type in ("one_of", "boolean"):
            yield from ((REASON_CHOSEN + reason, self._word(reason), "") for reason in item.missing_allowed)

    def _reasons(self, item: Item, name: str) -> Iterable[Choice]:
        if item.type in ("one_of", "boolean", "note"):
            return
        chosen = self._known.typed.many(f"{name}.{MISSING}")
        for reason in item.missing_allowed:
            yield Choice(f"{name}.{MISSING}:{reason}", reason, self._word(reason), "", reason in chosen)

    def _parts(self, item: Item, name: str, before: Any) -> Iterable[Part]:
        plain = item.model_copy(update={"split_by_sex": False, "unit_of_measure": None})
        members = before if isinstance(before, Mapping) and not is_missing(before) else {}
        for sex in SEXES:
            then = in_words(plain, members[sex], self._known.language, {})[0] if sex in members else ""
            yield Part(f"{name}.{sex}", self._word(sex), self._known.typed.one(f"{name}.{sex}"), then)

    def _days(self, name: str) -> Iterable[Day]:
        typed = self._known.typed
        for day in WEEKDAYS:
            one = f"{name}.{day}"
            chosen, first, last = typed.one(one), typed.one(f"{one}.from"), typed.one(f"{one}.to")
            yield Day(one, self._word(day), chosen or ("hours" if first or last else ""), first, last)

    def _before(self, item: Item, before: Any) -> tuple[str, ...]:
        if before is None or (item.split_by_sex and not is_missing(before)):
            return ()
        if item.type == "roster" and not is_missing(before):
            return (self._count(len(before)),)
        return tuple(in_words(item, before, self._known.language, self._known.kommuner))

    def _count(self, rows: int) -> str:
        return self._word("one_row") if rows == 1 else self._word("rows_count", count=rows)

    def _roster(self, item: Item, name: str) -> Roster:
        typed, numbers = self._known.typed, self._known.filled.rows.get(item.id, [])
        keys = row_keys(typed, item.id)
        rows = [self._row(item, name, key, numbers, len(keys) <= MOST_OPEN_ROWS) for key in keys]
        removed = [key for key in typed.many(f"{name}.removed") if key not in keys]
        before = self._known.before.get(item.id)
        return Roster(
            headings=tuple(self._say(column.label) for column in _summed_up(item)),
            rows=tuple(rows),
            blank=self._row(item, name, NEW_KEY, (), True),
            removed=tuple((key, self._title(item, f"{name}.{key}")) for key in removed),
            removed_fields=tuple(pair for key in removed for pair in typed.under(f"{name}.{key}.")),
            fetchable=len(before) if isinstance(before, list) else 0,
        )

    def _row(self, item: Item, name: str, key: str, numbers: Sequence[str], is_open: bool) -> Row:
        row = f"{name}.{key}"
        number = numbers.index(key) + 1 if key in numbers else None
        path = self._columns_on_path(item, number)
        fields = [
            self._field(column, f"{item.id}.{column.id}", f"{row}.{column.id}", None, number, column.id not in path)
            for column in item.items
        ]
        told = tuple(self._told.get((item.id, number), ())) if number else ()
        wrong = bool(told) or any(field.told for field in fields)
        return Row(
            key=key,
            id=row,
            number=number,
            title=self._title(item, row),
            cells=tuple(self._cell(column, f"{row}.{column.id}") for column in _summed_up(item)),
            fields=tuple(fields),
            told=told,
            is_open=is_open or wrong or number is None,
        )

    def _columns_on_path(self, item: Item, number: int | None) -> frozenset[str]:
        if number is None or not any(column.when for column in item.items):
            return frozenset(column.id for column in item.items)
        answers = self._known.filled.answers
        return row_on_path(item, answers[item.id][number - 1], answers) if item.id in answers else frozenset()

    def _title(self, item: Item, row: str) -> str:
        named = next((column for column in item.items if column.type == "text"), item.items[0])
        return self._cell(named, f"{row}.{named.id}") or self._word("row_empty")

    def _cell(self, column: Item, name: str) -> str:
        text = self._known.typed.one(name)
        return next((choice.label for choice in self._choices(column, name) if choice.value == text), text)

    def _condition(self, condition: Condition | None, roster: str | None) -> str:
        return "" if condition is None else self._say(condition_in_words(condition, self._known.q, roster))

    def _say(self, text: Text | None) -> str:
        return text.in_language(self._known.language) if text else ""


def _summed_up(roster: Item) -> list[Item]:
    single = [column for column in roster.items if column.type not in ("several_of", "note") and not column.multiline]
    return single[:CELLS]


def _target(item: Item, name: str) -> str:
    """The id of the first field of an item: where a link from the summary leads."""
    if item.split_by_sex:
        return f"{name}.T"
    return f"{name}.{WEEKDAYS[0]}" if item.type == "opening_hours" else name


def _json(condition: Condition | None) -> str:
    if condition is None:
        return ""
    return json.dumps(condition.model_dump(mode="json", by_alias=True), ensure_ascii=False)
