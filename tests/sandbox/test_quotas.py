"""Call quotas of an account, and the endpoints that read and reset them."""

import pytest

from guarddog_gui.sandbox.quotas import DEFAULT_LIMITS, QuotaLimit
from tests.sandbox.conftest import MINI, SHOP, RulesClient

TICKET = "/cgi-bin/ticket/getticket"


def test_twenty_forced_refreshes_are_allowed_until_midnight_in_beijing(client: RulesClient) -> None:
    for _ in range(20):
        assert "access_token" in client.force_stable_token()
        client.advance(30)
    assert client.force_stable_token()["errcode"] == 45009
    assert "access_token" in client.fetch_stable_token()
    client.advance(12 * 3600 - 20 * 30 - 1)
    assert client.force_stable_token()["errcode"] == 45009
    client.advance(1)
    assert "access_token" in client.force_stable_token()


def test_the_daily_quota_resets_at_midnight_in_beijing(client: RulesClient) -> None:
    assert DEFAULT_LIMITS["/cgi-bin/token"] == QuotaLimit(2000)
    for _ in range(2000):
        assert "access_token" in client.fetch_token()
    assert client.fetch_token()["errcode"] == 45009
    assert "access_token" in client.fetch_token(MINI)
    client.advance(12 * 3600 - 1)
    assert client.fetch_token()["errcode"] == 45009
    client.advance(1)
    assert "access_token" in client.fetch_token()


def test_a_wrong_secret_does_not_count_against_the_quota(client: RulesClient) -> None:
    client.fetch_token(secret="wrong")
    assert client.rules.used_today(SHOP.appid, "/cgi-bin/token") == 0
    client.fetch_token()
    assert client.rules.used_today(SHOP.appid, "/cgi-bin/token") == 1


def test_the_minute_limit_resets_every_minute_and_ignores_refused_calls(client: RulesClient) -> None:
    client.rules.set_limit(TICKET, QuotaLimit(per_day=100, per_minute=2))
    token = client.fetch_stable_token()["access_token"]
    answers = [client.fetch_ticket(token)["errcode"] for _ in range(4)]
    assert answers == [0, 0, 45011, 45011]
    assert client.rules.used_today(SHOP.appid, TICKET) == 2
    client.advance(60)
    assert client.fetch_ticket(token)["errcode"] == 0


def test_quota_get_returns_the_limit_and_the_used_and_remaining_calls(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    client.fetch_ticket(token)
    assert client.post("/cgi-bin/openapi/quota/get", token, cgi_path=TICKET) == {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": 10_000, "used": 1, "remain": 9_999},
    }
    stable = client.post("/cgi-bin/openapi/quota/get", token, cgi_path="/cgi-bin/stable_token")
    assert stable["rate_limit"] == {"call_count": 10_000, "refresh_second": 60}


@pytest.mark.parametrize(
    ("path", "errcode"),
    [("cgi-bin/token", 76003), (None, 76003), ("/sns/userinfo", 76022), ("/cgi-bin/nothing", 76021)],
)
def test_quota_get_refuses_other_paths(client: RulesClient, path: str | None, errcode: int) -> None:
    token = client.fetch_stable_token()["access_token"]
    assert client.post("/cgi-bin/openapi/quota/get", token, cgi_path=path)["errcode"] == errcode


def test_clear_quota_works_ten_times_a_month_by_token_and_secret_together(client: RulesClient) -> None:
    client.rules.set_limit(TICKET, QuotaLimit(per_day=1))
    token = client.fetch_stable_token()["access_token"]
    assert client.post("/cgi-bin/clear_quota", token, appid=MINI.appid)["errcode"] == 40013
    for round_ in range(10):
        assert client.fetch_ticket(token)["errcode"] == 0
        assert client.fetch_ticket(token)["errcode"] == 45009
        if round_ % 2:
            by_secret = {"appid": SHOP.appid, "appsecret": SHOP.secret}
            assert client.call("POST", "/cgi-bin/clear_quota/v2", **by_secret)["errcode"] == 0
        else:
            assert client.post("/cgi-bin/clear_quota", token, appid=SHOP.appid)["errcode"] == 0
    assert client.post("/cgi-bin/clear_quota", token, appid=SHOP.appid)["errcode"] == 48006
    client.advance(31 * 86400)
    token = client.fetch_stable_token()["access_token"]
    assert client.post("/cgi-bin/clear_quota", token, appid=SHOP.appid)["errcode"] == 0


def test_clear_quota_v2_accepts_a_json_body_and_checks_the_secret(client: RulesClient) -> None:
    body = f'{{"appid": "{SHOP.appid}", "appsecret": "{SHOP.secret}"}}'.encode()
    assert client.call("POST", "/cgi-bin/clear_quota/v2", body)["errcode"] == 0
    assert client.call("POST", "/cgi-bin/clear_quota/v2", body.replace(b"5", b"4"))["errcode"] == 40125
    assert client.call("POST", "/cgi-bin/clear_quota/v2", appid=SHOP.appid)["errcode"] == 41004


def test_the_quota_of_one_api_can_be_reset_fifty_times_a_month(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    client.fetch_ticket(token)
    for _ in range(50):
        assert client.post("/cgi-bin/openapi/quota/clear", token, cgi_path=TICKET)["errcode"] == 0
    assert client.rules.used_today(SHOP.appid, TICKET) == 0
    assert client.rules.used_today(SHOP.appid, "/cgi-bin/stable_token") == 1
    assert client.post("/cgi-bin/openapi/quota/clear", token, cgi_path=TICKET)["errcode"] == 45009
