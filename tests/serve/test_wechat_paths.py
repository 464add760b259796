"""WeChat's own paths answer as WeChat does, with a key in the place of the AppSecret."""

import json

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.accounts.account import Endpoint
from guarddog_gui.domain.client_keys import ClientKey, hash_key
from tests.builders import SECRET, SHOP, TICKET, TOKEN
from tests.fakes import error_reply, json_reply, scripted_transport, ticket_reply, token_reply
from tests.in_memory_services import ScriptedServices
from tests.serve.in_memory_server import KEY, METRICS_KEY, OTHER, OTHER_KEY, InMemoryServer


@pytest.fixture
def server() -> InMemoryServer:
    return InMemoryServer()


def server_with(*replies: object) -> InMemoryServer:
    return InMemoryServer(ScriptedServices(scripted_transport(*replies)))  # type: ignore[arg-type]


def test_a_fresh_token_comes_from_disk_with_the_life_that_is_left(server: InMemoryServer) -> None:
    server.services.put_value(SHOP, TOKEN, "t" * 40, at=server.services.clock() - 1000)
    assert server.get_token() == {"access_token": "t" * 40, "expires_in": 6200}
    assert server.post_stable() == {"access_token": "t" * 40, "expires_in": 6200}
    assert server.post_stable(force_refresh=False)["access_token"] == "t" * 40


def test_a_missing_token_is_fetched_once_and_the_appsecret_stays_here() -> None:
    server = server_with(token_reply("n" * 40))
    assert server.get_token() == {"access_token": "n" * 40, "expires_in": 7200}
    assert server.get_token()["access_token"] == "n" * 40
    assert len(server.services.transport.requests) == 1
    assert server.exported == [SHOP]
    assert SECRET not in "".join(server.log_lines())


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"grant_type": ""}, 40002),
        ({"grant_type": "x"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"secret": "0" * 32}, 40125),
        ({"secret": "gdk_" + "z" * 43}, 40125),
        ({"secret": METRICS_KEY}, 40013),
        ({"secret": "é" * 20}, 40125),
        ({"secret": KEY + "x" * 10_000}, 40125),
        ({"appid": "wx9999999999999999"}, 40013),
        ({"appid": OTHER.appid}, 40013),
    ],
)
def test_refusals_are_those_of_wechat_with_status_200(
    server: InMemoryServer, change: dict[str, str], errcode: int
) -> None:
    query = {"grant_type": "client_credential", "appid": SHOP.appid, "secret": KEY} | change
    answer = server.ask("GET", "/cgi-bin/token", query)
    assert (answer.status, answer.json["errcode"]) == (200, errcode)
    assert answer.json["errmsg"].endswith("(Guard Dog)")
    assert answer.json["errmsg"].isascii()


def test_without_a_key_it_is_not_told_which_accounts_there_are(server: InMemoryServer) -> None:
    answers = {json.dumps(server.get_token("wrong", appid)) for appid in (SHOP.appid, OTHER.appid, "wx0")}
    assert len(answers) == 1


def test_a_key_is_limited_to_its_accounts(server: InMemoryServer) -> None:
    server.services.put_value(OTHER, TOKEN, "o" * 40)
    assert server.get_token(KEY, OTHER.appid)["errcode"] == 40013
    assert server.get_token(OTHER_KEY, OTHER.appid)["access_token"] == "o" * 40


def test_a_revoked_key_is_refused_from_the_next_request_on(server: InMemoryServer) -> None:
    server.services.put_value(SHOP, TOKEN, "t" * 40)
    assert "access_token" in server.get_token()
    server.keys.keys = (ClientKey("shop", hash_key(OTHER_KEY), (SHOP.appid,)),)
    assert server.get_token()["errcode"] == 40125


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 9000, b'{"force_refresh": 1}'])
def test_a_body_that_is_no_object_is_refused(server: InMemoryServer, body: bytes) -> None:
    assert server.ask("POST", "/cgi-bin/stable_token", body=body).json["errcode"] == 47001


@pytest.mark.parametrize(
    ("method", "path", "errcode"),
    [
        ("POST", "/cgi-bin/token", 43001),
        ("GET", "/cgi-bin/stable_token", 43002),
        ("POST", "/cgi-bin/ticket/getticket", 43001),
        ("DELETE", "/cgi-bin/token", 43001),
        ("GET", "/cgi-bin/menu/get", 40066),
    ],
)
def test_methods_are_those_of_wechat(server: InMemoryServer, method: str, path: str, errcode: int) -> None:
    answer = server.ask(method, path)
    assert (answer.status, answer.json["errcode"]) == (200, errcode)


# force_refresh


def test_force_refresh_asks_for_the_current_token_and_never_for_a_new_one() -> None:
    server = server_with(token_reply("n" * 40))
    server.services.put_value(SHOP, TOKEN, "t" * 40, at=server.services.clock() - 100)
    assert server.post_stable(force_refresh=True)["access_token"] == "n" * 40
    (request,) = server.services.transport.requests
    assert dict(request.body or ())["force_refresh"] is False


