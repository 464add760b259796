"""The sandbox over HTTP, and its start and stop."""

import socket
import threading
from time import monotonic, sleep

import pytest
import requests

from guarddog_gui.domain.errors import UsageError
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.server import SandboxServer
from tests.sandbox.conftest import NOW, request_token, send_command

AN_HOUR = 3600.0


# API calls over HTTP.


def test_token_and_ticket_are_sent_over_http_as_wechat_does(sandbox: SandboxServer) -> None:
    answer = request_token(sandbox)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"
    assert answer.headers["Date"] == "Wed, 18 Nov 2026 11:06:40 GMT"
    token = answer.json()["access_token"]
    query = {"access_token": token, "type": "jsapi"}
    ticket = requests.get(f"{sandbox.base_url}/cgi-bin/ticket/getticket", params=query, timeout=5).json()
    assert sandbox.rules.is_ticket_accepted(sandbox.accounts[0].appid, ticket["ticket"])


def test_errors_are_http_200_and_name_the_callers_address(sandbox: SandboxServer) -> None:
    send_command(sandbox, "accounts", {"appid": sandbox.accounts[0].appid, "ip_list": ["203.0.113.1"]})
    answer = request_token(sandbox)
    assert answer.status_code == 200
    assert answer.json()["errmsg"].startswith("invalid ip 127.0.0.1 ")


def test_stable_token_requires_a_json_body(sandbox: SandboxServer) -> None:
    account = sandbox.accounts[1]
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    values = {
        requests.post(f"{sandbox.base_url}/cgi-bin/stable_token", json=body, timeout=5).json()["access_token"]
        for _ in range(2)
    }
    assert len(values) == 1
    form = requests.post(f"{sandbox.base_url}/cgi-bin/stable_token", data=body, timeout=5)
    assert form.json()["errcode"] == 47001


def test_a_short_lifetime_can_be_set_for_all_accounts() -> None:
    with SandboxServer(lambda: NOW, lifetime_s=60) as sandbox:
        assert request_token(sandbox).json()["expires_in"] == 60


# Start and stop.


def test_clients_with_many_open_connections_lock_no_other_out(sandbox: SandboxServer) -> None:
    address = ("127.0.0.1", int(sandbox.base_url.rpartition(":")[2]))
    idle = [socket.create_connection(address) for _ in range(150)]
    try:
        assert request_token(sandbox).status_code == 200
    finally:
        for connection in idle:
            connection.close()


def test_the_server_listens_on_loopback_only_and_frees_its_port() -> None:
    with SandboxServer(lambda: NOW) as first:
        port = int(first.base_url.rpartition(":")[2])
        assert first.base_url == f"http://127.0.0.1:{port}"
        with pytest.raises(UsageError, match=str(port)):
            SandboxServer(lambda: NOW, port=port).start()
        with pytest.raises(OSError):  # noqa: PT011 - the message differs between systems
            socket.create_connection(("127.0.0.2", port), timeout=1).close()
    with SandboxServer(lambda: NOW, port=port) as second:
        assert second.base_url == first.base_url
        assert request_token(second).ok


@pytest.mark.parametrize("kind", [FaultKind.HANG, FaultKind.STALL, FaultKind.DRIP, FaultKind.FLOOD])
def test_the_server_stops_within_a_second_while_calls_are_open(kind: FaultKind) -> None:
    before = threading.active_count()
    sandbox = SandboxServer(lambda: NOW).start()
    sandbox.faults.add(Fault(kind, seconds=AN_HOUR), times=3)
    port = int(sandbox.base_url.rpartition(":")[2])
    account = sandbox.accounts[0]
    line = f"GET /cgi-bin/token?grant_type=client_credential&appid={account.appid}&secret={account.secret}"
    clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
    for client in clients:
        client.sendall(f"{line} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    deadline = monotonic() + 5
    while any(sandbox.faults.pending()):
        assert monotonic() < deadline
        sleep(0.01)
    stopped_at = monotonic()
    sandbox.stop()
    sandbox.stop()
    assert monotonic() - stopped_at < 1
    assert threading.active_count() == before
    for client in clients:
        client.close()
