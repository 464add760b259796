import json
import socket
import threading
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

import pytest
import requests

from guarddog_gui.domain.errors import UsageError
from guarddog_gui.sandbox.faults.fault import Fault, FaultKind
from guarddog_gui.sandbox.http_messages import HttpResponse
from guarddog_gui.sandbox.server import SandboxServer
from guarddog_gui.sandbox.wsgi_app import HttpRequest

AN_HOUR = 3600.0
NOW = 1_795_000_000.0


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer(lambda: NOW) as server:
        yield server


def ask_for_a_token(sandbox: SandboxServer, timeout: float = 5, **how: Any) -> requests.Response:
    account = sandbox.accounts[0]
    query = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    return requests.get(
        f"{sandbox.base_url}/cgi-bin/token", params=query, timeout=timeout, allow_redirects=False, **how
    )


def order(
    sandbox: SandboxServer, path: str, body: Any = None, key: str | None = None, **headers: str
) -> requests.Response:
    headers["X-Sandbox-Key"] = sandbox.control_key if key is None else key
    method = "GET" if body is None else "POST"
    data = json.dumps(body) if body is not None else None
    return requests.request(
        method, f"{sandbox.base_url}/_sandbox/{path}", data=data, headers=headers, timeout=5
    )


# Over the wire.


def test_a_token_and_a_ticket_come_over_http_as_wechat_sends_them(sandbox: SandboxServer) -> None:
    answer = ask_for_a_token(sandbox)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"
    assert answer.headers["Date"] == "Wed, 18 Nov 2026 11:06:40 GMT"
    token = answer.json()["access_token"]
    query = {"access_token": token, "type": "jsapi"}
    ticket = requests.get(f"{sandbox.base_url}/cgi-bin/ticket/getticket", params=query, timeout=5).json()
    assert sandbox.rules.is_ticket_accepted(sandbox.accounts[0].appid, ticket["ticket"])


def test_errors_are_http_200_and_speak_of_the_callers_address(sandbox: SandboxServer) -> None:
    order(sandbox, "accounts", {"appid": sandbox.accounts[0].appid, "ip_list": ["203.0.113.1"]})
    answer = ask_for_a_token(sandbox)
    assert answer.status_code == 200
    assert answer.json()["errmsg"].startswith("invalid ip 127.0.0.1 ")


def test_stable_token_is_asked_with_a_json_body(sandbox: SandboxServer) -> None:
    account = sandbox.accounts[1]
    body = {"grant_type": "client_credential", "appid": account.appid, "secret": account.secret}
    values = {
        requests.post(f"{sandbox.base_url}/cgi-bin/stable_token", json=body, timeout=5).json()["access_token"]
        for _ in range(2)
    }
    assert len(values) == 1
    form = requests.post(f"{sandbox.base_url}/cgi-bin/stable_token", data=body, timeout=5)
    assert form.json()["errcode"] == 47001


def test_life_can_be_short_from_the_start() -> None:
    with SandboxServer(lambda: NOW, lifetime_s=60) as sandbox:
        assert ask_for_a_token(sandbox).json()["expires_in"] == 60


def test_further_pages_can_be_hung_in(sandbox: SandboxServer) -> None:
    def hello(visit: HttpRequest) -> HttpResponse:
        return HttpResponse(200, f"hello {visit.query['who']}".encode())

    sandbox.app.page_handlers["/hello"] = hello
    assert requests.get(f"{sandbox.base_url}/hello?who=dog", timeout=5).text == "hello dog"


# Failures as a client sees them.


def test_a_chosen_errcode_comes_once(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.ERRCODE, number=89503))
    assert ask_for_a_token(sandbox).json()["errcode"] == 89503
    assert "access_token" in ask_for_a_token(sandbox).json()


@pytest.mark.parametrize("status", [304, 500, 502, 503, 504, 599])
def test_http_statuses(sandbox: SandboxServer, status: int) -> None:
    sandbox.faults.add(Fault(FaultKind.HTTP_STATUS, number=status))
    assert ask_for_a_token(sandbox).status_code == status


def test_a_captive_portal_answers_with_its_own_page(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.CAPTIVE_PORTAL))
    answer = ask_for_a_token(sandbox)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_given_text_and_nothing_at_all(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.CUSTOM_BODY, text='{"access_token":"","expires_in":-1}'))
    sandbox.faults.add(Fault(FaultKind.EMPTY_BODY))
    assert ask_for_a_token(sandbox).text == '{"access_token":"","expires_in":-1}'
    assert ask_for_a_token(sandbox).content == b""


def test_a_redirect_goes_where_it_was_told(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.REDIRECT, text="http://127.0.0.1:9/login"))
    answer = ask_for_a_token(sandbox)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://127.0.0.1:9/login")


def test_a_reset_is_a_reset(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.RESET))
    with pytest.raises(requests.ConnectionError, match=r"reset by peer|10054"):
        ask_for_a_token(sandbox)
    assert ask_for_a_token(sandbox).ok


