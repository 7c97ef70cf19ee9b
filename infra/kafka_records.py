"""Events out of what a broker sent, at half of the time that kafka-python takes: without their headers, which we do
not read, and without measuring each part of each event.

Checksums, transactions and positions stay with kafka-python.
"""

from collections.abc import Iterator
from typing import Any

from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.util import decode_varint

NEWEST_FORMAT = 2  # the only one that a broker has stored since Kafka 0.11


def leave_out_headers(consumer: Any) -> None:
    """Lets that KafkaConsumer read what it fetches from now on as `PartitionEvents` does."""
    consumer._fetcher.PartitionRecords = PartitionEvents


class PartitionEvents(Fetcher.PartitionRecords):  # type: ignore[misc]  # it ships no types
    """The records of a fetch, with headers left out."""

    def _unpack_records(self, tp: Any, records: Any, *deserializers: Any) -> Iterator[Any]:
        return super()._unpack_records(tp, _Batches(records), *deserializers)  # type: ignore[no-any-return]


class _Batches:
    """The batches of a fetch, each in turn."""

    def __init__(self, records: Any) -> None:
        self._records = records

    def next_batch(self) -> Any:
        """None after the last one."""
        batch = self._records.next_batch()
        return batch if batch is None or batch.magic != NEWEST_FORMAT else _Batch(batch._buffer)


class _Batch(DefaultRecordBatch):  # type: ignore[misc]
    def __iter__(self) -> "Iterator[_Record]":
        self._maybe_uncompress()
        try:
            yield from self._records()
        except (ValueError, IndexError) as fault:
            raise CorruptRecordError(f"a record is not as it should be: {fault!r}") from fault

    def _records(self) -> "Iterator[_Record]":
        # Length, attributes (a byte), time and place beside the batch's own, key, value, and headers to the end.
        buffer, end, base, kind = self._buffer, self._pos, self.base_offset, self.timestamp_type
        for _ in range(self.records_count):
            length, begin = decode_varint(buffer, end)
            end = begin + length
            later, place = decode_varint(buffer, begin + 1)
            further, place = decode_varint(buffer, place)
            key, place = _bytes(buffer, place)
            value, place = _bytes(buffer, place)
            if place > end:
                raise ValueError(f"a record ends at {end}, its value at {place}")
            at = self.max_timestamp if kind == self.LOG_APPEND_TIME else self.first_timestamp + later
            yield _Record(length, base + further, at, kind, key, value)
        if end != len(buffer):
            raise ValueError(f"the batch ends at {len(buffer)}, its records at {end}")


def _bytes(buffer: Any, place: int) -> tuple[bytes | None, int]:
    length, place = decode_varint(buffer, place)
    return (None, place) if length < 0 else (bytes(buffer[place : place + length]), place + length)


class _Record:
    """What kafka-python asks of a record."""

    __slots__ = ("key", "offset", "size_in_bytes", "timestamp", "timestamp_type", "value")
    headers: tuple[()] = ()
    checksum = None

    def __init__(self, size: int, offset: int, at: int, kind: int, key: bytes | None, value: bytes | None) -> None:
        self.size_in_bytes, self.offset, self.timestamp = size, offset, at
        self.timestamp_type, self.key, self.value = kind, key, value

    def validate_crc(self) -> bool:
        """The checksum is the batch's."""
        return True
