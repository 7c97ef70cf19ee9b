"""What is read from a fetch is what kafka-python reads from it, headers aside."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka import TopicPartition
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError
from kafka.record import MemoryRecords
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder
from kafka.record.util import calc_crc32c

from infra.kafka_records import PartitionEvents

PART = TopicPartition("responses", 3)
SOME = st.none() | st.binary(max_size=300)
HEADERS = st.lists(st.tuples(st.text(max_size=5), SOME), max_size=2)
RECORDS = st.lists(st.tuples(SOME, SOME, HEADERS, st.integers(0, 10**6)), min_size=1, max_size=5)
GZIP, LOG_APPEND_TIME = 1, 0x08


def batch(first: int, records: list[Any], compression: int = 0, attributes: int = 0) -> bytes:
    """A batch as a broker sends it, its first record at that offset."""
    builder = DefaultRecordBatchBuilder(2, compression, False, -1, -1, -1, 1 << 20)
    for place, (key, value, headers, later) in enumerate(records):
        builder.append(place, 1_700_000_000_000 + later, key, value, headers)
    return sealed(bytearray(builder.build()), first, attributes)


def sealed(built: bytearray, first: int, attributes: int = 0) -> bytes:
    (own,) = struct.unpack_from(">h", built, DefaultRecordBatch.ATTRIBUTES_OFFSET)
    struct.pack_into(">h", built, DefaultRecordBatch.ATTRIBUTES_OFFSET, own | attributes)
    struct.pack_into(">q", built, 0, first)
    struct.pack_into(
        ">I", built, DefaultRecordBatch.CRC_OFFSET, calc_crc32c(built[DefaultRecordBatch.ATTRIBUTES_OFFSET :])
    )
    return bytes(built)


def read(kind: Any, fetched: bytes, start: int = 0) -> Any:
    return kind(start, PART, MemoryRecords(fetched))


def without_headers(record: Any) -> Any:
    return record._replace(headers=(), serialized_header_size=-1)


@given(st.lists(st.tuples(RECORDS, st.sampled_from([0, GZIP]), st.sampled_from([0, LOG_APPEND_TIME])), max_size=3))
def test_every_record_is_read_as_kafka_python_reads_it(batches: list[tuple[list[Any], int, int]]) -> None:
    first, fetched = 7, b""
    for records, compression, attributes in batches:
        fetched += batch(first, records, compression, attributes)
        first += len(records) + 2
    for start in (0, 8):
        theirs, ours = read(Fetcher.PartitionRecords, fetched, start), read(PartitionEvents, fetched, start)
        assert [without_headers(each) for each in theirs.take()] == ours.take()
        assert (theirs.next_fetch_offset, theirs.records_read) == (ours.next_fetch_offset, ours.records_read)


def test_no_more_than_asked_for_is_taken() -> None:
    part = read(PartitionEvents, batch(0, [(b"14", b"%d" % n, [], n) for n in range(5)]))
    taken = [[record.value for record in part.take(2)] for _ in range(3)]
    assert taken == [[b"0", b"1"], [b"2", b"3"], [b"4"]] and not part


def test_a_batch_that_was_changed_on_its_way_is_refused() -> None:
    good, damaged = batch(0, [(b"14", b"{}", [], 0)]), bytearray(batch(1, [(b"14", b"{}", [], 0)]))
    damaged[-3] ^= 1
    part = read(PartitionEvents, good + bytes(damaged))
    assert [record.offset for record in part.take()] == [0]
    with pytest.raises(CorruptRecordError, match="crc"):
        part.take()


@pytest.mark.parametrize("length", [4, 60])
def test_records_that_do_not_fill_their_batch_are_refused(length: int) -> None:
    built = bytearray(batch(0, [(b"14", b"{}", [], 0)]))
    built[DefaultRecordBatch.HEADER_STRUCT.size] = length
    part = read(PartitionEvents, sealed(built, 0))
    with pytest.raises(CorruptRecordError, match="not as it should be"):
        while part.take():
            pass
