"""Small questionnaires for tests: keyword defaults, texts from ids."""

from collections.abc import Mapping
from typing import Any

from surveys.checks import Checker, Context, Failure
from surveys.questionnaire import Questionnaire


def text(words: str) -> dict[str, str]:
    return {"sv": words, "en": f"{words} (en)"}


def options(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": text(code.capitalize())} for code in codes]


def item(id_: str, type_: str = "integer", **properties: Any) -> dict[str, Any]:
    return {"id": id_, "type": type_, "label": text(id_.capitalize()), **properties}


def questionnaire(
    *items: Mapping[str, Any],
    checks: list[dict[str, Any]] | None = None,
    sections: list[dict[str, Any]] | None = None,
    **properties: Any,
) -> Questionnaire:
    """One survey of one year. A check without an id is called by its kind."""
    whole = [{"id": "section", "title": text("Avsnitt"), "items": items}]
    facts: dict[str, Any] = {
        "survey": "test",
        "year": 2023,
        "status": "open",
        "reference_year": 2022,
        "title": text("Enkät"),
        "respondents": ["region"],
        "reference_period": text("2022"),
        "sections": sections or whole,
        "checks": [{"id": check["kind"], **check} for check in checks or []],
    }
    return Questionnaire.model_validate({**facts, **properties})


def failures(q: Questionnaire, answers: Mapping[str, Any], context: Context | None = None) -> list[Failure]:
    return Checker(q, q.respondents[0]).failures(answers, context)


def failed(q: Questionnaire, answers: Mapping[str, Any], context: Context | None = None) -> list[str]:
    """The ids of the checks a response fails, in order, with the row where there is one: `check` or `check#2`."""
    found = failures(q, answers, context)
    return [failure.check if failure.row is None else f"{failure.check}#{failure.row}" for failure in found]
