"""Deadlines of connections, and requests with two meanings; tests/serve/test_attacks.py sends them for real."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from guarddog_gui.serve.connections import connection
from guarddog_gui.serve.connections.connection import Connection, StrictParser


class FakeServer:
    """What a channel needs of its server."""

    def __init__(self) -> None:
        self.active_channels: dict[int, object] = {}


@pytest.fixture
def channel() -> Iterator[Any]:
    ours, theirs = socket.socketpair()
    made: Any = Connection(FakeServer(), ours, ("127.0.0.1", 1), Adjustments(), map={})  # type: ignore[no-untyped-call]
    yield made
    theirs.close()
    made.close_now()


def test_a_connection_without_a_request_is_closed(channel: Any) -> None:
    now = time.monotonic()
    assert not channel.is_overdue(now + 5)
    assert channel.is_overdue(now + connection.FIRST_REQUEST_MAX_S + 1)


def test_a_connection_between_requests_is_kept_longer(channel: Any) -> None:
    channel.has_served = True
    now = time.monotonic()
    assert not channel.is_overdue(now + 50)
    assert channel.is_overdue(now + connection.IDLE_MAX_S + 1)


def test_a_request_that_never_ends_is_closed_however_lively_it_is(channel: Any) -> None:
    channel.has_served = True
    channel.received(b"GET / HTTP/1.1\r\nX: ")
    now = time.monotonic()
    assert not channel.is_overdue(now + 5)
    channel.last_activity = time.time() + 1000
    assert channel.is_overdue(now + connection.REQUEST_MAX_S + 1)


def test_a_request_that_is_answered_may_take_its_time(channel: Any) -> None:
    channel.requests.append(object())
    assert not channel.is_overdue(time.monotonic() + 1000)
    channel.requests.clear()


def parse(data: bytes, parser_class: type[HTTPRequestParser] = StrictParser) -> Any:
    parser: Any = parser_class(Adjustments())  # type: ignore[no-untyped-call]
    while data and not parser.completed:
        data = data[parser.received(data) :]
    return parser


@pytest.mark.parametrize(
    "data",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    ],
)
def test_what_waitress_accepts_with_two_meanings_is_refused(data: bytes) -> None:
    assert parse(data, HTTPRequestParser).error is None
    assert parse(data).error is not None


def test_ordinary_requests_are_accepted() -> None:
    for data in (
        b"GET /v1/token?a=b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ):
        parser = parse(data)
        assert (parser.error, parser.completed) == (None, True)
