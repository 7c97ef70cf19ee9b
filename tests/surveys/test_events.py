"""The wire events: CloudEvents 1.0.2 to the letter, data by type, nothing ambiguous let in."""

import base64
import hashlib
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]  # brings no types

from infra import event_log
from surveys import letter_pages
from surveys.asyncapi import ADMINISTRATION, RESPONSES, asyncapi, documents, event_types
from surveys.cloud_event import CloudEvent
from surveys.event_data import (
    ProgrammeMerged,
    ProgrammeRegistered,
    ResponseSubmitted,
    RoundClosed,
    RoundOpened,
    RoundPaused,
    RoundResumed,
    UnitAdded,
)
from surveys.events import (
    EVENTS,
    AdministrationData,
    EventFault,
    agrees,
    canonical,
    checksum,
    decode,
    encode,
    event_id,
    new_administration_event,
    new_response_event,
    submitted_at,
    type_of,
)

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ABSENT = object()


def response_data(**changes: Any) -> dict[str, Any]:
    data = {
        "survey": "prehospital",
        "year": 2023,
        "unit": "14",
        "questionnaire": "0f1e2d3c4b5a6978",
        "submission_id": "b5c0a1de",
        "mode": "web",
        "corrects": None,
        "reason": None,
        "answers": {"enheter": 3, "team": ["vuxna"], "uppdrag": {"K": 1, "M": 2, "T": 3}},
        "explanations": {"enheter.range": "Ny enhet"},
    }
    return {name: value for name, value in (data | changes).items() if value is not ABSENT}


def envelope(**changes: Any) -> dict[str, Any]:
    event = {
        "specversion": "1.0",
        "type": "se.lagesbild.response-submitted.v1",
        "source": "/collectors/web",
        "id": "e-1",
        "subject": "prehospital/2023/14",
        "time": "2023-05-31T14:03:21.123Z",
        "datacontenttype": "application/json",
        "dataschema": "urn:lagesbild:questionnaire:prehospital:2023:0f1e2d3c4b5a6978",
        "data": response_data(),
    }
    return {name: value for name, value in (event | changes).items() if value is not ABSENT}


def wire(**changes: Any) -> bytes:
    return json.dumps(envelope(**changes)).encode()


def fault_of(text: bytes) -> tuple[str, str]:
    with pytest.raises(EventFault) as caught:
        decode(text)
    return caught.value.code, caught.value.pointer


VALID = {
    "as in the contract": {},
    "only what is required": {"subject": ABSENT, "time": ABSENT, "datacontenttype": ABSENT, "dataschema": ABSENT},
    "null is not set": {"subject": None, "time": None, "datacontenttype": None, "dataschema": None, "trace": None},
    "extensions": {"traceparent": "00-0af7", "sequence": 7, "sampled": True, "empty": "", "x0": -(2**31)},
    "a relative source": {"source": "web"},
    "an absolute source": {"source": "https://sob.example:8443/a%20b?c=d#e"},
    "a urn as source": {"source": "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66"},
    "a source of only a fragment": {"source": "#collector"},
    "an IPv6 source": {"source": "//[2001:db8::7]/c"},
    "an id with spaces and letters": {"id": "svar nr 1 från Åre"},
    "an id of 200 characters": {"id": "å" * 200},
    "an offset": {"time": "2023-05-31T16:03:21+02:00"},
    "lower case t and z": {"time": "2023-05-31t14:03:21z"},
    "nine decimals": {"time": "2023-05-31T14:03:21.123456789Z"},
    "a leap second": {"time": "2016-12-31T23:59:60Z"},
    "media type with a parameter": {"datacontenttype": 'Application/JSON; charset="utf-8"'},
    "a structured suffix": {"datacontenttype": "application/vnd.skr+json"},
}


