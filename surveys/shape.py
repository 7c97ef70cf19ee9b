"""One part of a definition (an item, a check …) read into its model, each fault with its line and the right words.

A part that is wrong is mended just enough to be looked at further, so that one reading reports all that is wrong
with it and nothing else complains of what was wrong already.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from surveys import conditions
from surveys.faults import Fault, fault, nearest
from surveys.marked_yaml import Map, Mark, Seq, kind_of
from surveys.model import Text

M = TypeVar("M")
Step = int | str

_EXPECTED = {
    "int": "12",
    "float": "12.5",
    "bool": "true / false",
    "string": '"…"',
    "tuple": "[…, …]",
    "dict": "{…: …}",
    "model": "{…: …}",
    "date": "2023-12-31",
}


@dataclass(frozen=True)
class Part(Generic[M]):
    """A part of a definition as written and as read; `model` is None when too little of it could be read.

    `doubtful` says that something in it was left out because it was wrong: what is absent may not be missing.
    """

    source: Map
    model: M | None
    doubtful: bool = False


def read_part(
    source: Map, adapter: TypeAdapter[M], kind: Any, also: tuple[str, ...] = ()
) -> tuple[Part[M], list[Fault]]:
    """The part and its faults. `kind` is the annotation behind the adapter; `also` are keys that are read elsewhere."""
    body = source.without(*also)
    try:
        return Part(source, adapter.validate_python(body)), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    faults = _once([one for detail in details for one in _faults_of(detail, source, kind, also)])
    mended, doubtful = _mended(body, details, kind)
    try:
        return Part(source, adapter.validate_python(mended), doubtful), faults
    except ValidationError:
        return Part(source, None, True), faults


def _once(faults: list[Fault]) -> list[Fault]:
    """One fault for a value that is none of several types, saying all of them."""
    found: list[Fault] = []
    places: dict[tuple[str, int, str], int] = {}
    for one in faults:
        facts = dict(one.facts)
        place = (one.file, one.line, facts.get("key", ""))
        if one.code == "S113" and place in places:
            told = dict(found[places[place]].facts)
            facts["expected"] = f"{told['expected']} / {facts['expected']}"
            found[places[place]] = fault("S113", (one.file, one.line), **facts)
        else:
            if one.code == "S113":
                places[place] = len(found)
            found.append(one)
    return found


def place_of(source: Map, loc: tuple[Step, ...]) -> Mark:
    """Where the thing an error points at stands, or the nearest thing around it that was written."""
    return [source.mark, *(mark for _, _, mark in _walk(source, loc))][-1]


def _walk(node: Any, loc: tuple[Step, ...]) -> Iterator[tuple[Any, Step, Mark]]:
    """(container, key or index, place) for each step of an error's path that was really written.

    The path also has the names of union members in it: those of conditions look like keys but come before one.
    """
    tagged = False
    for step, after in zip(loc, (*loc[1:], None), strict=False):
        if isinstance(node, Map) and step in conditions.KEYS and not tagged and isinstance(after, str):
            tagged = True
            continue
        tagged = False
        if isinstance(node, Map) and isinstance(step, str) and step in node:
            yield node, step, node.at(step)
            node = node[step]
        elif isinstance(node, Seq) and isinstance(step, int):
            yield node, step, node.marks[step]
            node = node[step]


def models_at(kind: Any, loc: tuple[Step, ...]) -> list[type[BaseModel]]:
    """The models that may stand where a path leads, from an annotation."""
    found = list(_models(kind))
    for step in loc:
        if isinstance(step, int):
            continue
        if len(found) > 1:
            found = [model for model in found if _tag(model) == step]
        elif found:
            found = [one for name, field in _fields(found[0]) if name == step for one in _models(field)]
    return found


def known_keys(model: type[BaseModel]) -> list[str]:
    """The keys a mapping of that model may have, as an author writes them."""
    return [name for name, _ in _fields(model)]


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        yield field.alias or name, field.annotation


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    elif get_origin(kind) is Annotated:
        yield from _models(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType, tuple, dict):
        for one in get_args(kind):
            if one not in (NoneType, ...):
                yield from _models(one)


def _tag(model: type[BaseModel]) -> str | None:
    names = dict(_fields(model))
    if get_origin(names.get("kind")) is Literal:
        return str(get_args(names["kind"])[0])
    return next((key for key in conditions.KEYS if key in names), None)


def _faults_of(detail: ErrorDetails, source: Map, kind: Any, also: tuple[str, ...]) -> Iterator[Fault]:
    loc = detail["loc"]
    mark, key = place_of(source, loc), _key_of(loc)
    inside = models_at(kind, loc[:-1])
    match detail["type"]:
        case "extra_forbidden":
            known = [name for one in inside for name in known_keys(one)] + (list(also) if len(loc) == 1 else [])
            yield fault("S111", mark, key=key, known=", ".join(dict.fromkeys(known)), **nearest(key, known))
        case "missing" if Text in inside:
            yield fault("S115", mark, key=_key_of(loc[:-1]), language=key)
        case "missing":
            yield fault("S112", mark, key=key)
        case "string_pattern_mismatch" if Text in inside:
            yield fault("S116", mark, key=_key_of(loc[:-1]), language=key)
        case "model_type" if Text in models_at(kind, loc) and isinstance(detail["input"], str | None):
            yield fault("S115", mark, key=key, language="en" if detail["input"] else "sv")
        case "string_type" if isinstance(detail["input"], bool):
            yield fault("S118", mark, key=key, value=str(detail["input"]).lower())
        case "scale_without_base":
            yield fault("S174", source.at("scale"), indicator=str(source.get("id")))
        case "union_tag_not_found" if detail.get("ctx", {}).get("discriminator") == "'kind'":
            yield fault("S112", mark, key="kind")
        case "union_tag_not_found":
            yield fault("S117", mark, key=key, known=", ".join(conditions.KEYS))
        case _:
            yield _wrong_value(detail, mark, _key_of(tuple(step for _, step, _ in _walk(source, loc))))


def _wrong_value(detail: ErrorDetails, mark: Mark, key: str) -> Fault:
    context, value = detail.get("ctx", {}), detail["input"]
    if detail["type"] == "literal_error":
        return _not_among(mark, key, str(value), _quoted(str(context["expected"])))
    if detail["type"] == "union_tag_invalid":
        return _not_among(mark, "kind", str(context["tag"]), _quoted(str(context["expected_tags"])))
    bound = [f"{sign} {context[name]}" for name, sign in _BOUNDS if name in context]
    if bound:
        return fault("S119", mark, key=key, value=str(value), bound=bound[0])
    expected = next((text for start, text in _EXPECTED.items() if detail["type"].startswith(start)), detail["msg"])
    return fault("S113", mark, key=key, value=_short(value), found=kind_of(value), expected=expected)


_BOUNDS = (("gt", ">"), ("ge", "≥"), ("lt", "<"), ("le", "≤"))


def _not_among(mark: Mark, key: str, value: str, known: list[str]) -> Fault:
    return fault("S114", mark, key=key, value=value, known=", ".join(known), **nearest(value, known))


def _quoted(expected: str) -> list[str]:
    """The names in pydantic's `'a', 'b' or 'c'`."""
    return expected.split("'")[1::2]


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _key_of(loc: tuple[Step, ...]) -> str:
    """The last key of a path, list places left out."""
    return next((step for step in reversed(loc) if isinstance(step, str)), "?")


