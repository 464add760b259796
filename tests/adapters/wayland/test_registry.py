"""Interfaces that a compositor offers."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.wayland.connection import WaylandError, encode_string, encode_uint
from guarddog_gui.adapters.wayland.registry import Registry, has_data_control

pytestmark = pytest.mark.only_on("linux")


def message(object_id: int, opcode: int, payload: bytes = b"") -> bytes:
    return struct.pack("=IHH", object_id, opcode, 8 + len(payload)) + payload


def globals_of(*names: str) -> bytes:
    """Return the answer of a compositor to the first two requests of a client."""
    registry, callback = 2, 3
    offers = [
        message(registry, 0, encode_uint(number) + encode_string(name) + encode_uint(1))
        for number, name in enumerate(names, 1)
    ]
    return b"".join(offers) + message(callback, 0, encode_uint(0))


ServeAnswer = Callable[[bytes], Path]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[ServeAnswer]:
    """Start a compositor that sends one answer to each client."""
    listener = socket.socket(socket.AF_UNIX)
    path = tmp_path / "wayland-0"
    listener.bind(str(path))
    listener.listen()
    clients: list[socket.socket] = []

    def start(answer: bytes) -> Path:
        def run() -> None:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            clients.append(client)
            client.sendall(answer)

        threading.Thread(target=run, daemon=True).start()
        return path

    yield start
    listener.close()
    for client in clients:
        client.close()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("wl_compositor", "wl_seat", "zwlr_data_control_manager_v1"), True),
        (("ext_data_control_manager_v1", "wl_seat"), True),
        (("wl_compositor", "wl_seat"), False),  # GNOME
        (("ext_data_control_manager_v1",), False),  # without a seat nothing can be copied
        ((), False),
    ],
)
def test_data_control_is_found_among_the_interfaces(
    serve: ServeAnswer, *, names: tuple[str, ...], expected: bool
) -> None:
    assert has_data_control(serve(globals_of(*names)), 2.0) is expected


def test_the_standard_is_preferred() -> None:
    registry = Registry(2, {"zwlr_data_control_manager_v1": 1, "ext_data_control_manager_v1": 2, "wl_seat": 3})

    assert registry.data_control_manager == "ext_data_control_manager_v1"


def test_an_error_of_the_compositor_is_raised(serve: ServeAnswer) -> None:
    error = message(1, 0, encode_uint(1) + encode_uint(0) + encode_string("invalid object"))

    with pytest.raises(WaylandError, match="invalid object"):
        has_data_control(serve(error), 2.0)


def test_a_compositor_that_does_not_answer_is_given_up(serve: ServeAnswer) -> None:
    with pytest.raises(TimeoutError):
        has_data_control(serve(b""), 0.2)


def test_a_socket_without_a_compositor_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        has_data_control(tmp_path / "none", 0.2)
