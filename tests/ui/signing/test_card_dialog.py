"""Cards signed in a dialog: what a page hands to addCard or chooseCard, from the card ticket alone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha1

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.ui.signing.card_dialog import CardDialog
from tests.fakes import NOW, OFFLINE_FAILURE
from tests.runtime.harness import CARD, SHOP, RuntimeHarness, runtime_harness
from tests.ui.conftest import make_formatter

CARDS = replace(SHOP, card_ticket=True)
TICKET = "E0o2-at6NcC2OsJiQTlwlC-the-ticket-for-cards"


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - windows need one
    with runtime_harness(CARDS) as harness:
        harness.put_fresh_values(CARDS)
        harness.put_value(CARDS, CARD, TICKET, age_s=60)
        yield harness


def opened(harness: RuntimeHarness, qtbot: QtBot, account: Account = CARDS) -> CardDialog:
    harness.controller.reload_from_disk()
    dialog = CardDialog(harness.signing, make_formatter(harness), account)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def typed(dialog: CardDialog, **fields: str) -> dict[str, str]:
    for name, text in fields.items():
        dialog._fields[name][1].setText(text)
    found: dict[str, str] = json.loads(dialog._result_view.toPlainText())
    return found


def digest(*values: str) -> str:
    return sha1("".join(sorted(values)).encode(), usedforsecurity=False).hexdigest()


def test_a_card_ext_is_signed_while_its_fields_are_typed(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = opened(harness, qtbot)
    assert dialog._message_label.text().startswith("There is no card_id")
    assert not dialog._copy_button.isEnabled()
    ext = typed(dialog, card_id=" pCard ", code="c1", openid="o1")
    when = str(int(NOW))
    assert ext["signature"] == digest(TICKET, when, "pCard", "c1", "o1", ext["nonce_str"])
    assert dialog._message_label.text() == ""
    assert TICKET not in dialog._result_view.toPlainText()


def test_a_choice_has_its_own_fields_and_needs_none_of_them(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = opened(harness, qtbot)
    dialog._call_combo.setCurrentIndex(1)
    assert dialog._fields["code"][1].isHidden()
    assert not dialog._fields["type"][1].isHidden()
    choice = typed(dialog, type="GROUPON")
    assert choice["cardSign"] == digest(
        TICKET, SHOP.appid, choice["timestamp"], choice["nonceStr"], "GROUPON"
    )


def test_what_is_copied_is_what_is_shown_and_the_next_card_gets_another_nonce(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    dialog = opened(harness, qtbot)
    first = typed(dialog, card_id="pCard")
    with qtbot.waitSignal(dialog.copy_requested) as copied:
        dialog._copy_button.click()
    text, name = copied.args or ["", ""]
    assert (json.loads(text), name) == (first, "cardExt")
    assert typed(dialog, card_id="pOther")["nonce_str"] != first["nonce_str"]


def test_a_ticket_that_is_not_there_is_fetched_once_and_then_signed_with(
    harness: RuntimeHarness, qtbot: QtBot
) -> None:
    harness.clock.advance(7200)
    dialog = opened(harness, qtbot)
    dialog._fields["card_id"][1].setText("pCard")
    assert "wx_card" in dialog._message_label.text()
    qtbot.waitUntil(dialog._copy_button.isEnabled)
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints.count("getticket") == 1


def test_a_ticket_that_cannot_be_had_is_said(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.clock.advance(7200)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    dialog = opened(harness, qtbot)
    dialog._fields["card_id"][1].setText("pCard")
    qtbot.waitUntil(lambda: "cannot reach" in dialog._message_label.text())
    harness.wait_until_idle(qtbot)
    assert not dialog._copy_button.isEnabled()


def test_a_card_can_be_signed_only_where_a_card_ticket_is_kept(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = opened(harness, qtbot, SHOP)
    dialog._fields["card_id"][1].setText("pCard")
    assert "switched off" in dialog._message_label.text()
    assert dialog._result_view.toPlainText() == ""
