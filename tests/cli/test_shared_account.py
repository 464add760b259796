"""Ten hours beside a server that uses the same account, with nothing of Guard Dog running in between."""

import json
from collections import Counter

import pytest

from guarddog_gui.cli.command_error import ReplaceProcess
from guarddog_gui.cli.fast_token import read_fresh_token
from guarddog_gui.domain.signing.signature import SignatureInput
from guarddog_gui.domain.tokens.dog_format import parse_dog
from tests.cli.conftest import InProcessCli

HOURS = 10
STEP_S = 97.0  # no multiple of it is a life or a waiting time
HEAD_START_S = 5400  # for how long the server has used its ticket when Guard Dog sees it first
PAGE = "https://shop.example.com/"


class OtherServer:
    """Server that refreshes the token and the ticket of the same account by its own clock."""

    def __init__(self, ctl: InProcessCli) -> None:
        self._ctl = ctl
        self._due_at = 0.0
        self._ticket_due_at = 0.0
        self._token = ""

    def work(self) -> None:
        now, shop = self._ctl.clock(), self._ctl.shop
        if now >= self._due_at:
            body = json.dumps({"grant_type": "client_credential", "appid": shop.appid, "secret": shop.secret})
            _, reply = self._ctl.wechat.rules.handle("POST", "/cgi-bin/stable_token", {}, body.encode(), "127.0.0.1")
            self._token, self._due_at = reply["access_token"], now + reply["expires_in"]
        if now >= self._ticket_due_at:
            query = {"access_token": self._token, "type": "jsapi"}
            _, reply = self._ctl.wechat.rules.handle("GET", "/cgi-bin/ticket/getticket", query, b"", "127.0.0.1")
            assert reply["errcode"] == 0
            self._ticket_due_at = now + 7000

    def is_token_accepted(self, token: str) -> bool:
        query = {"access_token": token}
        path = "/cgi-bin/get_api_domain_ip"
        _, reply = self._ctl.wechat.rules.handle("GET", path, query, b"", "127.0.0.1")
        return "ip_list" in reply


def test_no_dead_value_is_given_by_command_line_or_files(ctl_with_account: InProcessCli) -> None:
    ctl, appid = ctl_with_account, ctl_with_account.shop.appid
    server = OtherServer(ctl)
    given: Counter[str] = Counter()
    dead: Counter[str] = Counter()

    def check(way: str, *, is_accepted: bool) -> None:
        given[way] += 1
        dead[way] += not is_accepted

    def is_ticket_accepted(ticket: str) -> bool:
        return ticket in ctl.wechat.rules.accepted_tickets(appid)

    server.work()
    ctl.clock.advance(HEAD_START_S)
    ends_at, turn = ctl.clock() + HOURS * 3600, 0
    while ctl.clock() < ends_at:
        server.work()
        for key, is_accepted in (("ACCESS_TOKEN", server.is_token_accepted), ("JSAPI_TICKET", is_ticket_accepted)):
            file = ctl.dog_path(key)
            followed = parse_dog(file.read_text(encoding="utf-8")) if file.exists() else None
            if followed is not None and followed.remaining_s(ctl.clock()) > 0:
                check(f"file {key}", is_accepted=is_accepted(followed.data))
            value = read_fresh_token(("Shop", "--key", key), ctl.environ, ctl.clock())
            if value is not None:
                check(f"fast {key}", is_accepted=is_accepted(value))
        turn += 1
        if turn % 3 == 0:  # now and then only: files must be honest in between
            check("token", is_accepted=is_ticket_accepted(ctl("token", "--key", "JSAPI_TICKET").stdout.strip()))
        if turn % 7 == 0:
            signed = ctl("sign", PAGE, "--json").json
            accepted = ctl.wechat.rules.accepted_tickets(appid)
            inputs = [SignatureInput(ticket, signed["nonceStr"], signed["timestamp"], PAGE) for ticket in accepted]
            check("sign", is_accepted=signed["signature"] in [each.signature for each in inputs])
        if turn % 11 == 0:
            with pytest.raises(ReplaceProcess) as became:
                ctl("exec", "--", "env")
            environ = became.value.environ
            check("exec ticket", is_accepted=is_ticket_accepted(environ["WECHAT_JSAPI_TICKET"]))
            check("exec token", is_accepted=server.is_token_accepted(environ["WECHAT_ACCESS_TOKEN"]))
        ctl.clock.advance(STEP_S)

    assert not dead.total(), f"dead: {dict(dead)} of {dict(given)}"
    assert len(given) == 8, "every way has given values"
    assert ctl.count_calls("/cgi-bin/ticket/getticket") < 24 * 4, "it asks no more often than its checks need"
