"""How long the made-up respondents took: nobody's time, but of the size that a form like this asks for."""

from collections.abc import Mapping
from typing import Any

from collectors.demonstration.chance import dice, differs, happens
from surveys.questionnaire import Item, Questionnaire
from surveys.response import SEXES
from surveys.time_spent import WHOLE

SECONDS = {"text": 120, "opening_hours": 90, "kommuner": 45, "one_of": 20, "several_of": 30, "boolean": 12}
A_NUMBER = 50  # it has to be looked up
READING_SECONDS = 25


def time_taken(q: Questionnaire, unit: str, answers: Mapping[str, Any], mode: str) -> dict[str, int]:
    """Seconds by section for what was typed in the form, a sum where a system knows it, nothing where nobody does."""
    pace = differs(0.5, "pace", q.survey, unit)
    by_section = {
        section.id: round(
            pace * (READING_SECONDS + sum(_seconds(item, answers.get(item.id)) for item in section.items))
        )
        for section in q.sections
        if any(item.id in answers for item in section.items)
    }
    match mode:
        case "web" if happens(0.9, "measured", q.survey, q.year, unit):
            return by_section | {WHOLE: dice("about", q.survey, q.year, unit).randint(20, 90)}
        case "api" if happens(0.5, "stated", q.survey, q.year, unit):
            return {WHOLE: 60 * round(3 * sum(by_section.values()) / 60)}
        case _:
            return {}


def _seconds(item: Item, answer: Any) -> int:
    if answer is None:
        return 0
    if item.type == "roster":
        return sum(_seconds(column, row.get(column.id)) for row in answer for column in item.items)
    return SECONDS.get(item.type, A_NUMBER) * (len(SEXES) if item.split_by_sex else 1)
