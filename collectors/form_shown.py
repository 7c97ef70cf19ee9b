"""Answers in words, for reading: on the receipt, and last year's beside the question. Moments in Swedish time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date

from collectors.form_texts import words
from surveys.messages import written
from surveys.model import Language
from surveys.questionnaire import Item
from surveys.response import MISSING, SEXES, WEEKDAYS, is_missing
from surveys.rounds import on_swedish_clock

Names = Mapping[str, str]  # kommun names by code


def in_words(item: Item, answer: Any, language: Language, names: Names) -> list[str]:
    """The answer in one line or several; the rows of a roster are not told here."""
    word = words(language)
    if is_missing(answer):
        return [word(answer[MISSING])]
    if item.split_by_sex:
        return [f"{word(sex)} {_plain(item, answer[sex], language)}" for sex in SEXES if sex in answer]
    match item.type:
        case "several_of":
            return [_label(item, code, language) for code in answer]
        case "kommuner":
            return [", ".join(names.get(code, code) for code in answer)]
        case "opening_hours":
            return [f"{word(day)} {_hours(answer[day], language)}" for day in WEEKDAYS if day in answer]
        case "text":
            return str(answer).split("\n")
        case _:
            return [_plain(item, answer, language)]


def _plain(item: Item, answer: Any, language: Language) -> str:
    if is_missing(answer):
        return words(language)(answer[MISSING]).lower()
    match item.type:
        case "boolean":
            return words(language)("yes" if answer else "no")
        case "one_of":
            return _label(item, answer, language)
        case "integer" | "decimal" | "percent":
            unit = " %" if item.type == "percent" else ""
            measure = item.unit_of_measure
            return written(answer, language) + unit + (f" {measure.in_language(language)}" if measure else "")
        case _:
            return str(answer)


def _label(item: Item, code: Any, language: Language) -> str:
    option = item.option(code)
    return option.label.in_language(language) if option else str(code)


def _hours(hours: Any, language: Language) -> str:
    if isinstance(hours, Mapping):
        return f"{hours['from']}–{hours['to']}"
    return words(language)(hours).lower()


def day_shown(moment: datetime, language: Language) -> str:
    """The day in Sweden at that moment: 29 maj 2026."""
    return format_date(on_swedish_clock(moment), "d MMMM y", locale=language)


def last_day(moment: datetime, language: Language) -> str:
    """The last day before a limit: the end of a day is the midnight after it."""
    return day_shown(moment - timedelta(microseconds=1), language)


def time_shown(moment: datetime, language: Language) -> str:
    """The day and time in Sweden: 29 maj 2026 kl. 14.03."""
    clock = on_swedish_clock(moment)
    day = day_shown(moment, language)
    return f"{day} kl. {clock:%H.%M}" if language == "sv" else f"{day} at {clock:%H:%M}"


def unit_of(item: Item, language: Language) -> str:
    """What stands after the field: the unit of measure, and % for a share."""
    if item.unit_of_measure:
        return item.unit_of_measure.in_language(language)
    return "%" if item.type == "percent" else ""
