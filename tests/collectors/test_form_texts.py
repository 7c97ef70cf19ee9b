"""The form's sentences: each in two languages that ask for the same facts, and each one used."""

import re

import pytest

from collectors.form_pages import TEMPLATES
from collectors.form_texts import TEXTS, text_of, words
from surveys.response import WEEKDAYS

PAGES = [path.read_text() for path in [*TEMPLATES.iterdir(), *TEMPLATES.parent.glob("*.py")] if path.is_file()]
USED = "\n".join(text for text in PAGES if "TEXTS: Final" not in text)
# Put together from what is told: a status, a way in.
MADE = ("error_", "mode_")


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_a_sentence_asks_for_the_same_facts_in_both_languages(key: str) -> None:
    swedish, english = ({*re.findall(r"{(\w+)}", text)} for text in TEXTS[key])
    assert swedish == english
    assert all(text.strip() for text in TEXTS[key])


def test_every_sentence_that_a_page_asks_for_is_there() -> None:
    asked = set(re.findall(r'word\("(\w+)"', USED))
    assert asked
    assert {key for key in asked if not key.endswith("_")} <= TEXTS.keys()


def test_every_sentence_is_used() -> None:
    quoted = set(re.findall(r"""["'](\w+)["']""", USED))
    assert [key for key in TEXTS if key not in quoted | {*WEEKDAYS} and not key.startswith(MADE)] == []


def test_a_sentence_carries_its_facts_in_each_language() -> None:
    told = text_of("row", number=3)
    assert (told.sv, told.en) == ("Rad 3", "Row 3")
    assert words("en")("row", number=3) == "Row 3"
