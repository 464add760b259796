"""Connector: slow and failing name resolution, and hosts with several addresses."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from guarddog_gui.adapters.http.connect import Connector, Deadline

LOOPBACK = "127.0.0.1"


def address(host: str, port: int) -> tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int]]:
    return socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port)


def test_a_name_server_that_hangs_is_asked_once_and_blocks_no_caller() -> None:
    asked: list[str] = []
    answer = threading.Event()

    def resolve(host: str, port: int) -> list[object]:
        asked.append(host)
        answer.wait(10)
        return [address(LOOPBACK, port)]

    connector = Connector(resolve)  # type: ignore[arg-type]  # a list of the same values
    with socket.create_server((LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        for _ in range(3):
            started = time.monotonic()
            with pytest.raises(TimeoutError):
                connector.connect("slow.test", port, Deadline(0.1), 5, ())
            assert time.monotonic() - started < 1
        assert asked == ["slow.test"]
        threading.Timer(0.1, answer.set).start()
        connector.connect("slow.test", port, Deadline(5), 5, ()).close()
        assert asked == ["slow.test"]


def test_a_resolution_that_ended_after_its_caller_gave_up_is_not_used() -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[object]:
        asked.append(host)
        time.sleep(0.2 if len(asked) == 1 else 0)
        raise socket.gaierror("unknown")

    connector = Connector(resolve)  # type: ignore[arg-type]  # it raises
    with pytest.raises(TimeoutError):
        connector.connect("slow.test", 1, Deadline(0.05), 5, ())
    time.sleep(0.3)
    with pytest.raises(socket.gaierror):
        connector.connect("slow.test", 1, Deadline(5), 5, ())
    assert len(asked) == 2


def test_the_next_address_is_tried_after_a_failure() -> None:
    with socket.create_server((LOOPBACK, 0)) as dead:
        closed_port = dead.getsockname()[1]
    with socket.create_server((LOOPBACK, 0)) as listener:
        good = listener.getsockname()
        connector = Connector(lambda *_: [address(LOOPBACK, closed_port), address(*good)])
        connection = connector.connect("two.test", 0, Deadline(5), 5, ())
        assert connection.getpeername() == good
        connection.close()


def test_if_all_addresses_fail_the_last_error_is_raised() -> None:
    with socket.create_server((LOOPBACK, 0)) as dead:
        closed_port = dead.getsockname()[1]
    with pytest.raises(ConnectionRefusedError):
        Connector(lambda *_: [address(LOOPBACK, closed_port)]).connect("dead.test", 0, Deadline(5), 5, ())


def test_a_name_without_addresses_raises_an_error() -> None:
    with pytest.raises(OSError):  # noqa: PT011  # there is no more specific error
        Connector(lambda *_: []).connect("none.test", 0, Deadline(5), 5, ())


def test_an_invalid_host_name_counts_as_unknown() -> None:
    with pytest.raises(socket.gaierror):
        Connector().connect("a" * 70 + ".invalid", 0, Deadline(5), 5, ())
