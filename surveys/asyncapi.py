"""The events as documents: `docs/asyncapi.yaml` (AsyncAPI 3.0.0), `docs/events.md` and those of `letter_pages`.

`python -m surveys.asyncapi` writes them from the models; a test fails when they differ from what the code says.
"""

import inspect
import json
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from pydantic import BaseModel

from surveys import letter_pages
from surveys.cloud_event import FAULTS, CloudEvent
from surveys.events import EVENTS, ResponseSubmittedEvent, type_of

RESPONSES = "lagesbild.responses.v1"
ADMINISTRATION = "lagesbild.administration.v1"
VERSION = "1.0.0"
_EXAMPLE = {
    "specversion": "1.0",
    "type": "se.lagesbild.response-submitted.v1",
    "source": "/collectors/web",
    "id": "0192f0c1-7a54-7c3e-9b1e-3f1f0c6a2d11",
    "subject": "prehospital/2023/14",
    "time": "2023-05-31T14:03:21.123Z",
    "datacontenttype": "application/json",
    "dataschema": "urn:lagesbild:questionnaire:prehospital:2023:0f1e2d3c4b5a6978",
    "data": {
        "survey": "prehospital",
        "year": 2023,
        "unit": "14",
        "questionnaire": "0f1e2d3c4b5a6978",
        "submission_id": "b5c0a1de-6f0e-4a53-9a3f-5f2f0a0c7e21",
        "mode": "web",
        "corrects": None,
        "reason": None,
        "answers": {
            "psykiatriambulans": "i_drift",
            "enheter": 3,
            "team_malgrupp": ["vuxna", "aldre"],
            "uppdrag": {"K": 812, "M": 745, "T": 1557},
            "startar": {"missing": "dont_know"},
        },
        "explanations": {"enheter.change_against_last_year": "Två nya enheter sedan mars."},
    },
}
"""A response as it stands in the log; the fingerprint is made up."""
_INFO = (
    "Responses to the yearly mappings, and the administration of rounds, units and programmes. Events are CloudEvents "
    "1.0.2 in JSON, in Kafka's structured mode: the value is the whole envelope. Extension attributes are kept. "
    "The Kafka key of a response is its unit id; subject, key and data must agree."
)
_FROM_WRITER = {
    "address": RESPONSES + ".from.{unit}",
    "parameters": {"unit": {"description": "The unit whose own system writes there, and nowhere else."}},
}
_TOP = """# Händelser · Events

*Den här sidan och `asyncapi.yaml` skapas ur koden med `python -m surveys.asyncapi`. Varje svar och varje
administrativ åtgärd är en händelse i loggen: ett CloudEvents-kuvert med data enligt nedan. Ett svar är alltid helt,
aldrig en ändring av ett tidigare; det senast godtagna gäller.*

This page and `asyncapi.yaml` are made from the code by `python -m surveys.asyncapi`. Every response and every act of
administration is an event in the log: a CloudEvents 1.0.2 envelope in JSON around the data below. On Kafka the value is
the whole envelope (structured mode), header `content-type: application/cloudevents+json`.

```json
{example}
```

Envelope: `specversion` ("1.0"), `type`, `source`, `id` (at most 200 characters) and `data` (or JSON in `data_base64`)
are required. `subject`, `time`, `datacontenttype` (a JSON media type) and `dataschema` may be left out; without `time`
the log's own time of append stands in. Extension attributes (a-z, 0-9) are kept. Two events with the same `source` and
`id` are the same event. Subject, dataschema and the log's key must say what the data says.

The extension attribute `secondsspent` of a response says how long answering took: `1500` seconds, or by section,
`60 bakgrund=240 team=95`, where the first number is of no one section. Left out, or written in another way, it is
unknown, never nothing. It is not part of what is said: it is in no checksum, and the same response sent again with
another time is the same.

"""
_WORDS = {
    "string": "text",
    "integer": "whole number",
    "object": "object",
    "null": "null",
    "date": "date",
    "date-time": "timestamp (RFC 3339)",
}


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0.0 document: a channel for each topic, a message for each event type and dead-letter record."""
    schemas: dict[str, Any] = {}
    for event in EVENTS:
        schema = _plain(event.model_json_schema(ref_template="#/components/schemas/{model}"))
        schemas |= schema.pop("$defs", {})
        schemas[event.__name__] = schema | {"propertyNames": {"pattern": "^[a-z0-9]+$"}}
    schemas |= _plain(letter_pages.schemas())
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "lägesbild", "version": VERSION, "description": _INFO},
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            "responses": _channel(RESPONSES),
            "administration": _channel(ADMINISTRATION),
            "responsesFromWriter": _channel(RESPONSES) | _FROM_WRITER,
            "deadLetters": letter_pages.channel(),
        },
        "operations": {
            "sendResponse": _operation("send", "responses"),
            "sendResponseFromWriter": _operation("send", "responsesFromWriter"),
            "receiveResponse": _operation("receive", "responses"),
            "receiveAdministration": _operation("receive", "administration"),
            "receiveDeadLetter": _operation("receive", "deadLetters"),
        },
        "components": {
            "messages": {name_of(event): _message(event) for event in EVENTS} | letter_pages.messages(),
            "schemas": schemas,
        },
    }


def event_types() -> tuple[str, ...]:
    """The `type` of every event."""
    return tuple(type_of(event) for event in EVENTS)


def name_of(event: type[CloudEvent]) -> str:
    """`se.lagesbild.round-opened.v1` is the message roundOpened_v1."""
    _, _, words, version = type_of(event).split(".")
    first, *rest = words.split("-")
    return f"{first}{''.join(word.title() for word in rest)}_{version}"


def events_page() -> str:
    """The page of documentation, in Markdown."""
    parts = [_TOP.format(example=json.dumps(_EXAMPLE, ensure_ascii=False, indent=2))]
    parts += [_section(event) for event in EVENTS]
    parts.append(
        "## Faults\n\nAn event that is not one of these is parked with one of these codes and a JSON pointer. All "
        "reasons: [dead letters](dead-letters.md).\n\n"
    )
    parts.append("| code | what now |\n|---|---|\n")
    parts.append("".join(f"| {code} | {now} |\n" for code, now in FAULTS.items()))
    return "".join(parts)


def topic_of(event: type[CloudEvent]) -> str:
    return RESPONSES if event is ResponseSubmittedEvent else ADMINISTRATION


def documents() -> dict[str, str]:
    """File name and text of each document."""
    text = yaml.safe_dump(asyncapi(), allow_unicode=True, sort_keys=False, width=120)
    made = {"asyncapi.yaml": f"# Made by `python -m surveys.asyncapi`.\n{text}", "events.md": events_page()}
    return made | letter_pages.documents()


def write(folder: Path) -> None:
    """Writes the documents into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (folder / name).write_text(text, encoding="utf-8")


