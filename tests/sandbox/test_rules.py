import json
import re
from dataclasses import replace
from itertools import count

import pytest

from guarddog_gui.domain.wechat.protocol import Grant, Refusal, Reply, parse_grant
from guarddog_gui.sandbox.accounts import demo_accounts
from guarddog_gui.sandbox.quotas import Limit
from guarddog_gui.sandbox.rules import Rules
from tests.sandbox.conftest import MINI, SHOP, Town

TICKET = "/cgi-bin/ticket/getticket"


def test_each_classic_call_gives_a_new_token_and_the_old_one_dies_five_minutes_later(town: Town) -> None:
    first = town.token()
    assert first == {"access_token": first["access_token"], "expires_in": 7200}
    town.wait(1000)
    second = town.token()
    assert second["access_token"] != first["access_token"]
    town.wait(299)
    assert town.verdict(first["access_token"]) == 0
    town.wait(1)
    assert town.verdict(first["access_token"]) == 40001
    assert town.verdict(second["access_token"]) == 0


def test_stable_token_gives_the_same_token_with_what_is_left_of_its_life(town: Town) -> None:
    first = town.stable()
    assert first == {"access_token": first["access_token"], "expires_in": 7200}
    town.wait(6855)
    assert town.stable() == {"access_token": first["access_token"], "expires_in": 345}


def test_stable_token_gives_a_new_token_only_in_the_last_five_minutes_and_both_work_then(town: Town) -> None:
    old = town.stable()["access_token"]
    town.wait(6900)
    assert town.stable()["access_token"] == old
    town.wait(1)
    new = town.stable()
    assert new["access_token"] != old
    assert new["expires_in"] == 7200
    assert (town.verdict(old), town.verdict(new["access_token"])) == (0, 0)
    town.wait(299)
    assert (town.verdict(old), town.verdict(new["access_token"])) == (42001, 0)


def test_stable_token_after_a_long_sleep_gives_a_new_one_and_the_old_one_is_expired(town: Town) -> None:
    old = town.stable()["access_token"]
    town.wait(8 * 3600)
    assert town.stable()["access_token"] != old
    assert town.verdict(old) == 42001


def test_classic_and_stable_tokens_do_not_kill_each_other(town: Town) -> None:
    classic, stable = town.token()["access_token"], town.stable()["access_token"]
    town.forced()
    town.wait(600)
    assert town.verdict(classic) == 0
    second_stable = town.stable()["access_token"]
    town.token()
    town.wait(600)
    assert (town.verdict(stable), town.verdict(second_stable)) == (40001, 0)
    assert town.verdict(classic) == 40001


def test_a_forced_refresh_kills_the_old_token_at_once(town: Town) -> None:
    old = town.stable()["access_token"]
    new = town.forced()
    assert new["expires_in"] == 7200
    assert (town.verdict(old), town.verdict(new["access_token"])) == (40001, 0)


def test_a_forced_refresh_also_kills_a_token_that_was_in_its_overlap(town: Town) -> None:
    old = town.stable()["access_token"]
    town.wait(6950)
    middle = town.stable()["access_token"]
    town.forced()
    assert (town.verdict(old), town.verdict(middle)) == (40001, 40001)


def test_a_second_forced_refresh_within_thirty_seconds_does_not_refresh(town: Town) -> None:
    new = town.forced()["access_token"]
    town.wait(29)
    assert town.forced() == {"access_token": new, "expires_in": 7171}
    town.wait(1)
    assert town.forced()["access_token"] != new


def test_the_twenty_first_forced_refresh_of_a_day_is_refused_until_midnight_in_beijing(town: Town) -> None:
    for _ in range(20):
        assert "access_token" in town.forced()
        town.wait(30)
    assert town.forced()["errcode"] == 45009
    assert "access_token" in town.stable()
    town.wait(12 * 3600 - 20 * 30 - 1)
    assert town.forced()["errcode"] == 45009
    town.wait(1)
    assert "access_token" in town.forced()


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
def test_stable_token_takes_json_only(town: Town, body: bytes, errcode: int) -> None:
    assert town.call("POST", "/cgi-bin/stable_token", body)["errcode"] == errcode


def test_stable_token_takes_post_only_and_force_refresh_is_true_or_false(town: Town) -> None:
    assert town.call("GET", "/cgi-bin/stable_token", appid=SHOP.appid)["errcode"] == 43002
    assert town.stable(force_refresh="true")["errcode"] == 47001
    assert town.call("POST", "/cgi-bin/token")["errcode"] == 43001


