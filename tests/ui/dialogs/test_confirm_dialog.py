"""Confirmations: which button Enter presses, the typed name, and what screen readers read."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from guarddog_gui.services.messages.message import Message
from guarddog_gui.ui.dialogs.confirm_dialog import ConfirmDialog
from guarddog_gui.ui.style.button_kind import ButtonKind, kind_of
from tests.ui import find

QUESTION = Message("Remove <b>Shop</b>?", "Its AppSecret is deleted.")


def show(qtbot: QtBot, *, accept: str = "Remove", typed_name: str = "") -> ConfirmDialog:
    dialog = ConfirmDialog(None, QUESTION, "Cancel", accept, is_destructive=True, typed_name=typed_name)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def test_enter_changes_nothing(qtbot: QtBot) -> None:
    dialog = show(qtbot)
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Return)


def test_the_destructive_verb_is_red_and_confirms(qtbot: QtBot) -> None:
    dialog = show(qtbot)
    remove = find.button(dialog, "Remove")
    assert kind_of(remove) is ButtonKind.DANGER
    with qtbot.waitSignal(dialog.accepted):
        remove.click()


def test_question_and_consequence_are_plain_text_and_read_aloud(qtbot: QtBot) -> None:
    dialog = show(qtbot)
    assert find.label(dialog, "question").textFormat() is Qt.TextFormat.PlainText
    assert (dialog.accessibleName(), dialog.accessibleDescription()) == (QUESTION.summary, QUESTION.advice)


def test_a_dialog_without_a_question_can_only_be_closed(qtbot: QtBot) -> None:
    dialog = show(qtbot, accept="")
    assert find.button(dialog, "accept-button").isHidden()
    with qtbot.waitSignal(dialog.rejected):
        find.button(dialog, "Cancel").click()


@pytest.mark.parametrize("typed", ["", "Flower", "flower shop", "Flower shop 2"])
def test_another_name_does_not_confirm(qtbot: QtBot, typed: str) -> None:
    dialog = show(qtbot, typed_name="Flower  shop")
    field = find.widget(dialog, QLineEdit)
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert not find.button(dialog, "Remove").isEnabled()


def test_enter_on_cancel_cancels_after_the_name_was_typed(qtbot: QtBot) -> None:
    dialog = show(qtbot, typed_name="Flower shop")
    QTest.keyClicks(find.widget(dialog, QLineEdit), "Flower shop")
    cancel = find.button(dialog, "Cancel")
    cancel.setFocus()
    with qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(cancel, Qt.Key.Key_Return)


def test_the_typed_name_and_enter_confirm(qtbot: QtBot) -> None:
    dialog = show(qtbot, typed_name="Flower  shop")
    field = find.widget(dialog, QLineEdit)
    assert "Flower shop" in field.accessibleName()
    QTest.keyClicks(field, " Flower shop")
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(field, Qt.Key.Key_Return)
