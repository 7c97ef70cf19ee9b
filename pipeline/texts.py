"""What the pipeline says to readers of the published file, in Swedish and English."""

from surveys.indicators import CountDistinct, Denominator, Population, SumOfItems
from surveys.model import Text
from surveys.questionnaire import Questionnaire

COUNT_ONLY = Text(sv="Ett antal, utan bas.", en="A count, without a base.")
BASES = {
    "all_units": Text(sv="Alla tillfrågade enheter, även de som inte svarat.", en="Every unit asked, answered or not."),
    "answering_units": Text(sv="De enheter som besvarat frågan.", en="The units that answered the question."),
    "responding_units": Text(
        sv="De enheter som svarat, även de som inte besvarat just den här frågan.",
        en="The units that responded, whether or not they answered this question.",
    ),
    "kommun_count": Text(sv="Kommunerna i de regioner som ingår.", en="The kommuner of the regions included."),
}


def base_text(q: Questionnaire, base: Denominator | None) -> Text:
    """What a figure is divided by, in words."""
    match base:
        case None:
            return COUNT_ONLY
        case Population(from_age=from_age, to_age=to_age):
            return _inhabitants(q.reference_year, from_age, to_age)
        case SumOfItems(items=items):
            labels = [q.items[address].label for address in items]
            return Text(sv=" + ".join(label.sv for label in labels), en=" + ".join(label.en for label in labels))
        case CountDistinct(roster=roster, of=of):
            label = q.items[f"{roster}.{of}"].label
            return Text(sv=f"Antal olika: {label.sv}", en=f"Number of different: {label.en}")
        case _:
            return BASES[base.kind]


def _inhabitants(year: int, from_age: int | None, to_age: int | None) -> Text:
    sv, en = _ages(from_age, to_age)
    return Text(sv=f"Invånare{sv} den 31 december {year}.", en=f"Inhabitants{en} on 31 December {year}.")


def _ages(from_age: int | None, to_age: int | None) -> tuple[str, str]:
    if to_age is not None:
        return f" {from_age or 0}–{to_age} år", f" aged {from_age or 0}–{to_age}"
    return (f" {from_age} år och äldre", f" aged {from_age} and over") if from_age else ("", "")


ONE_RESPONSE_EACH = Text(sv="Varje enhet har ett enda gällande svar.", en="Each unit has a single current response.")
KNOWN_UNITS = Text(sv="Alla som svarat finns i registret.", en="Everyone who responded is in the register.")
AS_MANY_AS_IN_LOG = Text(
    sv="Lika många enheter har svar här som i loggen.", en="As many units have responses here as in the log."
)
EVERY_ANSWER_STANDS = Text(
    sv="Varje besvarad fråga i svaret finns i tabellen.", en="Every answered question of the response is in the table."
)
NO_MORE_THAN_ASKED = Text(sv="Inte fler har svarat än som tillfrågats.", en="No more have responded than were asked.")
SHARE_ANSWERED = Text(
    sv="Minst hälften av dem som fått frågan har besvarat den.",
    en="At least half of those who were asked the question answered it.",
)
OUTLIERS = Text(
    sv="Inget tal ligger orimligt långt från de andra enheternas.",
    en="No number lies implausibly far from those of the other units.",
)
NATIONAL_CHANGE = Text(
    sv="Rikets värde har ändrats med högst hälften sedan förra året.",
    en="The country's value has changed by at most half since last year.",
)
NOT_DONE = Text(sv="Granskningen gick inte att göra: {}", en="The audit could not be done: {}")
HELD = Text(
    sv="{} avgörande kontroller höll inte. Den första: {}", en="{} critical expectations did not hold. The first: {}"
)
