import json
import re
from dataclasses import replace
from itertools import count

import pytest

from guarddog_gui.domain.wechat.protocol import IssuedToken, Refusal, Reply, parse_token_reply
from guarddog_gui.sandbox.accounts import demo_accounts
from guarddog_gui.sandbox.quotas import QuotaLimit
from guarddog_gui.sandbox.rules import SandboxRules
from tests.sandbox.conftest import MINI, SHOP, RulesClient

TICKET = "/cgi-bin/ticket/getticket"


def test_each_classic_call_gives_a_new_token_and_the_old_one_dies_five_minutes_later(client: RulesClient) -> None:
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


def test_stable_token_gives_the_same_token_with_what_is_left_of_its_life(client: RulesClient) -> None:
    first = client.fetch_stable_token()
    assert first == {"access_token": first["access_token"], "expires_in": 7200}
    client.advance(6855)
    assert client.fetch_stable_token() == {"access_token": first["access_token"], "expires_in": 345}


def test_stable_token_gives_a_new_token_only_in_the_last_five_minutes_and_both_work_then(client: RulesClient) -> None:
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


def test_stable_token_after_a_long_sleep_gives_a_new_one_and_the_old_one_is_expired(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.advance(8 * 3600)
    assert client.fetch_stable_token()["access_token"] != old
    assert client.token_errcode(old) == 42001


def test_classic_and_stable_tokens_do_not_kill_each_other(client: RulesClient) -> None:
    classic, stable = client.fetch_token()["access_token"], client.fetch_stable_token()["access_token"]
    client.force_stable_token()
    client.advance(600)
    assert client.token_errcode(classic) == 0
    second_stable = client.fetch_stable_token()["access_token"]
    client.fetch_token()
    client.advance(600)
    assert (client.token_errcode(stable), client.token_errcode(second_stable)) == (40001, 0)
    assert client.token_errcode(classic) == 40001


def test_a_forced_refresh_kills_the_old_token_at_once(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    new = client.force_stable_token()
    assert new["expires_in"] == 7200
    assert (client.token_errcode(old), client.token_errcode(new["access_token"])) == (40001, 0)


def test_a_forced_refresh_also_kills_a_token_that_was_in_its_overlap(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.advance(6950)
    middle = client.fetch_stable_token()["access_token"]
    client.force_stable_token()
    assert (client.token_errcode(old), client.token_errcode(middle)) == (40001, 40001)


def test_a_second_forced_refresh_within_thirty_seconds_does_not_refresh(client: RulesClient) -> None:
    new = client.force_stable_token()["access_token"]
    client.advance(29)
    assert client.force_stable_token() == {"access_token": new, "expires_in": 7171}
    client.advance(1)
    assert client.force_stable_token()["access_token"] != new


def test_the_twenty_first_forced_refresh_of_a_day_is_refused_until_midnight_in_beijing(client: RulesClient) -> None:
    for _ in range(20):
        assert "access_token" in client.force_stable_token()
        client.advance(30)
    assert client.force_stable_token()["errcode"] == 45009
    assert "access_token" in client.fetch_stable_token()
    client.advance(12 * 3600 - 20 * 30 - 1)
    assert client.force_stable_token()["errcode"] == 45009
    client.advance(1)
    assert "access_token" in client.force_stable_token()


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
def test_stable_token_takes_json_only(client: RulesClient, body: bytes, errcode: int) -> None:
    assert client.call("POST", "/cgi-bin/stable_token", body)["errcode"] == errcode


def test_stable_token_takes_post_only_and_force_refresh_is_true_or_false(client: RulesClient) -> None:
    assert client.call("GET", "/cgi-bin/stable_token", appid=SHOP.appid)["errcode"] == 43002
    assert client.fetch_stable_token(force_refresh="true")["errcode"] == 47001
    assert client.call("POST", "/cgi-bin/token")["errcode"] == 43001


def test_the_parameters_are_checked_one_after_the_other(client: RulesClient) -> None:
    for ask in (client.fetch_token, client.fetch_stable_token):
        assert ask(appid="", secret="")["errcode"] == 41002
        assert ask(secret="", grant_type="x")["errcode"] == 41004
        assert ask(appid="wxffffffffffffffff", grant_type="x")["errcode"] == 40013
        assert ask(grant_type="x", secret="wrong")["errcode"] == 40002
        assert ask(secret="wrong")["errcode"] == 40125
        assert ask(secret="\ud800")["errcode"] == 40125


def test_a_frozen_secret_is_refused_right_or_wrong_but_its_token_lives_on(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    client.update_account(frozen=True)
    assert client.fetch_stable_token()["errcode"] == 40243
    assert client.fetch_token(secret="wrong")["errcode"] == 40243
    assert client.token_errcode(token) == 0


def test_a_new_secret_voids_the_old_secret_and_not_the_token(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    client.update_account(secret="7" * 32)
    assert client.fetch_stable_token()["errcode"] == 40125
    assert client.fetch_stable_token(secret="7" * 32)["access_token"] == token


def test_the_whitelist_comes_first_and_names_the_caller(client: RulesClient) -> None:
    client.update_account(ip_list=("203.0.113.1", "192.0.2.0/24"))
    refused = client.fetch_stable_token(secret="")
    assert refused["errcode"] == 40164
    assert refused["errmsg"].startswith("invalid ip 198.51.100.7 ipv6 ::ffff:198.51.100.7, not in whitelist rid: ")
    for friend in ("203.0.113.1", "192.0.2.200"):
        client.ip = friend
        assert "access_token" in client.fetch_stable_token()


def test_an_official_accounts_whitelist_covers_its_token_too_a_mini_programs_does_not(client: RulesClient) -> None:
    official, mini = (client.fetch_stable_token()["access_token"], client.fetch_stable_token(MINI)["access_token"])
    client.update_account(SHOP, ip_list=("203.0.113.1",))
    client.update_account(MINI, ip_list=("203.0.113.*",))
    assert client.fetch_ticket(official)["errcode"] == 40164
    assert client.token_errcode(mini) == 0
    assert client.fetch_stable_token(MINI)["errcode"] == 40164
    client.ip = "203.0.113.99"
    assert "access_token" in client.fetch_stable_token(MINI)


def test_a_ticket_stays_the_same_within_its_life_and_always_claims_the_full_life(client: RulesClient) -> None:
    first = client.fetch_ticket(client.fetch_stable_token()["access_token"])
    assert first == {"errcode": 0, "errmsg": "ok", "ticket": first["ticket"], "expires_in": 7200}
    client.advance(7199)
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"]) == first
    client.advance(1)
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"])["ticket"] != first["ticket"]


def test_a_new_token_does_not_void_the_ticket_and_an_old_ticket_is_accepted_for_another_hour(
    client: RulesClient,
) -> None:
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


def test_card_tickets_and_jsapi_tickets_are_two_things(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    card = client.fetch_ticket(token, "wx_card")["ticket"]
    assert client.fetch_ticket(token)["ticket"] != card
    assert not client.rules.is_ticket_accepted(SHOP.appid, card)
    assert client.rules.is_ticket_accepted(SHOP.appid, card, "wx_card")
    assert client.fetch_ticket(token, "agent_config")["errcode"] == 40097


def test_getticket_wants_a_live_token_of_an_official_account(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    client.force_stable_token()
    assert client.fetch_ticket(old)["errcode"] == 40001
    assert client.fetch_ticket("nonsense")["errcode"] == 40014
    assert client.fetch_ticket("")["errcode"] == 41001
    assert client.fetch_ticket(client.fetch_stable_token(MINI)["access_token"])["errcode"] == 48001
    live = client.fetch_stable_token()["access_token"]
    client.advance(7200)
    assert client.fetch_ticket(live)["errcode"] == 42001


def test_tokens_taken_over_by_somebody_else_are_refused_as_superseded(client: RulesClient) -> None:
    classic, stable = client.fetch_token()["access_token"], client.fetch_stable_token()["access_token"]
    client.rules.revoke_tokens(SHOP.appid)
    assert (client.token_errcode(classic), client.token_errcode(stable)) == (40001, 40001)
    assert client.token_errcode(client.fetch_stable_token()["access_token"]) == 0


def test_a_short_life_shortens_the_overlap_too(client: RulesClient) -> None:
    client.update_account(life=60)
    old = client.fetch_stable_token()
    assert old["expires_in"] == 60
    client.advance(57.5)
    assert client.fetch_stable_token() == {"access_token": old["access_token"], "expires_in": 2}
    client.advance(0.1)
    assert client.fetch_stable_token()["access_token"] != old["access_token"]
    assert client.fetch_ticket(client.fetch_stable_token()["access_token"])["expires_in"] == 60


def test_under_a_new_life_the_next_call_gives_new_values_and_the_old_ones_fade(client: RulesClient) -> None:
    old = client.fetch_stable_token()["access_token"]
    ticket = client.fetch_ticket(old)["ticket"]
    client.update_account(life=60)
    new = client.fetch_stable_token()
    assert new["expires_in"] == 60
    assert new["access_token"] != old
    assert client.fetch_ticket(old)["ticket"] != ticket
    client.advance(2.5)
    assert client.token_errcode(old) == 40001


def test_the_daily_quota_ends_at_midnight_in_beijing(client: RulesClient) -> None:
    assert client.rules.get_limit("/cgi-bin/token") == QuotaLimit(2000)
    for _ in range(2000):
        assert "access_token" in client.fetch_token()
    assert client.fetch_token()["errcode"] == 45009
    assert "access_token" in client.fetch_token(MINI)
    client.advance(12 * 3600 - 1)
    assert client.fetch_token()["errcode"] == 45009
    client.advance(1)
    assert "access_token" in client.fetch_token()


def test_a_wrong_secret_does_not_use_up_the_quota(client: RulesClient) -> None:
    client.fetch_token(secret="wrong")
    assert client.rules.used_today(SHOP.appid, "/cgi-bin/token") == 0
    client.fetch_token()
    assert client.rules.used_today(SHOP.appid, "/cgi-bin/token") == 1


def test_the_minute_limit_ends_with_the_minute_and_does_not_count_refused_calls(client: RulesClient) -> None:
    client.rules.set_limit(TICKET, QuotaLimit(per_day=100, per_minute=2))
    token = client.fetch_stable_token()["access_token"]
    answers = [client.fetch_ticket(token)["errcode"] for _ in range(4)]
    assert answers == [0, 0, 45011, 45011]
    assert client.rules.used_today(SHOP.appid, TICKET) == 2
    client.advance(60)
    assert client.fetch_ticket(token)["errcode"] == 0


def test_quota_get_tells_limit_use_and_rest(client: RulesClient) -> None:
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


def test_clear_quota_works_ten_times_a_month_by_token_and_by_secret_together(client: RulesClient) -> None:
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


def test_clear_quota_v2_takes_a_json_body_too_and_checks_the_secret(client: RulesClient) -> None:
    body = f'{{"appid": "{SHOP.appid}", "appsecret": "{SHOP.secret}"}}'.encode()
    assert client.call("POST", "/cgi-bin/clear_quota/v2", body)["errcode"] == 0
    assert client.call("POST", "/cgi-bin/clear_quota/v2", body.replace(b"5", b"4"))["errcode"] == 40125
    assert client.call("POST", "/cgi-bin/clear_quota/v2", appid=SHOP.appid)["errcode"] == 41004


def test_one_api_can_be_cleared_alone_fifty_times_a_month(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    client.fetch_ticket(token)
    for _ in range(50):
        assert client.post("/cgi-bin/openapi/quota/clear", token, cgi_path=TICKET)["errcode"] == 0
    assert client.rules.used_today(SHOP.appid, TICKET) == 0
    assert client.rules.used_today(SHOP.appid, "/cgi-bin/stable_token") == 1
    assert client.post("/cgi-bin/openapi/quota/clear", token, cgi_path=TICKET)["errcode"] == 45009


def test_every_error_carries_a_rid_that_begins_with_the_time_in_hex(client: RulesClient) -> None:
    rids = [
        re.search(r" rid: ([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})$", client.fetch_ticket("x")["errmsg"]) for _ in "ab"
    ]
    first, second = (rid.group(1) for rid in rids if rid)
    assert int(first.partition("-")[0], 16) == int(client.now)
    assert first != second


def test_a_rid_tells_the_earlier_call_to_its_own_account_for_seven_days(client: RulesClient) -> None:
    began = client.now
    token = client.fetch_stable_token()["access_token"]
    rid = client.fetch_ticket(token, "wrong")["errmsg"].rpartition(" ")[2]
    told = client.post("/cgi-bin/openapi/rid/get", token, rid=rid)["request"]
    assert told["request_url"] == f"https://api.weixin.qq.com{TICKET}?access_token={token}&type=wrong"
    assert told["invoke_time"] == int(began)
    assert told["client_ip"] == client.ip
    assert '"errcode": 40097' in told["response_body"]

    assert (
        client.post("/cgi-bin/openapi/rid/get", client.fetch_stable_token(MINI)["access_token"], rid=rid)["errcode"]
        == 76003
    )
    assert client.post("/cgi-bin/openapi/rid/get", token, rid=rid[:-1] + "f")["errcode"] == 76001
    assert client.post("/cgi-bin/openapi/rid/get", token, rid="abc")["errcode"] == 76002
    client.advance(7 * 86400 + 1)
    token = client.fetch_stable_token()["access_token"]
    assert client.post("/cgi-bin/openapi/rid/get", token, rid=rid)["errcode"] == 76004


def test_the_two_lists_of_addresses_answer_a_live_token(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    for path in ("/cgi-bin/get_api_domain_ip", "/cgi-bin/getcallbackip"):
        assert set(client.call("GET", path, access_token=token)) == {"ip_list"}


def test_an_unknown_path_is_an_invalid_url(client: RulesClient) -> None:
    assert client.call("GET", "/cgi-bin/nothing")["errcode"] == 40066


def test_a_chosen_refusal_changes_nothing_and_its_rid_belongs_to_the_account(client: RulesClient) -> None:
    token = client.fetch_stable_token()["access_token"]
    _, refused = client.rules.refuse(61004, "GET", TICKET, {"access_token": token}, b"", client.ip)
    assert refused["errmsg"].startswith("access clientip is not registered requestIP: 198.51.100.7 rid: ")
    rid = refused["errmsg"].rpartition(" ")[2]
    assert client.post("/cgi-bin/openapi/rid/get", token, rid=rid)["errcode"] == 0
    assert client.rules.used_today(SHOP.appid, TICKET) == 0


def test_our_own_parser_reads_the_answers(client: RulesClient) -> None:
    def reply(fields: object) -> Reply:
        return Reply(200, json.dumps(fields).encode())

    assert isinstance(parse_token_reply(reply(client.fetch_stable_token()), "access_token"), IssuedToken)
    client.update_account(ip_list=())
    refusal = parse_token_reply(reply(client.fetch_stable_token()), "access_token")
    assert isinstance(refusal, Refusal)
    assert (refusal.errcode, refusal.ip) == (40164, client.ip)
    assert refusal.rid is not None


def test_a_year_of_calls_leaves_little_behind() -> None:
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


def test_demo_accounts_have_the_usual_shape_and_do_not_show_their_secrets() -> None:
    secrets = (f"{number:032x}" for number in count(1))
    accounts = demo_accounts(lambda: next(secrets))
    assert len({account.appid for account in accounts}) == len({a.secret for a in accounts}) == 3
    for account in accounts:
        assert re.fullmatch(r"wx[0-9a-f]{16}", account.appid)
        assert account.secret not in repr(account)
