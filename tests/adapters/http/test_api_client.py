"""ApiHttpClient on real sockets: what is sent, and what an attacker or a broken server can answer."""

from __future__ import annotations

import json
import threading
import time

import pytest

from guarddog_gui.adapters.http.account_transport import AccountTransport
from guarddog_gui.adapters.http.api_client import AccountApiTransport, ApiHttpClient
from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.api.answer import ANSWER_MAX, ApiReply
from guarddog_gui.domain.api.request import ApiRequest, Method, Upload, check_request
from guarddog_gui.domain.errors import BadInput
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from guarddog_gui.sandbox.common_calls.multipart import parse_form
from tests.adapters.fault_server import FaultServer, http_response, reply_then_hang, reply_with, reset
from tests.adapters.http.wechat_requests import TOKEN
from tests.api_fakes import PNG
from tests.fakes import FakeSecretStore

MENU = ApiRequest(Method.GET, "/cgi-bin/menu/get", (("a", "b c&d=值"),))


def send(base: str, request: ApiRequest = MENU) -> ApiReply | TransportFailure:
    client = ApiHttpClient(base, read_timeout_s=2.0, total_timeout_s=4.0)
    try:
        return client.send(request, TOKEN)
    finally:
        client.close()


def exchange(answer: bytes, request: ApiRequest = MENU) -> tuple[ApiReply | TransportFailure, bytes]:
    """Return what came of a call that gets this answer, and the bytes that the server has received."""
    with FaultServer(reply_with(answer)) as server:
        reply = send(server.base, request)
    return reply, b"".join(server.received)


def test_a_get_has_its_query_percent_encoded_and_the_token_behind_it() -> None:
    reply, received = exchange(http_response(b'{"menu":{}}'))
    assert isinstance(reply, ApiReply)
    assert (reply.status, reply.body) == (200, b'{"menu":{}}')
    query = f"a=b+c%26d%3D%E5%80%BC&access_token={TOKEN}"
    assert received.startswith(f"GET /cgi-bin/menu/get?{query} HTTP/1.1\r\n".encode())
    assert b"Accept: */*\r\n" in received


def test_a_post_sends_its_body_as_it_was_typed() -> None:
    text = '{ "name":  "花店", "n": 1.50 }'
    request = check_request("POST", "cgi-bin/menu/create", body=text)
    assert isinstance(request, ApiRequest)
    _, received = exchange(http_response(b"{}"), request)
    head, _, body = received.partition(b"\r\n\r\n")
    assert body == text.encode()
    assert b"Content-Type: application/json" in head


def test_a_post_without_a_body_says_so() -> None:
    _, received = exchange(http_response(b"{}"), ApiRequest(Method.POST, "/cgi-bin/x", body=b""))
    assert b"Content-Length: 0\r\n" in received


@pytest.mark.parametrize(
    ("name", "sent"), [("cat.png", "cat.png"), ("/home/me/花 店.png", "file.png"), ('a"b\r\nX: y.png', "abXy.png")]
)
def test_a_file_is_sent_in_a_form_with_a_plain_name(name: str, sent: str) -> None:
    request = ApiRequest(Method.POST, "/cgi-bin/media/upload", upload=Upload("media", name, PNG, '{"title":"t"}'))
    _, received = exchange(http_response(b"{}"), request)
    head, _, body = received.partition(b"\r\n\r\n")
    content_type = next(line for line in head.decode().split("\r\n") if line.startswith("Content-Type:"))
    parts = {part.name: part for part in parse_form(content_type.removeprefix("Content-Type: "), body)}
    assert (parts["media"].file_name, parts["media"].content) == (sent, PNG)
    assert parts["description"].content == b'{"title":"t"}'


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_redirect_is_not_followed(status: str) -> None:
    with FaultServer(reply_with(http_response(b"{}"))) as elsewhere:
        location = f"Location: {elsewhere.base}/x\r\n".encode()
        answer = b"HTTP/1.1 " + status.encode() + b"\r\n" + location + b"Content-Length: 0\r\n\r\n"
        reply, _ = exchange(answer)
    assert isinstance(reply, ApiReply)
    assert reply.status // 100 == 3
    assert elsewhere.received == []


def test_a_huge_answer_is_given_up() -> None:
    body = b"a" * (ANSWER_MAX + 1)
    reply, _ = exchange(http_response(body))
    assert reply == TransportFailure(FailureKind.TOO_BIG)


def test_a_picture_of_megabytes_is_read_whole() -> None:
    picture = PNG + b"\0" * (2 * 1024 * 1024)
    assert len(picture) < ANSWER_MAX
    reply, _ = exchange(http_response(picture))
    assert isinstance(reply, ApiReply)
    assert reply.body == picture


def test_a_server_that_stops_in_the_middle_ends_within_the_deadline() -> None:
    started = time.monotonic()
    with FaultServer(reply_then_hang(http_response(b"{}")[:-1])) as server:
        reply = send(server.base)
    assert isinstance(reply, TransportFailure)
    assert time.monotonic() - started < 8


def test_a_reset_is_a_failure_without_the_url() -> None:
    with FaultServer(reset) as server:
        reply = send(server.base)
    assert isinstance(reply, TransportFailure)
    assert TOKEN not in repr(reply)


def test_closing_in_another_thread_ends_a_hanging_call() -> None:
    client = ApiHttpClient("http://127.0.0.1:1", total_timeout_s=30)
    with FaultServer(reply_then_hang(b"HTTP/1.1 200 OK\r\n")) as server:
        client = ApiHttpClient(server.base, total_timeout_s=30, read_timeout_s=30)
        threading.Timer(0.3, client.close).start()
        started = time.monotonic()
        assert isinstance(client.send(MENU, TOKEN), TransportFailure)
        assert time.monotonic() - started < 10


@pytest.mark.parametrize("base", ["http://api.weixin.qq.com", "ftp://127.0.0.1", "", "https://user@api.weixin.qq.com"])
def test_no_token_travels_without_tls(base: str) -> None:
    with pytest.raises(BadInput):
        ApiHttpClient(base)


def test_json_of_the_answer_is_not_touched() -> None:
    body = json.dumps({"a": "é"}).encode()
    reply, _ = exchange(http_response(body))
    assert isinstance(reply, ApiReply)
    assert reply.body == body


def test_each_account_is_called_at_its_own_host() -> None:
    with (
        FaultServer(reply_with(http_response(b'{"n":1}'))) as usual,
        FaultServer(reply_with(http_response(b'{"n":2}'))) as own,
    ):
        transport = AccountApiTransport(AccountTransport(usual.base, FakeSecretStore()))
        shop, cafe = Account("wx1", "Shop"), Account("wx2", "Café", api_base=own.base)
        replies = [transport.send(MENU, TOKEN, account) for account in (shop, cafe, shop)]
        transport.close()
    assert [reply.body for reply in replies if isinstance(reply, ApiReply)] == [b'{"n":1}', b'{"n":2}', b'{"n":1}']


def test_without_the_password_of_its_proxy_an_account_is_not_called() -> None:
    with FaultServer(reply_with(http_response(b"{}"))) as server:
        transport = AccountApiTransport(AccountTransport(server.base, FakeSecretStore()))
        reply = transport.send(MENU, TOKEN, Account("wx1", "Shop", proxy="http://me@127.0.0.1:9"))
    assert isinstance(reply, TransportFailure)
    assert reply.kind is FailureKind.PROXY
    assert server.received == []
