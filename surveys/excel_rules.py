"""Each item and check as Excel's data validation: what a cell accepts, and a formula that is TRUE when all is well.

Formulas are written as files hold them (English names, comma between arguments, decimal point) with {references}:
`{item}` a cell, `{item__K}` a split item's, `{roster.column}` the cell of the same row, `{range:roster.column}` the
whole column, `{previous:item}` last time's number, `{population}` the unit's inhabitants. Cells of one_of and boolean
items hold what `Wording` says an option is called. An empty cell is always accepted: Excel only looks at what is typed.
Which kinds can be expressed stands in `surveys.expectations`.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from surveys.check_kinds import (
    AnyCheck,
    ChangeAgainstLastYear,
    DatesInOrder,
    InSet,
    Length,
    LessOrEqual,
    PerInhabitant,
    Range,
    RatioBounds,
    SumEqualsTotal,
    UniqueRows,
)
from surveys.compiled import slackened
from surveys.conditions import All, Answered, Any_, AtLeast, AtMost, Condition, In, Includes, Is, Not
from surveys.descriptions import describe
from surveys.messages import rule
from surveys.operands import Operand, is_asked, predecessor, roster_of, variants
from surveys.questionnaire import NUMERIC, Item, Questionnaire
from surveys.response import FIRST_YEAR, LARGEST, LAST_YEAR, LONGEST_TEXT, SLACK, of_sex

LONGEST_MESSAGE: Final = 225  # Excel's own limit
LONGEST_FORMULA: Final = 255  # Excel's own limit, references filled in
ROOM_FOR_REFERENCE: Final = 10  # 'A!$AB$1234' and the like
Wording = Callable[[Item, Any], str]
CellType = Literal["whole", "decimal", "date", "textLength", "list", "custom"]
SMALL: Final = repr(SLACK).upper()
_REFERENCE: Final = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class ExcelValidation:
    """One cell's data validation, with the names openpyxl uses. `values` are a list's choices.

    `checks` are the declared checks it holds; the item's other ones are left to the upload.
    """

    type: CellType
    operator: str | None
    formula1: str | None
    formula2: str | None
    values: tuple[str, ...]
    error_title: str
    error_message: str
    checks: tuple[str, ...] = ()

    def at(self, cell_of: Callable[[str], str]) -> tuple[str | None, str | None]:
        """Both formulas with each {reference} replaced by what `cell_of` says it is."""
        return with_cells(self.formula1, cell_of), with_cells(self.formula2, cell_of)


@dataclass(frozen=True, slots=True)
class ExcelRule:
    """One check on one cell as a formula, TRUE when it holds or is silent."""

    check: str
    address: str
    formula: str
    error_message: str


def with_cells(formula: str | None, cell_of: Callable[[str], str]) -> str | None:
    """The formula with each {reference} replaced by what `cell_of` says it is."""
    return None if formula is None else _REFERENCE.sub(lambda found: cell_of(found[1]), formula)


def swedish_label(item: Item, code: Any) -> str:
    """What an option is called in a cell, unless the workbook says otherwise."""
    if isinstance(code, bool):
        return rule("yes" if code else "no").sv.capitalize()
    option = item.option(str(code))
    return option.label.sv if option else str(code)


def excel_rules(check: AnyCheck, q: Questionnaire, wording: Wording = swedish_label) -> list[ExcelRule]:
    """The check as formulas: one, or one for each sex; none when Excel cannot express it."""
    roster = check.roster if isinstance(check, UniqueRows) else roster_of(check)
    holds = None if check.when is None else _condition(check.when, q, roster, wording)
    if check.when is not None and holds is None:
        return []
    message = _cut((check.message or describe(check, q)).sv)
    made = _unique(check, q) if isinstance(check, UniqueRows) else _each(check, q, wording)
    return [ExcelRule(check.id, address, _if(holds, formula), message) for address, formula in made]


def _each(check: AnyCheck, q: Questionnaire, wording: Wording) -> list[tuple[str, str]]:
    formulas = [(operands, _formula(check, operands, wording)) for operands in variants(check, q)]
    return [(_blamed(check, operands), formula) for operands, formula in formulas if formula is not None]


def _blamed(check: AnyCheck, operands: tuple[Operand, ...]) -> str:
    return _cell(operands[-1] if isinstance(check, SumEqualsTotal) else operands[0])


def _cell(operand: Operand) -> str:
    return operand.address if operand.sex is None else of_sex(operand.address, operand.sex)


def _if(holds: str | None, formula: str) -> str:
    return formula if holds is None else f"IF({holds},{formula},TRUE)"


def _formula(check: AnyCheck, operands: tuple[Operand, ...], wording: Wording) -> str | None:
    cells = [f"{{{_cell(operand)}}}" for operand in operands]
    first, item = cells[0], operands[0].item
    match check:
        case Range():
            return _when_numbers([first], _within(first, check.min, check.max))
        case InSet() if item.type != "several_of":
            choices = [_literal(wording(item, v) if isinstance(v, str) else v) for v in check.values]
            return f'OR({first}="",{",".join(f"{first}={choice}" for choice in choices)})'
        case Length() if item.type == "text":
            return f'OR({first}="",{_within(f"LEN({first})", check.min, check.max)})'
        case SumEqualsTotal():
            return _when_numbers(cells, _sum(cells[:-1], cells[-1], check.tolerance))
        case LessOrEqual():
            return _when_numbers(cells, _at_most(cells[0], _times(cells[1], check.factor)))
        case RatioBounds():
            ratio = _within(f"{first}/{cells[1]}", *_slackened(check))
            return _when_numbers(cells, f"IF({cells[1]}=0,TRUE,{ratio})")
        case DatesInOrder():
            return _when_numbers(cells, _in_order(operands, cells))
        case ChangeAgainstLastYear():
            return _change(check, operands[0], first)
        case PerInhabitant():
            rate = _within(f"{first}*{check.per}/{{population}}", *_slackened(check))
            return f"IF(COUNT({first},{{population}})<2,TRUE,IF({{population}}>0,{rate},TRUE))"
        case _:
            return None


def _when_numbers(cells: list[str], formula: str) -> str:
    """Silent until every cell holds a number (dates are numbers to Excel)."""
    return f"IF(COUNT({','.join(cells)})<{len(cells)},TRUE,{formula})"


def _within(value: str, least: Any, most: Any) -> str:
    bounds = [f"{value}>={_literal(least)}"] if least is not None else []
    bounds += [f"{value}<={_literal(most)}"] if most is not None else []
    return f"AND({','.join(bounds)})" if bounds else "TRUE"


def _literal(value: Any) -> str:
    if isinstance(value, date):
        return f"DATE({value.year},{value.month},{value.day})"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return str(int(value)) if value == int(value) else repr(value).upper()


def _slackened(check: RatioBounds | PerInhabitant) -> tuple[float | None, float | None]:
    low, high = slackened(check.min, check.max)
    return (None if check.min is None else low), (None if check.max is None else high)


def _times(cell: str, factor: float) -> str:
    return cell if factor == 1 else f"{cell}*{_literal(factor)}"


def _at_most(value: str, limit: str) -> str:
    return f"{value}-{limit}<={SMALL}*MAX(1,ABS({limit}))"


def _sum(parts: list[str], total: str, tolerance: float) -> str:
    return f"ABS({'+'.join(parts)}-{total})<={_literal(tolerance)}+{SMALL}*MAX(1,ABS({total}))"


def _in_order(operands: tuple[Operand, ...], cells: list[str]) -> str:
    if operands[0].item.type == operands[1].item.type:
        return f"{cells[0]}<={cells[1]}"
    years = [f"YEAR({c})" if o.item.type == "date" else c for o, c in zip(operands, cells, strict=True)]
    return f"{years[0]}<={years[1]}"


def _change(check: ChangeAgainstLastYear, operand: Operand, cell: str) -> str | None:
    if predecessor(operand.item) is None:
        return None
    before = f"{{previous:{_cell(operand)}}}"
    limit = f"MAX({_literal(check.ratio)}*ABS({before}),{_literal(check.floor)})"
    return _when_numbers([cell, before], f"ABS({cell}-{before})-{limit}<={SMALL}*MAX(1,ABS({before}))")


def _unique(check: UniqueRows, q: Questionnaire) -> list[tuple[str, str]]:
    """Counts the rows that are the same. Not for texts with * ? or ~, which Excel takes for patterns."""
    addresses = [address if "." in address else f"{check.roster}.{address}" for address in check.by]
    if check.when is not None or any(_several(q.items[address]) for address in addresses):
        return []
    filled = ",".join(f'{{{address}}}<>""' for address in addresses)
    counted = ",".join(f"{{range:{address}}},{{{address}}}" for address in addresses)
    return [(addresses[0], f"IF(AND({filled}),COUNTIFS({counted})<=1,TRUE)")]


def _several(item: Item) -> bool:
    return item.type not in NUMERIC | {"text", "one_of", "date"} or item.split_by_sex


def _condition(condition: Condition, q: Questionnaire, roster: str | None, wording: Wording) -> str | None:
    """The condition as a formula; None when one cell cannot tell."""
    match condition:
        case All(all=parts):
            return _call("AND", [_condition(part, q, roster, wording) for part in parts])
        case Any_(any=parts):
            return _call("OR", [_condition(part, q, roster, wording) for part in parts])
        case Not(not_=part):
            return _call("NOT", [_condition(part, q, roster, wording)])
        case _:
            address = f"{roster}.{condition.item}" if f"{roster}.{condition.item}" in q.items else condition.item
            if address not in q.items:  # not asked of this kind of unit: never so
                return "TRUE" if isinstance(condition, Answered) and not condition.answered else "FALSE"
            return _comparison(condition, address, q.items[address], wording)


def _call(name: str, parts: Iterable[str | None]) -> str | None:
    known = list(parts)
    return None if any(part is None for part in known) else f"{name}({','.join(str(part) for part in known)})"


def _comparison(
    condition: Is | In | Includes | AtLeast | AtMost | Answered, address: str, item: Item, wording: Wording
) -> str | None:
    if item.type in ("several_of", "kommuner", "opening_hours", "roster"):
        return None
    cell = f"{{{of_sex(address, 'T') if item.split_by_sex else address}}}"
    match condition:
        case Is(is_=value):
            return f"{cell}={_wanted(item, value, wording)}"
        case In(in_=values):
            return f"OR({','.join(f'{cell}={_wanted(item, value, wording)}' for value in values)})"
        case AtLeast(at_least=least):
            return f"AND(ISNUMBER({cell}),{cell}>={_literal(least)})"
        case AtMost(at_most=most):
            return f"AND(ISNUMBER({cell}),{cell}<={_literal(most)})"
        case Answered(answered=answered):
            return f'{cell}<>""' if answered else f'{cell}=""'
        case _:
            return None


def _wanted(item: Item, value: Any, wording: Wording) -> str:
    return _literal(value if isinstance(value, int | float) and not isinstance(value, bool) else wording(item, value))


def excel_validation(
    address: str, q: Questionnaire, sex: str | None = None, wording: Wording = swedish_label
) -> ExcelValidation | None:
    """What an item's cell (or one sex's cell of it) accepts: its shape and the hard checks that point at it.

    None for what one cell does not hold (several_of, kommuner, opening hours, rosters, notes). A list stays a list:
    its other checks are left to the upload, as are those that would make the formula longer than Excel takes.
    """
    item = q.items[address]
    cell = of_sex(address, sex) if sex else address
    simple = _simple(item, q, address, wording)
    if simple is None or simple.type == "list":
        return simple
    related = [check for check in q.checks if is_asked(check, q) and _is_relation(check, item)]
    rules = [made for check in related for made in excel_rules(check, q, wording) if made.address == cell]
    return _with_relations(simple, f"{{{cell}}}", rules) if rules else simple


def _is_relation(check: AnyCheck, item: Item) -> bool:
    """Whether a hard check says more than bounds that the cell's own type can hold."""
    return check.severity == "hard" and not (_is_bound(check) and item.type in (*NUMERIC, "date", "text"))


