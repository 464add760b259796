"""Tests of the dialog with the IP address that WeChat sees."""

import pytest
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.refresh.history import AttemptResult, HistoryEntry, Trigger
from guarddog_gui.domain.wechat.protocol import Reply, Request
from guarddog_gui.ui.network.address_dialog import AddressDialog
from tests.fakes import NOW, OFFLINE_FAILURE, error_reply, json_reply
from tests.runtime.harness import SHOP, RuntimeHarness
from tests.ui.conftest import make_formatter
from tests.ui.find import button, label

OLD, NEW = "203.0.113.7", "203.0.113.9"


@pytest.fixture
def dialog(harness: RuntimeHarness, qtbot: QtBot) -> AddressDialog:
    harness.history.append(
        HistoryEntry(
            NOW - 3600, SHOP.appid, "ACCESS_TOKEN", Trigger.TIMER, AttemptResult.REFUSED, errcode=40164, ip=OLD
        )
    )
    dialog = AddressDialog(harness.controller.account_jobs, make_formatter(harness), SHOP)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: button(dialog, "Ask WeChat now").isEnabled())
    return dialog


def ask(dialog: AddressDialog, qtbot: QtBot) -> None:
    button(dialog, "Ask WeChat now").click()
    qtbot.waitUntil(lambda: button(dialog, "Ask WeChat now").isEnabled())


def test_the_last_address_is_shown_without_asking(dialog: AddressDialog, harness: RuntimeHarness) -> None:
    assert label(dialog, "address").text() == OLD
    assert "It is not on the IP whitelist." in label(dialog, "known-summary").text()
    assert label(dialog, "proxy-in-use").text() == "No proxy in between."
    assert harness.transport.requests == []


def test_a_changed_address_is_named_with_the_one_before(
    dialog: AddressDialog, harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.transport.handler = lambda _: error_reply(40164, f"invalid ip {NEW} ipv6 ::ffff:{NEW}, not in whitelist")
    ask(dialog, qtbot)
    assert label(dialog, "address").text() == NEW
    assert (
        f"Before, until {make_formatter(harness).format_time(NOW - 3600)}, it was {OLD}."
        in label(dialog, "known-summary").text()
    )
    (request,) = harness.transport.requests
    assert dict(request.body or ())["secret"] == ""
    copied: list[str] = []
    dialog.copy_requested.connect(lambda text, _name: copied.append(text))
    button(dialog, "Copy").click()
    assert copied == [NEW]


def test_a_listed_address_is_found_by_its_rid(dialog: AddressDialog, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.put_fresh_values(SHOP)

    def answer(request: Request) -> Reply:
        if request.path.endswith("stable_token"):
            return error_reply(41004)
        if request.path.endswith("quota/get"):
            return error_reply(76021)
        return json_reply(errcode=0, errmsg="ok", request={"client_ip": NEW})

    harness.transport.handler = answer
    ask(dialog, qtbot)
    assert label(dialog, "address").text() == NEW
    assert "The IP whitelist accepts it." in label(dialog, "known-summary").text()


def test_without_an_answer_the_reason_is_shown(dialog: AddressDialog, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.transport.handler = lambda _: OFFLINE_FAILURE
    ask(dialog, qtbot)
    assert label(dialog, "answer-summary").text() == "This computer cannot reach WeChat."
    assert label(dialog, "address").text() == OLD


def test_an_accepted_address_may_stay_unknown(dialog: AddressDialog, harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.transport.handler = lambda _: error_reply(41004)
    ask(dialog, qtbot)
    assert "did not name its address" in label(dialog, "answer-summary").text()
