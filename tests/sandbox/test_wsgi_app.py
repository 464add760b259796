"""Answers as they are sent over HTTP."""

import pytest
import requests

from guarddog_gui.sandbox.server import SandboxServer
from tests.sandbox.conftest import request_token, send_command


def test_token_and_ticket_are_sent_over_http_as_wechat_does(sandbox: SandboxServer) -> None:
    answer = request_token(sandbox)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; encoding=utf-8"
    assert answer.headers["Date"] == "Wed, 18 Nov 2026 11:06:40 GMT"
    token = answer.json()["access_token"]
    query = {"access_token": token, "type": "jsapi"}
    ticket = requests.get(f"{sandbox.base_url}/cgi-bin/ticket/getticket", params=query, timeout=5).json()
    assert ticket["ticket"] in sandbox.rules.accepted_tickets(sandbox.accounts[0].appid)


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


def test_a_head_request_has_the_headers_without_the_body(sandbox: SandboxServer) -> None:
    answer = requests.head(f"{sandbox.base_url}/cgi-bin/token", timeout=5)

    assert answer.content == b""
    assert int(answer.headers["Content-Length"]) > 0


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
@pytest.mark.parametrize("path", ["cgi-bin/token?grant_type=client_credential", "jssdk", "nowhere"])
def test_a_foreign_host_header_is_refused_for_every_path(sandbox: SandboxServer, path: str, host: str) -> None:
    answer = requests.get(f"{sandbox.base_url}/{path}", headers={"Host": host}, timeout=5)
    assert answer.status_code == 403
    assert "Host" in answer.json()["error"]