@pytest.mark.parametrize("changes", VALID.values(), ids=VALID.keys())
def test_what_cloudevents_allows_is_read(changes: dict[str, Any]) -> None:
    event = decode(wire(**changes))
    assert event.type == "se.lagesbild.response-submitted.v1"
    assert isinstance(event.data, ResponseSubmitted)
    assert event.data.answers == response_data()["answers"]


INVALID = {
    "no specversion": ({"specversion": ABSENT}, "S302", "/specversion"),
    "an older version": ({"specversion": "0.3"}, "S304", "/specversion"),
    "a patch version": ({"specversion": "1.0.2"}, "S304", "/specversion"),
    "a version as number": ({"specversion": 1.0}, "S304", "/specversion"),
    "null for a required attribute": ({"specversion": None}, "S304", "/specversion"),
    "no type": ({"type": ABSENT}, "S302", "/type"),
    "an empty type": ({"type": ""}, "S303", "/type"),
    "a type as number": ({"type": 1}, "S303", "/type"),
    "a later version of a type": ({"type": "se.lagesbild.response-submitted.v2"}, "S309", "/type"),
    "a version that never was": ({"type": "se.lagesbild.response-submitted.v0"}, "S303", "/type"),
    "a version of another type": ({"type": "se.lagesbild.response-withdrawn.v2"}, "S303", "/type"),
    "no id": ({"id": ABSENT}, "S302", "/id"),
    "an empty id": ({"id": ""}, "S304", "/id"),
    "an id as number": ({"id": 7}, "S304", "/id"),
    "an id of 201 characters": ({"id": "x" * 201}, "S304", "/id"),
    "a control character in the id": ({"id": "a\u0000b"}, "S304", "/id"),
    "a line break at the end of the id": ({"id": "a\n"}, "S304", "/id"),
    "a C1 control character in the id": ({"id": "a\u0085"}, "S304", "/id"),
    "a noncharacter in the id": ({"id": "a\ufffe"}, "S304", "/id"),
    "a noncharacter beyond the first plane": ({"id": "a\U0001ffff"}, "S304", "/id"),
    "no source": ({"source": ABSENT}, "S302", "/source"),
    "an empty source": ({"source": ""}, "S304", "/source"),
    "a source with a space": ({"source": "/collectors/my web"}, "S304", "/source"),
    "a source with å": ({"source": "/insamling/å"}, "S304", "/source"),
    "a source with a broken escape": ({"source": "/a%2"}, "S304", "/source"),
    "a source with two fragments": ({"source": "/a#b#c"}, "S304", "/source"),
    "a source with a colon in its first step": ({"source": "1a:b"}, "S304", "/source"),
    "a source with brackets in its path": ({"source": "/a[1]"}, "S304", "/source"),
    "an empty subject": ({"subject": ""}, "S304", "/subject"),
    "a time without offset": ({"time": "2023-05-31T14:03:21"}, "S304", "/time"),
    "a time with a space": ({"time": "2023-05-31 14:03:21Z"}, "S304", "/time"),
    "a time without seconds": ({"time": "2023-05-31T14:03Z"}, "S304", "/time"),
    "only a date": ({"time": "2023-05-31"}, "S304", "/time"),
    "a day that does not exist": ({"time": "2023-02-29T14:03:21Z"}, "S304", "/time"),
    "an hour that does not exist": ({"time": "2023-05-31T24:00:00Z"}, "S304", "/time"),
    "an offset without a colon": ({"time": "2023-05-31T14:03:21+0200"}, "S304", "/time"),
    "a leap second at noon": ({"time": "2016-12-31T12:00:60Z"}, "S304", "/time"),
    "before the first year in UTC": ({"time": "0001-01-01T00:00:00+01:00"}, "S304", "/time"),
    "after the last year in UTC": ({"time": "9999-12-31T23:59:59-01:00"}, "S304", "/time"),
    "a time in other digits": ({"time": "２０２３-05-31T14:03:21Z"}, "S304", "/time"),
    "a time as number": ({"time": 1685541801}, "S304", "/time"),
    "a comma before the decimals": ({"time": "2023-05-31T14:03:21,5Z"}, "S304", "/time"),
    "a media type without subtype": ({"datacontenttype": "json"}, "S304", "/datacontenttype"),
    "a media type that is not JSON": ({"datacontenttype": "text/plain"}, "S304", "/datacontenttype"),
    "an empty media type": ({"datacontenttype": ""}, "S304", "/datacontenttype"),
    "a media type with half a parameter": (
        {"datacontenttype": "application/json; charset"},
        "S304",
        "/datacontenttype",
    ),
    "a relative dataschema": ({"dataschema": "/schemas/1"}, "S304", "/dataschema"),
    "an empty dataschema": ({"dataschema": ""}, "S304", "/dataschema"),
    "a dataschema with a fragment": ({"dataschema": "https://a.example/s#1"}, "S304", "/dataschema"),
    "an upper-case attribute": ({"traceParent": "1"}, "S305", "/traceParent"),
    "an attribute with a hyphen": ({"trace-parent": "1"}, "S305", "/trace-parent"),
    "an attribute with an underscore": ({"trace_parent": "1"}, "S305", "/trace_parent"),
    "an attribute with å": ({"län": "14"}, "S305", "/län"),
    "an attribute without a name": ({"": "1"}, "S305", "/"),
    "an attribute with a slash": ({"a/b": "1"}, "S305", "/a~1b"),
    "an extension that is an object": ({"trace": {"id": 1}}, "S305", "/trace"),
    "an extension that is a list": ({"trace": [1]}, "S305", "/trace"),
    "an extension that is a fraction": ({"rate": 0.5}, "S305", "/rate"),
    "an extension beyond 32 bits": ({"sequence": 2**31}, "S305", "/sequence"),
    "an extension with a control character": ({"trace": "a\u0007"}, "S305", "/trace"),
    "no data": ({"data": ABSENT}, "S302", "/data"),
    "null data": ({"data": None}, "S306", "/data"),
    "data as text": ({"data": "{}"}, "S306", "/data"),
    "both kinds of data": ({"data_base64": "e30="}, "S304", "/data_base64"),
    "data_base64 that is not base64": ({"data": ABSENT, "data_base64": "e30"}, "S304", "/data_base64"),
    "data_base64 that is not JSON": ({"data": ABSENT, "data_base64": "AAAA"}, "S304", "/data_base64"),
    "data_base64 that is a number": ({"data": ABSENT, "data_base64": 5}, "S304", "/data_base64"),
}


