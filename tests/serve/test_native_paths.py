"""Paths under /v1: statuses that fit, times as moments, signatures."""

import hashlib

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Platform
from tests.builders import SHOP, TICKET, TOKEN
from tests.fakes import OFFLINE_FAILURE, error_reply, scripted_transport
from tests.in_memory_services import ScriptedServices
from tests.serve.in_memory_server import KEY, METRICS_KEY, OTHER, OTHER_KEY, InMemoryServer


@pytest.fixture
def server() -> InMemoryServer:
    made = InMemoryServer()
    made.services.put_value(SHOP, TOKEN, "t" * 40, at=made.services.clock() - 200)
    made.services.put_value(SHOP, TICKET, "k" * 40)
    return made


def test_a_token_comes_with_its_moments(server: InMemoryServer) -> None:
    answer = server.ask("GET", "/v1/token", key=KEY)
    now = int(server.services.clock())
    assert answer.status == 200
    assert answer.json == {
        "appid": SHOP.appid, "key": "ACCESS_TOKEN", "value": "t" * 40, "expires_at": now + 7000,
        "expires_at_iso": answer.json["expires_at_iso"], "seconds_left": 7000, "server_time": now,
    }  # fmt: skip
    assert server.ask("GET", "/v1/token", {"account": "Shop"}, key=KEY).json["value"] == "t" * 40


def test_a_ticket(server: InMemoryServer) -> None:
    assert server.ask("GET", "/v1/ticket", key=KEY).json["value"] == "k" * 40
    assert server.ask("GET", "/v1/ticket", {"type": "jsapi"}, key=KEY).json["key"] == "JSAPI_TICKET"


def test_a_signature_verifies_and_has_no_ticket_in_it(server: InMemoryServer) -> None:
    query = {"url": "https://a.cn/p?x=1#part", "nonce": "abc", "timestamp": "1790000000"}
    answer = server.ask("GET", "/v1/signature", query, key=KEY)
    signed = f"jsapi_ticket={'k' * 40}&noncestr=abc&timestamp=1790000000&url=https://a.cn/p?x=1"
    assert answer.json == {
        "appId": SHOP.appid, "timestamp": 1790000000, "nonceStr": "abc", "url": "https://a.cn/p?x=1",
        "signature": hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest(), "warnings": ["fragment"],
    }  # fmt: skip
    assert b"kkkk" not in answer.body


def test_nonces_of_two_signatures_differ(server: InMemoryServer) -> None:
    nonces = {server.ask("GET", "/v1/signature", {"url": "https://a.cn/"}, key=KEY).json["nonceStr"] for _ in range(9)}
    assert len(nonces) == 9


@pytest.mark.parametrize(
    ("method", "path", "query", "key", "status", "errcode"),
    [
        ("GET", "/v1/token", {}, "", 401, 41004),
        ("GET", "/v1/token", {}, "wrong", 401, 40125),
        ("GET", "/v1/token", {"account": "x"}, KEY, 404, 40013),
        ("GET", "/v1/token", {"account": OTHER.appid}, KEY, 404, 40013),
        ("GET", "/v1/token", {}, OTHER_KEY, 400, 41002),
        ("GET", "/v1/token", {}, METRICS_KEY, 403, 48001),
        ("POST", "/v1/token", {}, KEY, 405, 43001),
        ("OPTIONS", "/v1/token", {}, KEY, 405, 43001),
        ("GET", "/v1/ticket", {"type": "x"}, KEY, 400, 40097),
        ("GET", "/v1/ticket", {"type": "wx_card"}, KEY, 403, 48001),
        ("GET", "/v1/signature", {}, KEY, 400, 40097),
        ("GET", "/v1/signature", {"url": "https://a.cn/", "nonce": "a b"}, KEY, 400, 40097),
        ("GET", "/v1/signature", {"url": "https://a.cn/", "timestamp": "x"}, KEY, 400, 40097),
        ("GET", "/v1/signature", {"url": "https://a.cn/p?a=1", "b": "2"}, KEY, 400, 40097),
        ("GET", "/v1/nothing", {}, KEY, 404, 40066),
        ("GET", "/", {}, "", 404, 40066),
    ],
)
def test_refusals(
    server: InMemoryServer, method: str, path: str, query: dict[str, str], key: str, status: int, errcode: int
) -> None:
    answer = server.ask(method, path, query, key=key)
    assert (answer.status, answer.json["errcode"]) == (status, errcode)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "url is missing"),
        ({"url": "a.cn/p"}, "url has no https:// or http:// in front"),
        ({"url": "https%3A%2F%2Fa.cn%2Fp"}, "url is percent-encoded as a whole"),
        ({"url": "https://a.cn/", "nonce": "a b"}, "nonce has a space"),
        ({"url": "https://a.cn/", "timestamp": "1790000000000"}, "timestamp is in milliseconds"),
        ({"url": "https://a.cn/p?a=1", "b": "2"}, "no parameter 'b' here; percent-encode the whole address in url"),
    ],
)
def test_a_signature_that_is_refused_says_why_in_words(
    server: InMemoryServer, query: dict[str, str], words: str
) -> None:
    assert words in server.ask("GET", "/v1/signature", query, key=KEY).json["errmsg"]


def test_a_parameter_that_is_given_twice_is_refused(server: InMemoryServer) -> None:
    answer = server.ask("GET", "/v1/signature", key=KEY, QUERY_STRING="url=https://a.cn/&url=https://b.cn/")
    assert (answer.status, answer.json["errcode"]) == (400, 40097)
    assert "twice" in answer.json["errmsg"]


def test_a_mini_program_has_no_tickets(server: InMemoryServer) -> None:
    server.services.accounts.update(lambda _: (replace(SHOP, platform=Platform.MINI_PROGRAM),))
    for path in ("/v1/ticket", "/v1/signature"):
        assert server.ask("GET", path, {"url": "https://a.cn/"}, key=KEY).status == 403


@pytest.mark.parametrize(
    ("reply", "status", "retry"),
    [(OFFLINE_FAILURE, 503, True), (error_reply(40164), 502, False), (error_reply(45009), 503, True)],
)
def test_what_wechat_does_not_give_has_a_status_that_says_whether_to_try_again(
    reply: object, status: int, *, retry: bool
) -> None:
    server = InMemoryServer(ScriptedServices(scripted_transport(reply)))  # type: ignore[arg-type]
    answer = server.ask("GET", "/v1/token", key=KEY)
    assert answer.status == status
    assert ("Retry-After" in answer.headers) is retry


def test_too_many_requests_of_a_client_are_refused_and_those_of_others_are_not(server: InMemoryServer) -> None:
    answers = [server.ask("GET", "/v1/token", key=KEY) for _ in range(301)]
    assert [answer.status for answer in answers] == [200] * 300 + [429]
    assert int(answers[-1].headers["Retry-After"]) == 1
    assert server.ask("GET", "/v1/token", {"account": "Shop"}, key=OTHER_KEY).status == 200
    server.monotonic.advance(1)
    assert server.ask("GET", "/v1/token", key=KEY).status == 200
