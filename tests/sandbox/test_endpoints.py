"""Answers of the endpoints."""

from tests.sandbox.conftest import MINI, SHOP, RulesClient


def test_stable_token_accepts_post_only_and_force_refresh_is_boolean(client: RulesClient) -> None:
    assert client.call("GET", "/cgi-bin/stable_token", appid=SHOP.appid)["errcode"] == 43002
    assert client.fetch_stable_token(force_refresh="true")["errcode"] == 47001
    assert client.call("POST", "/cgi-bin/token")["errcode"] == 43001


def test_a_forced_refresh_within_thirty_seconds_of_another_has_no_effect(client: RulesClient) -> None:
    new = client.force_stable_token()["access_token"]
    client.advance(29)
    assert client.force_stable_token() == {"access_token": new, "expires_in": 7171}
    client.advance(1)
    assert client.force_stable_token()["access_token"] != new


def test_a_ticket_stays_the_same_and_always_reports_its_full_lifetime(client: RulesClient) -> None:
    first = client.fetch_ticket(client.fetch_stable_token()["access_token"])
    assert first == {"errcode": 0, "errmsg": "ok", "ticket": first["ticket"], "expires_in": 7200}
    client.advance(7199)
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"]) == first
    client.advance(1)
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"])["ticket"] != first["ticket"]


def test_card_tickets_and_jsapi_tickets_are_separate(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    card = client.fetch_ticket(token, "wx_card")["ticket"]
    assert client.fetch_ticket(token)["ticket"] != card
    assert card not in client.rules.accepted_tickets(SHOP.appid)
    assert card in client.rules.accepted_tickets(SHOP.appid, "wx_card")
    assert client.fetch_ticket(token, "agent_config")["errcode"] == 40097


def test_getticket_requires_a_valid_token_of_an_official_account(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.force_stable_token()
    assert client.fetch_ticket(old)["errcode"] == 40001
    assert client.fetch_ticket("nonsense")["errcode"] == 40014
    assert client.fetch_ticket("")["errcode"] == 41001
    assert client.fetch_ticket(client.fetch_stable_token(MINI)["access_token"])["errcode"] == 48001
    live = client.fetch_stable_token()["access_token"]
    client.advance(7200)
    assert client.fetch_ticket(live)["errcode"] == 42001


def test_the_two_ip_lists_are_returned_to_a_valid_token(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    for path in ("/cgi-bin/get_api_domain_ip", "/cgi-bin/getcallbackip"):
        assert set(client.call("GET", path, access_token=token)) == {"ip_list"}


def test_the_quota_of_a_path_is_reported_and_an_unknown_path_refused(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]

    quota = client.post("/cgi-bin/openapi/quota/get", token, cgi_path="/cgi-bin/stable_token")["quota"]

    assert quota["used"] == 1
    assert quota["remain"] == quota["daily_limit"] - 1
    for path, errcode in (("/cgi-bin/nothing", 76021), ("/sns/userinfo", 76022), ("token", 76003), (7, 76003)):
        assert client.post("/cgi-bin/openapi/quota/get", token, cgi_path=path)["errcode"] == errcode
