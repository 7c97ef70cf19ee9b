"""What comes from a broker is taken in large pieces, whole and in order."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from infra.kafka_clients import PIECE_BYTES, receive_in_large_pieces

SENT = bytes(range(256)) * 1024  # four pieces


class Counted:
    """A socket that counts how often it is asked."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock, self.asked = sock, 0

    def recv(self, size: int) -> bytes:
        self.asked += 1
        return self.sock.recv(size)


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, Any]]:
    """The end a broker writes to, and the connection that kafka-python makes of the other."""
    from kafka.net.transport import KafkaTCPTransport

    receive_in_large_pieces()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield theirs, KafkaTCPTransport(None, Counted(ours))


def test_all_that_has_come_is_taken_in_large_pieces(ends: tuple[socket.socket, Any]) -> None:
    theirs, transport = ends
    theirs.setblocking(False)
    taken = sent = 0
    while taken < len(SENT):
        sent += theirs.send(SENT[sent:]) if sent < len(SENT) else 0
        received, fault = transport._sock_recv()
        assert fault is None and received == SENT[taken : taken + len(received)]
        taken += len(received)
    assert transport._sock_recv() == (b"", None)
    assert transport._sock.asked < 4 * len(SENT) / PIECE_BYTES


def test_a_connection_that_was_closed_or_broken_says_so_after_what_had_come(ends: tuple[socket.socket, Any]) -> None:
    from kafka.errors import KafkaConnectionError

    theirs, transport = ends
    theirs.send(b"last words")
    theirs.close()
    received, fault = transport._sock_recv()
    assert received == b"last words" and isinstance(fault, KafkaConnectionError)
    transport._sock.sock.close()
    received, fault = transport._sock_recv()
    assert received == b"" and isinstance(fault, KafkaConnectionError)
