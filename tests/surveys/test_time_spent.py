"""How long answering took, as an event carries it: read as it was written, and unknown rather than wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.cloud_event import CloudEvent
from surveys.event_data import ResponseSubmitted
from surveys.events import decode, encode, new_response_event
from surveys.time_spent import LONGEST_SECONDS, WHOLE, as_attribute, spent_in
from tests.pipeline.build import NOON, event, response

SECTIONS = st.one_of(st.just(WHOLE), st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True))


@given(st.dictionaries(SECTIONS, st.integers(1, 10_000), max_size=20))
def test_what_was_written_is_read_again(spent: dict[str, int]) -> None:
    attribute = as_attribute(spent)
    assert (attribute is None) == (spent == {})
    assert spent_in(attribute) == spent


@pytest.mark.parametrize(
    "attribute",
    [None, True, 1500, "", "0", "-5", "1,5", "team=", "team=0", "team=1 team=2", "Team=5", "5 6", "team=5 6", " 5",
     "5 ", "5  team=6", "team=5\n", "9999999", f"{LONGEST_SECONDS} team=1"],
)  # fmt: skip
def test_what_says_no_time_is_unknown_and_never_nothing(attribute: object) -> None:
    assert spent_in(attribute) == {}


def test_nothing_is_not_written_as_a_time() -> None:
    assert as_attribute({}) is None
    assert as_attribute({"team": 0, WHOLE: -3}) is None
    assert as_attribute({"team": 5, WHOLE: 0}) == "team=5"
    assert as_attribute({"team": LONGEST_SECONDS + 1}) is None


def sent(**attributes: Any) -> bytes:
    return event(response(), **attributes)


def test_an_event_of_before_says_nothing_of_time_and_means_what_it_meant() -> None:
    before, after = decode(sent()), decode(sent(secondsspent="60 section=240"))
    assert (before.spent, after.spent) == ({}, {WHOLE: 60, "section": 240})  # type: ignore[union-attr]  # responses
    assert before.data == after.data
    assert isinstance(before.data, ResponseSubmitted) and isinstance(after.data, ResponseSubmitted)
    assert before.data.checksum == after.data.checksum


@pytest.mark.parametrize("attribute", ["en halvtimme", 1500, True, None, "2 h", "v2 team=5;7"])
def test_a_response_is_not_refused_for_how_its_time_is_written(attribute: object) -> None:
    assert decode(sent(secondsspent=attribute)).spent == {}  # type: ignore[union-attr]  # a response


def test_who_knows_nothing_of_it_reads_the_event_all_the_same() -> None:
    data = ResponseSubmitted.model_validate(response())
    written = encode(new_response_event(data, event_id="e", time=NOON, spent={"section": 5}))
    assert CloudEvent.model_validate_json(written).extensions == {"secondsspent": "section=5"}
    assert b"secondsspent" not in encode(new_response_event(data, event_id="e", time=NOON))
