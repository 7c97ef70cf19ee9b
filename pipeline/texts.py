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
