"""What a cell says and what an answer looks like in cells: both ways, without Excel."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from collectors.workbook_layout import MISSING_SUFFIX, Slot
from collectors.workbook_messages import cell_fault
from surveys.questionnaire import Item
from surveys.response import MISSING, SEXES, WEEKDAYS, is_missing

REASONS = {"dont_know": "Vet ej", "not_applicable": "Ej tillämpligt"}
YES, NO = "Ja", "Nej"
CLOSED, ALL_DAY = "stängt", "dygnet runt"
_YES = {"ja", "x", "yes", "true", "sant", "1"}
_NO = {"nej", "no", "false", "falskt", "0", "-"}
_CLOSED = {"stängt", "stängd", "closed"}
_ALL_DAY = {"dygnet runt", "24h", "24 h", "24 timmar", "00:00-24:00"}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_SOME_DATE = re.compile(r"\d{1,4}[./\- ]\d{1,2}[./\- ]\d{1,4}")
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_THREE_DIGITS_AFTER = re.compile(r"[+-]?\d{1,3}[.,]\d{3}")
_SPACES = dict.fromkeys(map(ord, " \u00a0\u2009\u202f"))


@dataclass(frozen=True, slots=True)
class Content:
    """A cell as it was read: its value, and whether Excel shows it as a percentage."""

    value: Any
    as_percentage: bool = False


class CellFault(Exception):
    """A cell that cannot be read as the answer it stands for."""

    def __init__(self, part: str, sentence: str, value: Any, **facts: Any) -> None:
        super().__init__(part)
        self.part = part
        self.sentence = sentence
        self.message = cell_fault(sentence, **facts)
        self.value = value


def to_cells(found: Sequence[Slot], answer: Any) -> dict[str, Any]:
    """What each cell of an item holds, by part; a reason stands under its part and MISSING_SUFFIX."""
    item = found[0].item
    if is_missing(answer):
        beside = "T" if item.split_by_sex else found[0].part
        return {beside + MISSING_SUFFIX: REASONS[answer[MISSING]]}
    if item.split_by_sex:
        return dict(_of_sex(sex, member) for sex, member in answer.items())
    match item.type:
        case "several_of" | "kommuner":
            return dict.fromkeys(answer, YES)
        case "opening_hours":
            return {day: _hours_shown(answer[day]) for day in WEEKDAYS}
        case _:
            return {"": shown(item, answer)}


def from_cells(item: Item, cells: Mapping[str, Content]) -> Any:
    """The answer in an item's cells, None when they are empty. Raises CellFault for the first that cannot be read."""
    filled = {part: content for part, content in cells.items() if not _is_blank(content.value)}
    reasons = {part: content for part, content in filled.items() if part.endswith(MISSING_SUFFIX)}
    values = {part: content for part, content in filled.items() if part not in reasons}
    if item.split_by_sex:
        return _split(item, values, reasons)
    for part, content in reasons.items():
        if values:
            raise CellFault(part, "both", content.value)
        return {MISSING: _reason(part, content.value)}
    if not values:
        return None
    match item.type:
        case "several_of" | "kommuner":
            return [part for part, content in values.items() if _marked(part, content.value)] or None
        case "opening_hours":
            return {day: _hours(day, values.get(day)) for day in WEEKDAYS}
        case _:
            return _single(item, "", values[""])


def folded(text: str) -> str:
    """The text as two writers of it would agree on: composed, without case and outer or repeated blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def plain_text(text: str) -> str:
    """The text composed, with plain line ends and no outer blanks."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def shown(item: Item, answer: Any) -> Any:
    """One value as its cell holds it."""
    match item.type:
        case "boolean":
            return YES if answer else NO
        case "one_of":
            option = item.option(answer)
            return option.label.sv if option else answer
        case "date":
            return date.fromisoformat(answer)
        case _:
            return answer


def _of_sex(sex: str, member: Any) -> tuple[str, Any]:
    return (sex + MISSING_SUFFIX, REASONS[member[MISSING]]) if is_missing(member) else (sex, member)


