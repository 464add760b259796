import pytest

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.domain.accounts.route import ProxyInUse
from guarddog_gui.domain.health.findings import CheckStatus
from guarddog_gui.domain.refresh.own_address import AddressHistory, SeenAddress
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from guarddog_gui.services.messages.health.address import (
    address_finding,
    address_message,
    asked_message,
    proxy_in_use_text,
)
from guarddog_gui.services.messages.message import Messages
from guarddog_gui.services.own_address import OwnAddress
from tests.fakes import NOW
from tests.services.messages.languages import CHINESE, ENGLISH

SHOP = Account("wx1", "Shop")
NEW = SeenAddress("203.0.113.9", NOW - 60, NOW, is_listed=False)
OLD = SeenAddress("203.0.113.7", NOW - 900, NOW - 600)
CHANGED = AddressHistory(NEW, OLD)


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("known", [AddressHistory(), AddressHistory(NEW), AddressHistory(OLD), CHANGED])
def test_every_state_has_a_text(known: AddressHistory, messages: Messages) -> None:
    message = address_message(known, messages)
    assert message.summary
    assert "{" not in message.text


def test_a_change_names_both_addresses() -> None:
    text = address_message(CHANGED, ENGLISH).summary
    assert "WeChat saw 203.0.113.9" in text
    assert "It is not on the IP whitelist." in text
    assert "it was 203.0.113.7" in text


@pytest.mark.parametrize(
    ("proxy", "text"),
    [
        (ProxyInUse(), "No proxy in between."),
        (ProxyInUse("http://p:1", "HTTPS_PROXY"), "Through http://p:1 (from HTTPS_PROXY): WeChat may see its address."),
        (ProxyInUse("http://p:1"), "Through http://p:1 (from a setting of the system): WeChat may see its address."),
        (
            ProxyInUse("http://p:1", is_of_account=True),
            "Through http://p:1 (set for the account): WeChat sees its address.",
        ),
    ],
)
def test_the_proxy_and_where_it_is_set(proxy: ProxyInUse, text: str) -> None:
    assert proxy_in_use_text(proxy, ENGLISH) == text
    assert proxy_in_use_text(proxy, CHINESE) != text


def test_the_doctor_warns_of_a_change_that_the_whitelist_does_not_know() -> None:
    finding = address_finding(SHOP, CHANGED, NOW, ENGLISH)
    assert finding is not None
    assert (finding.status, finding.summary[:6]) == (CheckStatus.WARNING, "Shop: ")
    steady = address_finding(SHOP, AddressHistory(OLD), NOW, ENGLISH)
    assert steady is not None
    assert steady.status is CheckStatus.OK
    assert address_finding(SHOP, AddressHistory(), NOW, ENGLISH) is None


def test_only_what_the_address_does_not_tell_is_said_of_the_answer() -> None:
    assert asked_message(OwnAddress("203.0.113.9", is_listed=True), ENGLISH) is None
    unnamed = asked_message(OwnAddress("", is_listed=True), ENGLISH)
    failed = asked_message(TransportFailure(FailureKind.OFFLINE), ENGLISH)
    assert unnamed is not None
    assert failed is not None
    assert "did not name its address" in unnamed.summary
    assert "cannot reach WeChat" in failed.summary
