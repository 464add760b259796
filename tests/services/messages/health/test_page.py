"""Every outcome of a check of a page is a sentence, in both languages."""

import pytest

from guarddog_gui.domain.readiness.answers import AddressChange
from guarddog_gui.domain.readiness.checks import CheckedItem, PageCheck, Reason, Tick
from guarddog_gui.domain.wechat.protocol import FailureKind, TransportFailure
from guarddog_gui.services.messages.health.page import PAGE_CHECK_NAMES, TICK_NAMES, page_check_message
from guarddog_gui.services.messages.message import Messages
from tests.services.messages.languages import CHINESE, ENGLISH

VALUES = tuple(
    (name, f"<{name}>")
    for name in (
        "domain", "port", "address", "proxy", "status", "url", "days", "host", "names", "issuer", "first", "count",
        "file", "content",
    )
)  # fmt: skip
ITEMS = [
    *(CheckedItem(PageCheck.HTTPS, Tick.FAILED, reason, VALUES) for reason in Reason if reason is not Reason.FAILED),
    *(CheckedItem(PageCheck.REDIRECTS, Tick.FAILED, Reason.REDIRECT, VALUES, change) for change in AddressChange),
    *(
        CheckedItem(PageCheck.HTTPS, Tick.FAILED, Reason.FAILED, failure=TransportFailure(kind, detail))
        for kind in FailureKind
        for detail in ("", "name not found")
    ),
]


@pytest.mark.parametrize("messages", [ENGLISH, CHINESE], ids=["en", "zh"])
@pytest.mark.parametrize("item", ITEMS, ids=repr)
def test_every_outcome_has_a_text(item: CheckedItem, messages: Messages) -> None:
    message = page_check_message(item, messages)
    assert message.summary
    assert "{" not in message.summary + message.advice
    if messages is CHINESE:
        assert message.summary != page_check_message(item, ENGLISH).summary
        assert not message.advice or message.advice != page_check_message(item, ENGLISH).advice


def test_checks_and_ticks_have_names() -> None:
    assert set(PAGE_CHECK_NAMES) == set(PageCheck)
    assert set(TICK_NAMES) == set(Tick)


def test_the_reason_why_a_certificate_is_refused_is_shown() -> None:
    failure = TransportFailure(FailureKind.TLS, "unknown issuer")
    item = CheckedItem(PageCheck.CERTIFICATE, Tick.FAILED, Reason.CERTIFICATE_UNTRUSTED, failure=failure)
    assert page_check_message(item, ENGLISH).code == "unknown issuer"