def _hours_shown(hours: Any) -> str:
    if isinstance(hours, Mapping):
        return f"{hours['from']}-{hours['to']}"
    return CLOSED if hours == "closed" else ALL_DAY


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _split(item: Item, values: Mapping[str, Content], reasons: Mapping[str, Content]) -> Any:
    whole = reasons.get("T" + MISSING_SUFFIX)
    if whole is not None:
        if values:
            raise CellFault("T" + MISSING_SUFFIX, "both", whole.value)
        return {MISSING: _reason("T" + MISSING_SUFFIX, whole.value)}
    answer = {sex: _member(item, sex, values, reasons) for sex in SEXES}
    return {sex: member for sex, member in answer.items() if member is not None} or None


def _member(item: Item, sex: str, values: Mapping[str, Content], reasons: Mapping[str, Content]) -> Any:
    reason = reasons.get(sex + MISSING_SUFFIX)
    if reason is None:
        return _single(item, sex, values[sex]) if sex in values else None
    if sex in values:
        raise CellFault(sex, "both", values[sex].value)
    return {MISSING: _reason(sex + MISSING_SUFFIX, reason.value)}


def _reason(part: str, value: Any) -> str:
    for reason, word in REASONS.items():
        if folded(str(value)) in (folded(word), reason):
            return reason
    raise CellFault(part, "reason", value, words=", ".join(REASONS.values()))


def _marked(part: str, value: Any) -> bool:
    word = folded(str(int(value))) if isinstance(value, float) and value.is_integer() else folded(str(value))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellFault(part, "mark", value)


def _single(item: Item, part: str, content: Content) -> Any:
    value = content.value
    if isinstance(value, datetime | date | time) and item.type != "date":
        raise CellFault(part, "became_date", value)
    match item.type:
        case "integer" | "decimal" | "percent" | "year":
            return _number(item, part, content)
        case "boolean":
            return _boolean(part, value)
        case "one_of":
            return _option(item, part, value)
        case "date":
            return _date(part, value)
        case _:
            return _text(value)


def _number(item: Item, part: str, content: Content) -> int | float:
    number = content.value
    if isinstance(number, bool):
        raise CellFault(part, "number", number)
    if isinstance(number, str):
        number = _number_in_text(item, part, number)
    elif content.as_percentage and item.type == "percent":
        number = round(number * 100, 10)
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _number_in_text(item: Item, part: str, text: str) -> float:
    bare = text.translate(_SPACES)
    if item.type == "percent":
        bare = bare.removesuffix("%")
    if _THREE_DIGITS_AFTER.fullmatch(bare):
        raise CellFault(part, "ambiguous_number", text)
    if not _NUMBER.fullmatch(bare):
        raise CellFault(part, "number", text)
    return float(bare.replace(",", "."))


def _boolean(part: str, value: Any) -> bool:
    word = folded(str(value))
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellFault(part, "yes_or_no", value)


def _option(item: Item, part: str, value: Any) -> str:
    word = folded(_text(value))
    for option in item.options:
        if word in (folded(option.label.sv), folded(option.label.en), option.code.casefold()):
            return option.code
    labels = ", ".join(option.label.sv for option in item.options)
    raise CellFault(part, "option", value, options=labels)


def _date(part: str, value: Any) -> str:
    if isinstance(value, datetime):
        if value.time() != time.min:
            raise CellFault(part, "date", value)
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    if _ISO.fullmatch(text):
        return text
    raise CellFault(part, "ambiguous_date" if _SOME_DATE.fullmatch(text) else "date", value)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return plain_text(str(value))


def _hours(day: str, content: Content | None) -> Any:
    if content is None:
        raise CellFault(day, "day_missing", "")
    if isinstance(content.value, datetime | date | time):
        raise CellFault(day, "became_date", content.value)
    word = folded(str(content.value))
    if word in _CLOSED:
        return "closed"
    if word in _ALL_DAY:
        return "24h"
    span = _SPAN.fullmatch(word)
    if span is None or int(span[1]) > 23 or int(span[3]) > 24:
        raise CellFault(day, "hours", content.value)
    # Midnight at the end of a day is the beginning of the next.
    return {"from": _clock(span[1], span[2]), "to": _clock("0" if span[3] == "24" else span[3], span[4])}


def _clock(hour: str, minute: str | None) -> str:
    return f"{int(hour):02}:{minute or '00'}"