def test_the_parameters_are_checked_one_after_the_other(town: Town) -> None:
    for ask in (town.token, town.stable):
        assert ask(appid="", secret="")["errcode"] == 41002
        assert ask(secret="", grant_type="x")["errcode"] == 41004
        assert ask(appid="wxffffffffffffffff", grant_type="x")["errcode"] == 40013
        assert ask(grant_type="x", secret="wrong")["errcode"] == 40002
        assert ask(secret="wrong")["errcode"] == 40125
        assert ask(secret="\ud800")["errcode"] == 40125


def test_a_frozen_secret_is_refused_right_or_wrong_but_its_token_lives_on(town: Town) -> None:
    token = town.stable()["access_token"]
    town.change(frozen=True)
    assert town.stable()["errcode"] == 40243
    assert town.token(secret="wrong")["errcode"] == 40243
    assert town.verdict(token) == 0


def test_a_new_secret_voids_the_old_secret_and_not_the_token(town: Town) -> None:
    token = town.stable()["access_token"]
    town.change(secret="7" * 32)
    assert town.stable()["errcode"] == 40125
    assert town.stable(secret="7" * 32)["access_token"] == token


def test_the_whitelist_comes_first_and_names_the_caller(town: Town) -> None:
    town.change(ip_list=("203.0.113.1", "192.0.2.0/24"))
    refused = town.stable(secret="")
    assert refused["errcode"] == 40164
    assert refused["errmsg"].startswith(
        "invalid ip 198.51.100.7 ipv6 ::ffff:198.51.100.7, not in whitelist rid: "
    )
    for friend in ("203.0.113.1", "192.0.2.200"):
        town.ip = friend
        assert "access_token" in town.stable()


def test_an_official_accounts_whitelist_covers_its_token_too_a_mini_programs_does_not(town: Town) -> None:
    official, mini = town.stable()["access_token"], town.stable(MINI)["access_token"]
    town.change(SHOP, ip_list=("203.0.113.1",))
    town.change(MINI, ip_list=("203.0.113.*",))
    assert town.ticket(official)["errcode"] == 40164
    assert town.verdict(mini) == 0
    assert town.stable(MINI)["errcode"] == 40164
    town.ip = "203.0.113.99"
    assert "access_token" in town.stable(MINI)


def test_a_ticket_stays_the_same_within_its_life_and_always_claims_the_full_life(town: Town) -> None:
    first = town.ticket(town.stable()["access_token"])
    assert first == {"errcode": 0, "errmsg": "ok", "ticket": first["ticket"], "expires_in": 7200}
    town.wait(7199)
    assert town.ticket(town.stable()["access_token"]) == first
    town.wait(1)
    assert town.ticket(town.stable()["access_token"])["ticket"] != first["ticket"]


def test_a_new_token_does_not_void_the_ticket_and_an_old_ticket_is_accepted_for_another_hour(
    town: Town,
) -> None:
    ticket = town.ticket(town.stable()["access_token"])["ticket"]
    town.forced()
    assert town.rules.accepts_ticket(SHOP.appid, ticket)
    town.wait(7200)
    assert town.ticket(town.stable()["access_token"])["ticket"] != ticket
    town.wait(3599)
    assert town.rules.accepts_ticket(SHOP.appid, ticket)
    town.wait(1)
    assert not town.rules.accepts_ticket(SHOP.appid, ticket)
    assert not town.rules.accepts_ticket(SHOP.appid, "nonsense")
    assert not town.rules.accepts_ticket("wxffffffffffffffff", ticket)


def test_card_tickets_and_jsapi_tickets_are_two_things(town: Town) -> None:
    token = town.stable()["access_token"]
    card = town.ticket(token, "wx_card")["ticket"]
    assert town.ticket(token)["ticket"] != card
    assert not town.rules.accepts_ticket(SHOP.appid, card)
    assert town.rules.accepts_ticket(SHOP.appid, card, "wx_card")
    assert town.ticket(token, "agent_config")["errcode"] == 40097


def test_getticket_wants_a_live_token_of_an_official_account(town: Town) -> None:
    old = town.stable()["access_token"]
    town.forced()
    assert town.ticket(old)["errcode"] == 40001
    assert town.ticket("nonsense")["errcode"] == 40014
    assert town.ticket("")["errcode"] == 41001
    assert town.ticket(town.stable(MINI)["access_token"])["errcode"] == 48001
    live = town.stable()["access_token"]
    town.wait(7200)
    assert town.ticket(live)["errcode"] == 42001


def test_tokens_taken_over_by_somebody_else_are_refused_as_superseded(town: Town) -> None:
    classic, stable = town.token()["access_token"], town.stable()["access_token"]
    town.rules.void(SHOP.appid)
    assert (town.verdict(classic), town.verdict(stable)) == (40001, 40001)
    assert town.verdict(town.stable()["access_token"]) == 0


