"""The Wayland wire protocol: messages in pieces, with file descriptors, and those that no compositor sends."""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.wayland.connection import (
    EventArguments,
    WaylandConnection,
    WaylandError,
    encode_string,
    encode_uint,
    find_socket_path,
)

pytestmark = pytest.mark.only_on("linux")


class Peer:
    """Both ends of a connection."""

    def __init__(self, path: Path) -> None:
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self.connection = WaylandConnection(path, 1.0)
        self.compositor, _ = self._listener.accept()

    def close(self) -> None:
        self.connection.close()
        self.compositor.close()
        self._listener.close()

    def events(self) -> list[tuple[int, int]]:
        return [(object_id, opcode) for object_id, opcode, _ in self.connection.read_events(0.2)]


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[Peer]:
    peer = Peer(tmp_path / "wayland-0")
    yield peer
    peer.close()


def message(object_id: int, opcode: int, payload: bytes = b"") -> bytes:
    return struct.pack("=IHH", object_id, opcode, 8 + len(payload)) + payload


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"WAYLAND_DISPLAY": "wayland-1", "XDG_RUNTIME_DIR": "/run/user/1000"}, Path("/run/user/1000/wayland-1")),
        ({"WAYLAND_DISPLAY": "/tmp/other"}, Path("/tmp/other")),
        ({"WAYLAND_DISPLAY": "wayland-1"}, None),
        ({"XDG_RUNTIME_DIR": "/run/user/1000"}, None),
    ],
)
def test_the_socket_is_found_by_the_environment(environ: dict[str, str], path: Path | None) -> None:
    assert find_socket_path(environ) == path


@pytest.mark.parametrize("text", ["", "abc", "abcd", "令牌"])
def test_a_string_is_padded_to_whole_words_and_read_back(text: str) -> None:
    data = encode_string(text)
    assert len(data) % 4 == 0
    arguments = EventArguments(data + encode_uint(7))
    assert (arguments.read_string(), arguments.read_uint()) == (text, 7)


def test_a_request_has_its_object_opcode_and_length(peer: Peer) -> None:
    peer.connection.send(3, 2, encode_uint(9))
    assert peer.compositor.recv(100) == struct.pack("=IHHI", 3, 2, 12, 9)


def test_an_event_that_comes_in_pieces_is_read_once_it_is_complete(peer: Peer) -> None:
    data = message(5, 1, encode_string("abcdef"))
    peer.compositor.sendall(data[:6])
    assert peer.events() == []
    peer.compositor.sendall(data[6:] + message(6, 0))
    assert peer.events() == [(5, 1), (6, 0)]


def test_a_file_descriptor_comes_with_its_event(peer: Peer) -> None:
    read_end, write_end = os.pipe()
    socket.send_fds(peer.compositor, [message(5, 0)], [write_end])
    os.close(write_end)
    assert peer.events() == [(5, 0)]
    fd = peer.connection.take_fd()
    assert not os.get_inheritable(fd)
    os.close(fd)
    assert os.read(read_end, 1) == b""  # both write ends are closed
    os.close(read_end)


def test_unused_file_descriptors_are_closed_with_the_connection(peer: Peer) -> None:
    read_end, write_end = os.pipe()
    socket.send_fds(peer.compositor, [message(5, 0)], [write_end])
    os.close(write_end)
    assert peer.events() == [(5, 0)]
    peer.connection.close()
    assert os.read(read_end, 1) == b""
    os.close(read_end)


@pytest.mark.parametrize("data", [struct.pack("=IHH", 1, 0, 3), struct.pack("=IHH", 1, 0, 0)])
def test_a_message_without_a_length_is_an_error(peer: Peer, data: bytes) -> None:
    peer.compositor.sendall(data)
    with pytest.raises(WaylandError):
        peer.events()


def test_arguments_that_are_missing_are_an_error(peer: Peer) -> None:
    for payload in (b"", b"\0\0", encode_uint(1000) + b"abc\0"):
        with pytest.raises(WaylandError):
            EventArguments(payload).read_string()
    with pytest.raises(WaylandError):
        peer.connection.take_fd()


def test_a_closed_connection_is_an_error(peer: Peer) -> None:
    peer.compositor.close()
    with pytest.raises(WaylandError):
        peer.events()


def test_waiting_ends_at_the_deadline(peer: Peer) -> None:
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        list(peer.connection.read_events_until(started + 0.1))
    assert time.monotonic() - started < 1
