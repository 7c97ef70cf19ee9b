"""Numbers, dates and names as a Swedish (or English) reader expects them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from dashboards.records import Language

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HARD_SPACE = "\N{NO-BREAK SPACE}"
LOCALES = {"sv": "sv_SE", "en": "en_GB"}
# Kolada's signs for why a figure is missing; the fourth state, not yet published, has no sign there.
SIGNS = {
    "unit_nonresponse": "–",
    "item_nonresponse": "–",
    "dont_know": "–",
    "off_path": ".",
    "not_applicable": ".",
    "suppressed": "..",
    "not_yet_published": "○",
}


def number(value: float, decimals: int, language: Language) -> str:
    """The number with that many decimals: 1 234,5 in Swedish, with hard spaces."""
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    # A tiny negative is not minus nothing.
    return format_decimal(round(value, decimals) + 0.0, format=pattern, locale=LOCALES[language])


def quantity(value: float, decimals: int, is_percent: bool, language: Language) -> str:
    """The number, with its per cent sign when it is a share of a hundred."""
    shown = number(value, decimals, language)
    if not is_percent:
        return shown
    return f"{shown}{HARD_SPACE}%" if language == "sv" else f"{shown}%"


def change(difference: float, decimals: int, is_percent: bool, language: Language) -> str:
    """A difference with its sign; between percentages in procentenheter."""
    shown = number(abs(difference), decimals, language)
    sign = "±" if float(round(difference, decimals)) == 0 else "+" if difference > 0 else "\N{MINUS SIGN}"
    points = {"sv": "procentenheter", "en": "percentage points"}[language]
    return f"{sign}{shown}{HARD_SPACE}{points}" if is_percent else f"{sign}{shown}"


def whole(value: float, language: Language) -> str:
    """A whole number."""
    return number(value, 0, language)


def day(moment: datetime | date, language: Language) -> str:
    """The day in words: 21 december 2023, in Stockholm."""
    local = moment.astimezone(STOCKHOLM).date() if isinstance(moment, datetime) else moment
    return format_date(local, "d MMMM y", locale=LOCALES[language]).replace(" ", HARD_SPACE)


def last_day(end: datetime, language: Language) -> str:
    """The last day before a moment: what ends at midnight between the 8th and the 9th lasts until the 8th."""
    return day(end - timedelta(microseconds=1), language)


def moment(at: datetime, language: Language) -> str:
    """Day and time of day to the second, in Stockholm."""
    clock = {"sv": "d MMMM y 'kl.' HH.mm.ss", "en": "d MMMM y 'at' HH:mm:ss"}[language]
    shown = format_datetime(at, clock, tzinfo=STOCKHOLM, locale=LOCALES[language])
    return str(shown).replace(" ", HARD_SPACE)


def short_moment(at: datetime, language: Language) -> str:
    """Day and time of day to the minute, short: 2023-12-21 14.03."""
    return str(format_datetime(at, {"sv": "y-MM-dd HH.mm", "en": "y-MM-dd HH:mm"}[language], tzinfo=STOCKHOLM))


def short_name(name: str) -> str:
    """A region's name without the word Region, for narrow places."""
    return {"Västra Götalandsregionen": "Västra Götaland"}.get(name, name.removeprefix("Region "))


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
