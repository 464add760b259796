"""The control interface over HTTP."""

from typing import Any

import pytest
import requests

from guarddog_gui.sandbox.server import SandboxServer
from tests.sandbox.conftest import request_token, send_command


def test_a_script_with_the_key_plans_faults(sandbox: SandboxServer) -> None:
    assert send_command(sandbox, "fail", {"how": "45009", "times": 2, "endpoint": "token"}).json() == {"planned": 2}
    assert [request_token(sandbox).json().get("errcode") for _ in range(3)] == [45009, 45009, None]
    send_command(sandbox, "fail", {"how": "redirect", "text": "http://127.0.0.1:9/"})
    send_command(sandbox, "clear", {})
    assert request_token(sandbox).status_code == 200


def test_commands_without_the_key_are_refused(sandbox: SandboxServer) -> None:
    for key in ("", "wrong", "\xff"):
        assert send_command(sandbox, "state", key=key).status_code == 403
        assert send_command(sandbox, "fail", {"how": "reset"}, key=key).status_code == 403
    assert request_token(sandbox).ok


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_header_is_refused_even_with_the_key(sandbox: SandboxServer, host: str) -> None:
    assert send_command(sandbox, "state", Host=host).status_code == 403


def test_localhost_is_accepted_as_host(sandbox: SandboxServer) -> None:
    assert send_command(sandbox, "state", Host="localhost:1234").status_code == 200


def test_accounts_can_be_added_and_changed_and_are_shown_without_secret(sandbox: SandboxServer) -> None:
    new = {"appid": "wx1111111111111111", "secret": "8" * 32, "platform": "mini-program", "life": 60}
    added = send_command(sandbox, "accounts", new).json()
    assert added == {
        "appid": "wx1111111111111111",
        "name": "",
        "platform": "mini-program",
        "ip_list": None,
        "frozen": False,
        "life": 60,
        "domains": None,
    }
    changed = send_command(sandbox, "accounts", {"appid": new["appid"], "frozen": True, "ip_list": ["127.0.0.1"]})
    assert (changed.json()["frozen"], changed.json()["ip_list"]) == (True, ["127.0.0.1"])
    state = send_command(sandbox, "state")
    assert len(state.json()["accounts"]) == 4
    assert not any(account.secret in state.text for account in sandbox.rules.accounts)


def test_commands_set_limits_and_revoke_tokens(sandbox: SandboxServer) -> None:
    send_command(sandbox, "limits", {"path": "/cgi-bin/token", "daily": 1})
    token = request_token(sandbox).json()["access_token"]
    assert request_token(sandbox).json()["errcode"] == 45009
    send_command(sandbox, "void", {"appid": sandbox.accounts[0].appid})
    query = {"access_token": token}
    answer = requests.get(f"{sandbox.base_url}/cgi-bin/getcallbackip", params=query, timeout=5)
    assert answer.json()["errcode"] == 40001
    assert send_command(sandbox, "state").json()["calls"] == {"/cgi-bin/token": 2, "/cgi-bin/getcallbackip": 1}


def test_accepted_tickets_are_listed_newest_first(sandbox: SandboxServer) -> None:
    appid = sandbox.accounts[0].appid
    assert send_command(sandbox, "tickets", {"appid": appid}).json() == {"appid": appid, "tickets": []}
    tickets = []
    for _ in range(2):
        send_command(sandbox, "void", {"appid": appid})
        query = {"access_token": request_token(sandbox).json()["access_token"], "type": "jsapi"}
        tickets += [requests.get(f"{sandbox.base_url}/cgi-bin/ticket/getticket", query, timeout=5).json()["ticket"]]
    assert send_command(sandbox, "tickets", {"appid": appid}).json()["tickets"] == tickets[::-1]


def test_js_safe_domains_can_be_set_and_removed(sandbox: SandboxServer) -> None:
    appid = sandbox.accounts[0].appid
    for names in (["Shop.Example"], None):
        send_command(sandbox, "accounts", {"appid": appid, "domains": names})
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
def test_an_invalid_command_is_refused_with_a_reason_and_changes_nothing(
    sandbox: SandboxServer, path: str, body: Any
) -> None:
    answer = send_command(sandbox, path, body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert len(sandbox.rules.accounts) == 3
    assert request_token(sandbox).ok


def test_an_unknown_command_is_not_found(sandbox: SandboxServer) -> None:
    assert send_command(sandbox, "dance", {}).status_code == 404
    assert send_command(sandbox, "fail").status_code == 404
