"""Ask WeChat for the own address, with scripted answers; the sandbox is asked in tests/cli/accounts/test_address.py."""

import pytest

from guarddog_gui.domain.accounts.account import Account, Secret
from guarddog_gui.domain.accounts.route import ProxyInUse
from guarddog_gui.domain.refresh.history import ADDRESS_KEY, AttemptResult
from guarddog_gui.domain.refresh.own_address import earlier_address
from guarddog_gui.domain.tokens.record import TokenKind
from guarddog_gui.domain.wechat.protocol import Refusal, Reply, TransportFailure
from guarddog_gui.services.own_address import OwnAddress
from tests.fakes import OFFLINE_FAILURE, error_reply, json_reply, scripted_transport
from tests.in_memory_services import ScriptedServices

SHOP = Account("wx00000000000000a1", "Shop", proxy="direct")
OLD, NEW = "203.0.113.7", "203.0.113.9"
RID_REFUSAL = error_reply(76021, "cgi_path not found rid: 6176a2e0-0a0b0c0d-00000001")


def services(*replies: Reply | TransportFailure, has_token: bool = True) -> ScriptedServices:
    made = ScriptedServices(transport=scripted_transport(*replies))
    made.secrets.stored[SHOP.appid] = Secret("5ec3e7" + "0" * 26)
    if has_token:
        made.put_value(SHOP, TokenKind.ACCESS_TOKEN, "T1")
    return made


def not_listed(ip: str) -> Reply:
    return error_reply(40164, f"invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist rid: 6176a2e0-0a0b0c0d-00000002")


def test_a_refusal_names_the_address_and_no_secret_is_sent() -> None:
    made = services(not_listed(NEW))
    assert made.address_query.ask(SHOP) == OwnAddress(NEW, is_listed=False)
    (request,) = made.transport.requests
    assert (request.path, dict(request.body or ())["secret"]) == ("/cgi-bin/stable_token", "")
    assert made.transport.accounts == [SHOP]
    assert made.secrets.lookup_count == 0
    (entry,) = made.history.entries
    assert (entry.key, entry.result, entry.ip, entry.errcode, entry.calls) == (
        ADDRESS_KEY, AttemptResult.ADDRESS_SEEN, NEW, 40164, 1,
    )  # fmt: skip
    assert entry.is_success  # the question was answered: it is no incident


def test_a_change_is_noted() -> None:
    made = services(not_listed(OLD), not_listed(NEW), not_listed(NEW))
    for _ in range(3):
        made.address_query.ask(SHOP)
        made.clock.advance(60)
    assert [earlier_address(entry.detail) for entry in made.history.entries] == ["", OLD, OLD]
    known = made.address_query.known(SHOP)
    assert known.latest is not None
    assert known.previous is not None
    assert (known.latest.ip, known.previous.ip) == (NEW, OLD)


def test_an_accepted_address_is_found_by_the_rid_of_a_refused_call() -> None:
    report = json_reply(errcode=0, errmsg="ok", request={"client_ip": f" {NEW} "})
    made = services(error_reply(41004), RID_REFUSAL, report)
    assert made.address_query.ask(SHOP) == OwnAddress(NEW, is_listed=True)
    assert made.transport.endpoints == ["stable_token", "get", "get"]
    assert made.history.entries[0].calls == 3


@pytest.mark.parametrize(
    "replies",
    [
        (OFFLINE_FAILURE,),
        (error_reply(-1, "busy"),),
        (RID_REFUSAL, OFFLINE_FAILURE),
        (RID_REFUSAL, error_reply(76001)),
        (RID_REFUSAL, json_reply(errcode=0, errmsg="ok", request={"client_ip": "somewhere"})),
    ],
)
def test_an_accepted_address_may_stay_without_a_name(replies: tuple[Reply | TransportFailure, ...]) -> None:
    made = services(error_reply(41004), *replies)
    assert made.address_query.ask(SHOP) == OwnAddress("", is_listed=True)
    assert made.history.entries == []


def test_without_a_token_one_call_is_made() -> None:
    made = services(error_reply(41004), has_token=False)
    assert made.address_query.ask(SHOP) == OwnAddress("", is_listed=True)
    assert len(made.transport.requests) == 1


@pytest.mark.parametrize("reply", [OFFLINE_FAILURE, error_reply(40013, "invalid appid"), error_reply(45009, "limit")])
def test_another_refusal_is_the_answer(reply: Reply | TransportFailure) -> None:
    answer = services(reply).address_query.ask(SHOP)
    assert isinstance(answer, Refusal | TransportFailure)


def test_a_report_has_the_proxy_and_asks_only_if_it_is_told_to() -> None:
    made = services()
    assert made.address_query.report(SHOP).answer is None
    assert made.address_query.report(SHOP).proxy == ProxyInUse()
    assert made.transport.requests == []