def test_a_cut_off_answer_is_noticed(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.CUT_OFF))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        ask_for_a_token(sandbox)
    assert sandbox.rules.used_today(sandbox.accounts[0].appid, "/cgi-bin/token") == 1


def test_a_wrong_length_tears_the_json(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.WRONG_LENGTH))
    with pytest.raises(requests.exceptions.JSONDecodeError):
        ask_for_a_token(sandbox).json()


def test_garbage_is_no_http(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.GARBAGE))
    with pytest.raises(requests.ConnectionError):
        ask_for_a_token(sandbox)


@pytest.mark.parametrize("how", [FaultKind.HANG, FaultKind.STALL])
def test_silence_runs_into_the_clients_deadline(sandbox: SandboxServer, how: FaultKind) -> None:
    sandbox.faults.add(Fault(how, seconds=AN_HOUR))
    with pytest.raises((requests.ReadTimeout, requests.ConnectionError), match="timed out"):
        ask_for_a_token(sandbox, timeout=0.2)


@pytest.mark.parametrize("how", [FaultKind.HANG, FaultKind.STALL, FaultKind.DRIP])
def test_a_slow_answer_is_whole_in_the_end(sandbox: SandboxServer, how: FaultKind) -> None:
    sandbox.faults.add(Fault(how, seconds=0.3))
    began = monotonic()
    assert "access_token" in ask_for_a_token(sandbox, timeout=5).json()
    assert monotonic() - began >= 0.3


def test_a_drip_keeps_a_read_deadline_from_ever_coming(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.DRIP, seconds=1))
    assert "access_token" in ask_for_a_token(sandbox, timeout=0.5).json()


def test_a_flood_has_no_end(sandbox: SandboxServer) -> None:
    sandbox.faults.add(Fault(FaultKind.FLOOD))
    with ask_for_a_token(sandbox, stream=True) as answer:
        received = sum(len(answer.raw.read(1 << 20)) for _ in range(20))
    assert received == 20 << 20


def test_a_hanging_call_does_not_delay_another_and_ends_when_its_client_leaves(
    sandbox: SandboxServer,
) -> None:
    sandbox.faults.add(Fault(FaultKind.HANG, seconds=AN_HOUR), times=60)  # more than there are threads
    for _ in range(60):
        with pytest.raises(requests.ReadTimeout):
            ask_for_a_token(sandbox, timeout=0.02)
    assert ask_for_a_token(sandbox, timeout=3).ok


# Start and stop.


def test_clients_that_keep_many_connections_open_shut_nobody_out(sandbox: SandboxServer) -> None:
    address = ("127.0.0.1", int(sandbox.base_url.rpartition(":")[2]))
    idle = [socket.create_connection(address) for _ in range(150)]
    try:
        assert ask_for_a_token(sandbox).status_code == 200
    finally:
        for connection in idle:
            connection.close()


def test_it_listens_on_loopback_alone_and_frees_its_port() -> None:
    with SandboxServer(lambda: NOW) as first:
        port = int(first.base_url.rpartition(":")[2])
        assert first.base_url == f"http://127.0.0.1:{port}"
        with pytest.raises(UsageError, match=str(port)):
            SandboxServer(lambda: NOW, port=port).start()
        with pytest.raises(OSError):  # noqa: PT011 - the words differ from system to system
            socket.create_connection(("127.0.0.2", port), timeout=1).close()
    with SandboxServer(lambda: NOW, port=port) as second:
        assert second.base_url == first.base_url
        assert ask_for_a_token(second).ok


@pytest.mark.parametrize("how", [FaultKind.HANG, FaultKind.STALL, FaultKind.DRIP, FaultKind.FLOOD])
def test_it_stops_within_a_second_while_calls_are_open(how: FaultKind) -> None:
    before = threading.active_count()
    sandbox = SandboxServer(lambda: NOW).start()
    sandbox.faults.add(Fault(how, seconds=AN_HOUR), times=3)
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
    began = monotonic()
    sandbox.stop()
    sandbox.stop()
    assert monotonic() - began < 1
    assert threading.active_count() == before
    for client in clients:
        client.close()


# The control interface.


def test_a_script_plans_failures_with_the_key_of_the_run(sandbox: SandboxServer) -> None:
    assert order(sandbox, "fail", {"how": "45009", "times": 2, "endpoint": "token"}).json() == {"planned": 2}
    assert [ask_for_a_token(sandbox).json().get("errcode") for _ in range(3)] == [45009, 45009, None]
    order(sandbox, "fail", {"how": "redirect", "text": "http://127.0.0.1:9/"})
    order(sandbox, "clear", {})
    assert ask_for_a_token(sandbox).status_code == 200


def test_without_the_key_nothing_is_told_or_done(sandbox: SandboxServer) -> None:
    for key in ("", "wrong", "\xff"):
        assert order(sandbox, "state", key=key).status_code == 403
        assert order(sandbox, "fail", {"how": "reset"}, key=key).status_code == 403
    assert ask_for_a_token(sandbox).ok


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_name_is_refused_even_with_the_key(sandbox: SandboxServer, host: str) -> None:
    assert order(sandbox, "state", Host=host).status_code == 403


