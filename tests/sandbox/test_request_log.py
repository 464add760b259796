"""Request ids of refused calls."""

import re

from guarddog_gui.sandbox.request_log import LoggedCall, RequestLog
from tests.sandbox.conftest import MINI, RulesClient


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
    assert (
        logged["request_url"] == f"https://api.weixin.qq.com/cgi-bin/ticket/getticket?access_token={token}&type=wrong"
    )
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


def test_the_oldest_of_very_many_calls_are_dropped() -> None:
    request_log = RequestLog()
    rids = [request_log.make_rid(0.0) for _ in range(2500)]
    for rid in rids:
        request_log.add(rid, LoggedCall(None, 0.0, "https://a.cn/", "", "", "203.0.113.7"))

    assert len(set(rids)) == 2500
    assert request_log.find(rids[0]) is None
    assert request_log.find(rids[-1]) is not None


def test_a_logged_call_hides_its_token_in_a_repr() -> None:
    call = LoggedCall(None, 0.0, "https://a.cn/?access_token=T1", '{"secret":"S1"}', '{"token":"T1"}', "203.0.113.7")

    assert "T1" not in repr(call)
    assert "S1" not in repr(call)