@pytest.mark.parametrize(("changes", "code", "pointer"), INVALID.values(), ids=INVALID.keys())
def test_what_cloudevents_forbids_is_refused(changes: dict[str, Any], code: str, pointer: str) -> None:
    assert fault_of(wire(**changes)) == (code, pointer)


INVALID_DATA = {
    "a year as text": ({"year": "2023"}, "S306", "/data/year"),
    "a year as fraction": ({"year": 2023.0}, "S306", "/data/year"),
    "a year as truth": ({"year": True}, "S306", "/data/year"),
    "a unit as number": ({"unit": 14}, "S306", "/data/unit"),
    "a unit with a slash": ({"unit": "14/15"}, "S306", "/data/unit"),
    "a fingerprint that is not one": ({"questionnaire": "x"}, "S306", "/data/questionnaire"),
    "an empty submission id": ({"submission_id": ""}, "S306", "/data/submission_id"),
    "a long submission id": ({"submission_id": "x" * 201}, "S306", "/data/submission_id"),
    "no submission id": ({"submission_id": ABSENT}, "S302", "/data/submission_id"),
    "answers as a list": ({"answers": []}, "S306", "/data/answers"),
    "no answers": ({"answers": ABSENT}, "S302", "/data/answers"),
    "an explanation as number": ({"explanations": {"a/b": 1}}, "S306", "/data/explanations/a~1b"),
    "a field we do not know": ({"kommentar": "x"}, "S306", "/data/kommentar"),
}