def _is_bound(check: AnyCheck) -> bool:
    return isinstance(check, Range | Length) and check.when is None


def _simple(item: Item, q: Questionnaire, address: str, wording: Wording) -> ExcelValidation | None:
    shape, choices = _type_of(item), tuple(wording(item, code) for code in _choices(item))
    if shape is None and not choices:
        return None
    bounds = [c for c in q.checks if _is_bound(c) and c.severity == "hard" and getattr(c, "item", None) == address]
    messages = [rule(item.type, **_facts(item)), *(check.message or describe(check, q) for check in bounds)]
    title, message = rule("title").sv, _cut(" ".join(text.sv for text in messages))
    if shape is None:
        return ExcelValidation("list", None, None, None, choices, title, message)
    type_, least, most = shape
    low = max([least, *(c.min for c in bounds if c.min is not None)])  # type: ignore[union-attr]  # bounds only
    high = min([most, *(c.max for c in bounds if c.max is not None)])  # type: ignore[union-attr]  # bounds only
    held = tuple(check.id for check in bounds)
    return ExcelValidation(type_, "between", _literal(low), _literal(high), (), title, message, held)


def _facts(item: Item) -> dict[str, Any]:
    if item.type == "year":
        return {"min": str(FIRST_YEAR), "max": str(LAST_YEAR)}
    return {"max": LONGEST_TEXT}