def test_localhost_is_a_name_of_ours(sandbox: SandboxServer) -> None:
    assert order(sandbox, "state", Host="localhost:1234").status_code == 200


def test_accounts_can_be_added_and_changed_and_are_told_without_their_secret(sandbox: SandboxServer) -> None:
    new = {"appid": "wx1111111111111111", "secret": "8" * 32, "platform": "mini-program", "life": 60}
    added = order(sandbox, "accounts", new).json()
    assert added == {
        "appid": "wx1111111111111111",
        "name": "",
        "platform": "mini-program",
        "ip_list": None,
        "frozen": False,
        "life": 60,
        "domains": None,
    }
    changed = order(sandbox, "accounts", {"appid": new["appid"], "frozen": True, "ip_list": ["127.0.0.1"]})
    assert (changed.json()["frozen"], changed.json()["ip_list"]) == (True, ["127.0.0.1"])
    state = order(sandbox, "state")
    assert len(state.json()["accounts"]) == 4
    assert not any(account.secret in state.text for account in sandbox.rules.accounts)


def test_limits_and_the_death_of_tokens_can_be_ordered(sandbox: SandboxServer) -> None:
    order(sandbox, "limits", {"path": "/cgi-bin/token", "daily": 1})
    token = ask_for_a_token(sandbox).json()["access_token"]
    assert ask_for_a_token(sandbox).json()["errcode"] == 45009
    order(sandbox, "void", {"appid": sandbox.accounts[0].appid})
    query = {"access_token": token}
    answer = requests.get(f"{sandbox.base_url}/cgi-bin/getcallbackip", params=query, timeout=5)
    assert answer.json()["errcode"] == 40001
    assert order(sandbox, "state").json()["calls"] == {"/cgi-bin/token": 2, "/cgi-bin/getcallbackip": 1}


def test_the_tickets_that_are_accepted_are_told_to_the_key_holder_the_newest_first(
    sandbox: SandboxServer,
) -> None:
    appid = sandbox.accounts[0].appid
    assert order(sandbox, "tickets", {"appid": appid}).json() == {"appid": appid, "tickets": []}
    told = []
    for _ in range(2):
        order(sandbox, "void", {"appid": appid})
        query = {"access_token": ask_for_a_token(sandbox).json()["access_token"], "type": "jsapi"}
        told += [
            requests.get(f"{sandbox.base_url}/cgi-bin/ticket/getticket", query, timeout=5).json()["ticket"]
        ]
    assert order(sandbox, "tickets", {"appid": appid}).json()["tickets"] == told[::-1]


def test_js_safe_domains_are_set_and_lifted(sandbox: SandboxServer) -> None:
    appid = sandbox.accounts[0].appid
    for names in (["Shop.Example"], None):
        order(sandbox, "accounts", {"appid": appid, "domains": names})
        account = sandbox.rules.account(appid)
        assert account is not None
        assert account.allows_page("www.shop.example")
        assert account.allows_page("notshop.example") is (names is None)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("fail", {}),
        ("fail", {"how": "explode"}),
        ("fail", {"how": "reset", "times": 0}),
        ("fail", {"how": "hang", "seconds": "long"}),
        ("fail", ["reset"]),
        ("accounts", {"appid": "wx2222222222222222"}),
        ("accounts", {"appid": "wx2222222222222222", "secret": "s", "ip_list": ["home"]}),
        ("accounts", {"appid": "wx2222222222222222", "secret": "s", "ip_list": "127.0.0.1"}),
        ("accounts", {"appid": "wx2222222222222222", "secret": "s", "platform": "wecom"}),
        ("accounts", {"appid": "wx2222222222222222", "secret": "s", "platform": []}),
        ("accounts", {"appid": "wx2222222222222222", "secret": "s", "frozen": 1}),
        ("accounts", {"appid": "wx2222222222222222", "secret": "s", "life": 0}),
        ("accounts", {"appid": "wx2222222222222222", "secret": "s", "domains": "shop.example"}),
        ("accounts", {"appid": "wx2222222222222222", "secret": "s", "domains": [""]}),
        ("limits", {"path": "/cgi-bin/token", "daily": -1}),
        ("tickets", {"appid": "wx2222222222222222"}),
        ("void", {"appid": "wx2222222222222222"}),
    ],
)
def test_a_wrong_order_is_refused_with_a_reason_and_changes_nothing(
    sandbox: SandboxServer, path: str, body: Any
) -> None:
    answer = order(sandbox, path, body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert len(sandbox.rules.accounts) == 3
    assert ask_for_a_token(sandbox).ok


def test_an_unknown_order_is_not_found(sandbox: SandboxServer) -> None:
    assert order(sandbox, "dance", {}).status_code == 404
    assert order(sandbox, "fail").status_code == 404