def test_force_refresh_costs_one_call_in_half_a_minute_and_twenty_a_day() -> None:
    server = server_with(*(token_reply("t" * 40) for _ in range(30)))
    server.services.put_value(SHOP, TOKEN, "t" * 40, at=server.services.clock() - 100)
    for _ in range(50):
        assert server.post_stable(force_refresh=True)["access_token"] == "t" * 40
    assert len(server.services.transport.requests) == 1
    for _ in range(50):
        server.monotonic.advance(31)
        server.post_stable(force_refresh=True)
    assert len(server.services.transport.requests) == 20


def test_force_refresh_of_a_classic_account_makes_no_token() -> None:
    server = server_with(*(json_reply(ip_list=[]) for _ in range(3)))
    classic = replace(SHOP, endpoint=Endpoint.CLASSIC)
    server.services.accounts.update(lambda _: (classic,))
    server.services.put_value(classic, TOKEN, "t" * 40)
    assert server.post_stable(force_refresh=True)["access_token"] == "t" * 40
    assert set(server.services.transport.endpoints) <= {"get_api_domain_ip"}  # the check of any classic token


# tickets


def test_a_ticket_is_given_for_a_token_that_was_given_out(server: InMemoryServer) -> None:
    server.services.put_value(SHOP, TOKEN, "t" * 40)
    server.services.put_value(SHOP, TICKET, "k" * 40, at=server.services.clock() - 200)
    token = server.get_token()["access_token"]
    answer = server.ask("GET", "/cgi-bin/ticket/getticket", {"access_token": token, "type": "jsapi"}).json
    assert answer == {"errcode": 0, "errmsg": "ok", "ticket": "k" * 40, "expires_in": 7000}


def test_a_token_that_was_replaced_is_good_for_a_ticket_as_long_as_wechat_accepts_it(server: InMemoryServer) -> None:
    clock = server.services.clock
    server.services.put_value(SHOP, TOKEN, "t" * 40, at=clock() - 6000)
    old = server.get_token()["access_token"]
    server.services.put_value(SHOP, TOKEN, "n" * 40)
    server.services.put_value(SHOP, TICKET, "k" * 40, at=clock())
    query = {"access_token": old, "type": "jsapi"}
    assert server.ask("GET", "/cgi-bin/ticket/getticket", query).json["ticket"] == "k" * 40
    clock.advance(1200 + 301)
    assert server.ask("GET", "/cgi-bin/ticket/getticket", query).json["errcode"] == 40001


def test_the_current_token_is_good_for_a_ticket_after_a_restart(server: InMemoryServer) -> None:
    server.services.put_value(SHOP, TOKEN, "t" * 40)
    server.services.put_value(SHOP, TICKET, "k" * 40)
    query = {"access_token": "t" * 40, "type": "jsapi"}
    assert server.ask("GET", "/cgi-bin/ticket/getticket", query).json["ticket"] == "k" * 40


@pytest.mark.parametrize(
    ("query", "errcode"),
    [
        ({}, 41001),
        ({"access_token": "x" * 40, "type": "jsapi"}, 40001),
        ({"access_token": "é", "type": "jsapi"}, 40001),
        ({"access_token": "t" * 40}, 40097),
        ({"access_token": "t" * 40, "type": "wx_card"}, 48001),
    ],
)
def test_refusals_of_tickets(server: InMemoryServer, query: dict[str, str], errcode: int) -> None:
    server.services.put_value(SHOP, TOKEN, "t" * 40)
    assert server.ask("GET", "/cgi-bin/ticket/getticket", query).json["errcode"] == errcode


def test_wrong_tokens_are_limited_like_wrong_keys(server: InMemoryServer) -> None:
    query = {"access_token": "x" * 40, "type": "jsapi"}
    codes = [server.ask("GET", "/cgi-bin/ticket/getticket", query).json["errcode"] for _ in range(30)]
    assert codes == [40001] * 20 + [45011] * 10


def test_requests_for_tickets_are_limited(server: InMemoryServer) -> None:
    server.services.put_value(SHOP, TOKEN, "t" * 40)
    server.services.put_value(SHOP, TICKET, "k" * 40)
    query = {"access_token": "t" * 40, "type": "jsapi"}
    codes = [server.ask("GET", "/cgi-bin/ticket/getticket", query).json["errcode"] for _ in range(400)]
    assert set(codes) == {0, 45011}


# what goes wrong behind the server


@pytest.mark.parametrize(
    ("errcode", "given"), [(40164, 40164), (45009, 45009), (40125, 40125), (40001, -1), (42001, -1), (-1, -1)]
)
def test_a_refusal_of_wechat_is_passed_on_unless_it_is_about_a_token(errcode: int, given: int) -> None:
    server = server_with(*(error_reply(errcode) for _ in range(3)))
    answer = server.get_token()
    assert answer["errcode"] == given
    assert "WeChat's answer to Guard Dog" in answer["errmsg"]
    assert len(server.services.transport.requests) <= 2
    before = len(server.services.transport.requests)
    for _ in range(20):
        assert server.get_token()["errcode"] == given
    assert len(server.services.transport.requests) == before


def test_a_ticket_is_fetched_with_the_token(server: InMemoryServer) -> None:
    server = server_with(ticket_reply("k" * 40))
    server.services.put_value(SHOP, TOKEN, "t" * 40)
    query = {"access_token": "t" * 40, "type": "jsapi"}
    assert server.ask("GET", "/cgi-bin/ticket/getticket", query).json["ticket"] == "k" * 40
