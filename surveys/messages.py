"""Every sentence a respondent meets about an answer, in Swedish and English, in one place.

A failure's sentence starts with a verb, blames nobody and names the value and the limit. A rule's sentence says
what holds when all is well. `say` fills one in; numbers, dates and texts are written as the language writes them.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from surveys.model import LANGUAGES, Language, Text

SWEDISH_SIGNS: Final = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ",", "-": "\N{MINUS SIGN}"})
LONGEST_VALUE: Final = 60  # a value is quoted to be recognised, not to be read through
LONGEST_NUMBER: Final = 10**30  # beyond it a number is quoted as a text, cut

FAILURES: Final[dict[str, tuple[str, str]]] = {
    # The shape of a value
    "whole_number": (
        "Skriv ett heltal. Nu står det {value}.",
        "Enter a whole number. It now says {value}.",
    ),
    "number": ("Skriv ett tal. Nu står det {value}.", "Enter a number. It now says {value}."),
    "number_within": (
        "Skriv ett tal mellan {min} och {max}. Nu står det {value}.",
        "Enter a number between {min} and {max}. It now says {value}.",
    ),
    "percent": (
        "Skriv en andel mellan 0 och 100 procent. Nu står det {value}.",
        "Enter a share between 0 and 100 per cent. It now says {value}.",
    ),
    "yes_or_no": ("Svara ja eller nej. Nu står det {value}.", "Answer yes or no. It now says {value}."),
    "year": (
        "Skriv ett årtal mellan {min} och {max}. Nu står det {value}.",
        "Enter a year between {min} and {max}. It now says {value}.",
    ),
    "date": (
        "Skriv ett datum som finns, på formen 2023-05-31, mellan år {min} och {max}. Nu står det {value}.",
        "Enter a date that exists, in the form 2023-05-31, between the years {min} and {max}. It now says {value}.",
    ),
    "text": ("Skriv en text. Nu står det {value}.", "Enter a text. It now says {value}."),
    "blank_text": (
        "Skriv något, eller lämna frågan obesvarad. Nu innehåller svaret bara blanktecken.",
        "Enter something, or leave the question unanswered. The answer now holds only blanks.",
    ),
    "text_too_long": (
        "Korta texten till högst {max} tecken. Nu är den {value}.",
        "Shorten the text to at most {max} characters. It is now {value}.",
    ),
    "control_character": (
        "Ta bort styrtecknet {value} ur texten. Bara vanliga tecken går att ta emot.",
        "Remove the control character {value} from the text. Only ordinary characters can be received.",
    ),
    "one_line": (
        "Skriv texten på en rad. Nu har den {value} rader.",
        "Write the text on one line. It now has {value} lines.",
    ),
    "composed_text": (
        "Skicka texten med sammansatta tecken (Unicode NFC). Nu är tecken som å, ä eller ö delade i två: {value}.",
        "Send the text with composed characters (Unicode NFC). Letters such as å or ö are now in two parts: {value}.",
    ),
    "opening_hours": (
        "Ange för varje veckodag stängt, dygnet runt eller från och till, som 08:00 och 17:00. Nu står det {value}.",
        "Give closed, round the clock or from and to, as 08:00 and 17:00, for each weekday. It now says {value}.",
    ),
    "opening_hours_of": (
        "Ange stängt, dygnet runt eller från och till, som 08:00 och 17:00, för {days}.",
        "Give closed, round the clock or from and to, as 08:00 and 17:00, for {days}.",
    ),
    "list_of_codes": (
        "Välj ett eller flera alternativ, eller lämna frågan obesvarad. Nu står det {value}.",
        "Choose one or more options, or leave the question unanswered. It now says {value}.",
    ),
    "chosen_twice": (
        "Välj varje alternativ en gång. Nu står {value} flera gånger.",
        "Choose each option once. {value} is now there more than once.",
    ),
    "kommuner": (
        "Välj en eller flera kommuner med fyrsiffrig kod, eller lämna frågan obesvarad. Nu står det {value}.",
        "Choose one or more kommuner by four-digit code, or leave the question unanswered. It now says {value}.",
    ),
    "split": (
        "Ange kvinnor, män och totalt, eller bara totalt när fördelningen inte är känd. Nu står det {value}.",
        "Give women, men and the total, or the total alone when the split is not known. It now says {value}.",
    ),
    "rows": (
        "Skicka svaret som en lista av rader. Nu står det {value}.",
        "Send the answer as rows. It now says {value}.",
    ),
    "missing_not_allowed": (
        "Svara på frågan eller lämna den tom. Här går det inte att välja {value}.",
        "Answer the question or leave it empty. {value} cannot be chosen here.",
    ),
    # Options
    "option": (
        "Välj ett av alternativen {options}. Nu står det {value}.",
        "Choose one of the options {options}. It now says {value}.",
    ),
    "own_kommuner": (
        "Välj bara kommuner i den egna regionen. Nu står även {value}.",
        "Choose only kommuner of the region itself. {value} is now there too.",
    ),
    # What is answered
    "required": ("Svara på frågan ”{label}”.", "Answer the question ”{label}”."),
    "off_path": (
        "Ta bort svaret på ”{label}”. Frågan ställs inte med de övriga svaren. Nu står det {value}.",
        "Remove the answer to ”{label}”. The question is not asked, given the other answers. It now says {value}.",
    ),
    "unknown_item": (
        "Ta bort ”{item}”. Det finns ingen sådan fråga i enkäten. Nu står det {value}.",
        "Remove ”{item}”. The survey has no such question. It now says {value}.",
    ),
    "sum_by_sex": (
        "Kontrollera ”{label}”: kvinnor {women} och män {men} blir {sum}, men totalt är {value}.",
        "Check ”{label}”: women {women} and men {men} make {sum}, but the total is {value}.",
    ),
    # Declared checks
    "between": (
        "Kontrollera ”{label}”: {value} ligger inte mellan {min} och {max}.",
        "Check ”{label}”: {value} is not between {min} and {max}.",
    ),
    "at_least": (
        "Kontrollera ”{label}”: {value} är mindre än {min}.",
        "Check ”{label}”: {value} is less than {min}.",
    ),
    "at_most": (
        "Kontrollera ”{label}”: {value} är mer än {max}.",
        "Check ”{label}”: {value} is more than {max}.",
    ),
    "in_set": (
        "Välj för ”{label}” något av {options}. Nu står det {value}.",
        "Choose one of {options} for ”{label}”. It now says {value}.",
    ),
    "pattern": (
        "Skriv ”{label}” som {means}. Nu står det {value}.",
        "Write ”{label}” as {means}. It now says {value}.",
    ),
    "length_text": (
        "Skriv ”{label}” med {limits} tecken. Nu är det {value}.",
        "Write ”{label}” with {limits} characters. There are now {value}.",
    ),
    "length_chosen": (
        "Välj {limits} alternativ för ”{label}”. Nu är det {value}.",
        "Choose {limits} options for ”{label}”. There are now {value}.",
    ),
    "required_when": (
        "Svara på frågan ”{label}”. Den behövs när {when}.",
        "Answer the question ”{label}”. It is needed when {when}.",
    ),
    "sum_equals_total": (
        "Kontrollera summan: {parts} blir {sum}, men ”{label}” är {value}.",
        "Check the sum: {parts} make {sum}, but ”{label}” is {value}.",
    ),
    "less_or_equal": (
        "Kontrollera ”{smaller}”: {value} är mer än {limit}, som följer av ”{larger}”.",
        "Check ”{smaller}”: {value} is more than {limit}, which follows from ”{larger}”.",
    ),
    "ratio_bounds": (
        "Kontrollera ”{numerator}” delat med ”{denominator}”: {value} är inte {limits}.",
        "Check ”{numerator}” divided by ”{denominator}”: {value} is not {limits}.",
    ),
    "change": (
        "Bekräfta eller ändra ”{label}”: {value} mot {before} förra gången, en skillnad på mer än {limit}.",
        "Confirm or change ”{label}”: {value} against {before} last time, a difference of more than {limit}.",
    ),
    "per_inhabitant": (
        "Kontrollera ”{label}”: {value} blir {rate} per {per} invånare, vilket inte är {limits}.",
        "Check ”{label}”: {value} makes {rate} per {per} inhabitants, which is not {limits}.",
    ),
    "dates_in_order": (
        "Kontrollera ”{earlier}”: {value} är senare än {limit}, som står för ”{later}”.",
        "Check ”{earlier}”: {value} is later than {limit}, given for ”{later}”.",
    ),
    "unique_rows": (
        "Slå ihop eller ta bort en av raderna {first} och {row}: båda har {value}.",
        "Merge or remove one of rows {first} and {row}: both have {value}.",
    ),
    "row_count": (
        "Fyll i {limits} rader i ”{label}”. Nu är det {value}.",
        "Fill in {limits} rows in ”{label}”. There are now {value}.",
    ),
    "exclusive_option": (
        "Välj {value} ensamt, eller ta bort det. Nu står det tillsammans med {others}.",
        "Choose {value} alone, or remove it. It now stands together with {others}.",
    ),
}

RULES: Final[dict[str, tuple[str, str]]] = {
    "range": ("”{label}” ska vara {limits}.", "”{label}” must be {limits}."),
    "in_set": ("”{label}” ska vara något av {options}.", "”{label}” must be one of {options}."),
    "pattern": ("”{label}” ska skrivas som {means}.", "”{label}” must be written as {means}."),
    "length_text": ("”{label}” ska ha {limits} tecken.", "”{label}” must have {limits} characters."),
    "length_chosen": ("I ”{label}” ska {limits} alternativ väljas.", "{limits} options must be chosen in ”{label}”."),
    "required_when": ("”{label}” ska besvaras när {when}.", "”{label}” must be answered when {when}."),
    "sum_equals_total": ("{parts} ska tillsammans bli ”{label}”.", "{parts} must add up to ”{label}”."),
    "sum_within": (
        "{parts} ska tillsammans bli ”{label}”, på {tolerance} när.",
        "{parts} must add up to ”{label}”, give or take {tolerance}.",
    ),
    "less_or_equal": (
        "”{smaller}” ska vara högst lika med ”{larger}”.",
        "”{smaller}” must be at most equal to ”{larger}”.",
    ),
    "less_or_equal_times": (
        "”{smaller}” ska vara högst {factor} gånger ”{larger}”.",
        "”{smaller}” must be at most {factor} times ”{larger}”.",
    ),
    "ratio_bounds": (
        "”{numerator}” delat med ”{denominator}” ska vara {limits}.",
        "”{numerator}” divided by ”{denominator}” must be {limits}.",
    ),
    "change_against_last_year": (
        "”{label}” ska förklaras när det skiljer sig från förra gången med mer än {share} och mer än {floor}.",
        "”{label}” must be explained when it differs from last time by more than {share} and more than {floor}.",
    ),
    "per_inhabitant": (
        "”{label}” per {per} invånare ska vara {limits}.",
        "”{label}” per {per} inhabitants must be {limits}.",
    ),
    "dates_in_order": (
        "”{earlier}” ska inte vara senare än ”{later}”.",
        "”{earlier}” must not be later than ”{later}”.",
    ),
    "unique_rows": (
        "Två rader i ”{label}” ska inte ha samma {by}.",
        "Two rows in ”{label}” must not have the same {by}.",
    ),
    "row_count": ("”{label}” ska ha {limits} rader.", "”{label}” must have {limits} rows."),
    "exclusive_option": (
        "I ”{label}” ska {options} väljas ensamt.",
        "In ”{label}”, {options} must be chosen alone.",
    ),
    "only_when": ("När {when}: {rule}", "When {when}: {rule}"),
    # Shapes, as an empty cell or a schema says them
    "integer": ("Skriv ett heltal.", "Enter a whole number."),
    "decimal": ("Skriv ett tal.", "Enter a number."),
    "percent": ("Skriv en andel mellan 0 och 100 procent.", "Enter a share between 0 and 100 per cent."),
    "boolean": ("Svara ja eller nej.", "Answer yes or no."),
    "one_of": ("Välj ett alternativ ur listan.", "Choose an option from the list."),
    "several_of": ("Välj ett eller flera alternativ.", "Choose one or more options."),
    "text": ("Skriv högst {max} tecken.", "Enter at most {max} characters."),
    "date": ("Skriv ett datum, på formen 2023-05-31.", "Enter a date, in the form 2023-05-31."),
    "year": ("Skriv ett årtal mellan {min} och {max}.", "Enter a year between {min} and {max}."),
    "opening_hours": ("Ange öppettider för varje veckodag.", "Give opening hours for each weekday."),
    "kommuner": ("Välj kommuner i den egna regionen.", "Choose kommuner of the region itself."),
    "roster": ("Fyll i en rad för var och en.", "Fill in one row for each."),
    "sum_by_sex": ("Kvinnor och män ska tillsammans bli totalt.", "Women and men must add up to the total."),
    # Limits
    "limits_between": ("mellan {min} och {max}", "between {min} and {max}"),
    "limits_min": ("minst {min}", "at least {min}"),
    "limits_max": ("högst {max}", "at most {max}"),
    "limits_equal": ("exakt {min}", "exactly {min}"),
    "limits_none": ("vilket tal som helst", "any number"),
    # Conditions, in the middle of a sentence
    "is": ("”{label}” är {value}", "”{label}” is {value}"),
    "in": ("”{label}” är något av {options}", "”{label}” is one of {options}"),
    "includes": ("”{label}” omfattar {value}", "”{label}” includes {value}"),
    "answered": ("”{label}” är besvarad", "”{label}” is answered"),
    "unanswered": ("”{label}” är obesvarad", "”{label}” is unanswered"),
    "when_within": ("”{label}” är {limits}", "”{label}” is {limits}"),
    "not": ("det inte gäller att {part}", "it is not so that {part}"),
    "and": ("{first} och {last}", "{first} and {last}"),
    "or": ("{first} eller {last}", "{first} or {last}"),
    "mon": ("måndag", "Monday"),
    "tue": ("tisdag", "Tuesday"),
    "wed": ("onsdag", "Wednesday"),
    "thu": ("torsdag", "Thursday"),
    "fri": ("fredag", "Friday"),
    "sat": ("lördag", "Saturday"),
    "sun": ("söndag", "Sunday"),
    "yes": ("ja", "yes"),
    "no": ("nej", "no"),
    "dont_know": ("vet ej", "don't know"),
    "not_applicable": ("ej tillämpligt", "not applicable"),
    "of_K": ("{label}, kvinnor", "{label}, women"),
    "of_M": ("{label}, män", "{label}, men"),
    "of_T": ("{label}, totalt", "{label}, total"),
    "quoted": ("”{label}”", "”{label}”"),
    "title": ("Kontrollera svaret", "Check the answer"),
}


def say(sentence: str, **facts: Any) -> Text:
    """A failure's sentence in both languages. A fact is a number, a Text, or a text taken as it stands."""
    return _filled(FAILURES[sentence], facts)


