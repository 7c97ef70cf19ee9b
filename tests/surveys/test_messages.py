"""What a respondent reads: verb first, value and limit named, Swedish and English."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.descriptions import condition_in_words, describe
from surveys.messages import FAILURES, LONGEST_VALUE, RULES, joined, limits, say, shown, written
from tests.surveys.build import failures, item, options, questionnaire, text
from tests.surveys.everything import everything

VERBS = {
    "sv": ["Skriv", "Ange", "Kontrollera", "Välj", "Svara", "Ta", "Korta", "Skicka", "Bekräfta", "Slå", "Fyll"],
    "en": [
        "Enter",
        "Give",
        "Check",
        *("Fill", "Write"),
        "Choose",
        "Answer",
        "Remove",
        "Shorten",
        "Send",
        "Confirm",
        "Merge",
    ],
}
BLAMING = ("fel", "ogiltig", "du har", "du måste", "invalid", "wrong", "error", "you must", "failed")


def _fields(sentence: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_starts_with_a_verb_and_blames_nobody(name: str) -> None:
    for sentence, language in zip(FAILURES[name], ("sv", "en"), strict=True):
        assert sentence.split()[0] in VERBS[language], sentence
        assert not any(word in sentence.casefold() for word in BLAMING), sentence


@pytest.mark.parametrize("sentences", [FAILURES, RULES], ids=["failures", "rules"])
def test_both_languages_name_the_same_facts(sentences: dict[str, tuple[str, str]]) -> None:
    assert {name for name, (sv, en) in sentences.items() if _fields(sv) != _fields(en)} == set()


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert [written(value, "sv") for value in (1234567, 1234.5, -3, 0.1 + 0.2)] == [
        "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567",
        "1\N{NO-BREAK SPACE}234,5",
        "\N{MINUS SIGN}3",
        "0,3",
    ]
    assert [written(value, "en") for value in (1234567, 1234.5)] == ["1,234,567", "1,234.5"]


def test_a_failure_names_value_and_limit() -> None:
    check = {"kind": "range", "item": "enheter", "min": 1, "max": 1500}
    (found,) = failures(questionnaire(item("enheter"), checks=[check]), {"enheter": 20000})
    assert found.message.sv.replace("\N{NO-BREAK SPACE}", " ") == (
        "Kontrollera ”Enheter”: 20 000 ligger inte mellan 1 och 1 500."
    )
    assert found.message.en == "Check ”Enheter (en)”: 20,000 is not between 1 and 1,500."


def test_a_year_is_written_without_thousands() -> None:
    check = {"kind": "range", "item": "start", "min": 1990}
    q = questionnaire(item("start", "year"), checks=[check])
    assert failures(q, {"start": 1980})[0].message.sv == "Kontrollera ”Start”: 1980 är mindre än 1990."
    assert describe(q.checks[0], q).sv == "”Start” ska vara minst 1990."


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_any_value_can_be_quoted(value: object) -> None:
    message = say("whole_number", value=shown(value))
    assert len(message.sv) < LONGEST_VALUE + 80
    assert message.sv.isprintable() or "\N{NO-BREAK SPACE}" in message.sv
    message.sv.encode()


@pytest.mark.parametrize(
    "value", [10**5000, [10**5000], "x" * 10**6, float("inf")], ids=["number", "list", "text", "infinity"]
)
def test_a_value_beyond_measure_is_cut(value: object) -> None:
    assert len(say("number", value=shown(value)).sv) < LONGEST_VALUE + 80


def test_limits_and_lists_read_as_a_sentence() -> None:
    assert [limits(1, 2).sv, limits(None, 2).sv, limits(1, None).sv, limits(2, 2).en] == [
        "mellan 1 och 2",
        "högst 2",
        "minst 1",
        "exactly 2",
    ]
    assert joined(["a", "b", "c"], "or").sv == "a, b eller c"


def test_every_check_says_itself_in_both_languages() -> None:
    q = everything()
    for check in q.checks:
        said = describe(check, q)
        assert said.sv.endswith(".") and said.en.endswith("."), said
        assert said.sv != said.en


def test_a_condition_is_said_with_labels_not_codes() -> None:
    when = {"all": [{"item": "one", "in": ["a", "b"]}, {"not": {"item": "n", "answered": True}}]}
    one = item("one", "one_of", options=options("a", "b"))
    check = {"kind": "required_when", "item": "t", "when": when, "message": text("Svara")}
    q = questionnaire(one, item("n"), item("t", "text"), checks=[check])
    assert q.checks[0].when is not None
    assert condition_in_words(q.checks[0].when, q).sv == (
        "”One” är något av ”A” eller ”B” och det inte gäller att ”N” är besvarad"
    )
