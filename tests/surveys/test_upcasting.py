"""Events of earlier versions: read as the newest, wherever an event is decoded."""

import gzip
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from surveys import upcasting
from surveys.events import EVENTS, EventFault, agrees, decode, decode_with_answers, type_of
from surveys.upcasting import Upcaster, lifted

VERSIONS = Path(__file__).parents[1] / "data" / "versions"
NEWEST = "se.lagesbild.response-submitted.v1"


def recorded() -> Iterator[tuple[str, bytes]]:
    """Every event that earlier versions left in a log, with its key."""
    for packed in VERSIONS.glob("*/log.sqlite.gz"):
        with closing(sqlite3.connect(":memory:")) as log:
            log.deserialize(gzip.decompress(packed.read_bytes()))
            yield from log.execute("SELECT key, value FROM event WHERE topic NOT LIKE '%dead-letter'").fetchall()


def test_every_recorded_event_of_an_earlier_version_is_read() -> None:
    events = [(key, value) for key, value in recorded() if value != b"not an event"]
    assert len(events) == 22
    assert [agrees(decode(value), key) for key, value in events] == [None] * len(events)


def an_event(**data: Any) -> bytes:
    """A response as an invented first version said it: `region` for the unit, no mode, answers as pairs."""
    facts = {"survey": "prehospital", "year": 2023, "region": "14", "questionnaire": "0" * 16, "submission_id": "s-1"}
    envelope = {"specversion": "1.0", "type": "se.lagesbild.response-submitted.v0", "source": "/x", "id": "1"}
    return json.dumps({**envelope, "data": {**facts, "pairs": [["enheter", 3]]} | data}).encode()


def unit_for_region(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "region"} | {"unit": data["region"], "mode": "web"}


def answers_by_name(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "pairs"} | {"answers": dict(data["pairs"])}


INVENTED = {
    "se.lagesbild.response-submitted.v0": Upcaster("se.lagesbild.response-submitted.v0b", unit_for_region),
    "se.lagesbild.response-submitted.v0b": Upcaster(NEWEST, answers_by_name),
}


@pytest.fixture
def invented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upcasting, "UPCASTERS", INVENTED)


@pytest.mark.usefixtures("invented")
def test_an_earlier_version_is_lifted_step_by_step_to_the_newest() -> None:
    event, answers = decode_with_answers(an_event())
    assert (event.type, event.data.key, answers) == (NEWEST, "14", b'{"enheter":3}')


@pytest.mark.usefixtures("invented")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        (an_event().replace(b'"region"', b'"landsting"'), "S306"),
        (an_event(pairs=7), "S306"),
        (an_event(year="2023"), "S306"),
        (an_event().replace(b'"id": "1"', b'"id": "1", "id": "2"'), "S308"),
    ],
)
def test_data_that_is_not_of_its_version_is_refused(text: bytes, code: str) -> None:
    with pytest.raises(EventFault) as raised:
        decode(text)
    assert raised.value.code == code


def test_without_upcasters_nothing_is_lifted() -> None:
    assert lifted(an_event(), {}) is None
    with pytest.raises(EventFault) as raised:
        decode(an_event())
    assert raised.value.code == "S303"


def test_every_upcaster_leads_to_a_version_that_is_known() -> None:
    known = {type_of(event_class) for event_class in EVENTS}
    assert {step.to for step in upcasting.UPCASTERS.values()} <= known | set(upcasting.UPCASTERS)
