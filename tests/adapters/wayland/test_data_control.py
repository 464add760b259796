"""Copying by data-control against a compositor that is missing, silent or disobedient.

`tests/desktop/test_wayland_clipboard.py` has the same against a real one.
"""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guarddog_gui.adapters.wayland.connection import encode_string, encode_uint
from guarddog_gui.adapters.wayland.data_control import ANSWER_TIMEOUT_S, DataControlClipboard

pytestmark = pytest.mark.only_on("linux")

MANAGERS = ("ext_data_control_manager_v1", "zwlr_data_control_manager_v1")
SEAT = "wl_seat"
OFFER_ID = 0xFF000000


class FakeCompositor:
    """Compositor for one client at a time; `obeys` False: it accepts no selection, and does not say so."""

    def __init__(self, path: Path, interfaces: tuple[str, ...], *, obeys: bool = True) -> None:
        self.bound: list[str] = []
        self.formats: list[str] = []
        self.client: socket.socket | None = None
        self.source_id = self.device_id = 0
        self._interfaces, self._obeys = interfaces, obeys
        self._ids: dict[str, int] = {}
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self.client is not None:
            self.client.close()
        self._thread.join(5)

    def send(self, object_id: int, opcode: int, payload: bytes = b"", fds: tuple[int, ...] = ()) -> None:
        assert self.client is not None
        socket.send_fds(self.client, [struct.pack("=IHH", object_id, opcode, 8 + len(payload)) + payload], fds)

    def paste(self, mime_type: str) -> bytes:
        read_end, write_end = os.pipe()
        self.send(self.source_id, 0, encode_string(mime_type), (write_end,))
        os.close(write_end)
        with os.fdopen(read_end, "rb") as pipe:
            return pipe.read()

    def _run(self) -> None:
        try:
            self.client, _ = self._listener.accept()
            while data := self.client.recv(65536):
                while data:
                    object_id, opcode, length = struct.unpack_from("=IHH", data)
                    self._handle(object_id, opcode, data[8:length])
                    data = data[length:]
        except OSError:
            return

    def _handle(self, object_id: int, opcode: int, payload: bytes) -> None:
        numbers = struct.unpack(f"={len(payload) // 4}I", payload[: len(payload) // 4 * 4])
        if object_id == 1 and opcode == 1:
            self._ids["registry"] = numbers[0]
            for number, interface in enumerate(self._interfaces, 1):
                self.send(numbers[0], 0, encode_uint(number) + encode_string(interface) + encode_uint(1))
        elif object_id == 1:
            self.send(numbers[0], 0, encode_uint(0))
        elif object_id == self._ids.get("registry"):
            interface = self._interfaces[numbers[0] - 1]
            self.bound.append(interface)
            self._ids[interface] = numbers[-1]
        elif object_id in {self._ids.get(manager) for manager in MANAGERS}:
            if opcode == 0:
                self.source_id = numbers[0]
            else:
                self.device_id = numbers[0]
        elif object_id == self.source_id and opcode == 0:
            self.formats.append(payload[4 : 3 + numbers[0]].decode())
        elif object_id == self.device_id and opcode == 0:
            self._announce(self.formats if self._obeys else ["text/plain"])

    def _announce(self, formats: list[str]) -> None:
        self.send(self.device_id, 0, encode_uint(OFFER_ID))
        for mime_type in formats:
            self.send(OFFER_ID, 0, encode_string(mime_type))
        self.send(self.device_id, 1, encode_uint(OFFER_ID))


Start = Callable[..., FakeCompositor]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[FakeCompositor] = []

    def start(*interfaces: str, obeys: bool = True) -> FakeCompositor:
        started.append(FakeCompositor(tmp_path / "wayland-0", interfaces, obeys=obeys))
        return started[-1]

    yield start
    for compositor in started:
        compositor.close()


class Copy:
    """One copy with its result."""

    def __init__(self, path: Path) -> None:
        self.clipboard = DataControlClipboard(path)
        self._finished = threading.Event()
        self._results: list[bool] = []
        self.clipboard.copy({"text/plain": b"91_token"}, self._on_result)

    def _on_result(self, is_copied: bool) -> None:  # noqa: FBT001
        self._results.append(is_copied)
        self._finished.set()

    def result(self) -> bool:
        assert self._finished.wait(ANSWER_TIMEOUT_S + 2)
        (result,) = self._results
        return result


@pytest.mark.parametrize("manager", MANAGERS)
def test_a_value_is_copied_with_either_protocol_and_handed_out(start: Start, tmp_path: Path, manager: str) -> None:
    compositor = start("wl_shm", SEAT, manager, "wl_output")
    copy = Copy(tmp_path / "wayland-0")
    assert copy.result()
    assert compositor.bound == [manager, SEAT]
    assert compositor.paste("text/plain") == b"91_token"
    assert compositor.paste("image/png") == b""
    copy.clipboard.withdraw(1)


def test_the_standard_protocol_is_preferred(start: Start, tmp_path: Path) -> None:
    compositor = start(*reversed(MANAGERS), SEAT)
    copy = Copy(tmp_path / "wayland-0")
    assert copy.result()
    assert compositor.bound == [MANAGERS[0], SEAT]
    copy.clipboard.withdraw(1)


@pytest.mark.parametrize("interfaces", [(), (SEAT,), (MANAGERS[0],), ("wl_shm", "wl_output")])
def test_a_compositor_without_the_protocol_copies_nothing(
    start: Start, tmp_path: Path, interfaces: tuple[str, ...]
) -> None:
    start(*interfaces)
    assert not Copy(tmp_path / "wayland-0").result()


def test_a_selection_that_the_compositor_drops_is_not_reported_as_copied(start: Start, tmp_path: Path) -> None:
    start(MANAGERS[0], SEAT, obeys=False)
    assert not Copy(tmp_path / "wayland-0").result()


def test_without_a_compositor_nothing_is_copied(tmp_path: Path) -> None:
    assert not Copy(tmp_path / "wayland-0").result()


def test_a_compositor_that_does_not_answer_is_not_waited_for_long(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "wayland-0"))
        listener.listen()
        started = time.monotonic()
        assert not Copy(tmp_path / "wayland-0").result()
        assert time.monotonic() - started < ANSWER_TIMEOUT_S + 1


def test_an_error_of_the_compositor_copies_nothing(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(compositor: FakeCompositor, _formats: list[str]) -> None:
        compositor.send(1, 0, encode_uint(1) + encode_uint(3) + encode_string("no"))

    monkeypatch.setattr(FakeCompositor, "_announce", refuse)
    start(MANAGERS[0], SEAT)
    assert not Copy(tmp_path / "wayland-0").result()


def test_the_thread_ends_when_another_program_copies(start: Start, tmp_path: Path) -> None:
    compositor = start(MANAGERS[0], SEAT)
    copy = Copy(tmp_path / "wayland-0")
    assert copy.result()
    compositor.send(compositor.source_id, 1)
    deadline = time.monotonic() + 5
    while any(thread.name == "guarddog-clipboard" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    copy.clipboard.withdraw(1)  # has nothing to do
