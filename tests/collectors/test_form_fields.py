"""A filled form becomes answers, and answers a filled form, without loss."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.form_fields import Filled, fill_form, read_form
from collectors.form_typed import MOST_FIELDS, Typed, typed_from
from collectors.form_values import TwoMeanings, clock_from, number_from, number_text
from surveys.model import Language
from surveys.questionnaire import Questionnaire
from surveys.response import LARGEST, WEEKDAYS
from tests.collectors.build import trial_catalogue

MISSING = st.sampled_from([{"missing": "dont_know"}])
NUMBERS = st.integers(-LARGEST, LARGEST) | st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 6))
LINES = st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0x2FF), min_size=1, max_size=20)
CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
HOURS = st.sampled_from(["closed", "24h"]) | st.fixed_dictionaries({"from": CLOCKS, "to": CLOCKS})
CODES = st.lists(st.sampled_from(["barn", "vuxna", "aldre"]), min_size=1, unique=True)
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "antal": st.integers(0, 10**6) | MISSING,
    "lage": st.sampled_from(["i_drift", "planerad"]),
    "grupper": CODES,
    "gratis": st.booleans(),
}
ANSWERS = st.fixed_dictionaries(
    {"lage": st.just("i_drift")},
    optional={
        "enheter": st.integers(0, 10**6) | MISSING,
        "kostnad": NUMBERS,
        "andel": st.floats(0, 100).map(lambda x: round(x, 3)),
        "startar": st.integers(1900, 2100),
        "antagen": st.dates().map(str),
        "beslutat": st.booleans(),
        "grupper": CODES,
        "oppet": st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, HOURS)),
        "kommuner": st.lists(st.sampled_from(["1480", "1401"]), min_size=1, unique=True),
        "patienter": st.fixed_dictionaries({"K": NUMBERS | MISSING, "M": NUMBERS, "T": NUMBERS})
        | st.fixed_dictionaries({"T": NUMBERS})
        | MISSING,
        "insatser": st.lists(st.fixed_dictionaries({"namn": LINES}, optional=COLUMNS), min_size=1, max_size=4),
    },
)


@pytest.fixture(scope="module")
def q() -> Questionnaire:
    return trial_catalogue().get("prov", 2026).for_unit_kind("region")


def read(q: Questionnaire, *pairs: tuple[str, str]) -> Filled:
    return read_form(Typed(pairs), q)


@given(answers=ANSWERS, language=st.sampled_from(["sv", "en"]))
def test_what_was_answered_stands_in_the_form_and_is_read_again(answers: dict[str, Any], language: Language) -> None:
    asked = trial_catalogue().get("prov", 2026).for_unit_kind("region")
    filled = read_form(fill_form(answers, asked, language), asked)
    assert filled.answers == answers
    assert (filled.unreadable, filled.aside) == ((), ())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 234", 1234),
        ("1\N{NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567", 1234567),
        ("12,5", 12.5),
        ("12.5", 12.5),
        (" 0,125 ", 0.125),
        ("\N{MINUS SIGN}3", -3),
        ("1 234,50", 1234.5),
        ("12,0", 12),
        ("1234567,125", 1234567.125),
        ("abc", "abc"),
        ("1 2 3", "1 2 3"),
        ("1.234.567", "1.234.567"),
        ("1e5", "1e5"),
        ("9" * 5000, "9" * 5000),
        ("Vet ej", {"missing": "dont_know"}),
    ],
)
def test_numbers_are_read_as_swedes_write_them(text: str, number: Any) -> None:
    assert number_from(text) == number


@pytest.mark.parametrize("text", ["1.234", "12,345", "-999.000"])
def test_a_number_with_two_meanings_is_not_guessed(text: str, q: Questionnaire) -> None:
    with pytest.raises(TwoMeanings):
        number_from(text)
    filled = read(q, ("a.kostnad", text))
    assert [one.check for one in filled.unreadable] == ["kostnad.shape"]
    assert text in filled.unreadable[0].message.sv


@given(NUMBERS, st.sampled_from(["sv", "en"]))
def test_a_written_number_is_read_as_itself(number: float, language: Language) -> None:
    assert number_from(number_text(number, language)) == number


@pytest.mark.parametrize(
    ("text", "clock"),
    [("8", "08:00"), ("8.30", "08:30"), ("0830", "08:30"), ("24:00", "00:00"), ("25:00", "25:00"), ("x", "x")],
)
def test_times_of_day_are_read_as_people_write_them(text: str, clock: str) -> None:
    assert clock_from(text) == clock


def test_a_percentage_may_carry_its_sign(q: Questionnaire) -> None:
    assert read(q, ("a.andel", "12,5 %")).answers == {"andel": 12.5}


def test_an_answer_and_a_reason_for_none_are_refused_together(q: Questionnaire) -> None:
    filled = read(q, ("a.lage", "i_drift"), ("a.enheter", "3"), ("a.enheter.missing", "dont_know"))
    assert [one.check for one in filled.unreadable] == ["enheter.shape"]


def test_an_empty_row_is_no_row_and_numbers_follow_the_others(q: Questionnaire) -> None:
    filled = read(
        q,
        ("a.insatser.row", "4"),
        ("a.insatser.row", "7"),
        ("a.insatser.4.namn", " "),
        ("a.insatser.7.namn", "KBT"),
        ("a.insatser.9.namn", "removed"),
    )
    assert filled.answers == {"insatser": [{"namn": "KBT"}]}
    assert filled.rows == {"insatser": ["7"]}


def test_what_is_off_path_is_left_aside_and_named(q: Questionnaire) -> None:
    filled = read(q, ("a.lage", "nej"), ("a.enheter", "12.345"))
    assert filled.answers == {"lage": "nej"}
    assert (filled.aside, filled.unreadable) == (("enheter",), ())


def test_a_text_is_composed_and_its_line_ends_are_plain(q: Questionnaire) -> None:
    assert read(q, ("a.beskrivning", "  tva\N{COMBINING RING ABOVE}\r\nrader ")).answers == {
        "beskrivning": "två\\nrader".replace("\\n", "\n")
    }


def test_hours_past_midnight_and_half_filled_days_are_kept_as_typed(q: Questionnaire) -> None:
    filled = read(q, ("a.oppet.mon", "hours"), ("a.oppet.mon.from", "22"), ("a.oppet.mon.to", "6.00"))
    assert filled.answers == {"oppet": {"mon": {"from": "22:00", "to": "06:00"}}}


def test_a_form_of_too_many_fields_is_refused() -> None:
    with pytest.raises(ValueError, match="fields"):
        typed_from(b"a=1&" * (MOST_FIELDS + 1))
