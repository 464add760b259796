"""Checks of secrets, tokens and IP whitelists."""

import pytest

from tests.sandbox.conftest import MINI, SHOP, RulesClient


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (b"", 44002),
        (b"grant_type=client_credential&appid=wx1&secret=s", 47001),
        (b"[]", 47001),
        (b'{"appid": 5, "secret": "s"}', 47001),
        (b"\xff\xfe", 47001),
        (b"[" * 100_000, 47001),
    ],
)
def test_stable_token_accepts_json_only(client: RulesClient, body: bytes, errcode: int) -> None:
    assert client.call("POST", "/cgi-bin/stable_token", body)["errcode"] == errcode


def test_the_parameters_are_checked_in_order(client: RulesClient) -> None:
    for fetch in (client.fetch_token, client.fetch_stable_token):
        assert fetch(appid="", secret="")["errcode"] == 41002
        assert fetch(secret="", grant_type="x")["errcode"] == 41004
        assert fetch(appid="wxffffffffffffffff", grant_type="x")["errcode"] == 40013
        assert fetch(grant_type="x", secret="wrong")["errcode"] == 40002
        assert fetch(secret="wrong")["errcode"] == 40125
        assert fetch(secret="\ud800")["errcode"] == 40125


def test_a_frozen_secret_is_refused_but_its_token_stays_valid(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    client.update_account(frozen=True)
    assert client.fetch_stable_token()["errcode"] == 40243
    assert client.fetch_token(secret="wrong")["errcode"] == 40243
    assert client.token_errcode(token) == 0


def test_a_new_secret_replaces_the_old_secret_but_not_the_token(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    client.update_account(secret="7" * 32)
    assert client.fetch_stable_token()["errcode"] == 40125
    assert client.fetch_stable_token(secret="7" * 32)["access_token"] == token


def test_the_whitelist_is_checked_first_and_the_error_names_the_caller(client: RulesClient) -> None:
    client.update_account(ip_list=("203.0.113.1", "192.0.2.0/24"))
    refused = client.fetch_stable_token(secret="")
    assert refused["errcode"] == 40164
    assert refused["errmsg"].startswith("invalid ip 198.51.100.7 ipv6 ::ffff:198.51.100.7, not in whitelist rid: ")
    for allowed_ip in ("203.0.113.1", "192.0.2.200"):
        client.ip = allowed_ip
        assert "access_token" in client.fetch_stable_token()


def test_only_an_official_accounts_whitelist_covers_calls_with_a_token(client: RulesClient) -> None:
    official, mini = (client.fetch_stable_token()["access_token"], client.fetch_stable_token(MINI)["access_token"])
    client.update_account(SHOP, ip_list=("203.0.113.1",))
    client.update_account(MINI, ip_list=("203.0.113.*",))
    assert client.fetch_ticket(official)["errcode"] == 40164
    assert client.token_errcode(mini) == 0
    assert client.fetch_stable_token(MINI)["errcode"] == 40164
    client.ip = "203.0.113.99"
    assert "access_token" in client.fetch_stable_token(MINI)
