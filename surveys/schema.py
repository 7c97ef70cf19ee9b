"""The `answers` of a response as JSON Schema (draft 2020-12), for those who build their own sender.

It says what a schema can: shapes, options, bounds, what is required, routing, and every hard check of the kinds the
table in `surveys.expectations` names. What it cannot say: sums, comparisons between items, dates in order, Unicode
normal form, and that 3.0 is not written as a whole number. `format: date` is to be asserted by the reader.
"""

from typing import Any

from surveys.check_kinds import AnyCheck, ExclusiveOption, InSet, Length, Pattern, Range, RequiredWhen, RowCount
from surveys.conditions import All, Answered, Any_, AtLeast, AtMost, Condition, In, Includes, Is, Not, items_in
from surveys.operands import is_asked, looks_outside, names_inside, operands, roster_of
from surveys.questionnaire import NUMERIC, Item, Questionnaire
from surveys.response import FIRST_YEAR, LARGEST, LAST_YEAR, LONGEST_TEXT, MISSING, MISSING_REASONS, SEXES, WEEKDAYS
from surveys.routing import column_conditions, of_row, path_conditions
from surveys.shapes import CONTROL

Schema = dict[str, Any]
TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"


def json_schema(q: Questionnaire, unit_kind: str) -> Schema:
    """The schema of `answers` for one kind of unit, with every question's text in Swedish and English."""
    asked = q.for_unit_kind(unit_kind)
    items = [item for section in asked.sections for item in section.items if item.type != "note"]
    scope = _Scope(asked, None, {item.id: item for item in items})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:lagesbild:questionnaire:{q.survey}:{q.year}:{q.fingerprint}:{unit_kind}",
        "title": f"{q.title.sv} {q.year}",
        "description": f"{q.title.en} {q.year}",
        **scope.schema(path_conditions(asked)),
    }


class _Scope:
    """Items answered together: the questionnaire's own, or the columns of one roster's rows."""

    def __init__(self, q: Questionnaire, roster: Item | None, items: dict[str, Item]) -> None:
        self._q = q
        self._roster = roster
        self._items = items

    def schema(self, paths: dict[str, Condition]) -> Schema:
        required = sorted(item.id for item in self._items.values() if item.required and item.id not in paths)
        rules = [self._routed(id_, path) for id_, path in paths.items() if id_ in self._items and self._sees(path)]
        rules += [rule for check in self._q.checks if self._has(check) for rule in self._rules(check)]
        schema: Schema = {
            "type": "object",
            "properties": {item.id: self._property(item) for item in self._items.values()},
            "additionalProperties": False,
        }
        return schema | ({"required": required} if required else {}) | ({"allOf": rules} if rules else {})

    def _property(self, item: Item) -> Schema:
        named = {
            "title": item.label.sv,
            "description": f"{item.label.en}. {item.help.en}" if item.help else item.label.en,
        }
        if item.type != "roster":
            return {**named, **_shape(item)}
        columns = {column.id: column for column in item.items if column.type != "note"}
        rows = _Scope(self._q, item, columns).schema(column_conditions(item))
        return {**named, **_or_missing(item, {"type": "array", "items": rows})}

    def _sees(self, condition: Condition) -> bool:
        return self._roster is None or names_inside(self._roster).issuperset(items_in(condition))

    def _has(self, check: AnyCheck) -> bool:
        """Whether a hard check is made on these items, and on nothing else."""
        roster = self._roster
        if check.severity != "hard" or not is_asked(check, self._q) or roster_of(check) != (roster and roster.id):
            return False
        return roster is None or not looks_outside(check, roster)

    def _routed(self, item: str, path: Condition) -> Schema:
        there: Schema = {"required": [item]} if self._items[item].required else {}
        return {"if": self._holds(path), "then": there, "else": {"properties": {item: False}}}

    def _rules(self, check: AnyCheck) -> list[Schema]:
        name = operands(check)[0].rpartition(".")[2]
        if isinstance(check, RequiredWhen):
            path = self._path(name)
            if path is not None and not self._sees(path):
                return []
            condition = [self._holds(check.when), *([self._holds(path)] if path else [])]
            return [{"if": {"allOf": condition}, "then": {"required": [name]}}]
        bound = _bound(check, self._items[name])
        if bound is None:
            return []
        limited = {"properties": {name: _each_member(bound, self._items[name])}}
        return [limited if check.when is None else {"if": self._holds(check.when), "then": limited}]

    def _path(self, item: str) -> Condition | None:
        return (column_conditions(self._roster) if self._roster else path_conditions(self._q)).get(item)

    def _holds(self, condition: Condition) -> Schema:
        return self._condition(condition if self._roster is None else of_row(condition, self._roster.id))

    def _condition(self, condition: Condition) -> Schema:
        match condition:
            case All(all=parts):
                return {"allOf": [self._condition(part) for part in parts]}
            case Any_(any=parts):
                return {"anyOf": [self._condition(part) for part in parts]}
            case Not(not_=part):
                return {"not": self._condition(part)}
            case Answered(item=name, answered=answered):
                given = _there(name, {"not": {"type": "object", "required": [MISSING]}})
                return given if answered else {"not": given}
            case _:
                return self._comparison(condition)

    def _comparison(self, condition: Is | In | Includes | AtLeast | AtMost) -> Schema:
        item = self._items.get(condition.item)
        if item is None:  # not asked of this kind of unit: unanswered
            return {"not": {}}
        compared = _compared(condition)
        return _there(item.id, _there("T", compared) if item.split_by_sex else compared)


