"""Names are counted alike in a value and in the text it is written as, whatever the texts within it hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from surveys.strict_json import names_in, names_written, surely_unique

TEXTS = st.text(st.sampled_from('ab":\\\n\u0000åNaInfity{},'), max_size=12)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(value=VALUES)
def test_the_text_has_as_many_names_as_the_value(value: Any) -> None:
    text = to_json(value)
    assert names_written(text, value) == names_in((value,))
    assert surely_unique(text, names_in((value,))) or b'\\":' in text


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_seen(number: float) -> None:
    value = {"Norrbotten": ["Infinitiv", {"n": number}]}
    with pytest.raises(ValueError, match="not finite"):
        names_written(to_json(value), value)


def test_a_text_may_say_the_word() -> None:
    value = {"svar": "NaN är inte Infinity"}
    assert names_written(to_json(value), value) == 1
