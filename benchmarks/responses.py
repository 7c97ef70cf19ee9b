"""What the landing benchmarks land: a survey of 40 questions, and as many responses to it as wanted.

The responses are drawn from a seed, so every run lands the same. A response has 40 answers that become 61 rows:
numbers, choices, texts, three items split by sex, opening hours and a roster, as in the real surveys.
"""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from infra.event_log import RESPONSES, Position, StoredEvent
from surveys.questionnaire import Questionnaire
from surveys.response import WEEKDAYS
from surveys.units import reference_units

ANSWERS = 40
POOL = 500  # distinct sets of answers; drawing each anew would cost more than landing it
AT = datetime(2023, 5, 31, 12, tzinfo=UTC)
NUMBERS = [f"antal_{n}" for n in range(14)]
CHOICES = [f"val_{n}" for n in range(8)]
LISTS = [f"flera_{n}" for n in range(5)]
YES_NO = [f"finns_{n}" for n in range(5)]
SPLIT = [f"besok_{n}" for n in range(3)]
CODES = [f"kod_{n}" for n in range(6)]


@lru_cache(maxsize=1)
def questionnaire() -> Questionnaire:
    """40 items and 40 checks, hard and soft; every response passes them."""
    options = [{"code": code, "label": _text(code)} for code in CODES]
    items = [
        *(_item(id_, "integer", required=True, missing_allowed=["dont_know"]) for id_ in NUMBERS),
        *(_item(id_, "one_of", options=options) for id_ in CHOICES),
        *(_item(id_, "several_of", options=options) for id_ in LISTS),
        *(_item(id_, "boolean") for id_ in YES_NO),
        *(_item(id_, "integer", split_by_sex=True) for id_ in SPLIT),
        _item("exempel", "text"),
        _item("antagen", "date"),
        _item("andel", "percent"),
        _item("oppet", "opening_hours"),
        _item("program", "roster", items=[_item("namn", "text"), _item("lage", "one_of", options=options)]),
    ]
    facts = {"survey": "benchmark", "year": 2023, "status": "open", "reference_year": 2023, "title": _text("Mätning")}
    sections = [{"id": "allt", "title": _text("Allt"), "items": items}]
    more = {"respondents": ["region"], "reference_period": _text("2023"), "sections": sections, "checks": _checks()}
    return Questionnaire.model_validate(facts | more)


def _checks() -> list[dict[str, Any]]:
    ranges = [
        {"id": f"{id_}.range", "kind": "range", "item": id_, "min": 0, "max": 9_000, "severity": severity}
        for id_, severity in zip(NUMBERS + SPLIT, ["hard", "soft"] * 9, strict=False)
    ]
    smaller = [
        {"id": f"{id_}.le", "kind": "less_or_equal", "smaller": id_, "larger": other, "factor": 10_000}
        for id_, other in pairwise(NUMBERS)
    ]
    exclusive = [{"id": f"{id_}.ex", "kind": "exclusive_option", "item": id_, "options": ["kod_5"]} for id_ in LISTS]
    return [
        *ranges,
        *smaller,
        *exclusive,
        {"id": "exempel.length", "kind": "length", "item": "exempel", "max": 200},
        {"id": "andel.range", "kind": "range", "item": "andel", "min": 1},
        {"id": "program.rader", "kind": "row_count", "roster": "program", "max": 5},
        {"id": "program.unika", "kind": "unique_rows", "roster": "program", "by": ["namn"]},
        {"id": "antagen.range", "kind": "range", "item": "antagen", "min": "2000-01-01"},
    ]


def _answers(draw: random.Random) -> dict[str, Any]:
    answers: dict[str, Any] = {id_: draw.randrange(1, 9_000) for id_ in NUMBERS}
    answers |= {id_: draw.choice(CODES) for id_ in CHOICES}
    answers |= {id_: draw.sample(CODES[:5], 2) for id_ in LISTS}
    answers |= {id_: draw.random() < 0.5 for id_ in YES_NO}
    answers |= {id_: _by_sex(draw.randrange(4_000), draw.randrange(4_000)) for id_ in SPLIT}
    answers |= {"exempel": "Ett gott exempel på arbetssätt i länet", "antagen": "2023-05-04", "andel": 12.5}
    answers["oppet"] = {day: draw.choice(["closed", "24h", {"from": "08:00", "to": "17:00"}]) for day in WEEKDAYS}
    answers["program"] = [{"namn": f"Hjälpen {n}", "lage": draw.choice(CODES)} for n in range(2)]
    if draw.random() < 0.1:
        answers["antal_3"] = {"missing": "dont_know"}
    return answers


def _by_sex(women: int, men: int) -> dict[str, int]:
    return {"K": women, "M": men, "T": women + men}


class Responses:
    """An event log in memory that has `count` responses on one partition, made when they are read."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._appended: dict[str, list[tuple[str, bytes]]] = {}
        draw = random.Random(2023)
        units = [unit.unit_id for unit in reference_units() if unit.kind == "region"]
        self._pool = [_event(draw.choice(units), _answers(draw)) for _ in range(POOL)]

    def read(self, topic: str, after: Mapping[int, int], limit: int, wait_seconds: float = 0.0) -> list[StoredEvent]:
        """See EventLog."""
        if topic != RESPONSES:
            return []
        start = after.get(0, -1) + 1
        return [self.event(offset) for offset in range(start, min(start + limit, self.count))]

    def event(self, offset: int) -> StoredEvent:
        """The event at that offset, each with ids of its own."""
        unit, before, between, behind = self._pool[offset % POOL]
        name = b"%012d" % offset
        return StoredEvent(RESPONSES, 0, offset, unit, b"".join((before, name, between, name, behind)), AT)

    def ends(self, topic: str) -> dict[int, int]:
        """See EventLog."""
        return {0: self.count} if topic == RESPONSES else {}

    def append(self, topic: str, events: Sequence[tuple[str, bytes]]) -> list[Position]:
        """See EventLog; nothing is parked here, so nothing is appended."""
        raise AssertionError(f"{len(events)} events for {topic}: every response should have been accepted")

    def close(self) -> None:
        """See EventLog."""


def _event(unit: str, answers: Mapping[str, Any]) -> tuple[str, bytes, bytes, bytes]:
    """The unit, and the event in three pieces between which its two ids go."""
    q = questionnaire()
    data = {"survey": q.survey, "year": q.year, "unit": unit, "questionnaire": q.fingerprint, "mode": "api"}
    more = {"submission_id": "0192f0c1-7a54-7c3e-9b1f-#", "corrects": None, "reason": None, "answers": answers}
    envelope = {
        "specversion": "1.0",
        "type": "se.lagesbild.response-submitted.v1",
        "source": "/collectors/api",
        "id": "0192f0c1-7a54-7c3e-9b1e-#",
        "subject": f"{q.survey}/{q.year}/{unit}",
        "time": "2023-05-31T14:03:21.123Z",
        "datacontenttype": "application/json",
        "dataschema": f"urn:lagesbild:questionnaire:{q.survey}:{q.year}:{q.fingerprint}",
        "data": data | more | {"explanations": {}},
    }
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
    before, between, behind = text.split(b"#")
    return unit, before, between, behind


def _item(id_: str, type_: str, **properties: Any) -> dict[str, Any]:
    return {"id": id_, "type": type_, "label": _text(id_), **properties}


def _text(words: str) -> dict[str, str]:
    return {"sv": words, "en": words}
