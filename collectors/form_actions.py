"""What the form's buttons do to what is typed, without JavaScript: rows added, removed, put back and fetched."""

from collections.abc import Mapping, Sequence
from typing import Any

from collectors.form_fields import field_name, row_fields, row_keys
from collectors.form_texts import Words
from collectors.form_typed import Typed
from surveys.model import Language
from surveys.questionnaire import Item, Questionnaire
from surveys.response import WEEKDAYS

WORKDAYS = WEEKDAYS[:5]


def add_row(typed: Typed, roster: str) -> Typed:
    """With one empty row more, last."""
    name = field_name(roster)
    return Typed((*typed.pairs, (f"{name}.row", _next_key(typed, name))))


def remove_row(typed: Typed, roster: str, key: str) -> Typed:
    """Without the row, whose content stays aside so that it can be put back."""
    name = field_name(roster)
    kept = tuple(pair for pair in typed.pairs if pair != (f"{name}.row", key))
    return Typed((*kept, (f"{name}.removed", key)))


def restore_row(typed: Typed, roster: str, key: str) -> Typed:
    """With a removed row again, last."""
    name = field_name(roster)
    kept = tuple(pair for pair in typed.pairs if pair != (f"{name}.removed", key))
    return Typed((*kept, (f"{name}.row", key)))


def fetch_rows(
    typed: Typed, roster: Item, before: Sequence[Mapping[str, Any]], language: Language
) -> tuple[Typed, int]:
    """With last year's rows that are not there yet, and how many those were. A row is known by its first text."""
    name = field_name(roster.id)
    named = next((column.id for column in roster.items if column.type == "text"), None)
    there = {_folded(typed.one(f"{name}.{key}.{named}")) for key in row_keys(typed, roster.id)}
    new = [row for row in before if named is None or _folded(str(row.get(named, ""))) not in there]
    first = int(_next_key(typed, name))
    keys = [str(first + place) for place in range(len(new))]
    return Typed((*typed.pairs, *row_fields(roster, new, keys, language))), len(new)


def copy_hours(typed: Typed, item: str) -> Typed:
    """With Monday's hours on Tuesday to Friday too."""
    name = field_name(item)
    parts = ("", ".from", ".to")
    monday = {part: typed.one(f"{name}.mon{part}") for part in parts}
    copied = [(f"{name}.{day}{part}", monday[part]) for day in WORKDAYS for part in parts]
    return typed.replacing(*(field for field, _ in copied), by=copied)


def clear_answer(typed: Typed, item: str) -> Typed:
    """Without any answer to the item."""
    name = field_name(item)
    return typed.only(lambda field: field != name and not field.startswith(f"{name}."))


def acted(
    action: str, typed: Typed, q: Questionnaire, before: Mapping[str, Any], language: Language, word: Words
) -> tuple[Typed, str, str]:
    """What is typed after a button, the id of the place to show, and a message ("" for none).

    `action` is as in the buttons: `add:<roster>`, `remove:<roster>:<row>`, `fetch:<roster>` and so on; one that is
    not known changes nothing.
    """
    name, _, rest = action.partition(":")
    of, _, key = rest.partition(":")
    item = q.items.get(of)
    if item is None or "." in of:
        return typed, "", ""
    place = field_name(of)
    match name:
        case "add":
            return add_row(typed, of), f"{place}.{_next_key(typed, place)}", ""
        case "remove":
            return remove_row(typed, of, key), f"{place}.removed", ""
        case "restore":
            return restore_row(typed, of, key), f"{place}.{key}", ""
        case "fetch":
            rows = before.get(of)
            changed, count = fetch_rows(typed, item, rows if isinstance(rows, list) else [], language)
            return changed, place, word("rows_fetched", count=count) if count else word("rows_all_there")
        case "copy":
            return copy_hours(typed, of), place, ""
        case "clear":
            return clear_answer(typed, of), place, ""
        case _:
            return typed, "", ""


def _next_key(typed: Typed, name: str) -> str:
    used = typed.many(f"{name}.row") + typed.many(f"{name}.removed")
    return str(1 + max((int(key) for key in used if key.isascii() and key.isdigit() and len(key) < 7), default=0))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
