"""Dead letters as documents: `docs/dead-letters.md`, the JSON Schema of their records, and their part of AsyncAPI."""

import inspect
import json
from typing import Any

from surveys.dead_letters import MENDER_NAMES, REASONS
from surveys.letter_records import RECORDS, ParkedRecord, Record, ReplayedRecord, ReplayingRecord, record_schema

DEAD_LETTERS = "lagesbild.responses.v1.dead-letter"
SCHEMA_FILE = "dead-letters.schema.json"
_NAMES: dict[type[Record], str] = {
    ParkedRecord: "deadLetterParked",
    ReplayingRecord: "deadLetterReplaying",
    ReplayedRecord: "deadLetterReplayed",
}
_TOP = """# Parkerade händelser · Dead letters

*Sidan skapas ur koden med `python -m surveys.asyncapi`. Det som inte kan tas emot stoppar inget: det parkeras helt, med
skäl, och väntar här på den som kan rätta det. Ett parkerat innehåll ändras aldrig. Är det själva innehållet som är fel
skickar avsändaren ett nytt svar; är det något annat rättas det, och händelsen spelas upp igen, en gång.*

This page is made from the code by `python -m surveys.asyncapi`. What cannot be accepted stops nothing: it is parked
whole, with its reason, and waits here for whoever can mend it.

## Reasons

The list is closed; a reason says who can mend it and what to do now.

| code | is | can be mended by | what now |
|---|---|---|---|
{reasons}
## Mending

- **The payload itself is wrong.** Nobody edits it, and no command does: what a unit has said is the unit's. The writer
  (or the respondent, in the form) sends a new submission under a new id. The dead letter stays as it is, for the
  record; a respondent no longer sees it once a later response of the unit has been accepted.
- **Something else was wrong** (a unit not registered, a mapping not there yet, a fault in the program). Mend that, then
  rehearse and replay: `lagesbild dead-letters replay --code UNKNOWN_UNIT --dry-run` says of each what it would become:
  accepted; repeated (the same response has been accepted meanwhile); or parked again, and why, also when its submission
  id is in use by now. Without `--dry-run` those that would be accepted go back to their topic, each once.
- A replay may be killed at any moment and run again, and two may be run at once: each event is appended once. A letter
  that has been replayed cannot be replayed again; if it was parked again, that is a new letter.

## Records

The topic `{topic}` tells everything; its key is the event's own. A letter's id is where the event stands:
`<topic>/<partition>/<offset>`, for example `responses/0/17`. The JSON Schema is [{schema}]({schema}), also printed by
`lagesbild dead-letters schema`.

"""


def channel() -> dict[str, Any]:
    """The dead-letter topic as a channel of the AsyncAPI document."""
    messages = {name: {"$ref": f"#/components/messages/{name}"} for name in _NAMES.values()}
    return {"address": DEAD_LETTERS, "messages": messages}


def messages() -> dict[str, Any]:
    """One message for each kind of record."""
    return {
        _NAMES[record]: {
            "name": record.model_fields["kind"].default,
            "title": _NAMES[record],
            "summary": (inspect.getdoc(record) or "").splitlines()[0],
            "contentType": "application/json",
            "payload": {"$ref": f"#/components/schemas/{record.__name__}"},
        }
        for record in RECORDS
    }


def schemas() -> dict[str, Any]:
    """The records' schemas by name."""
    found: dict[str, Any] = record_schema("#/components/schemas/{model}")["$defs"]
    return found


def documents() -> dict[str, str]:
    """File name and text of each document."""
    return {
        "dead-letters.md": _page(),
        SCHEMA_FILE: json.dumps(record_schema(), ensure_ascii=False, indent=2) + "\n",
    }


def _page() -> str:
    rows = [
        f"| `{code}` | {reason.title.sv} · {reason.title.en} | {MENDER_NAMES[reason.mendable_by].sv} · "
        f"{reason.mendable_by} | {reason.now.sv} · {reason.now.en} |\n"
        for code, reason in REASONS.items()
    ]
    top = _TOP.format(reasons="".join(rows), topic=DEAD_LETTERS, schema=SCHEMA_FILE)
    return top + "\n".join(_section(record) for record in RECORDS)


def _section(record: type[Record]) -> str:
    fields = ", ".join(f"`{name}`" for name in record.model_fields if name != "kind")
    kind = record.model_fields["kind"].default
    return f"### `{kind}`\n\n{inspect.getdoc(record)}\n\nFields: `kind` = `{kind}`, {fields}.\n"
