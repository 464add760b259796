"""TLS in front of the server, in this process; test_attacks.py has the hostile clients."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from guarddog_gui.serve.connections.server import ServeServer
from tests.adapters.certificates import make_authority, server_context
from tests.builders import SHOP, TOKEN
from tests.serve.in_memory_server import KEY, InMemoryServer, wait_until


@pytest.fixture
def app() -> InMemoryServer:
    made = InMemoryServer(rate=100_000)
    made.services.put_value(SHOP, TOKEN, "t" * 40)
    return made


@pytest.fixture
def trust(tmp_path: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))


@pytest.fixture
def server(app: InMemoryServer, tmp_path: Path) -> Iterator[ServeServer]:
    context = server_context(tmp_path, make_authority(tmp_path), "127.0.0.1")
    listener = socket.create_server(("127.0.0.1", 0))
    made = ServeServer(app.app, listener, 20, lambda: context)
    made.start()
    yield made
    made.stop()


def get_token(server: ServeServer, trust: ssl.SSLContext, count: int = 1) -> None:
    client = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=10, context=trust)
    for _ in range(count):
        client.request("GET", "/v1/token", headers={"Authorization": f"Bearer {KEY}"})
        answer = client.getresponse()
        assert (answer.status, b"t" * 40 in answer.read()) == (200, True)
    client.close()


def test_requests_come_through_with_the_address_of_the_client(
    server: ServeServer, trust: ssl.SSLContext, app: InMemoryServer
) -> None:
    get_token(server, trust, 50)
    lines = app.log_lines()
    assert len(lines) == 50
    assert all("from=127.0.0.1 client=shop" in line for line in lines)


def test_connections_are_closed_at_both_ends(server: ServeServer, trust: ssl.SSLContext) -> None:
    for _ in range(60):
        get_token(server, trust)
    wait_until(lambda: server.count_connections() == 0)
    front = server._front
    assert front is not None
    wait_until(lambda: not front._tasks)


def test_handshakes_that_do_not_end_make_room(server: ServeServer, trust: ssl.SSLContext) -> None:
    stuck = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(60)]
    get_token(server, trust)
    for connection in stuck:
        connection.close()