def _mended(body: Map, details: list[ErrorDetails], kind: Any) -> tuple[Map, bool]:
    """A copy without what was wrong, missing texts stood in for; and whether anything was left out."""
    copy, doubtful = _copied(body), False
    for detail in details:
        loc = detail["loc"]
        if detail["type"] == "extra_forbidden":
            for container, step, _ in list(_walk(copy, loc))[-1:]:
                container.pop(step, None)
        elif Text in (inside := models_at(kind, loc[:-1])) or _is_text(inside, loc, kind):
            _stand_in(copy, loc, whole=Text not in inside)
        else:
            doubtful = True
            copy.pop(next((str(step) for step in loc if step in copy), ""), None)
    return copy, doubtful


def _is_text(inside: list[type[BaseModel]], loc: tuple[Step, ...], kind: Any) -> bool:
    return bool(loc) and (len(inside) == 1 and models_at(kind, loc) == [Text])


def _stand_in(copy: Map, loc: tuple[Step, ...], whole: bool) -> None:
    """A text where one was missing or wrong: only so that the rest can be read, never shown."""
    node: Any = copy
    for container, step, _ in _walk(copy, loc[:-1]):
        node = container[step]
    if isinstance(node, Map):
        node[str(loc[-1])] = {"sv": "?", "en": "?"} if whole else "?"


def _copied(value: Any) -> Any:
    if isinstance(value, Map):
        return Map({key: _copied(one) for key, one in value.items()}, value.mark, value.marks)
    return Seq([_copied(one) for one in value], value.mark, value.marks) if isinstance(value, Seq) else value
