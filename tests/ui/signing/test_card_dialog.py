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
from tests.fakes import NOW, OFFLINE
from tests.runtime.stage import CARD, SHOP, Stage, stage_with
from tests.ui.conftest import voice_of

CARDS = replace(SHOP, card_ticket=True)
TICKET = "E0o2-at6NcC2OsJiQTlwlC-the-ticket-for-cards"


@pytest.fixture
def stage(qapp: QApplication) -> Iterator[Stage]:  # noqa: ARG001 - windows need one
    with stage_with(CARDS) as stage:
        stage.put_fresh(CARDS)
        stage.put(CARDS, CARD, TICKET, age=60)
        yield stage


def opened(stage: Stage, qtbot: QtBot, account: Account = CARDS) -> CardDialog:
    stage.controller.read()
    dialog = CardDialog(stage.signing, voice_of(stage), account)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def typed(dialog: CardDialog, **fields: str) -> dict[str, str]:
    for name, text in fields.items():
        dialog._fields[name][1].setText(text)
    found: dict[str, str] = json.loads(dialog._result.toPlainText())
    return found


def digest(*values: str) -> str:
    return sha1("".join(sorted(values)).encode(), usedforsecurity=False).hexdigest()


def test_a_card_ext_is_signed_while_its_fields_are_typed(stage: Stage, qtbot: QtBot) -> None:
    dialog = opened(stage, qtbot)
    assert dialog._said.text().startswith("There is no card_id")
    assert not dialog._copy.isEnabled()
    ext = typed(dialog, card_id=" pCard ", code="c1", openid="o1")
    when = str(int(NOW))
    assert ext["signature"] == digest(TICKET, when, "pCard", "c1", "o1", ext["nonce_str"])
    assert dialog._said.text() == ""
    assert TICKET not in dialog._result.toPlainText()


def test_a_choice_has_its_own_fields_and_needs_none_of_them(stage: Stage, qtbot: QtBot) -> None:
    dialog = opened(stage, qtbot)
    dialog._call.setCurrentIndex(1)
    assert dialog._fields["code"][1].isHidden()
    assert not dialog._fields["type"][1].isHidden()
    choice = typed(dialog, type="GROUPON")
    assert choice["cardSign"] == digest(
        TICKET, SHOP.appid, choice["timestamp"], choice["nonceStr"], "GROUPON"
    )


def test_what_is_copied_is_what_is_shown_and_the_next_card_gets_another_nonce(
    stage: Stage, qtbot: QtBot
) -> None:
    dialog = opened(stage, qtbot)
    first = typed(dialog, card_id="pCard")
    with qtbot.waitSignal(dialog.copy_wanted) as copied:
        dialog._copy.click()
    text, name = copied.args or ["", ""]
    assert (json.loads(text), name) == (first, "cardExt")
    assert typed(dialog, card_id="pOther")["nonce_str"] != first["nonce_str"]


def test_a_ticket_that_is_not_there_is_fetched_once_and_then_signed_with(stage: Stage, qtbot: QtBot) -> None:
    stage.clock.advance(7200)
    dialog = opened(stage, qtbot)
    dialog._fields["card_id"][1].setText("pCard")
    assert "wx_card" in dialog._said.text()
    qtbot.waitUntil(dialog._copy.isEnabled)
    stage.settle(qtbot)
    assert stage.transport.paths.count("getticket") == 1


def test_a_ticket_that_cannot_be_had_is_said(stage: Stage, qtbot: QtBot) -> None:
    stage.clock.advance(7200)
    stage.wechat.refuses = OFFLINE
    dialog = opened(stage, qtbot)
    dialog._fields["card_id"][1].setText("pCard")
    qtbot.waitUntil(lambda: "cannot reach" in dialog._said.text())
    stage.settle(qtbot)
    assert not dialog._copy.isEnabled()


def test_a_card_can_be_signed_only_where_a_card_ticket_is_kept(stage: Stage, qtbot: QtBot) -> None:
    dialog = opened(stage, qtbot, SHOP)
    dialog._fields["card_id"][1].setText("pCard")
    assert "switched off" in dialog._said.text()
    assert dialog._result.toPlainText() == ""
