"""SandboxRules: tokens, tickets, secrets and whitelists."""

import json
import re
from itertools import count

import pytest
from msgspec.structs import replace

from guarddog_gui.domain.wechat.protocol import IssuedToken, Refusal, Reply, parse_token_reply
from guarddog_gui.sandbox.accounts import demo_accounts
from guarddog_gui.sandbox.rules import SandboxRules
from tests.sandbox.conftest import MINI, SHOP, RulesClient

TICKET = "/cgi-bin/ticket/getticket"


def test_a_classic_call_issues_a_new_token_and_the_old_one_lives_five_minutes(client: RulesClient) -> None:
    first = client.fetch_token()
    assert first == {"access_token": first["access_token"], "expires_in": 7200}
    client.advance(1000)
    second = client.fetch_token()
    assert second["access_token"] != first["access_token"]
    client.advance(299)
    assert client.token_errcode(first["access_token"]) == 0
    client.advance(1)
    assert client.token_errcode(first["access_token"]) == 40001
    assert client.token_errcode(second["access_token"]) == 0


def test_stable_token_returns_the_same_token_with_its_remaining_lifetime(client: RulesClient) -> None:
    first = client.fetch_stable_token()
    assert first == {"access_token": first["access_token"], "expires_in": 7200}
    client.advance(6855)
    assert client.fetch_stable_token() == {"access_token": first["access_token"], "expires_in": 345}


