"""SandboxRules: dispatch of calls, planned refusals, memory."""

import json
from itertools import count

from msgspec.structs import replace

from guarddog_gui.domain.wechat.protocol import IssuedToken, Refusal, Reply, parse_token_reply
from guarddog_gui.sandbox.rules import SandboxRules
from tests.sandbox.conftest import SHOP, RulesClient

TICKET = "/cgi-bin/ticket/getticket"


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
