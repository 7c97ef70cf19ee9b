"""The JSON Schema of a response's answers."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # brings no types along

from surveys.catalogue import load_catalogue
from surveys.schema import json_schema
from tests.surveys.build import item, questionnaire


def errors(q: Any, answers: dict[str, Any]) -> list[str]:
    found = Draft202012Validator(json_schema(q, "region")).iter_errors(answers)
    return [error.message for error in found]


@pytest.mark.parametrize("survey", load_catalogue().surveys())
def test_every_definition_gives_a_schema_of_the_draft(survey: str) -> None:
    catalogue = load_catalogue()
    for year in catalogue.years(survey):
        q = catalogue.get(survey, year)
        for kind in q.respondents:
            schema = json_schema(q, kind)
            Draft202012Validator.check_schema(schema)
            assert json.loads(json.dumps(schema)) == schema


def test_a_question_has_its_text_in_both_languages() -> None:
    schema = json_schema(questionnaire(item("n", help={"sv": "Räkna alla.", "en": "Count all."})), "region")
    named = schema["properties"]["n"]
    assert (named["title"], named["description"]) == ("N", "N (en). Count all.")


def test_each_kind_of_unit_has_its_own_schema() -> None:
    q = questionnaire(item("a", respondents=["kommun"]), item("b"), respondents=["region", "kommun"])
    assert set(json_schema(q, "region")["properties"]) == {"b"}
    assert set(json_schema(q, "kommun")["properties"]) == {"a", "b"}
    assert json_schema(q, "region")["$id"] != json_schema(q, "kommun")["$id"]


def test_routing_requires_and_refuses() -> None:
    q = questionnaire(item("a", "boolean"), item("b", required=True, when={"item": "a", "is": True}))
    assert errors(q, {"a": True, "b": 1}) == [] == errors(q, {"a": False})
    assert errors(q, {"a": True}) and errors(q, {"a": False, "b": 1})


def test_a_soft_check_refuses_nothing() -> None:
    check = {"kind": "range", "item": "n", "max": 5}
    assert errors(questionnaire(item("n"), checks=[{**check, "severity": "hard"}]), {"n": 6})
    assert errors(questionnaire(item("n"), checks=[{**check, "severity": "soft"}]), {"n": 6}) == []


def test_notes_are_not_answered() -> None:
    assert errors(questionnaire(item("note", "note")), {"note": "x"})
