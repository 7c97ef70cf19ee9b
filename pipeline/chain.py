"""The chain over a partition of the log: the link of an event holds everything that was appended up to it.

A link is the SHA-256 of the link before it, the offset and the digest of the event; the digest is the SHA-256 of the
length of the key, the key and the value. Every part has a fixed length or says it, so nothing can be moved from one
to another. Others' events go into a proof by their digests only: nobody's answers are shown.
"""

from hashlib import sha256

from infra.event_log import ADMINISTRATION, RESPONSES

CHAINED = (RESPONSES, ADMINISTRATION)


def first_link(topic: str, partition: int) -> bytes:
    """What the chain of a partition begins with: no two partitions have the same chain."""
    return sha256(f"lagesbild chain 1: {topic}[{partition}]".encode()).digest()


def digest(key: str, value: bytes) -> bytes:
    """The digest of an event, its 32 bytes."""
    named = key.encode("utf-8", "surrogatepass")
    return sha256(len(named).to_bytes(8) + named + value).digest()


def next_link(before: bytes, offset: int, event: bytes) -> bytes:
    """The link of the event with that offset and digest, after the link `before`."""
    return sha256(before + offset.to_bytes(8) + event).digest()