def _channel(topic: str) -> dict[str, Any]:
    messages = {name_of(event): event for event in EVENTS if topic_of(event) == topic}
    return {
        "address": topic,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
    }


def _operation(action: str, channel: str) -> dict[str, Any]:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}


def _message(event: type[CloudEvent]) -> dict[str, Any]:
    message: dict[str, Any] = {
        "name": type_of(event),
        "title": name_of(event),
        "summary": _first_line(event),
        "contentType": "application/cloudevents+json",
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
    }
    if event is ResponseSubmittedEvent:
        message["examples"] = [{"name": "response", "payload": _EXAMPLE}]
    return message


def _plain(schema: Any) -> Any:
    """A schema without what only repeats itself: titles made from names, and patterns that a format says."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    named = {"properties", "$defs"}
    kept = {name: part for name, part in schema.items() if not (name == "title" and isinstance(part, str))}
    if str(kept.get("format", "")).startswith("uri"):
        kept.pop("pattern", None)
    return {
        name: {key: _plain(member) for key, member in part.items()} if name in named else _plain(part)
        for name, part in kept.items()
    }


def _section(event: type[CloudEvent]) -> str:
    data = _data_of(event)
    schema = data.model_json_schema()
    rows = "".join(
        f"| `{name}` | {_holds(part)} | {'yes' if name in schema['required'] else 'no'} |\n"
        for name, part in schema["properties"].items()
    )
    about = f"{inspect.getdoc(data)}\n\nTopic `{topic_of(event)}`, {_ordered_by(event)}."
    return f"## `{type_of(event)}`\n\n{about}\n\n| field | holds | required |\n|---|---|---|\n{rows}\n"


def _ordered_by(event: type[CloudEvent]) -> str:
    """Which events stay in order among themselves: those of one key."""
    words = type_of(event).split(".")[2]
    if event is ResponseSubmittedEvent:
        return "key: the unit id, subject `survey/year/unit`"
    if words.startswith("round"):
        return "key and subject: `survey/year`"
    return "key and subject: the unit id" if words.startswith("unit") else "key `programmes`, subject: the programme"


def _holds(schema: dict[str, Any]) -> str:
    """`text`, `whole number`, `timestamp or null` …: what a field holds, in words."""
    if "anyOf" in schema:
        return " or ".join(_holds(part) for part in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    return _WORDS[schema.get("format", schema["type"])]


def _first_line(event: type[CloudEvent]) -> str:
    return (inspect.getdoc(_data_of(event)) or "").splitlines()[0]


def _data_of(event: type[CloudEvent]) -> type[BaseModel]:
    data: type[BaseModel] = get_type_hints(event)["data"]
    return data


if __name__ == "__main__":
    write(Path("docs"))