def test_a_short_life_shortens_the_overlap_too(town: Town) -> None:
    town.change(life=60)
    old = town.stable()
    assert old["expires_in"] == 60
    town.wait(57.5)
    assert town.stable() == {"access_token": old["access_token"], "expires_in": 2}
    town.wait(0.1)
    assert town.stable()["access_token"] != old["access_token"]
    assert town.ticket(town.stable()["access_token"])["expires_in"] == 60


def test_under_a_new_life_the_next_call_gives_new_values_and_the_old_ones_fade(town: Town) -> None:
    old = town.stable()["access_token"]
    ticket = town.ticket(old)["ticket"]
    town.change(life=60)
    new = town.stable()
    assert new["expires_in"] == 60
    assert new["access_token"] != old
    assert town.ticket(old)["ticket"] != ticket
    town.wait(2.5)
    assert town.verdict(old) == 40001


def test_the_daily_quota_ends_at_midnight_in_beijing(town: Town) -> None:
    assert town.rules.limit("/cgi-bin/token") == Limit(2000)
    for _ in range(2000):
        assert "access_token" in town.token()
    assert town.token()["errcode"] == 45009
    assert "access_token" in town.token(MINI)
    town.wait(12 * 3600 - 1)
    assert town.token()["errcode"] == 45009
    town.wait(1)
    assert "access_token" in town.token()


def test_a_wrong_secret_does_not_use_up_the_quota(town: Town) -> None:
    town.token(secret="wrong")
    assert town.rules.used(SHOP.appid, "/cgi-bin/token") == 0
    town.token()
    assert town.rules.used(SHOP.appid, "/cgi-bin/token") == 1


def test_the_minute_limit_ends_with_the_minute_and_does_not_count_refused_calls(town: Town) -> None:
    town.rules.set_limit(TICKET, Limit(daily=100, minute=2))
    token = town.stable()["access_token"]
    answers = [town.ticket(token)["errcode"] for _ in range(4)]
    assert answers == [0, 0, 45011, 45011]
    assert town.rules.used(SHOP.appid, TICKET) == 2
    town.wait(60)
    assert town.ticket(token)["errcode"] == 0


def test_quota_get_tells_limit_use_and_rest(town: Town) -> None:
    token = town.stable()["access_token"]
    town.ticket(token)
    assert town.ask("/cgi-bin/openapi/quota/get", token, cgi_path=TICKET) == {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": 10_000, "used": 1, "remain": 9_999},
    }
    stable = town.ask("/cgi-bin/openapi/quota/get", token, cgi_path="/cgi-bin/stable_token")
    assert stable["rate_limit"] == {"call_count": 10_000, "refresh_second": 60}


@pytest.mark.parametrize(
    ("path", "errcode"),
    [("cgi-bin/token", 76003), (None, 76003), ("/sns/userinfo", 76022), ("/cgi-bin/nothing", 76021)],
)
def test_quota_get_refuses_other_paths(town: Town, path: str | None, errcode: int) -> None:
    token = town.stable()["access_token"]
    assert town.ask("/cgi-bin/openapi/quota/get", token, cgi_path=path)["errcode"] == errcode


def test_clear_quota_works_ten_times_a_month_by_token_and_by_secret_together(town: Town) -> None:
    town.rules.set_limit(TICKET, Limit(daily=1))
    token = town.stable()["access_token"]
    assert town.ask("/cgi-bin/clear_quota", token, appid=MINI.appid)["errcode"] == 40013
    for round_ in range(10):
        assert town.ticket(token)["errcode"] == 0
        assert town.ticket(token)["errcode"] == 45009
        if round_ % 2:
            by_secret = {"appid": SHOP.appid, "appsecret": SHOP.secret}
            assert town.call("POST", "/cgi-bin/clear_quota/v2", **by_secret)["errcode"] == 0
        else:
            assert town.ask("/cgi-bin/clear_quota", token, appid=SHOP.appid)["errcode"] == 0
    assert town.ask("/cgi-bin/clear_quota", token, appid=SHOP.appid)["errcode"] == 48006
    town.wait(31 * 86400)
    token = town.stable()["access_token"]
    assert town.ask("/cgi-bin/clear_quota", token, appid=SHOP.appid)["errcode"] == 0


def test_clear_quota_v2_takes_a_json_body_too_and_checks_the_secret(town: Town) -> None:
    body = f'{{"appid": "{SHOP.appid}", "appsecret": "{SHOP.secret}"}}'.encode()
    assert town.call("POST", "/cgi-bin/clear_quota/v2", body)["errcode"] == 0
    assert town.call("POST", "/cgi-bin/clear_quota/v2", body.replace(b"5", b"4"))["errcode"] == 40125
    assert town.call("POST", "/cgi-bin/clear_quota/v2", appid=SHOP.appid)["errcode"] == 41004


