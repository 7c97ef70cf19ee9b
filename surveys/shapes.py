"""The shape of an answer by item type: what may stand there at all, before any check looks at it.

integer, year: a whole number, never a bool, within ±9·10¹⁵ (years 1900–2100) · decimal: a finite number within the
same · percent: 0–100 · boolean: true or false · one_of: an option's code · several_of: distinct codes, at least one ·
text: NFC, 1–10 000 characters, not only blanks, no control characters, one line unless the item is multiline ·
date: "YYYY-MM-DD", a real one · opening_hours: all seven days, each "closed", "24h" or {"from", "to"} as "HH:MM" ·
kommuner: distinct four-digit codes, at least one · roster: a list of objects · an item split by sex: {"K", "M", "T"}
or {"T"}, where K and M may be missing · any item that allows it: {"missing": reason}.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, Final, NamedTuple
from unicodedata import is_normalized

from surveys.messages import joined, rule, say, shown
from surveys.model import Text
from surveys.questionnaire import Item
from surveys.response import FIRST_YEAR, LARGEST, LAST_YEAR, LONGEST_TEXT, MISSING, MISSING_REASONS, WEEKDAYS


class Fault(NamedTuple):
    """Why an answer cannot be taken: the implied check that fails (`shape` or `options`), and what to say."""

    check: str
    message: Text


IS_MISSING: Final = Fault(MISSING, Text(sv="–", en="–"))  # not a fault: set aside before checks look
Shape = Callable[[Any], Fault | None]

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_KOMMUN: Final = re.compile(r"\d{4}", re.ASCII)
CONTROL: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_CONTROL: Final = re.compile(f"[{CONTROL}]")


def shape_of(item: Item) -> Shape:
    """A function that gives None for a good answer, IS_MISSING for one allowed to be missing, else the fault."""
    return _split(item) if item.split_by_sex else _SHAPES[item.type](item, _otherwise(item))


def _otherwise(item: Item) -> Callable[..., Fault]:
    """What an answer that is not as it should be is: allowed to be missing, or a fault."""
    allowed = item.missing_allowed

    def otherwise(value: Any, sentence: str, check: str = "shape", /, **facts: Any) -> Fault:
        if type(value) is dict and len(value) == 1 and MISSING in value:
            reason = value[MISSING]
            if reason in allowed:
                return IS_MISSING
            named = rule(reason) if reason in MISSING_REASONS else shown(reason)
            return Fault("shape", say("missing_not_allowed", value=named))
        return Fault(check, say(sentence, **{"value": shown(value), **facts}))

    return otherwise


def _integer(_item: Item, otherwise: Callable[..., Fault]) -> Shape:
    low, high = -LARGEST, LARGEST

    def shape(value: Any) -> Fault | None:
        if type(value) is int:
            if low <= value <= high:
                return None
            return otherwise(value, "number_within", min=low, max=high)
        return otherwise(value, "whole_number")

    return shape


def _decimal(_item: Item, otherwise: Callable[..., Fault]) -> Shape:
    low, high = -LARGEST, LARGEST

    def shape(value: Any) -> Fault | None:
        if type(value) is float or type(value) is int:
            if low <= value <= high:
                return None
            return otherwise(value, "number_within", min=low, max=high)
        return otherwise(value, "number")

    return shape


def _percent(_item: Item, otherwise: Callable[..., Fault]) -> Shape:
    def shape(value: Any) -> Fault | None:
        if (type(value) is float or type(value) is int) and 0 <= value <= 100:
            return None
        return otherwise(value, "percent")

    return shape


def _year(_item: Item, otherwise: Callable[..., Fault]) -> Shape:
    def shape(value: Any) -> Fault | None:
        if type(value) is int and FIRST_YEAR <= value <= LAST_YEAR:
            return None
        as_year = {"value": str(value)} if type(value) is int and 0 <= value <= 9999 else {}
        return otherwise(value, "year", min=str(FIRST_YEAR), max=str(LAST_YEAR), **as_year)

    return shape


def _boolean(_item: Item, otherwise: Callable[..., Fault]) -> Shape:
    def shape(value: Any) -> Fault | None:
        return None if value is True or value is False else otherwise(value, "yes_or_no")

    return shape


def _options_named(item: Item) -> Text:
    labels = [option.label for option in item.options]
    return Text(sv=", ".join(label.sv for label in labels), en=", ".join(label.en for label in labels))


def _one_of(item: Item, otherwise: Callable[..., Fault]) -> Shape:
    codes = frozenset(option.code for option in item.options)

    def shape(value: Any) -> Fault | None:
        if type(value) is str and value in codes:
            return None
        return otherwise(value, "option", "options", options=_options_named(item))

    return shape


def _several_of(item: Item, otherwise: Callable[..., Fault]) -> Shape:
    codes = frozenset(option.code for option in item.options)

    def shape(value: Any) -> Fault | None:
        if type(value) is list and value and _all_distinct_among(value, codes):
            return None
        if type(value) is not list or not value or not all(type(code) is str for code in value):
            return otherwise(value, "list_of_codes")
        if len(set(value)) != len(value):
            return otherwise(value, "chosen_twice", value=shown(_first_repeated(value)))
        unknown = next(code for code in value if code not in codes)
        return otherwise(value, "option", "options", value=shown(unknown), options=_options_named(item))

    return shape


def _all_distinct_among(values: list[Any], codes: frozenset[str]) -> bool:
    try:
        return len(codes.intersection(values)) == len(values)
    except TypeError:  # a list or an object stands among them
        return False


def _first_repeated(values: list[str]) -> str:
    return next(value for place, value in enumerate(values) if value in values[:place])


def _text(item: Item, otherwise: Callable[..., Fault]) -> Shape:
    multiline = item.multiline

    def shape(value: Any) -> Fault | None:
        if type(value) is not str:
            return otherwise(value, "text")
        if len(value) > LONGEST_TEXT:
            return otherwise(value, "text_too_long", max=LONGEST_TEXT, value=len(value))
        if not value or value.isspace():
            return otherwise(value, "blank_text")
        if value.isprintable() and is_normalized("NFC", value):
            return None
        if found := _CONTROL.search(value):
            return otherwise(value, "control_character", value=f"U+{ord(found[0]):04X}")
        if not multiline and "\n" in value:
            return otherwise(value, "one_line", value=value.count("\n") + 1)
        return None if is_normalized("NFC", value) else otherwise(value, "composed_text")

    return shape


def _date(_item: Item, otherwise: Callable[..., Fault]) -> Shape:
    def shape(value: Any) -> Fault | None:
        if type(value) is str and _is_date(value):
            return None
        return otherwise(value, "date", min=str(FIRST_YEAR), max=str(LAST_YEAR))

    return shape


def _is_date(value: str) -> bool:
    if not _DAY.fullmatch(value):
        return False
    try:
        return FIRST_YEAR <= date.fromisoformat(value).year <= LAST_YEAR
    except ValueError:
        return False


def _opening_hours(_item: Item, otherwise: Callable[..., Fault]) -> Shape:
    days, times = frozenset(WEEKDAYS), _times()

    def is_open(day: Any) -> bool:
        if type(day) is not dict:
            return type(day) is str and day in ("closed", "24h")
        opens, closes = day.get("from"), day.get("to")
        return len(day) == 2 and type(opens) is type(closes) is str and opens in times and closes in times

    def shape(value: Any) -> Fault | None:
        if type(value) is not dict or not value.keys() <= days:
            return otherwise(value, "opening_hours")
        untold = [rule(day) for day in WEEKDAYS if not is_open(value.get(day))]
        return otherwise(value, "opening_hours_of", days=joined(untold)) if untold else None

    return shape


@cache
def _times() -> frozenset[str]:
    """Every minute of a day as "HH:MM"."""
    return frozenset(f"{minute // 60:02}:{minute % 60:02}" for minute in range(24 * 60))


def _kommuner(_item: Item, otherwise: Callable[..., Fault]) -> Shape:
    def shape(value: Any) -> Fault | None:
        if type(value) is not list or not value or not all(type(c) is str and _KOMMUN.fullmatch(c) for c in value):
            return otherwise(value, "kommuner")
        if len(set(value)) != len(value):
            return otherwise(value, "chosen_twice", value=shown(_first_repeated(value)))
        return None

    return shape


def _roster(_item: Item, otherwise: Callable[..., Fault]) -> Shape:
    def shape(value: Any) -> Fault | None:
        return None if type(value) is list and all(type(row) is dict for row in value) else otherwise(value, "rows")

    return shape


def _split(item: Item) -> Shape:
    otherwise = _otherwise(item)
    total = shape_of(item.model_copy(update={"split_by_sex": False, "missing_allowed": ()}))
    member = shape_of(item.model_copy(update={"split_by_sex": False, "missing_allowed": MISSING_REASONS}))

    def shape(value: Any) -> Fault | None:
        if type(value) is not dict or "T" not in value:
            return otherwise(value, "split")
        fault = total(value["T"])
        if fault is not None or len(value) == 1:
            return fault
        if len(value) != 3 or "K" not in value or "M" not in value:
            return otherwise(value, "split")
        for sex in ("K", "M"):
            fault = member(value[sex])
            if fault is not None and fault is not IS_MISSING:
                return fault
        return None

    return shape


_SHAPES: Final[dict[str, Callable[[Item, Callable[..., Fault]], Shape]]] = {
    "integer": _integer,
    "decimal": _decimal,
    "percent": _percent,
    "year": _year,
    "boolean": _boolean,
    "one_of": _one_of,
    "several_of": _several_of,
    "text": _text,
    "date": _date,
    "opening_hours": _opening_hours,
    "kommuner": _kommuner,
    "roster": _roster,
}
