"""Limits of connections; what the server does with real clients is in test_attacks.py."""

import http.client
import socket
import time
from collections.abc import Iterator

import pytest

from guarddog_gui.serve.connections.server import CONNECTIONS_MAX, SPARE_FILES, ServeServer, limit_connections
from tests.builders import SHOP, TOKEN
from tests.serve.in_memory_server import KEY, InMemoryServer, wait_until


@pytest.fixture
def server() -> Iterator[ServeServer]:
    listener = socket.create_server(("127.0.0.1", 0))
    app = InMemoryServer()
    app.services.put_value(SHOP, TOKEN, "t" * 40)
    made = ServeServer(app.app, listener, 20)
    made.start()
    yield made
    made.stop()
    listener.close()


def test_it_answers_and_counts_its_connections(server: ServeServer) -> None:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    client.request("GET", "/healthz")
    assert client.getresponse().read() == b'{"status":"ok"}'
    assert server.count_connections() == 1
    client.close()
    wait_until(lambda: server.count_connections() == 0)


def test_idle_connections_give_way_to_new_ones(server: ServeServer) -> None:
    idle = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(40)]
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    client.request("GET", "/healthz")
    assert client.getresponse().status == 200
    assert server.count_connections() <= 20
    client.close()
    for connection in idle:
        connection.close()


def test_clients_with_a_key_keep_their_connections_in_a_flood(server: ServeServer) -> None:
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    client.request("GET", "/v1/token", headers={"Authorization": f"Bearer {KEY}"})
    client.getresponse().read()
    flood = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(40)]
    time.sleep(1.2)
    connection = client.sock
    client.request("GET", "/healthz")
    assert client.getresponse().status == 200
    assert client.sock is connection
    client.close()
    for connection in flood:
        connection.close()


@pytest.mark.only_on("linux", "darwin")  # Windows has no such limit
@pytest.mark.parametrize(
    ("soft", "hard", "files_each", "connections"),
    [
        (1024, 1024, 1, 768),
        (1024, 1024, 3, 256),
        (1024, 10**6, 3, 1000),
        (-1, -1, 3, 1000),
        (64, 64, 1, 16),
        (10**5, 10**5, 1, 1000),
    ],
)
def test_connections_leave_files_for_everything_else(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, files_each: int, connections: int
) -> None:
    import resource

    limits = [soft, hard]
    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(limits))
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: limits.__setitem__(slice(None), new))
    assert limit_connections(files_each) == connections
    assert limits[0] == -1 or limits[0] <= max(soft, CONNECTIONS_MAX * files_each + SPARE_FILES)


def test_a_failure_in_the_loop_does_not_end_the_server(
    server: ServeServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: float) -> None:
        monkeypatch.undo()
        raise RuntimeError("a mistake")

    monkeypatch.setattr(server, "_sweep", fail)
    test_it_answers_and_counts_its_connections(server)
    wait_until(lambda: "the loop of the server failed" in caplog.text)
