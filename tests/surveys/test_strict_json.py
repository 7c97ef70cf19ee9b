"""A text that repeats a name is never taken for one that does not, whatever its texts hold and however they stand."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json, to_json

from surveys.strict_json import names_in, names_written, rest_of, surely_unique

TEXTS = st.text(st.sampled_from('ab":\\\n\u0000åNaInfity{},'), max_size=12)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def escaped(text: str) -> str:
    """A text as JSON with every sign escaped: the same text, written as differently as can be."""
    return '"' + "".join(f"\\u{ord(sign):04x}" for sign in text) + '"'


def written(value: Any, quoted: Callable[[str], str]) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(written(member, quoted) for member in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{quoted(name)} : {written(member, quoted)}' for name, member in value.items())}}}"
    return json.dumps(value)


@given(value=VALUES, repeated=TEXTS, escapes=st.booleans())
def test_a_repeated_name_is_never_taken_for_sure(value: Any, repeated: str, escapes: bool) -> None:
    quoted = escaped if escapes else json.dumps
    name = quoted(repeated)
    source = f'{{"a": {written(value, quoted)}, {name}: 1, {name}: 2}}'.encode()
    read = from_json(source)
    assert not surely_unique(source, names_written(source, to_json(read), read))


@given(value=VALUES)
def test_what_is_written_plainly_is_sure_at_once(value: Any) -> None:
    source = to_json(value)
    if b"\\" not in source and b'" ' not in source:
        assert surely_unique(source, names_written(source, source, value))


ANSWERS = b'"answers":'
OBJECTS = st.dictionaries(TEXTS | st.just("answers"), VALUES | st.just({}), max_size=4)


@given(before=OBJECTS, answers=OBJECTS, after=OBJECTS, repeated=TEXTS | st.just("answers"), inside=st.booleans())
def test_nor_is_it_beside_answers_that_stand_as_they_are_written_anew(
    before: dict[str, Any], answers: dict[str, Any], after: dict[str, Any], repeated: str, inside: bool
) -> None:
    name, text = json.dumps(repeated, ensure_ascii=False), to_json(answers).decode()
    twice = f"{name}:1,{name}:2"
    within = f"{{{twice},{text.removeprefix('{')}" if answers and inside else text
    parts = [to_json(before).decode()[1:-1], f'"answers":{within}', to_json(after).decode()[1:-1]]
    source = f"{{{','.join(filter(None, [*parts, '' if within is not text else twice]))}}}".encode()
    read = from_json(source)
    rest = rest_of(source, ANSWERS, to_json(read["answers"]))
    if rest is not None:
        assert not surely_unique(rest, names_in((read,)) - names_in((read["answers"],)))


def test_answers_that_stand_as_they_are_written_anew_are_left_aside() -> None:
    text = b'{"a":{"b":1.5},"text":": \xc3\xa5"}'
    assert rest_of(b'{"x": 1,"answers":' + text + b',"y":2}', ANSWERS, text) == b'{"x": 1,"answers":,"y":2}'
    assert rest_of(b'{"x":1,"answers": ' + text + b"}", ANSWERS, text) is None
    assert rest_of(b'{"x":1,"answer":' + text + b"}", ANSWERS, text) is None
    assert rest_of(b'{"x":"\\"","answers":' + text + b"}", ANSWERS, text) is None
    assert rest_of(b'{"answers":{"n":NaN}}', ANSWERS, b'{"n":NaN}') is None


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_seen(number: float) -> None:
    value = {"Norrbotten": ["Infinitiv", {"n": number}]}
    with pytest.raises(ValueError, match="not finite"):
        names_written(b"", to_json(value), value)


def test_a_text_may_say_the_word() -> None:
    value = {"svar": "NaN är inte Infinity"}
    assert names_written(b"", to_json(value), value) == 1