@pytest.mark.parametrize(("changes", "code", "pointer"), INVALID_DATA.values(), ids=INVALID_DATA.keys())
def test_data_that_is_not_a_response_is_refused(changes: dict[str, Any], code: str, pointer: str) -> None:
    assert fault_of(wire(data=response_data(**changes))) == (code, pointer)


NOT_JSON = {
    "nothing": b"",
    "half an event": wire()[:-1],
    "two events": wire() + wire(),
    "a list": b"[]",
    "a text": b'"x"',
    "null": b"null",
    "Latin-1": wire().replace(b"web", "wéb".encode("latin-1")),
    "a byte order mark": b"\xef\xbb\xbf" + wire(),
    "half a surrogate pair": wire(id="e-1").replace(b"e-1", rb"\ud800"),
    "not a number": wire().replace(b'"enheter": 3', b'"enheter": NaN'),
    "infinity": wire().replace(b'"enheter": 3', b'"enheter": -Infinity'),
    "a number beyond all bounds": wire().replace(b'"enheter": 3', b'"enheter": 1e999'),
    "infinity within a row": wire().replace(b'["vuxna"]', b'[{"n": 1e999}]'),
    "nested without end": b'{"data":' * 2000,
}


@pytest.mark.parametrize("text", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_bytes_that_are_not_one_json_object_are_refused(text: bytes) -> None:
    assert fault_of(text)[0] == "S301"


REPEATED = {
    "in the envelope": (b'"id": "e-1"', b'"id": "e-1", "id": "e-1"', "/id"),
    "in the data": (b'"unit": "14"', b'"unit" : "15",\n"unit"\t: "14"', "/data/unit"),
    "in the answers": (b'"enheter": 3', b'"enheter": 4, "enheter": 3', "/data/answers/enheter"),
    "in a split": (b'"K": 1', b'"K": 9, "K": 1', "/data/answers/uppdrag/K"),
    "in a row": (b'["vuxna"]', b'[{}, {"a": 1, "a": 2}]', "/data/answers/team/1/a"),
    "written otherwise": (b'"enheter": 3', b'"enheter": 3, "\\u0065nheter": 4', "/data/answers/enheter"),
}


@pytest.mark.parametrize(("old", "new", "pointer"), REPEATED.values(), ids=REPEATED.keys())
def test_a_name_written_twice_is_refused(old: bytes, new: bytes, pointer: str) -> None:
    assert old in wire()
    assert fault_of(wire().replace(old, new)) == ("S308", pointer)


def test_a_text_that_looks_like_names_is_read() -> None:
    event = decode(wire(data=response_data(answers={"text": 'han sa "a": och "b" : { "a": 1 }'})))
    assert isinstance(event.data, ResponseSubmitted)
    assert event.data.answers["text"].startswith("han sa")


def test_base64_data_is_the_same_event() -> None:
    carried = base64.b64encode(json.dumps(response_data()).encode()).decode()
    assert decode(wire(data=ABSENT, data_base64=carried)) == decode(wire())


def test_base64_data_cannot_repeat_a_name_or_reach_into_the_envelope() -> None:
    def sent(data: bytes) -> bytes:
        return wire(data=ABSENT, data_base64=base64.b64encode(data).decode())

    doubled = json.dumps(response_data()).replace('"year": 2023', '"year": 2022, "year": 2023').encode()
    assert fault_of(sent(doubled)) == ("S308", "/data/year")
    assert fault_of(sent(json.dumps(response_data()).encode() + b',"id":"other"')) == ("S304", "/data_base64")


def test_extensions_are_kept_through_encoding() -> None:
    event = decode(wire(traceparent="00-0af7", sequence=7, unset=None))
    assert event.extensions == {"traceparent": "00-0af7", "sequence": 7}
    assert decode(encode(event)).extensions == event.extensions
    assert b"unset" not in encode(event)


def test_times_are_one_moment_whatever_their_offset() -> None:
    swedish, utc = decode(wire(time="2023-05-31T16:03:21+02:00")), decode(wire(time="2023-05-31T14:03:21Z"))
    assert swedish.time == utc.time == datetime(2023, 5, 31, 14, 3, 21, tzinfo=UTC)
    assert b'"time":"2023-05-31T14:03:21.000Z"' in encode(swedish)


def test_the_append_time_stands_in_for_a_missing_time() -> None:
    assert submitted_at(decode(wire(time=ABSENT)), NOON) == NOON
    assert submitted_at(decode(wire()), NOON) == datetime(2023, 5, 31, 14, 3, 21, 123000, UTC)


ADMINISTRATION_DATA: tuple[AdministrationData, ...] = (
    RoundOpened(survey="sob", year=2026, opens_at=NOON, due_at=NOON + timedelta(30), closes_at=NOON + timedelta(40)),
    RoundPaused(survey="sob", year=2026, reason="Semester"),
    RoundResumed(survey="sob", year=2026),
    RoundClosed(survey="sob", year=2026),
    UnitAdded(unit_id="um-1480-1", kind="mottagning", name="UM Centrum", region_code="14", parent_id="1480"),
    ProgrammeRegistered(programme="oroshjalpen-plus", name="Oroshjälpen Plus"),
    ProgrammeMerged(programme="oroshjalpen", into="oroshjalpen-plus"),
)


@pytest.mark.parametrize("data", ADMINISTRATION_DATA, ids=lambda data: type(data).__name__)
def test_an_administration_event_comes_back_as_it_was_written(data: AdministrationData) -> None:
    event = new_administration_event(data, event_id="a-1", time=NOON)
    assert decode(encode(event)) == event
    assert event.data == data
    assert agrees(event, data.key) is None


def test_a_response_event_comes_back_as_it_was_written() -> None:
    data = ResponseSubmitted(**response_data())
    event = new_response_event(data, event_id=event_id(NOON, bytes(10)), time=NOON)
    assert decode(encode(event)) == event
    assert (event.source, event.subject, event.time) == ("/collectors/web", "prehospital/2023/14", NOON)
    assert event.dataschema == "urn:lagesbild:questionnaire:prehospital:2023:0f1e2d3c4b5a6978"


def test_a_round_that_closes_before_it_is_due_is_refused() -> None:
    event = new_administration_event(ADMINISTRATION_DATA[0], event_id="a-1", time=NOON)
    inverted = encode(event).replace(b'"closes_at":"2026', b'"closes_at":"2025')
    assert fault_of(inverted) == ("S306", "/data")


DISAGREEING = {
    "another key": ({}, "15", ""),
    "another unit in the subject": ({"subject": "prehospital/2023/15"}, "14", "/subject"),
    "another year in the subject": ({"subject": "prehospital/2024/14"}, "14", "/subject"),
    "another survey in the subject": ({"subject": "sob/2023/14"}, "14", "/subject"),
    "another unit in the data": ({"data": response_data(unit="15")}, "14", ""),
    "another questionnaire": ({"dataschema": "urn:lagesbild:questionnaire:sob:2023:x"}, "14", "/dataschema"),
}


@pytest.mark.parametrize(("changes", "key", "pointer"), DISAGREEING.values(), ids=DISAGREEING.keys())
def test_a_producer_cannot_speak_for_another_unit(changes: dict[str, Any], key: str, pointer: str) -> None:
    fault = agrees(decode(wire(**changes)), key)
    assert fault is not None
    assert (fault.code, fault.pointer) == ("S307", pointer)


def test_subject_and_dataschema_may_be_left_out() -> None:
    assert agrees(decode(wire(subject=ABSENT, dataschema=ABSENT)), "14") is None


def test_event_ids_are_version_7_and_sort_by_time() -> None:
    earlier, later = event_id(NOON, b"\xff" * 10), event_id(NOON + timedelta(milliseconds=1), bytes(10))
    assert earlier < later
    assert (earlier[14], earlier[19]) == ("7", "b")


SAME_CONTENT = (
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ({"a": "Ma\u030al"}, {"a": "M\u00e5l"}),
    ({"a": 3.0}, {"a": 3}),
    ({"a": [{"x": 1, "y": 2}]}, {"a": [{"y": 2, "x": 1}]}),
)


@pytest.mark.parametrize(("one", "other"), SAME_CONTENT)
def test_the_same_content_has_the_same_checksum(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical(one) == canonical(other)
    assert checksum(one) == checksum(other)


OTHER_CONTENT = (
    checksum({"a": 1}),
    checksum({"a": "1"}),
    checksum({"a": True}),
    checksum({"a": [1, 2]}),
    checksum({"a": [2, 1]}),
    checksum({"a": 1}, {"a.range": "Ja"}),
    checksum({"a": 1}, corrects="s-1"),
    checksum({"a": 1}, reason="s-1"),
)


def test_other_content_has_another_checksum() -> None:
    assert len(set(OTHER_CONTENT)) == len(OTHER_CONTENT)


def test_the_checksum_is_the_known_one() -> None:
    body = b'{"answers":{"a":"\xc3\xa5"},"corrects":null,"explanations":{},"reason":null}'
    assert checksum({"a": "å"}, {}) == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_a_response_of_forty_answers_is_read_fast_enough() -> None:
    answers: dict[str, Any] = {f"item_{n:02d}": ("i_drift" if n % 3 else n * 37) for n in range(40)}
    text = wire(data=response_data(answers=answers))
    decode(text)
    best = min(_seconds_for(text, 200) for _ in range(5))
    assert best / 200 < 150e-6, "30 µs of work on a quiet machine; five times that is never noise"


def _seconds_for(text: bytes, times: int) -> float:
    start = time.process_time()
    for _ in range(times):
        decode(text)
    return time.process_time() - start


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_documents_say_what_the_code_says(name: str) -> None:
    written = Path(__file__).parents[2] / "docs" / name
    assert written.read_text(encoding="utf-8") == documents()[name], "run `python -m surveys.asyncapi`"


def test_every_event_is_in_both_documents() -> None:
    document = asyncapi()
    messages = document["components"]["messages"].values()
    named = {one["name"] for one in messages if one["contentType"] == "application/cloudevents+json"}
    assert named == set(event_types()) == {type_of(event) for event in EVENTS}
    assert all(f"## `{name}`" in documents()["events.md"] for name in named)


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    document = yaml.safe_load(documents()["asyncapi.yaml"])
    references = list(_references(document))
    assert len(references) > 20
    for reference in references:
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def _references(part: Any) -> Any:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        part = list(part.values())
    for member in part if isinstance(part, list) else []:
        yield from _references(member)


def test_the_published_schemas_accept_what_we_write_and_refuse_faults() -> None:
    document = asyncapi()
    event = new_response_event(ResponseSubmitted(**response_data()), event_id="e", time=NOON)
    written: list[CloudEvent] = [event]
    written += [new_administration_event(data, event_id="a", time=NOON) for data in ADMINISTRATION_DATA]
    for each in written:
        assert list(_schema(document, type(each).__name__).iter_errors(json.loads(encode(each)))) == []
    example = document["components"]["messages"]["responseSubmitted_v1"]["examples"][0]["payload"]
    decode(json.dumps(example).encode())
    for faulty in ({"specversion": "0.3"}, {"id": ""}, {"traceParent": "1"}, {"data": response_data(year="2023")}):
        assert list(_schema(document, "ResponseSubmittedEvent").iter_errors(envelope(**faulty)))


def _schema(document: dict[str, Any], name: str) -> Draft7Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return Draft7Validator(schema, format_checker=FormatChecker())


def test_the_topics_are_the_logs() -> None:
    assert (RESPONSES, ADMINISTRATION) == (event_log.RESPONSES, event_log.ADMINISTRATION)
    assert letter_pages.DEAD_LETTERS == event_log.DEAD_LETTERS