def test_stable_token_returns_a_new_token_in_the_last_five_minutes_and_both_work(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.advance(6900)
    assert client.fetch_stable_token()["access_token"] == old
    client.advance(1)
    new = client.fetch_stable_token()
    assert new["access_token"] != old
    assert new["expires_in"] == 7200
    assert (client.token_errcode(old), client.token_errcode(new["access_token"])) == (0, 0)
    client.advance(299)
    assert (client.token_errcode(old), client.token_errcode(new["access_token"])) == (42001, 0)


def test_stable_token_returns_a_new_token_after_the_old_one_has_expired(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.advance(8 * 3600)
    assert client.fetch_stable_token()["access_token"] != old
    assert client.token_errcode(old) == 42001


def test_classic_and_stable_tokens_do_not_revoke_each_other(client: RulesClient) -> None:
    classic, stable = client.fetch_token()["access_token"], client.fetch_stable_token()["access_token"]
    client.force_stable_token()
    client.advance(600)
    assert client.token_errcode(classic) == 0
    second_stable = client.fetch_stable_token()["access_token"]
    client.fetch_token()
    client.advance(600)
    assert (client.token_errcode(stable), client.token_errcode(second_stable)) == (40001, 0)
    assert client.token_errcode(classic) == 40001


def test_a_forced_refresh_revokes_the_old_token_at_once(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    new = client.force_stable_token()
    assert new["expires_in"] == 7200
    assert (client.token_errcode(old), client.token_errcode(new["access_token"])) == (40001, 0)


def test_a_forced_refresh_also_revokes_a_token_in_its_overlap(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.advance(6950)
    middle = client.fetch_stable_token()["access_token"]
    client.force_stable_token()
    assert (client.token_errcode(old), client.token_errcode(middle)) == (40001, 40001)


def test_a_forced_refresh_within_thirty_seconds_of_another_has_no_effect(client: RulesClient) -> None:
    new = client.force_stable_token()["access_token"]
    client.advance(29)
    assert client.force_stable_token() == {"access_token": new, "expires_in": 7171}
    client.advance(1)
    assert client.force_stable_token()["access_token"] != new


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


def test_stable_token_accepts_post_only_and_force_refresh_is_boolean(client: RulesClient) -> None:
    assert client.call("GET", "/cgi-bin/stable_token", appid=SHOP.appid)["errcode"] == 43002
    assert client.fetch_stable_token(force_refresh="true")["errcode"] == 47001
    assert client.call("POST", "/cgi-bin/token")["errcode"] == 43001


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


def test_a_ticket_stays_the_same_and_always_reports_its_full_lifetime(client: RulesClient) -> None:
    first = client.fetch_ticket(client.fetch_stable_token()["access_token"])
    assert first == {"errcode": 0, "errmsg": "ok", "ticket": first["ticket"], "expires_in": 7200}
    client.advance(7199)
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"]) == first
    client.advance(1)
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"])["ticket"] != first["ticket"]


def test_a_ticket_outlives_its_token_and_is_accepted_an_hour_after_its_expiry(client: RulesClient) -> None:
    ticket = client.fetch_ticket(client.fetch_stable_token()["access_token"])["ticket"]
    client.force_stable_token()
    assert client.rules.is_ticket_accepted(SHOP.appid, ticket)
    client.advance(7200)
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"])["ticket"] != ticket
    client.advance(3599)
    assert client.rules.is_ticket_accepted(SHOP.appid, ticket)
    client.advance(1)
    assert not client.rules.is_ticket_accepted(SHOP.appid, ticket)
    assert not client.rules.is_ticket_accepted(SHOP.appid, "nonsense")
    assert not client.rules.is_ticket_accepted("wxffffffffffffffff", ticket)


def test_card_tickets_and_jsapi_tickets_are_separate(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    card = client.fetch_ticket(token, "wx_card")["ticket"]
    assert client.fetch_ticket(token)["ticket"] != card
    assert not client.rules.is_ticket_accepted(SHOP.appid, card)
    assert client.rules.is_ticket_accepted(SHOP.appid, card, "wx_card")
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


def test_tokens_revoked_by_another_server_are_refused_as_superseded(client: RulesClient) -> None:
    classic, stable = client.fetch_token()["access_token"], client.fetch_stable_token()["access_token"]
    client.rules.revoke_tokens(SHOP.appid)
    assert (client.token_errcode(classic), client.token_errcode(stable)) == (40001, 40001)
    assert client.token_errcode(client.fetch_stable_token()["access_token"]) == 0


def test_a_short_lifetime_shortens_the_overlap(client: RulesClient) -> None:
    client.update_account(life=60)
    old = client.fetch_stable_token()
    assert old["expires_in"] == 60
    client.advance(57.5)
    assert client.fetch_stable_token() == {"access_token": old["access_token"], "expires_in": 2}
    client.advance(0.1)
    assert client.fetch_stable_token()["access_token"] != old["access_token"]
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"])["expires_in"] == 60


def test_a_new_lifetime_replaces_the_values_and_the_old_ones_expire(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    ticket = client.fetch_ticket(old)["ticket"]
    client.update_account(life=60)
    new = client.fetch_stable_token()
    assert new["expires_in"] == 60
    assert new["access_token"] != old
    assert client.fetch_ticket(old)["ticket"] != ticket
    client.advance(2.5)
    assert client.token_errcode(old) == 40001


def test_every_error_has_a_rid_that_begins_with_the_time_in_hex(client: RulesClient) -> None:
    rids = [
        re.search(r" rid: ([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})$", client.fetch_ticket("x")["errmsg"]) for _ in "ab"
    ]
    first, second = (rid.group(1) for rid in rids if rid)
    assert int(first.partition("-")[0], 16) == int(client.now)
    assert first != second


def test_rid_get_returns_a_call_to_its_account_for_seven_days(client: RulesClient) -> None:
    called_at = client.now
    token = client.fetch_stable_token()["access_token"]
    rid = client.fetch_ticket(token, "wrong")["errmsg"].rpartition(" ")[2]
    logged = client.post("/cgi-bin/openapi/rid/get", token, rid=rid)["request"]
    assert logged["request_url"] == f"https://api.weixin.qq.com{TICKET}?access_token={token}&type=wrong"
    assert logged["invoke_time"] == int(called_at)
    assert logged["client_ip"] == client.ip
    assert '"errcode": 40097' in logged["response_body"]

    assert (
        client.post("/cgi-bin/openapi/rid/get", client.fetch_stable_token(MINI)["access_token"], rid=rid)["errcode"]
        == 76003
    )
    assert client.post("/cgi-bin/openapi/rid/get", token, rid=rid[:-1] + "f")["errcode"] == 76001
    assert client.post("/cgi-bin/openapi/rid/get", token, rid="abc")["errcode"] == 76002
    client.advance(7 * 86400 + 1)
    token = client.fetch_stable_token()["access_token"]
    assert client.post("/cgi-bin/openapi/rid/get", token, rid=rid)["errcode"] == 76004


def test_the_two_ip_lists_are_returned_to_a_valid_token(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    for path in ("/cgi-bin/get_api_domain_ip", "/cgi-bin/getcallbackip"):
        assert set(client.call("GET", path, access_token=token)) == {"ip_list"}


def test_an_unknown_path_is_an_invalid_url(client: RulesClient) -> None:
    assert client.call("GET", "/cgi-bin/nothing")["errcode"] == 40066


def test_a_planned_refusal_changes_nothing_and_its_rid_belongs_to_the_account(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    _, refused = client.rules.refuse(61004, "GET", TICKET, {"access_token": token}, b"", client.ip)
    assert refused["errmsg"].startswith("access clientip is not registered requestIP: 198.51.100.7 rid: ")
    rid = refused["errmsg"].rpartition(" ")[2]
    assert client.post("/cgi-bin/openapi/rid/get", token, rid=rid)["errcode"] == 0
    assert client.rules.used_today(SHOP.appid, TICKET) == 0


def test_the_programs_own_parser_reads_the_answers(client: RulesClient) -> None:
    def reply(fields: object) -> Reply:
        return Reply(200, json.dumps(fields).encode())

    assert isinstance(parse_token_reply(reply(client.fetch_stable_token()), "access_token"), IssuedToken)
    client.update_account(ip_list=())
    refusal = parse_token_reply(reply(client.fetch_stable_token()), "access_token")
    assert isinstance(refusal, Refusal)
    assert (refusal.errcode, refusal.ip) == (40164, client.ip)
    assert refusal.rid is not None


def test_memory_use_stays_bounded_over_a_year_of_calls() -> None:
    client = RulesClient()
    values = count()
    accounts = [replace(SHOP, appid=f"wx{number:016x}") for number in range(20)]
    client.rules = SandboxRules(lambda: client.now, lambda: f"{next(values)}", accounts)
    for _ in range(365 * 3):
        client.advance(8 * 3600)
        for account in accounts:
            token = client.fetch_stable_token(account)["access_token"]
            client.fetch_token(account)
            client.fetch_ticket(token)
            client.fetch_ticket("nonsense")
    assert len(client.rules._checks._tokens_by_value) <= 20 * 101
    assert len(client.rules._request_log._calls) <= 2000


def test_demo_accounts_look_like_real_ones_and_hide_their_secrets() -> None:
    secrets = (f"{number:032x}" for number in count(1))
    accounts = demo_accounts(lambda: next(secrets))
    assert len({account.appid for account in accounts}) == len({a.secret for a in accounts}) == 3
    for account in accounts:
        assert re.fullmatch(r"wx[0-9a-f]{16}", account.appid)
        assert account.secret not in repr(account)