def _there(name: str, schema: Schema) -> Schema:
    return {"type": "object", "required": [name], "properties": {name: schema}}


def _compared(condition: Is | In | Includes | AtLeast | AtMost) -> Schema:
    match condition:
        case Is(is_=value):
            return {"const": value}
        case In(in_=values):
            return {"enum": list(values)}
        case Includes(includes=code):
            return {"type": "array", "contains": {"const": code}}
        case AtLeast(at_least=least):
            return {"type": "number", "minimum": least}
        case AtMost(at_most=most):
            return {"type": "number", "maximum": most}


def _bound(check: AnyCheck, item: Item) -> Schema | None:
    """What a check says about one value of the right type; a missing one is let through."""
    match check:
        case Range() if item.type in NUMERIC:
            return _limits("minimum", "maximum", check.min, check.max)
        case InSet() if item.type == "several_of":
            return {"items": {"enum": list(check.values)}}
        case InSet():
            return {"anyOf": [{"enum": list(check.values)}, {"type": "object"}]}
        case Pattern():
            return {"pattern": f"^(?:{check.regex})$"}
        case Length() if item.type == "text":
            return _limits("minLength", "maxLength", check.min, check.max)
        case Length() | RowCount():
            return _limits("minItems", "maxItems", check.min, check.max)
        case ExclusiveOption():
            return {"if": {"contains": {"enum": list(check.options)}}, "then": {"maxItems": 1}}
        case _:
            return None


def _limits(least_key: str, most_key: str, least: Any, most: Any) -> Schema:
    bounds = {least_key: least, most_key: most}
    return {key: int(bound) if bound == int(bound) else bound for key, bound in bounds.items() if bound is not None}


def _each_member(bound: Schema, item: Item) -> Schema:
    return {"properties": dict.fromkeys(SEXES, bound)} if item.split_by_sex else bound


def _shape(item: Item) -> Schema:
    return _or_missing(item, _by_sex(item) if item.split_by_sex else _value(item))


def _missing(reasons: tuple[str, ...]) -> Schema:
    return {**_there(MISSING, {"enum": list(reasons)}), "additionalProperties": False}


def _or_missing(item: Item, schema: Schema) -> Schema:
    return {"anyOf": [schema, _missing(item.missing_allowed)]} if item.missing_allowed else schema


def _by_sex(item: Item) -> Schema:
    number = _value(item)
    member = {"anyOf": [number, _missing(MISSING_REASONS)]}
    return {
        "type": "object",
        "properties": {"K": member, "M": member, "T": number},
        "required": ["T"],
        "dependentRequired": {"K": ["M"], "M": ["K"]},
        "additionalProperties": False,
    }


def _value(item: Item) -> Schema:
    """The shape of one value by item type, as in `surveys.shapes`."""
    match item.type:
        case "integer":
            return {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST}
        case "decimal":
            return {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
        case "percent":
            return {"type": "number", "minimum": 0, "maximum": 100}
        case "year":
            return {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        case "boolean":
            return {"type": "boolean"}
        case "one_of":
            return {"type": "string", "oneOf": _options(item)}
        case "several_of":
            codes = {"type": "string", "oneOf": _options(item)}
            return {"type": "array", "items": codes, "minItems": 1, "uniqueItems": True}
        case _:
            return _other_value(item)


def _other_value(item: Item) -> Schema:
    match item.type:
        case "text":
            refused = CONTROL_SIGNS if item.multiline else f"\\n{CONTROL_SIGNS}"
            pattern = rf"^(?=[\s\S]*\S)[^{refused}]*$"
            return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": pattern}
        case "date":
            years = f"^(19[0-9]{{2}}|20[0-9]{{2}}|{LAST_YEAR})-[0-9]{{2}}-[0-9]{{2}}$"
            return {"type": "string", "format": "date", "pattern": years}
        case "opening_hours":
            return _week()
        case "kommuner":
            codes = {"type": "string", "pattern": "^[0-9]{4}$"}
            return {"type": "array", "items": codes, "minItems": 1, "uniqueItems": True}
        case _:
            raise TypeError(f"an item of type {item.type} has no value")


CONTROL_SIGNS = CONTROL.encode("unicode_escape").decode().replace("\\x", "\\u00")


def _options(item: Item) -> list[Schema]:
    return [{"const": o.code, "title": o.label.sv, "description": o.label.en} for o in item.options]


def _week() -> Schema:
    span = {
        "type": "object",
        "properties": {"from": {"type": "string", "pattern": TIME}, "to": {"type": "string", "pattern": TIME}},
        "required": ["from", "to"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {day: {"anyOf": [{"enum": ["closed", "24h"]}, span]} for day in WEEKDAYS},
        "required": list(WEEKDAYS),
        "additionalProperties": False,
    }
