"""Single values as people write them in a field, read and written: numbers in Swedish, times of day, texts.

What cannot be read stays the text it was: the checks then say what is wrong with it, as in every other mode.
"""

import re
from decimal import Decimal
from typing import Any

from collectors.workbook_values import plain_text
from surveys.model import Language
from surveys.response import MISSING

_SPACE = "[ \u00a0\u2009\u202f]"
_NUMBER = re.compile(rf"[+-]?(\d+|\d{{1,3}}(?:{_SPACE}\d{{3}})+)(?:[.,]\d+)?")
# 12.345 is twelve thousand to some and twelve and a third to others; 0,345 is neither.
_TWO_MEANINGS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?")
_SIGNS = str.maketrans({"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-"})
LONGEST_NUMBER = 40
HARD_SPACE = "\N{NO-BREAK SPACE}"
MISSING_WORDS = {
    "vet ej": "dont_know",
    "vet inte": "dont_know",
    "don't know": "dont_know",
    "ej tillämpligt": "not_applicable",
    "not applicable": "not_applicable",
}


class TwoMeanings(Exception):
    """A number that could be read in two ways."""


def number_from(text: str, is_percent: bool = False) -> Any:
    """The number in "1 234", "12,5", "−3" or "25 %"; the text itself when there is none in it.

    Raises TwoMeanings for "12.345".
    """
    bare = text.strip().translate(_SIGNS)
    if is_percent:
        bare = bare.removesuffix("%").strip()
    if len(bare) > LONGEST_NUMBER or not _NUMBER.fullmatch(bare):
        reason = MISSING_WORDS.get(bare.casefold())
        return {MISSING: reason} if reason else text.strip()
    if _TWO_MEANINGS.fullmatch(bare):
        raise TwoMeanings(text)
    number = Decimal(re.sub(_SPACE, "", bare).replace(",", "."))
    return int(number) if number == number.to_integral_value() else float(number)


def number_text(number: float, language: Language, grouped: bool = True) -> str:
    """The number as it stands in a field, so that `number_from` reads the same again."""
    whole, _, decimals = format(Decimal(repr(number)), "f").partition(".")
    if grouped:
        whole = f"{int(whole):,}".replace(",", HARD_SPACE) if int(whole) else whole
    if not decimals.strip("0"):
        return whole
    # Three decimals would look like thousands.
    decimals = f"{decimals}0" if len(decimals) == 3 else decimals
    return f"{whole}{',' if language == 'sv' else '.'}{decimals}"


def clock_from(text: str) -> str:
    """The time of day in "8", "8.30", "0830" or "24:00" as "HH:MM"; the text itself when there is none in it."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return text.strip()
    hour, minute = int(found[1]), found[2] or "00"
    # Midnight at the end of a day is the beginning of the next.
    return f"{0 if (hour, minute) == (24, '00') else hour:02}:{minute}"


def text_from(text: str) -> str:
    """The text composed, with plain line ends and no outer blanks."""
    return plain_text(text)