def test_one_api_can_be_cleared_alone_fifty_times_a_month(town: Town) -> None:
    token = town.stable()["access_token"]
    town.ticket(token)
    for _ in range(50):
        assert town.ask("/cgi-bin/openapi/quota/clear", token, cgi_path=TICKET)["errcode"] == 0
    assert town.rules.used(SHOP.appid, TICKET) == 0
    assert town.rules.used(SHOP.appid, "/cgi-bin/stable_token") == 1
    assert town.ask("/cgi-bin/openapi/quota/clear", token, cgi_path=TICKET)["errcode"] == 45009


def test_every_error_carries_a_rid_that_begins_with_the_time_in_hex(town: Town) -> None:
    rids = [
        re.search(r" rid: ([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})$", town.ticket("x")["errmsg"]) for _ in "ab"
    ]
    first, second = (rid.group(1) for rid in rids if rid)
    assert int(first.partition("-")[0], 16) == int(town.now)
    assert first != second


def test_a_rid_tells_the_earlier_call_to_its_own_account_for_seven_days(town: Town) -> None:
    began = town.now
    token = town.stable()["access_token"]
    rid = town.ticket(token, "wrong")["errmsg"].rpartition(" ")[2]
    told = town.ask("/cgi-bin/openapi/rid/get", token, rid=rid)["request"]
    assert told["request_url"] == f"https://api.weixin.qq.com{TICKET}?access_token={token}&type=wrong"
    assert told["invoke_time"] == int(began)
    assert told["client_ip"] == town.ip
    assert '"errcode": 40097' in told["response_body"]

    assert (
        town.ask("/cgi-bin/openapi/rid/get", town.stable(MINI)["access_token"], rid=rid)["errcode"] == 76003
    )
    assert town.ask("/cgi-bin/openapi/rid/get", token, rid=rid[:-1] + "f")["errcode"] == 76001
    assert town.ask("/cgi-bin/openapi/rid/get", token, rid="abc")["errcode"] == 76002
    town.wait(7 * 86400 + 1)
    token = town.stable()["access_token"]
    assert town.ask("/cgi-bin/openapi/rid/get", token, rid=rid)["errcode"] == 76004


def test_the_two_lists_of_addresses_answer_a_live_token(town: Town) -> None:
    token = town.stable()["access_token"]
    for path in ("/cgi-bin/get_api_domain_ip", "/cgi-bin/getcallbackip"):
        assert set(town.call("GET", path, access_token=token)) == {"ip_list"}


def test_an_unknown_path_is_an_invalid_url(town: Town) -> None:
    assert town.call("GET", "/cgi-bin/nothing")["errcode"] == 40066


def test_a_chosen_refusal_changes_nothing_and_its_rid_belongs_to_the_account(town: Town) -> None:
    token = town.stable()["access_token"]
    _, refused = town.rules.refuse(61004, "GET", TICKET, {"access_token": token}, b"", town.ip)
    assert refused["errmsg"].startswith("access clientip is not registered requestIP: 198.51.100.7 rid: ")
    rid = refused["errmsg"].rpartition(" ")[2]
    assert town.ask("/cgi-bin/openapi/rid/get", token, rid=rid)["errcode"] == 0
    assert town.rules.used(SHOP.appid, TICKET) == 0


def test_our_own_parser_reads_the_answers(town: Town) -> None:
    def reply(fields: object) -> Reply:
        return Reply(200, json.dumps(fields).encode())

    assert isinstance(parse_grant(reply(town.stable()), "access_token"), Grant)
    town.change(ip_list=())
    refusal = parse_grant(reply(town.stable()), "access_token")
    assert isinstance(refusal, Refusal)
    assert (refusal.errcode, refusal.ip) == (40164, town.ip)
    assert refusal.rid is not None


def test_a_year_of_calls_leaves_little_behind() -> None:
    town = Town()
    values = count()
    accounts = [replace(SHOP, appid=f"wx{number:016x}") for number in range(20)]
    town.rules = Rules(lambda: town.now, lambda: f"{next(values)}", accounts)
    for _ in range(365 * 3):
        town.wait(8 * 3600)
        for account in accounts:
            token = town.stable(account)["access_token"]
            town.token(account)
            town.ticket(token)
            town.ticket("nonsense")
    assert len(town.rules._desk._tokens) <= 20 * 101
    assert len(town.rules._rids._calls) <= 2000


def test_demo_accounts_have_the_usual_shape_and_do_not_show_their_secrets() -> None:
    secrets = (f"{number:032x}" for number in count(1))
    accounts = demo_accounts(lambda: next(secrets))
    assert len({account.appid for account in accounts}) == len({a.secret for a in accounts}) == 3
    for account in accounts:
        assert re.fullmatch(r"wx[0-9a-f]{16}", account.appid)
        assert account.secret not in repr(account)
