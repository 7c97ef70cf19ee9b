"""What two readers of JSON could understand differently is refused, in both languages."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.errors import BadRequest
from collectors.json_body import parse_json


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "inte JSON"),
        (b"{", "inte JSON (rad 1"),
        (b"{'a': 1}", "inte JSON"),
        (b'{"a": 1,}', "inte JSON"),
        (b"\xef\xbb\xbf{}", "inte JSON"),
        ('{"a": "å"}'.encode("latin-1"), "inte UTF-8"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "”c” står mer än en gång"),
        (b'{"a": 1, "\\u0061": 2}', "”a” står mer än en gång"),
        (b'{"a": NaN}', "NaN är inget tal"),
        (b'{"a": -Infinity}', "-Infinity är inget tal"),
        (b'{"a": 1e999}', "för stort"),
        (b'{"a": 9000000000000001}', "för stort"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "för stort"),
        (b'{"a": -' + b"9" * 5_000 + b"}", "för stort"),
        (b"[" * 21 + b"]" * 21, "nästlat för djupt"),
        (b"[" * 200_000, "nästlat för djupt"),
        (b'{"a":' * 100_000, "nästlat för djupt"),
        (b'{"a": "\\ud800"}', "inte går att spara"),
        (b'{"\\udc00": 1}', "inte går att spara"),
        (b'{"a": "x\\u0000"}', "inte går att spara"),
    ],
)
def test_faulty_json_is_refused_with_the_reason(body: bytes, says: str) -> None:
    with pytest.raises(BadRequest) as refused:
        parse_json(body)
    assert says in refused.value.message.sv
    assert refused.value.message.en != refused.value.message.sv


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**15), 10**15)
        | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4),
        max_leaves=15,
    )
)
def test_what_is_good_json_is_read_as_it_stands(value: object) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        parse_json(body)
    except BadRequest as refused:
        assert refused.message.sv