def rule(sentence: str, **facts: Any) -> Text:
    """A rule's sentence, or a piece of one, in both languages."""
    return _filled(RULES[sentence], facts)


def limits(least: Any, most: Any) -> Text:
    """ "between 1 and 5", "exactly 3", "at least 1" or "at most 5": whichever of the two limits there are."""
    if least is None and most is None:
        return rule("limits_none")
    if least is None:
        return rule("limits_max", max=most)
    if most is None:
        return rule("limits_min", min=least)
    return rule("limits_equal" if least == most else "limits_between", min=least, max=most)


def joined(parts: Iterable[Any], last: str = "and") -> Text:
    """The parts in one phrase: commas between them and "and" (or "or") before the last."""
    texts = [Text(sv=written(part, "sv"), en=written(part, "en")) for part in parts]
    if len(texts) < 2:
        return texts[0] if texts else Text(sv="–", en="–")
    first = Text(sv=", ".join(t.sv for t in texts[:-1]), en=", ".join(t.en for t in texts[:-1]))
    return rule(last, first=first, last=texts[-1])


def shown(value: Any) -> Text | str | int | float:
    """An answer as it can be quoted in a sentence, cut to a length that can be recognised; numbers stay numbers."""
    if type(value) is bool:
        return rule("yes" if value else "no")
    if isinstance(value, int | float) and abs(value) < LONGEST_NUMBER:
        return value
    text = value if isinstance(value, str) else _as_json(value)
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[: LONGEST_VALUE + 1])
    return f"”{text[:LONGEST_VALUE]}…”" if len(text) > LONGEST_VALUE else f"”{text}”"


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):  # Python writes out no whole number of more than 4 300 digits
        return "…"


def written(fact: Any, language: Language) -> str:
    """One fact as the language writes it: 1 234,5 in Swedish, 1,234.5 in English."""
    if isinstance(fact, Text):
        return fact.in_language(language)
    if isinstance(fact, int | float) and not isinstance(fact, bool):
        return _number(fact, language)
    return str(fact)


def _number(number: float, language: Language) -> str:
    """As CLDR has it, at most four decimals; by hand, since a soft failure is written for many responses a second."""
    plain = f"{number:,}" if isinstance(number, int) else f"{number:,.4f}".rstrip("0").rstrip(".")
    return plain.translate(SWEDISH_SIGNS) if language == "sv" else plain


def _filled(sentence: tuple[str, str], facts: dict[str, Any]) -> Text:
    sv, en = (
        pattern.format_map({name: written(fact, language) for name, fact in facts.items()})
        for pattern, language in zip(sentence, LANGUAGES, strict=True)
    )
    return Text(sv=sv, en=en)
