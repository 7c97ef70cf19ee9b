"""Just enough of Excel to evaluate the formulas of data validations: its comparisons, its blanks, a dozen functions."""

import ast
import re
from collections.abc import Callable
from datetime import date
from typing import Any

Cells = Callable[[str], Any]
EPOCH = date(1899, 12, 30)
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def serial(iso: str) -> int:
    """A date as the number a cell holds."""
    return (date.fromisoformat(iso) - EPOCH).days


def evaluate(formula: str, cells: Cells) -> Any:
    """The value of a formula; `cells` gives a cell's value ("" when blank) or, for a range, a list."""
    texts: list[str] = []

    def keep(found: re.Match[str]) -> str:
        texts.append(found[0][1:-1].replace('""', '"'))
        return f"TEXT_({len(texts) - 1})"

    code = re.sub(r'"(?:[^"]|"")*"', keep, formula)
    code = re.sub(r"\{([^{}]+)\}", lambda found: f"CELL_({found[1]!r})", code)
    code = re.sub(r"(?<![<>=])=", "==", code).replace("<>", "!=")
    return _value(ast.parse(code, mode="eval").body, cells, texts)


def _value(node: ast.expr, cells: Cells, texts: list[str]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return {"TRUE": True, "FALSE": False}[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, cells, texts)
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_value(left, cells, texts), _value(right, cells, texts))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compare(op, _value(left, cells, texts), _value(right, cells, texts))
        case ast.Call(func=ast.Name(id="IF"), args=[test, then, otherwise]):
            return _value(then if _value(test, cells, texts) else otherwise, cells, texts)
        case ast.Call(func=ast.Name(id="TEXT_"), args=[ast.Constant(value=int(place))]):
            return texts[place]
        case ast.Call(func=ast.Name(id="CELL_"), args=[ast.Constant(value=str(name))]):
            return cells(name)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(_value(argument, cells, texts) for argument in arguments))
    raise SyntaxError(ast.dump(node))


def _rank(value: Any) -> tuple[int, Any]:
    """Excel's order: numbers, then texts without regard to capitals, then FALSE and TRUE."""
    if isinstance(value, bool):
        return 2, value
    return (1, value.casefold()) if isinstance(value, str) else (0, value)


def _compare(op: ast.cmpop, left: Any, right: Any) -> bool:
    first, second = _rank(left), _rank(right)
    match op:
        case ast.Eq():
            return first == second
        case ast.NotEq():
            return first != second
        case ast.LtE():
            return first <= second
        case ast.GtE():
            return first >= second
        case ast.Lt():
            return first < second
    return first > second


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _countifs(*pairs: Any) -> int:
    columns, wanted = pairs[::2], pairs[1::2]
    rows = zip(*columns, strict=True)
    return sum(all(_rank(a) == _rank(b) for a, b in zip(row, wanted, strict=True)) for row in rows)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "AND": lambda *values: all(values),
    "OR": lambda *values: any(values),
    "NOT": lambda value: not value,
    "COUNT": lambda *values: sum(map(_is_number, values)),
    "ISNUMBER": _is_number,
    "INT": lambda value: value // 1,
    "ABS": abs,
    "MAX": max,
    "LEN": lambda value: len(str(value)),
    "DATE": lambda year, month, day: (date(year, month, day) - EPOCH).days,
    "YEAR": lambda value: date.fromordinal(EPOCH.toordinal() + int(value)).year,
    "COUNTIFS": _countifs,
}
