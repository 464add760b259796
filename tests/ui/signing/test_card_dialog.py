"""Tests of the dialog that signs cards for addCard and chooseCard."""

import json
from collections.abc import Iterator
from hashlib import sha1

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from guarddog_gui.domain.accounts.account import Account
from guarddog_gui.ui.signing.card_dialog import CardDialog
from tests.fakes import NOW, OFFLINE_FAILURE
from tests.runtime.harness import CARD, SHOP, RuntimeHarness, runtime_harness
from tests.ui.conftest import make_formatter
from tests.ui.find import button, combo, field, label, text_area

CARDS = replace(SHOP, card_ticket=True)
TICKET_VALUE = "E0o2-at6NcC2OsJiQTlwlC-the-ticket-for-cards"
FIELD_NAMES = {
    "card_id": "card_id",
    "code": "code, if one is given out",
    "openid": "openid, if only one person may take it",
    "type": "Kind of card, such as GROUPON",
    "shop": "Shop",
}


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[RuntimeHarness]:  # noqa: ARG001 - windows need one
    with runtime_harness(CARDS) as harness:
        harness.put_fresh_values(CARDS)
        harness.put_value(CARDS, CARD, TICKET_VALUE, age_s=60)
        yield harness


def open_dialog(harness: RuntimeHarness, qtbot: QtBot, account: Account = CARDS) -> CardDialog:
    harness.controller.reload_from_disk()
    dialog = CardDialog(harness.signing, make_formatter(harness), account)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def sign(dialog: CardDialog, **fields: str) -> dict[str, str]:
    """Fill in the fields and return the signed parameters."""
    for name, text in fields.items():
        field(dialog, FIELD_NAMES[name]).setText(text)
    parameters: dict[str, str] = json.loads(text_area(dialog, "The result").toPlainText())
    return parameters


def digest(*values: str) -> str:
    return sha1("".join(sorted(values)).encode(), usedforsecurity=False).hexdigest()


def test_a_card_ext_is_signed_while_the_user_types(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = open_dialog(harness, qtbot)
    assert label(dialog, "card-message").text().startswith("There is no card_id")
    assert not button(dialog, "Copy").isEnabled()
    ext = sign(dialog, card_id=" pCard ", code="c1", openid="o1")
    when = str(int(NOW))
    assert ext["signature"] == digest(TICKET_VALUE, when, "pCard", "c1", "o1", ext["nonce_str"])
    assert label(dialog, "card-message").text() == ""
    assert TICKET_VALUE not in text_area(dialog, "The result").toPlainText()


def test_choose_card_has_separate_optional_fields(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = open_dialog(harness, qtbot)
    combo(dialog, "For").setCurrentIndex(1)
    assert field(dialog, FIELD_NAMES["code"]).isHidden()
    assert not field(dialog, FIELD_NAMES["type"]).isHidden()
    choice = sign(dialog, type="GROUPON")
    assert choice["cardSign"] == digest(TICKET_VALUE, SHOP.appid, choice["timestamp"], choice["nonceStr"], "GROUPON")


def test_the_shown_text_is_copied_and_the_next_card_gets_a_new_nonce(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = open_dialog(harness, qtbot)
    first = sign(dialog, card_id="pCard")
    with qtbot.waitSignal(dialog.copy_requested) as copied:
        button(dialog, "Copy").click()
    text, name = copied.args or ["", ""]
    assert (json.loads(text), name) == (first, "cardExt")
    assert sign(dialog, card_id="pOther")["nonce_str"] != first["nonce_str"]


def test_a_missing_ticket_is_fetched_once_and_used(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.clock.advance(7200)
    dialog = open_dialog(harness, qtbot)
    field(dialog, FIELD_NAMES["card_id"]).setText("pCard")
    assert "wx_card" in label(dialog, "card-message").text()
    qtbot.waitUntil(button(dialog, "Copy").isEnabled)
    harness.wait_until_idle(qtbot)
    assert harness.transport.endpoints.count("getticket") == 1


def test_a_ticket_that_cannot_be_fetched_is_explained(harness: RuntimeHarness, qtbot: QtBot) -> None:
    harness.clock.advance(7200)
    harness.wechat.forced_token_reply = OFFLINE_FAILURE
    dialog = open_dialog(harness, qtbot)
    field(dialog, FIELD_NAMES["card_id"]).setText("pCard")
    qtbot.waitUntil(lambda: "cannot reach" in label(dialog, "card-message").text())
    harness.wait_until_idle(qtbot)
    assert not button(dialog, "Copy").isEnabled()


def test_an_account_without_a_card_ticket_cannot_sign_cards(harness: RuntimeHarness, qtbot: QtBot) -> None:
    dialog = open_dialog(harness, qtbot, SHOP)
    field(dialog, FIELD_NAMES["card_id"]).setText("pCard")
    assert "switched off" in label(dialog, "card-message").text()
    assert text_area(dialog, "The result").toPlainText() == ""