def _choices(item: Item) -> list[Any]:
    return [True, False] if item.type == "boolean" else [o.code for o in item.options if item.type == "one_of"]


def _type_of(item: Item) -> tuple[CellType, Any, Any] | None:
    match item.type:
        case "integer":
            return "whole", -LARGEST, LARGEST
        case "year":
            return "whole", FIRST_YEAR, LAST_YEAR
        case "decimal":
            return "decimal", -LARGEST, LARGEST
        case "percent":
            return "decimal", 0, 100
        case "date":
            return "date", date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
        case "text":
            return "textLength", 1, LONGEST_TEXT
        case _:
            return None


def _with_relations(simple: ExcelValidation, cell: str, rules: list[ExcelRule]) -> ExcelValidation:
    """One formula of the shape and as many rules as there is room for, in the order declared."""
    formula, messages, held = _shape_formula(simple, cell), [simple.error_message], simple.checks
    for relation in rules:
        longer = f"{formula},{relation.formula}"
        if _filled_length(f"AND({longer})") <= LONGEST_FORMULA:
            formula = longer
            messages.append(relation.error_message)
            held = (*held, relation.check)
    if len(messages) == 1:
        return simple
    joined = _cut(" ".join(messages))
    return ExcelValidation("custom", None, f"AND({formula})", None, (), simple.error_title, joined, held)


def _filled_length(formula: str) -> int:
    return len(_REFERENCE.sub("x" * ROOM_FOR_REFERENCE, formula))


def _shape_formula(simple: ExcelValidation, cell: str) -> str:
    value = f"LEN({cell})" if simple.type == "textLength" else cell
    bounds = f"{value}>={simple.formula1},{value}<={simple.formula2}"
    if simple.type == "textLength":
        return bounds
    return f"ISNUMBER({cell}),{bounds}" + (f",{cell}=INT({cell})" if simple.type == "whole" else "")


def _cut(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else message[: LONGEST_MESSAGE - 1] + "…"
