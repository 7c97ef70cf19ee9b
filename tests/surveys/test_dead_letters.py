"""The reasons of dead letters, and the schema of what stands on their topic."""

from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # brings no types along

from surveys.cloud_event import FAULTS
from surveys.dead_letters import MENDERS, REASON_CODES, REASONS, mendable_by
from surveys.letter_records import ParkedRecord, ReplayedRecord, ReplayingRecord, read_record, record_schema
from surveys.model import Text

NOON = datetime(2023, 5, 31, 12, tzinfo=UTC)
PARKED = ParkedRecord(
    letter="responses/0/17",
    key="14",
    code="CHECKS_FAILED",
    reason=Text(sv="Rätta.", en="Correct."),
    pointer="/data/answers/enheter",
    rule="enheter.range",
    failures=(),
    unit="14",
    survey="prehospital",
    year=2023,
    appended_at=NOON,
    parked_at=NOON,
    payload="{}",
)
REPLAYING = ReplayingRecord(letter="from.14/0/3", after={0: 17}, at=NOON, by="a", takes_over=4)
REPLAYED = ReplayedRecord(letter="administration/0/1", partition=0, offset=18, at=NOON)


def test_every_reason_is_listed_once_with_a_mender() -> None:
    assert tuple(REASONS) == REASON_CODES
    assert {reason.mendable_by for reason in REASONS.values()} == set(MENDERS)
    assert set(FAULTS) < set(REASONS)


def test_a_reason_of_a_newer_version_is_read_and_left_to_the_operator() -> None:
    newer = PARKED.model_copy(update={"code": "NOT_YET_INVENTED"})
    assert read_record(newer.encoded()) == newer
    assert mendable_by("NOT_YET_INVENTED") == "operator"


@pytest.mark.parametrize("record", [PARKED, REPLAYING, REPLAYED], ids=lambda record: record.kind)
def test_a_record_is_what_the_schema_says_and_is_read_again(
    record: ParkedRecord | ReplayingRecord | ReplayedRecord,
) -> None:
    schema = Draft202012Validator(record_schema())
    assert list(schema.iter_errors(record.model_dump(mode="json"))) == []
    assert read_record(record.encoded()) == record
    for faulty in ({"kind": "lost"}, {"letter": "responses/0"}, {"more": 1}):
        assert list(schema.iter_errors(record.model_dump(mode="json") | faulty)) != []


def test_the_schema_closes_the_list_of_reasons() -> None:
    schema = Draft202012Validator(record_schema())
    assert list(schema.iter_errors(PARKED.model_dump(mode="json") | {"code": "NOT_YET_INVENTED"})) != []
